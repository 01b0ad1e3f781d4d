import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from uuid import UUID

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Tenant, assert_refused

from pulumi_entra_policies.emulator import Clock, Emulator

JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


def test_answer_carries_graphs_headers(tenant: Tenant) -> None:
    headers = tenant.http.get("organization").headers
    assert (headers["content-type"], headers["odata-version"]) == (JSON, "4.0")
    assert headers["client-request-id"] == headers["request-id"] == str(UUID(headers["request-id"]))
    assert len(headers.get_list("date")) == 1
    assert headers["date"].endswith("GMT")


def test_client_request_id_is_echoed(tenant: Tenant) -> None:
    headers = tenant.http.get("organization", headers={"client-request-id": NOWHERE}).headers
    assert headers["client-request-id"] == NOWHERE != headers["request-id"]


def test_refusal_carries_the_envelope(tenant: Tenant) -> None:
    response = tenant.http.get(f"applications/{NOWHERE}", headers={"client-request-id": "mine"})
    assert response.headers["content-type"] == "application/json"
    assert "odata-version" not in response.headers
    inner = response.json()["error"]["innerError"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", inner.pop("date"))
    assert inner == {"request-id": response.headers["request-id"], "client-request-id": "mine"}


def dated(response: httpx.Response) -> datetime:
    return parsedate_to_datetime(response.headers["date"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "organization", 200),
        ("POST", "applications", 201),
        ("DELETE", "applications/{portal}", 204),
        ("GET", "colours", 400),
    ],
)
def test_answer_is_dated_by_the_emulators_clock(method: str, path: str, status: int) -> None:
    with Emulator(clock=Clock()) as emulator:
        tenant = Tenant(emulator)
        first = dated(tenant.http.get("organization"))
        emulator.clock.advance(1000)
        portal = emulator.create_application("Portal").object_id
        response = tenant.http.request(method, path.format(portal=portal), json={"displayName": "P"})
        tenant.http.close()
    assert (response.status_code, dated(response)) == (status, first + timedelta(seconds=1000))


def test_answer_is_dated_by_the_machine_while_nobody_lets_time_pass() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    with Emulator() as fresh:
        now = dated(httpx.get(f"{fresh.url}/v1.0/organization"))
    assert before <= now <= datetime.now(timezone.utc)


def test_refusal_says_the_same_date_twice(tenant: Tenant) -> None:
    tenant.emulator.clock.advance(1000)
    response = tenant.http.get("colours")
    said = response.json()["error"]["innerError"]["date"]
    assert abs(dated(response) - datetime.fromisoformat(f"{said}+00:00")) <= timedelta(seconds=1)


def test_fault_may_say_another_date(tenant: Tenant) -> None:
    tenant.emulator.fault(headers={"Date": "Sat, 31 Jan 2026 12:00:00 GMT"})
    assert tenant.http.get("organization").headers.get_list("date") == ["Sat, 31 Jan 2026 12:00:00 GMT"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_body_that_is_no_json_object_is_refused(tenant: Tenant, method: str, content: bytes) -> None:
    path = f"policies/{ISSUANCE}" if method == "POST" else f"policies/{ISSUANCE}/{tenant.policy()['id']}"
    message = (
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
        "valid JSON format."
    )
    headers = {"content-type": "application/json"}
    assert_refused(tenant.http.request(method, path, content=content, headers=headers), 400, "BadRequest", message)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "applications"),
        ("OPTIONS", "applications"),
        ("COPY", "applications"),
        ("PATCH", f"policies/{ISSUANCE}"),
        ("POST", f"directoryObjects/{NOWHERE}"),
    ],
)
def test_known_path_with_another_method_is_405(tenant: Tenant, method: str, path: str) -> None:
    message = "Specified HTTP method is not allowed for the request target."
    response = tenant.http.request(method, path, json={})
    assert_refused(response, 405, "Request_BadRequest", message)
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "segment"),
    [
        ("colours", "colours"),
        ("", ""),
        (f"{NOWHERE}/applications", NOWHERE),
        (f"applications/{NOWHERE}/colours", "colours"),
        (f"applications/{NOWHERE}/owners/{NOWHERE}/colours", "colours"),
        (f"policies/{ISSUANCE}/{NOWHERE}/owners/x", "owners"),
        (f"policies/{ISSUANCE}(displayName='x')", f"{ISSUANCE}(displayName='x')"),
        ("policies", "policies"),
        ("applications/delta()", "delta()"),
    ],
)
def test_unknown_path_names_the_segment(tenant: Tenant, path: str, segment: str) -> None:
    message = f"Resource not found for the segment '{segment}'."
    assert_refused(tenant.http.get(path), 400, "Request_BadRequest", message)


def test_tenant_id_before_the_version_is_an_unknown_version(tenant: Tenant) -> None:
    response = httpx.get(f"{tenant.emulator.url}/{tenant.emulator.tenant_id}/v1.0/applications")
    assert_refused(response, 400, "BadRequest", f"Invalid version: {tenant.emulator.tenant_id}")


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
