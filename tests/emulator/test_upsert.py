"""Made if it is missing, by a key of the caller's own."""

import httpx
import pytest
from tests.emulator.tenant import NOWHERE, Json, Tenant, absent, assert_refused

UPSERT = {"Prefer": "create-if-missing"}
PORTAL = "applications(uniqueName='portal')"


def upsert(tenant: Tenant, path: str, body: Json) -> httpx.Response:
    return tenant.http.patch(path, json=body, headers=UPSERT)


def test_missing_application_is_created_under_its_name(tenant: Tenant) -> None:
    response = upsert(tenant, PORTAL, {"displayName": "Portal"})
    created = response.json()
    assert (response.status_code, created["uniqueName"]) == (201, "portal")
    assert tenant.get(response.headers["location"]) == tenant.get(PORTAL) == created


def test_application_that_is_there_is_updated(tenant: Tenant) -> None:
    tenant.application(uniqueName="portal")
    response = upsert(tenant, PORTAL, {"displayName": "New", "uniqueName": "portal"})
    assert (response.status_code, response.content) == (204, b"")
    assert tenant.names("applications") == ["New"]


@pytest.mark.parametrize("headers", [{}, {"Prefer": "return=minimal"}])
def test_patch_without_the_preference_creates_nothing(tenant: Tenant, headers: dict[str, str]) -> None:
    response = tenant.http.patch(PORTAL, json={"displayName": "Portal"}, headers=headers)
    assert_refused(response, *absent("portal"))


def test_missing_service_principal_is_created_for_its_application(tenant: Tenant) -> None:
    app_id = tenant.application()["appId"]
    path = f"servicePrincipals(appId='{app_id}')"
    assert [upsert(tenant, path, {"displayName": name}).status_code for name in ("A", "B")] == [201, 204]
    assert tenant.get(path)["displayName"] == "B"


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        (PORTAL, {}, (400, "A value is required for property 'displayName' of resource 'Application'.")),
        (PORTAL, {"displayName": "P", "uniqueName": "q"}, (400, "Property uniqueName has an invalid value.")),
        (f"applications(appId='{NOWHERE}')", {"displayName": "P"}, (404, absent(NOWHERE)[2])),
        (f"applications/{NOWHERE}", {"displayName": "P"}, (404, absent(NOWHERE)[2])),
    ],
)
def test_what_cannot_be_created_is_refused(tenant: Tenant, path: str, body: Json, refusal: tuple[int, str]) -> None:
    response = upsert(tenant, path, body)
    assert (response.status_code, response.json()["error"]["message"]) == refusal
    assert tenant.names("applications") == []


def test_unique_name_is_unique(tenant: Tenant) -> None:
    tenant.application(uniqueName="portal")
    response = tenant.http.post("applications", json={"displayName": "Other", "uniqueName": "portal"})
    message = "Another object with the same value for property uniqueName already exists."
    assert_refused(response, 400, "Request_BadRequest", message)
    assert tenant.names("applications") == ["Portal"]


def test_unique_name_is_immutable(tenant: Tenant) -> None:
    path = f"applications/{tenant.application(uniqueName='portal')['id']}"
    response = tenant.http.patch(path, json={"uniqueName": "other"})
    assert_refused(response, 400, "Request_BadRequest", "Property 'uniqueName' is read-only and cannot be set.")


def test_name_of_a_deleted_application_is_free(tenant: Tenant) -> None:
    tenant.application(uniqueName="portal")
    tenant.http.delete(PORTAL)
    assert upsert(tenant, PORTAL, {"displayName": "Portal"}).status_code == 201
