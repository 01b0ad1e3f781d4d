import json

import httpx
import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, NOWHERE, Tenant, assert_refused

from pulumi_entra_policies.emulator import Emulator

POLICIES = f"policies/{ISSUANCE}"
BODY = {"displayName": "Portal", "definition": [DEFINITIONS[ISSUANCE]]}
READ, WRITE = "Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"
READ_ALL, WRITE_ALL, OWNED = "Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"
DIRECTORY = "Directory.Read.All"

OPERATIONS = [
    ("GET", "directoryObjects/{policy}", {DIRECTORY}),
    *(("GET", "applications/{application}", {one}) for one in (READ_ALL, WRITE_ALL, OWNED)),
    ("GET", "applications", {READ_ALL}),
    *(("POST", "applications", {one}) for one in (WRITE_ALL, OWNED)),
    ("PATCH", "applications/{application}", {OWNED}),
    ("DELETE", "applications/{application}", {OWNED}),
    ("GET", POLICIES, {READ}),
    ("GET", f"{POLICIES}/{{policy}}", {READ}),
    ("POST", POLICIES, {WRITE}),
    ("PATCH", f"{POLICIES}/{{policy}}", {WRITE}),
    ("DELETE", f"{POLICIES}/{{policy}}", {WRITE}),
    *(("GET", f"{POLICIES}/{{policy}}/appliesTo", {READ, one}) for one in (READ_ALL, WRITE_ALL)),
    *(("GET", f"applications/{{application}}/{ISSUANCE}", {READ, one}) for one in (WRITE_ALL, OWNED)),
    ("POST", f"applications/{{other}}/{ISSUANCE}/$ref", {READ, OWNED}),
    ("DELETE", f"applications/{{application}}/{ISSUANCE}/{{assigned}}/$ref", {READ, OWNED}),
]


@pytest.fixture
def ids(emulator: Emulator) -> dict[str, str]:
    """What is in the tenant: two applications, and two policies of which the first application has one."""
    directory, policy_set = emulator.directory, emulator.directory.policy_sets[ISSUANCE]
    policy, assigned = (directory.create_policy(policy_set, BODY) for _ in range(2))
    application, other = (directory.any(emulator.create_application("A").object_id) for _ in range(2))
    directory.add_reference(application, policy_set, assigned.id)
    return {"policy": policy.id, "assigned": assigned.id, "application": application.id, "other": other.id}


def answer(tenant: Tenant, ids: dict[str, str], method: str, path: str, granted: set[str]) -> int:
    tenant.emulator.grant(granted)
    is_reference = path.endswith("$ref")
    body = {"@odata.id": f"directoryObjects/{ids['policy']}"} if is_reference else BODY
    if path.startswith("applications") and not is_reference:
        body = {"displayName": "New"}
    return tenant.http.request(method, path.format(**ids), json=body).status_code


@pytest.mark.parametrize(("method", "path", "needed"), OPERATIONS)
def test_operation_with_just_what_it_needs_is_done(
    tenant: Tenant, ids: dict[str, str], method: str, path: str, needed: set[str]
) -> None:
    assert answer(tenant, ids, method, path, needed) in (200, 201, 204)


@pytest.mark.parametrize(("method", "path", "needed"), OPERATIONS)
def test_operation_without_one_of_them_is_403(
    tenant: Tenant, ids: dict[str, str], method: str, path: str, needed: set[str]
) -> None:
    missing = {READ} if path.endswith("appliesTo") else needed
    assert {answer(tenant, ids, method, path, needed - {one}) for one in missing} == {403}


def test_own_tenant_is_told_to_whoever_asks(tenant: Tenant) -> None:
    tenant.emulator.grant(())
    assert tenant.get("organization")["value"][0]["id"] == tenant.emulator.tenant_id


def test_refusal_says_that_privileges_are_insufficient(tenant: Tenant) -> None:
    tenant.emulator.grant({WRITE, OWNED})
    message = "Insufficient privileges to complete the operation."
    assert_refused(tenant.http.get(POLICIES), 403, "Authorization_RequestDenied", message)


def test_refused_write_changes_nothing(tenant: Tenant, ids: dict[str, str]) -> None:
    assert answer(tenant, ids, "DELETE", f"{POLICIES}/{{policy}}", {READ, OWNED}) == 403
    assert len(tenant.names(POLICIES)) == 2


@pytest.mark.parametrize("granted", [{READ}, {READ, OWNED}])
def test_applies_to_without_reading_applications_is_a_broken_200(
    tenant: Tenant, ids: dict[str, str], granted: set[str]
) -> None:
    tenant.emulator.grant(granted)
    response = tenant.http.get(f"{POLICIES}/{ids['assigned']}/appliesTo")
    assert response.status_code == 200
    assert '"error":{"code":"Authorization_RequestDenied"' in response.text
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_applies_to_of_an_absent_policy_is_404_all_the_same(tenant: Tenant) -> None:
    tenant.emulator.grant({READ})
    assert tenant.http.get(f"{POLICIES}/{NOWHERE}/appliesTo").status_code == 404


def test_permissions_are_given_at_the_start_too() -> None:
    with Emulator(permissions={READ}) as emulator:
        statuses = [httpx.get(f"{emulator.url}/v1.0/{path}").status_code for path in (POLICIES, "applications")]
    assert statuses == [200, 403]
