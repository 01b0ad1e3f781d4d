from typing import Any

import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Tenant, absent, assert_refused


def test_created_application_is_found_by_every_key(tenant: Tenant) -> None:
    created = tenant.application(uniqueName="it's")
    assert created["displayName"] == "Portal"
    for key in (
        f"/{created['id']}",
        f"(appId='{created['appId']}')",
        f"(appId='{created['appId'].upper()}')",
        "(uniqueName='it''s')",
    ):
        assert tenant.get(f"applications{key}") == created


def test_created_service_principal_is_found_by_both_keys(tenant: Tenant) -> None:
    created = tenant.service_principal()
    assert created["displayName"] == "Portal"
    assert tenant.get(f"servicePrincipals/{created['id']}") == created
    assert tenant.get(f"servicePrincipals(appId='{created['appId']}')") == created


def test_collection_name_in_any_letter_case_is_the_same(tenant: Tenant) -> None:
    created = tenant.service_principal()
    assert tenant.get(f"serviceprincipals/{created['id']}")["id"] == created["id"]


def test_both_collections_are_listed(tenant: Tenant) -> None:
    tenant.service_principal()
    assert tenant.names("applications") == ["Portal"]
    assert tenant.names("servicePrincipals") == ["Portal"]


@pytest.mark.parametrize("targets", ["applications", "servicePrincipals"])
def test_patch_changes_the_display_name(tenant: Tenant, targets: str) -> None:
    address = tenant.target(targets)
    assert tenant.http.patch(address, json={"displayName": "New"}).status_code == 204
    assert tenant.get(address)["displayName"] == "New"


def test_deleted_application_takes_its_service_principal_along(tenant: Tenant) -> None:
    service_principal = tenant.service_principal()
    assert tenant.http.delete(f"applications(appId='{service_principal['appId']}')").status_code == 204
    assert tenant.names("applications") == tenant.names("servicePrincipals") == []


def test_application_without_service_principal_is_deleted(tenant: Tenant) -> None:
    tenant.service_principal()
    other = tenant.application(displayName="Other")
    assert tenant.http.delete(f"applications(appId='{other['appId']}')").status_code == 204
    assert tenant.names("applications") == tenant.names("servicePrincipals") == ["Portal"]


def test_deleted_service_principal_leaves_its_application(tenant: Tenant) -> None:
    assert tenant.http.delete(tenant.target("servicePrincipals")).status_code == 204
    assert tenant.names("applications") == ["Portal"]


def test_second_service_principal_of_an_application_is_refused(tenant: Tenant) -> None:
    app_id = tenant.service_principal()["appId"]
    response = tenant.http.post("servicePrincipals", json={"appId": app_id})
    message = (
        "The service principal cannot be created, updated, or restored because the service principal name "
        f"{app_id} is already in use."
    )
    assert_refused(response, 409, "Request_MultipleObjectsWithSameKeyValue", message)


@pytest.mark.parametrize(
    ("collection", "body", "message"),
    [
        ("applications", {}, "A value is required for property 'displayName' of resource 'Application'."),
        ("applications", {"displayName": " "}, "Property displayName has an invalid value."),
        ("applications", {"displayName": "A", "appId": NOWHERE}, "Property 'appId' is read-only and cannot be set."),
        ("applications", {"displayName": "A", "id": NOWHERE}, "Property 'id' is read-only and cannot be set."),
        ("servicePrincipals", {}, "A value is required for property 'appId' of resource 'ServicePrincipal'."),
        ("servicePrincipals", {"appId": 7}, "Property appId has an invalid value."),
        ("servicePrincipals", {"appId": "x"}, "Invalid object identifier 'x'."),
        (
            "servicePrincipals",
            {"appId": NOWHERE},
            f"The appId '{NOWHERE}' of the service principal does not reference a valid application object.",
        ),
    ],
)
def test_wrong_body_is_refused(tenant: Tenant, collection: str, body: dict[str, Any], message: str) -> None:
    assert_refused(tenant.http.post(collection, json=body), 400, "Request_BadRequest", message)


@pytest.mark.parametrize("collection", ["applications", "servicePrincipals", f"policies/{ISSUANCE}"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_absent_object_is_404(tenant: Tenant, collection: str, method: str) -> None:
    response = tenant.http.request(method, f"{collection}/{NOWHERE}", json={"displayName": "New"})
    assert_refused(response, *absent(NOWHERE))


@pytest.mark.parametrize(
    "collection", ["applications", "servicePrincipals", "directoryObjects", f"policies/{ISSUANCE}"]
)
def test_malformed_id_is_400(tenant: Tenant, collection: str) -> None:
    response = tenant.http.get(f"{collection}/portal")
    assert_refused(response, 400, "Request_BadRequest", "Invalid object identifier 'portal'.")


def test_absent_alternate_key_is_404(tenant: Tenant) -> None:
    assert_refused(tenant.http.get(f"applications(appId='{NOWHERE}')"), *absent(NOWHERE))
    assert_refused(tenant.http.get("applications(uniqueName='portal')"), *absent("portal"))


@pytest.mark.parametrize("address", ["applications(displayName='x')", "servicePrincipals(uniqueName='x')"])
def test_key_that_is_none_is_refused(tenant: Tenant, address: str) -> None:
    message = f"Resource not found for the segment '{address}'."
    assert_refused(tenant.http.get(address), 400, "Request_BadRequest", message)


def test_application_is_no_service_principal(tenant: Tenant) -> None:
    identifier = tenant.application()["id"]
    assert_refused(tenant.http.get(f"servicePrincipals/{identifier}"), *absent(identifier))


def test_directory_object_says_its_type(tenant: Tenant) -> None:
    for created, odata_type in (
        (tenant.service_principal(), "#microsoft.graph.servicePrincipal"),
        (tenant.application(), "#microsoft.graph.application"),
        (tenant.policy(), "#microsoft.graph.tokenIssuancePolicy"),
    ):
        found = tenant.get(f"directoryObjects/{created['id']}")
        assert (found["@odata.type"], found["displayName"]) == (odata_type, created["displayName"])


def test_organization_is_the_tenant(tenant: Tenant) -> None:
    organizations = tenant.get("organization", **{"$select": "id"})["value"]
    assert organizations == [{"id": tenant.emulator.tenant_id}]
