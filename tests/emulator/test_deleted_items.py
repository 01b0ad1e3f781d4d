"""Deleted applications and service principals: for 30 days they are no further away than the deleted items."""

from collections.abc import Callable

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Json, Tenant, absent, assert_refused

from pulumi_entra_policies.emulator import Clock, Emulator

APPLICATIONS = "directory/deletedItems/microsoft.graph.application"
SERVICE_PRINCIPALS = "directory/deletedItems/microsoft.graph.servicePrincipal"
DAY = 24 * 60 * 60


def deleted(tenant: Tenant, target: str) -> str:
    assert tenant.http.delete(target).status_code == 204
    return target.partition("/")[2]


def restore(tenant: Tenant, identifier: str) -> httpx.Response:
    return tenant.http.post(f"directory/deletedItems/{identifier}/restore")


def test_deleted_application_is_among_the_deleted_items(tenant: Tenant) -> None:
    application = tenant.application()
    deleted(tenant, f"applications/{application['id']}")
    [found] = tenant.get(APPLICATIONS)["value"]
    assert found.pop("deletedDateTime").endswith("Z")
    assert found.items() <= application.items()
    assert_refused(tenant.http.get(f"applications/{application['id']}"), *absent(application["id"]))
    assert_refused(tenant.http.get(f"directoryObjects/{application['id']}"), *absent(application["id"]))


def test_deleted_application_takes_its_service_principal_there_too(tenant: Tenant) -> None:
    service_principal = tenant.service_principal()
    deleted(tenant, f"applications(appId='{service_principal['appId']}')")
    assert [one["id"] for one in tenant.get(SERVICE_PRINCIPALS)["value"]] == [service_principal["id"]]


def test_deleted_policy_is_gone_for_good(tenant: Tenant) -> None:
    policy = tenant.policy()
    deleted(tenant, f"policies/{ISSUANCE}/{policy['id']}")
    assert_refused(tenant.http.get(f"directory/deletedItems/{policy['id']}"), *absent(policy["id"]))


@pytest.mark.parametrize(("cast", "status"), [("", 200), ("/graph.application", 200), ("/graph.user", 404)])
def test_deleted_item_is_read_by_its_id(tenant: Tenant, cast: str, status: int) -> None:
    identifier = deleted(tenant, tenant.target("applications"))
    response = tenant.http.get(f"directory/deletedItems/{identifier}{cast}")
    assert response.status_code == status
    if status == 200:
        assert response.json()["@odata.type"] == "#microsoft.graph.application"


def test_deleted_items_are_asked_for_with_their_type(tenant: Tenant) -> None:
    message = "Unsupported Query: deletedItems without a type, such as microsoft.graph.application"
    assert_refused(tenant.http.get("directory/deletedItems"), 400, "Request_UnsupportedQuery", message)
    assert tenant.get("directory/deletedItems/microsoft.graph.group")["value"] == []


def test_deleted_items_have_pages_and_filters(tenant: Tenant) -> None:
    for name in "AB":
        deleted(tenant, f"applications/{tenant.application(displayName=name)['id']}")
    page = tenant.get(APPLICATIONS, **{"$top": "1"})
    assert [len(page["value"]), len(tenant.get(page["@odata.nextLink"])["value"])] == [1, 1]
    assert tenant.names(APPLICATIONS, **{"$filter": "displayName eq 'B'"}) == ["B"]


def test_restored_application_is_as_it_was_and_its_service_principal_comes_apart(tenant: Tenant) -> None:
    service_principal = tenant.service_principal()
    path = f"applications(appId='{service_principal['appId']}')"
    before = tenant.get(path)
    deleted(tenant, path)
    response = restore(tenant, before["id"])
    assert (response.status_code, response.json()["@odata.type"]) == (200, "#microsoft.graph.application")
    assert (tenant.get(path), tenant.names(APPLICATIONS)) == (before, [])
    assert tenant.names("servicePrincipals") == []
    assert restore(tenant, service_principal["id"]).status_code == 200
    assert tenant.get(f"servicePrincipals/{service_principal['id']}") == service_principal


def assigned_and_owned(tenant: Tenant) -> tuple[str, str, str]:
    """An application with a policy and an owner."""
    target, policy, owner = tenant.target("applications"), tenant.policy(), tenant.service_principal()
    tenant.assign(target, policy)
    tenant.http.post(f"{target}/owners/$ref", json={"@odata.id": f"directoryObjects/{owner['id']}"})
    return target, policy["id"], owner["id"]


@pytest.mark.parametrize("told", [False, True])
def test_restored_application_has_its_owners_and_its_policies_if_so_told(tenant: Tenant, told: bool) -> None:
    tenant.emulator.directory.restores_policies = told
    target, policy, owner = assigned_and_owned(tenant)
    assert restore(tenant, deleted(tenant, target)).status_code == 200
    assert [one["id"] for one in tenant.get(f"{target}/owners")["value"]] == [owner]
    assert tenant.assigned(target) == ([policy] if told else [])


def test_what_is_gone_meanwhile_does_not_come_back(tenant: Tenant) -> None:
    tenant.emulator.directory.restores_policies = True
    target, policy, owner = assigned_and_owned(tenant)
    identifier = deleted(tenant, target)
    deleted(tenant, f"policies/{ISSUANCE}/{policy}")
    deleted(tenant, f"servicePrincipals/{owner}")
    assert restore(tenant, identifier).status_code == 200
    assert tenant.get(f"{target}/owners")["value"] == tenant.assigned(target) == []


def purged(tenant: Tenant, identifier: str) -> httpx.Response:
    return tenant.http.delete(f"directory/deletedItems/{identifier}")


def test_permanently_deleted_item_does_not_come_back(tenant: Tenant) -> None:
    identifier = deleted(tenant, tenant.target("applications"))
    assert purged(tenant, identifier).status_code == 204
    for response in (purged(tenant, identifier), restore(tenant, identifier), restore(tenant, NOWHERE)):
        assert response.status_code == 404
    assert tenant.names(APPLICATIONS) == []


def second_service_principal(tenant: Tenant) -> tuple[str, int]:
    service_principal = tenant.service_principal()
    identifier = deleted(tenant, f"servicePrincipals/{service_principal['id']}")
    tenant.created("servicePrincipals", {"appId": service_principal["appId"]})
    return identifier, 409


def without_its_application(tenant: Tenant) -> tuple[str, int]:
    service_principal = tenant.service_principal()
    deleted(tenant, f"applications(appId='{service_principal['appId']}')")
    return str(service_principal["id"]), 400


def second_name(tenant: Tenant) -> tuple[str, int]:
    identifier = deleted(tenant, f"applications/{tenant.application(uniqueName='portal')['id']}")
    tenant.application(uniqueName="portal")
    return identifier, 400


@pytest.mark.parametrize("scene", [second_service_principal, without_its_application, second_name])
def test_item_whose_place_is_taken_is_not_restored(tenant: Tenant, scene: Callable[[Tenant], tuple[str, int]]) -> None:
    identifier, status = scene(tenant)
    assert restore(tenant, identifier).status_code == status
    assert tenant.http.get(f"directory/deletedItems/{identifier}").status_code == 200


def test_deleted_item_is_gone_after_30_days() -> None:
    with Emulator(clock=Clock()) as emulator:
        tenant = Tenant(emulator)
        identifier = deleted(tenant, tenant.target("applications"))
        emulator.clock.advance(29 * DAY)
        assert tenant.names(APPLICATIONS) == ["Portal"]
        emulator.clock.advance(DAY)
        assert tenant.names(APPLICATIONS) == []
        assert restore(tenant, identifier).status_code == 404
        tenant.http.close()


def test_state_has_owners_and_deleted_items_and_loads_them(tenant: Tenant) -> None:
    tenant.emulator.directory.restores_policies = True
    target, policy, owner = assigned_and_owned(tenant)
    identifier = deleted(tenant, target)
    tenant.http.post(f"servicePrincipals/{owner}/owners/$ref", json={"@odata.id": f"directoryObjects/{owner}"})
    before = tenant.emulator.directory.snapshot()
    tenant.emulator.load(before)
    assert tenant.emulator.directory.snapshot() == before
    assert restore(tenant, identifier).status_code == 200
    assert (tenant.assigned(target), len(tenant.get(f"servicePrincipals/{owner}/owners")["value"])) == ([policy], 1)


def deleted_item(**changes: str) -> Json:
    return {"id": NOWHERE, "appId": NOWHERE, "displayName": "A", "deletedDateTime": "2026-01-01T00:00:00Z"} | changes


def test_loaded_item_has_what_graph_fills_in(tenant: Tenant) -> None:
    moment = f"{tenant.emulator.clock.date():%Y-%m-%dT%H:%M:%SZ}"
    tenant.emulator.load({"deletedItems": {"applications": [deleted_item(deletedDateTime=moment)]}})
    assert restore(tenant, NOWHERE).status_code == 200
    assert tenant.get(f"applications/{NOWHERE}")["identifierUris"] == []


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"owners": [{"target": "applications/x", "ownerId": NOWHERE}]}, r"owners\[0\]"),
        ({"deletedItems": {"applications": [deleted_item(deletedDateTime="soon")]}}, r"deletedItems.applications\[0\]"),
        ({"deletedItems": {"applications": [deleted_item()] * 2}}, r"deletedItems.applications\[1\]: the id"),
        (
            {"deletedItems": {"applications": [deleted_item() | {"references": [["x", "colours", "y"]]}]}},
            r"deletedItems.applications\[0\]",
        ),
        ({"deletedItems": {"colours": [deleted_item()]}}, r"deletedItems.colours\[0\]"),
    ],
)
def test_wrong_document_is_refused_with_its_line(tenant: Tenant, document: Json, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        tenant.emulator.load(document)
