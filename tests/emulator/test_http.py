import re
from uuid import UUID

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Tenant, assert_refused

JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


def test_answer_carries_graphs_headers(tenant: Tenant) -> None:
    headers = tenant.http.get("organization").headers
    assert headers["content-type"] == JSON
    assert headers["client-request-id"] == headers["request-id"] == str(UUID(headers["request-id"]))
    assert headers["date"].endswith("GMT")


def test_client_request_id_is_echoed(tenant: Tenant) -> None:
    headers = tenant.http.get("organization", headers={"client-request-id": NOWHERE}).headers
    assert headers["client-request-id"] == NOWHERE != headers["request-id"]


def test_refusal_carries_the_envelope(tenant: Tenant) -> None:
    response = tenant.http.get(f"applications/{NOWHERE}", headers={"client-request-id": "mine"})
    assert response.headers["content-type"] == JSON
    inner = response.json()["error"]["innerError"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", inner.pop("date"))
    assert inner == {"request-id": response.headers["request-id"], "client-request-id": "mine"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_body_that_is_no_json_object_is_refused(tenant: Tenant, method: str, content: bytes) -> None:
    path = f"policies/{ISSUANCE}" if method == "POST" else f"policies/{ISSUANCE}/{tenant.policy()['id']}"
    message = (
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
        "valid JSON format."
    )
    assert_refused(tenant.http.request(method, path, content=content), 400, "BadRequest", message)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "applications"), ("PATCH", f"policies/{ISSUANCE}"), ("POST", f"directoryObjects/{NOWHERE}")],
)
def test_known_path_with_another_method_is_405(tenant: Tenant, method: str, path: str) -> None:
    message = "Specified HTTP method is not allowed for the request target."
    assert_refused(tenant.http.request(method, path, json={}), 405, "Request_BadRequest", message)


@pytest.mark.parametrize(
    ("path", "segment"),
    [
        ("colours", "colours"),
        ("", ""),
        (f"{NOWHERE}/applications", NOWHERE),
        (f"applications/{NOWHERE}/owners", "owners"),
        (f"policies/{ISSUANCE}/{NOWHERE}/owners/x", "x"),
    ],
)
def test_unknown_path_names_the_segment(tenant: Tenant, path: str, segment: str) -> None:
    message = f"Resource not found for the segment '{segment}'."
    assert_refused(tenant.http.get(path), 400, "Request_BadRequest", message)


@pytest.mark.parametrize(
    "place", ["{root}/{tenant}/{path}", "{root}/v1.0/{tenant}/{path}", "{root}/{tenant}/v1.0/{path}"]
)
def test_tenant_id_in_the_address_is_refused(tenant: Tenant, place: str) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    root, tenant_id = tenant.emulator.url, tenant.emulator.tenant_id
    address = place.format(root=root, tenant=tenant_id, path=f"{target}/{ISSUANCE}/$ref")
    response = httpx.post(address, json={"@odata.id": f"{root}/v1.0/directoryObjects/{policy['id']}"})
    assert response.status_code == 400
    assert tenant_id in response.json()["error"]["message"]
    assert tenant.assigned(target) == []


def test_unknown_version_is_refused(tenant: Tenant) -> None:
    response = httpx.get(f"{tenant.emulator.url}/v2.0/applications")
    assert_refused(response, 400, "BadRequest", "Invalid version: v2.0")


def test_both_versions_show_the_same_tenant(tenant: Tenant, beta: Tenant) -> None:
    policy = tenant.policy()
    found = beta.get(f"policies/{ISSUANCE}/{policy['id']}")
    assert found.pop("@odata.context") == policy.pop("@odata.context").replace("v1.0", "beta")
    assert found == policy


def test_slash_at_the_end_changes_nothing(tenant: Tenant) -> None:
    tenant.application()
    assert tenant.names("applications/") == ["Portal"]
