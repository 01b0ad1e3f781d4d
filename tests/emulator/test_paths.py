"""What stands in a path: keys in their two spellings, and the tenant."""

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Json, Tenant, assert_refused


@pytest.fixture
def assigned(tenant: Tenant) -> dict[str, str]:
    """An application that has a policy and an owner, each by its id."""
    owner, application, policy = tenant.service_principal(), tenant.application(uniqueName="it's"), tenant.policy()
    tenant.assign(f"applications/{application['id']}", policy)
    tenant.emulator.directory.add_owner(tenant.emulator.directory.any(application["id"]), owner["id"])
    return {"owner": owner["id"], "application": application["id"], "policy": policy["id"]}


@pytest.mark.parametrize(
    ("slash", "parentheses"),
    [
        ("applications/{application}", "applications('{application}')"),
        ("applications/{application}", "Applications(id='{application}')"),
        ("servicePrincipals/{owner}", "servicePrincipals('{owner}')"),
        ("directoryObjects/{policy}", "directoryObjects('{policy}')"),
        (f"policies/{ISSUANCE}/{{policy}}", f"policies/{ISSUANCE}('{{policy}}')"),
        (f"policies/{ISSUANCE}/{{policy}}/appliesTo", f"policies/{ISSUANCE}('{{policy}}')/appliesTo/"),
        (
            f"policies/{ISSUANCE}/{{policy}}/appliesTo/{{application}}",
            f"policies/{ISSUANCE}('{{policy}}')/appliesTo('{{application}}')",
        ),
        ("applications/{application}/owners", "applications(uniqueName='it''s')/owners"),
    ],
)
def test_key_in_parentheses_is_the_same_key(
    tenant: Tenant, assigned: dict[str, str], slash: str, parentheses: str
) -> None:
    assert tenant.get(parentheses.format(**assigned)) == tenant.get(slash.format(**assigned))


def test_reference_is_removed_with_keys_in_parentheses(tenant: Tenant, assigned: dict[str, str]) -> None:
    path = "applications('{application}')/{set}('{policy}')/$ref".format(set=ISSUANCE, **assigned)
    assert tenant.http.delete(path).status_code == 204
    assert tenant.assigned(f"applications/{assigned['application']}") == []


@pytest.mark.parametrize("path", ["applications('x", "applications(x)", "applications('x')y", "applications(", "()"])
def test_parentheses_without_a_key_are_an_unknown_segment(tenant: Tenant, path: str) -> None:
    response = tenant.http.get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "Request_BadRequest")


def under_tenant(tenant: Tenant, path: str, method: str = "GET", body: Json | None = None) -> httpx.Response:
    address = f"{tenant.http.base_url}{tenant.emulator.tenant_id.upper()}/{path}"
    return tenant.http.request(method, address, json=body)


@pytest.mark.parametrize(
    "path",
    [
        "applications",
        "applications/{application}",
        "directoryObjects/{owner}",
        f"applications/{{application}}/{ISSUANCE}",
    ],
)
def test_read_under_the_own_tenant_is_the_same_read(tenant: Tenant, assigned: dict[str, str], path: str) -> None:
    found, plain = under_tenant(tenant, path.format(**assigned)).json(), tenant.get(path.format(**assigned))
    assert found.pop("@odata.context") != plain.pop("@odata.context")
    assert found == plain


def test_pages_under_the_tenant_go_on_under_it(tenant: Tenant) -> None:
    names = [tenant.application(displayName=name)["displayName"] for name in "AB"]
    first = under_tenant(tenant, "applications?$top=1").json()
    assert f"/v1.0/{tenant.emulator.tenant_id}/applications?" in first["@odata.nextLink"]
    second = tenant.get(first["@odata.nextLink"])
    assert [one["displayName"] for page in (first, second) for one in page["value"]] == names


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "applications"),
        ("PATCH", "applications/{application}"),
        ("DELETE", "applications/{application}"),
        ("POST", f"applications/{{application}}/{ISSUANCE}/$ref"),
        ("POST", "$batch"),
    ],
)
def test_write_under_the_tenant_is_refused(tenant: Tenant, assigned: dict[str, str], method: str, path: str) -> None:
    before = tenant.emulator.directory.snapshot()
    message = "Write requests are only supported on contained entities or navigation properties with bindings."
    response = under_tenant(tenant, path.format(**assigned), method, {"displayName": "New"})
    assert_refused(response, 400, "BadRequest", message)
    assert tenant.emulator.directory.snapshot() == before


def test_another_tenant_is_an_unknown_segment(tenant: Tenant) -> None:
    response = tenant.http.get(f"{NOWHERE}/applications")
    assert_refused(response, 400, "Request_BadRequest", f"Resource not found for the segment '{NOWHERE}'.")
