"""A tenant given as a document."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.emulator import large
from tests.emulator.tenant import ISSUANCE, Json, Tenant, client

from pulumi_entra_policies.emulator import Emulator

ID, OTHER = large.guid(large.APPLICATION, 0), large.guid(large.APPLICATION, 1)


@pytest.fixture
def control(tenant: Tenant) -> Iterator[httpx.Client]:
    with client(f"{tenant.emulator.url}/emulator") as control:
        yield control


def test_state_of_one_tenant_makes_another_the_same(control: httpx.Client, tenant: Tenant) -> None:
    tenant.assign(f"servicePrincipals/{tenant.service_principal()['id']}", tenant.policy())
    state = control.get("state").json()
    with Emulator() as other:
        other.create_application("Gone")
        with client(f"{other.url}/emulator") as there:
            assert there.post("load", json=state).status_code == 204
            assert there.get("state").json() == state
            assert there.get("health").json()["tenantId"] == tenant.emulator.tenant_id


def test_document_without_a_tenant_id_leaves_the_tenants(control: httpx.Client, emulator: Emulator) -> None:
    before = emulator.tenant_id
    assert control.post("load", json={}).status_code == 204
    assert emulator.tenant_id == before


def test_every_replica_has_what_is_loaded() -> None:
    with Emulator(replicas=(5,)) as emulator:
        emulator.load(large.tenant(policies=1))
        tenant = Tenant(emulator)
        assert tenant.names(f"policies/{ISSUANCE}") == ["P0"]
        tenant.http.close()


def application(**changes: Any) -> Json:
    return {"id": ID, "appId": OTHER, "displayName": "A"} | changes


def deleted(**changes: Any) -> Json:
    return {"deletedItems": {"applications": [application(deletedDateTime="2026-01-01T00:00:00Z", **changes)]}}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ([], "a tenant is an object of tenantId, applications, "),
        ({"colours": []}, "a tenant is an object of tenantId, applications, "),
        ({"tenantId": "contoso"}, "tenantId: "),
        ({"applications": 5}, "document: applications is a list, not 5"),
        ({"policies": []}, "document: "),
        ({"applications": [{"id": ID}]}, "applications[0]: 'appId' is missing"),
        ({"applications": ["A"]}, "applications[0]: "),
        ({"applications": [application(id="1")]}, "applications[0]: "),
        ({"applications": [application(displayName=1)]}, "applications[0]: "),
        ({"applications": [application(), application()]}, f"applications[1]: the id {ID} comes twice"),
        ({"servicePrincipals": [{"id": ID, "appId": OTHER}]}, f"servicePrincipals[0]: The appId '{OTHER}'"),
        ({"policies": {"colours": [{"id": ID}]}}, "policies.colours[0]: "),
        ({"policies": {ISSUANCE: [{"id": ID, "displayName": "P", "definition": []}]}}, f"policies.{ISSUANCE}[0]: "),
        ({"references": [large.reference(0)]}, "references[0]: "),
        (deleted(identifierUris=5), "deletedItems.applications[0]: Property identifierUris has an invalid value."),
        (deleted(colour="red"), "deletedItems.applications[0]: Property colour has an invalid value."),
    ],
)
def test_wrong_document_is_refused_with_its_line_and_changes_nothing(
    control: httpx.Client, tenant: Tenant, document: object, error: str
) -> None:
    tenant.application()
    response = control.post("load", json=document)
    assert response.status_code == 400
    assert response.json()["error"].startswith(error)
    assert tenant.names("applications") == ["Portal"]
