"""What bodies may carry, what is filled in, and what a write makes of the rest."""

from collections.abc import Callable
from typing import Any

import pytest
from kiota_abstractions.serialization import Parsable
from msgraph.generated.models.add_in import AddIn
from msgraph.generated.models.api_application import ApiApplication
from msgraph.generated.models.app_role import AppRole
from msgraph.generated.models.application import Application
from msgraph.generated.models.authentication_behaviors import AuthenticationBehaviors
from msgraph.generated.models.informational_url import InformationalUrl
from msgraph.generated.models.key_credential import KeyCredential
from msgraph.generated.models.optional_claims import OptionalClaims
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.permission_scope import PermissionScope
from msgraph.generated.models.saml_single_sign_on_settings import SamlSingleSignOnSettings
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.service_principal_lock_configuration import ServicePrincipalLockConfiguration
from msgraph.generated.models.verified_publisher import VerifiedPublisher
from msgraph.generated.models.web_application import WebApplication
from tests.emulator.metadata import of_today
from tests.emulator.tenant import ISSUANCE, NOWHERE, Json, Tenant, assert_refused

from pulumi_entra_policies.emulator import Directory, Emulator
from pulumi_entra_policies.emulator.entities import APPLICATION, SERVICE_PRINCIPAL, Entity, shared
from pulumi_entra_policies.emulator.entities.values import Type

ENABLED = {"id": NOWHERE, "isEnabled": True, "value": "Reader"}
ENTITLEMENT = "Permission (scope or role) cannot be deleted or updated unless disabled first."
PERSONAL = {"signInAudience": "PersonalMicrosoftAccount"}
NAMED = {"displayName": "Portal"}


# -- the request's content ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"])
def test_body_of_another_content_type_is_refused(tenant: Tenant, media_type: str) -> None:
    response = tenant.http.post("applications", content=b'{"displayName": "A"}', headers={"content-type": media_type})
    message = "Entity only allows writes with a JSON Content-Type header."
    assert_refused(response, 400, "BadRequest", message)


def test_body_without_content_type_is_not_read(tenant: Tenant) -> None:
    response = tenant.http.post("applications", content=b'{"displayName": "A"}')
    assert (response.status_code, response.json()["error"]["code"]) == (400, "BadRequest")
    assert tenant.names("applications") == []


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/json;odata.metadata=minimal"]
)
def test_json_is_taken_whatever_comes_with_its_type(tenant: Tenant, media_type: str) -> None:
    response = tenant.http.post("applications", content=b'{"displayName": "A"}', headers={"content-type": media_type})
    assert response.status_code == 201


# -- names and values --------------------------------------------------------------------------------------------------


@of_today
@pytest.mark.parametrize(("entity", "model"), [(APPLICATION, Application), (SERVICE_PRINCIPAL, ServicePrincipal)])
def test_properties_are_those_of_the_metadata(entity: Entity, model: type[Application | ServicePrincipal]) -> None:
    declared = model().get_field_deserializers().keys() - {"@odata.type"}
    assert entity.properties.keys() | entity.navigation == declared


NESTED: list[tuple[Type, type[Parsable]]] = [
    (APPLICATION.properties["api"].type, ApiApplication),
    (APPLICATION.properties["authenticationBehaviors"].type, AuthenticationBehaviors),
    (APPLICATION.properties["optionalClaims"].type, OptionalClaims),
    (APPLICATION.properties["servicePrincipalLockConfiguration"].type, ServicePrincipalLockConfiguration),
    (APPLICATION.properties["web"].type, WebApplication),
    (SERVICE_PRINCIPAL.properties["samlSingleSignOnSettings"].type, SamlSingleSignOnSettings),
    (shared.ADD_IN, AddIn),
    (shared.APP_ROLE, AppRole),
    (shared.INFORMATION, InformationalUrl),
    (shared.KEY_CREDENTIAL, KeyCredential),
    (shared.PASSWORD_CREDENTIAL, PasswordCredential),
    (shared.PERMISSION_SCOPE, PermissionScope),
    (shared.VERIFIED_PUBLISHER, VerifiedPublisher),
]


@of_today
@pytest.mark.parametrize(("declared", "model"), NESTED, ids=lambda one: getattr(one, "__name__", ""))
def test_complex_types_are_those_of_the_metadata(declared: Type, model: type[Parsable]) -> None:
    assert declared.properties.keys() == model().get_field_deserializers().keys() - {"@odata.type"}


WRONG: list[tuple[str, Json, str]] = [
    ("applications", {"colour": "red"}, "Invalid property 'colour'."),
    ("servicePrincipals", {"colour": "red"}, "Invalid property 'colour'."),
    ("applications", {"colour@odata.bind": []}, "Invalid property 'colour'."),
    ("applications", {"createdDateTime": None}, "Property 'createdDateTime' is read-only and cannot be set."),
    ("applications", {"tokenIssuancePolicies": []}, "Property 'tokenIssuancePolicies' is read-only and cannot be set."),
    (
        "servicePrincipals",
        {"signInAudience": "AzureADMyOrg"},
        "Property 'signInAudience' is read-only and cannot be set.",
    ),
    *(
        ("applications", {name: value}, f"Property {name} has an invalid value.")
        for name, value in [
            ("displayName", ""),
            ("displayName", 7),
            ("displayName", None),
            ("description", "x" * 1025),
            ("notes", "x" * 1025),
            ("identifierUris", None),
            ("identifierUris", ["x" * 256]),
            ("identifierUris", ["api://a", "api://a"]),
            ("identifierUris", "api://a"),
            ("tags", [""]),
            ("tags", ["x" * 257]),
            ("signInAudience", "Everybody"),
            ("signInAudience", None),
            ("groupMembershipClaims", "Some"),
            ("nativeAuthenticationApisEnabled", "some"),
            ("oauth2RequirePostResponse", None),
            ("isFallbackPublicClient", "true"),
            ("tokenEncryptionKeyId", "x"),
            ("web", []),
            ("web", {"colour": "red"}),
            ("web", {"redirectUris": None}),
            ("api", {"requestedAccessTokenVersion": 3}),
            ("api", {"requestedAccessTokenVersion": True}),
            ("appRoles", [{"id": "x"}]),
            ("appRoles", [{"allowedMemberTypes": ["Group"]}]),
            ("requiredResourceAccess", [{"resourceAppId": NOWHERE, "resourceAccess": [{"id": NOWHERE, "type": "x"}]}]),
            ("requiredResourceAccess", [{"resourceAppId": NOWHERE, "resourceAccess": []}] * 51),
            ("requiredResourceAccess", [{"resourceAppId": NOWHERE, "resourceAccess": [{"id": NOWHERE}] * 401}]),
            ("addIns", [{"id": NOWHERE, "type": "x", "properties": [{"key": 7}]}]),
            ("web", {"redirectUriSettings": [{"uri": "https://a", "index": "first"}]}),
            ("keyCredentials", [{"key": "no base64"}]),
            ("keyCredentials", [{"key": "\u00e9"}]),
            ("keyCredentials", [{"endDateTime": "tomorrow"}]),
            ("keyCredentials", [{"endDateTime": "2026-13-01T00:00:00Z"}]),
            ("keyCredentials", [{"key": "YWJj"}]),
        ]
    ),
    (
        "servicePrincipals",
        {"preferredSingleSignOnMode": "x"},
        "Property preferredSingleSignOnMode has an invalid value.",
    ),
    ("servicePrincipals", {"accountEnabled": None}, "Property accountEnabled has an invalid value."),
]


@pytest.mark.parametrize(("targets", "changes", "message"), WRONG)
def test_wrong_property_is_refused_in_post_and_patch(tenant: Tenant, targets: str, changes: Json, message: str) -> None:
    target = tenant.target(targets)
    before = tenant.get(target)
    body = NAMED if targets == "applications" else {"appId": tenant.application()["appId"]}
    for response in (tenant.http.post(targets, json=body | changes), tenant.http.patch(target, json=changes)):
        assert_refused(response, 400, "Request_BadRequest", message)
    assert tenant.get(target) == before


RIGHT: list[tuple[str, Any]] = [
    ("description", None),
    ("notes", "x" * 1024),
    ("identifierUris", ["api://portal", "urn:portal", "x" * 255]),
    ("tags", ["WindowsAzureActiveDirectoryIntegratedApp", "two words", "x" * 256]),
    ("groupMembershipClaims", "SecurityGroup, ApplicationGroup"),
    ("groupMembershipClaims", None),
    ("isFallbackPublicClient", None),
    ("signInAudience", "AzureADMultipleOrgs"),
    ("optionalClaims", {"idToken": [{"name": "email", "essential": True}], "accessToken": [], "saml2Token": []}),
    ("requiredResourceAccess", [{"resourceAppId": NOWHERE, "resourceAccess": [{"id": NOWHERE, "type": "Role"}] * 400}]),
    ("uniqueName", "portal"),
]


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_right_property_comes_back(tenant: Tenant, name: str, value: Any) -> None:
    created = tenant.application(**{name: value})
    assert created[name] == value
    assert tenant.get(f"applications/{created['id']}")[name] == value


@pytest.mark.parametrize(
    ("path", "odata_type"),
    [("applications", "group"), ("servicePrincipals", "application"), (f"policies/{ISSUANCE}", "tokenLifetimePolicy")],
)
def test_type_of_another_object_is_refused(tenant: Tenant, path: str, odata_type: str) -> None:
    response = tenant.http.post(path, json={"@odata.type": f"#microsoft.graph.{odata_type}"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "BadRequest")


def test_own_type_and_own_id_are_taken_and_not_kept(tenant: Tenant) -> None:
    created = tenant.application(**{"@odata.type": "#microsoft.graph.application", "web": {"@odata.type": "x"}})
    assert "@odata.type" not in {**created, **created["web"]}
    target = f"applications/{created['id']}"
    body = {"id": created["id"].upper(), "displayName": "New", "keyCredentials@odata.type": "#Collection(x)"}
    assert tenant.http.patch(target, json=body).status_code == 204
    assert tenant.get(target)["displayName"] == "New"


def test_client_id_of_a_service_principal_is_fixed(tenant: Tenant) -> None:
    principal = tenant.service_principal()
    target = f"servicePrincipals/{principal['id']}"
    assert tenant.http.patch(target, json={"appId": principal["appId"]}).status_code == 204
    response = tenant.http.patch(target, json={"appId": tenant.application()["appId"]})
    assert_refused(response, 400, "Request_BadRequest", "Property 'appId' is read-only and cannot be set.")


def test_unique_uris_are_not_given_twice(tenant: Tenant) -> None:
    first = tenant.application(identifierUris=["api://portal"])
    response = tenant.http.post("applications", json=NAMED | {"identifierUris": ["API://portal"]})
    message = "Another object with the same value for property identifierUris already exists."
    assert_refused(response, 400, "Request_BadRequest", message)
    own = {"identifierUris": ["api://portal", "api://two"]}
    assert tenant.http.patch(f"applications/{first['id']}", json=own).status_code == 204
    assert tenant.http.patch(f"applications/{first['id']}", json={"identifierUris": []}).status_code == 204
    tenant.application(identifierUris=["api://portal"])


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"identifierUris": ["x" * 121]}, "identifierUris"),
        ({"identifierUris": [f"api://{number}" for number in range(51)]}, "identifierUris"),
        ({"api": {"requestedAccessTokenVersion": 1}}, "api"),
    ],
)
def test_personal_accounts_take_less(tenant: Tenant, changes: Json, refused: str) -> None:
    response = tenant.http.post("applications", json=NAMED | PERSONAL | changes)
    assert_refused(response, 400, "Request_BadRequest", f"Property {refused} has an invalid value.")
    tenant.application(**changes)


# -- what is filled in -------------------------------------------------------------------------------------------------


def test_new_application_has_what_the_page_prints(tenant: Tenant) -> None:
    created = tenant.application()
    assert created["createdDateTime"] == f"{tenant.emulator.clock.date():%Y-%m-%dT%H:%M:%SZ}"
    printed: Json = {
        "deletedDateTime": None,
        "isFallbackPublicClient": None,
        "identifierUris": [],
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "publicClient": {"redirectUris": []},
        "keyCredentials": [],
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "requiredResourceAccess": [],
    }
    assert printed.items() <= created.items()
    assert created["api"]["requestedAccessTokenVersion"] is None
    assert created["web"]["implicitGrantSettings"]["enableIdTokenIssuance"] is False


def test_audience_that_is_filled_in_is_a_switch() -> None:
    directory = Directory(default_audience="AzureADandPersonalMicrosoftAccount")
    with Emulator(directory=directory) as emulator:
        tenant = Tenant(emulator)
        created = tenant.application()
        tenant.http.close()
    assert created["signInAudience"] == "AzureADandPersonalMicrosoftAccount"
    assert created["api"]["requestedAccessTokenVersion"] == 2


def test_part_of_a_complex_property_leaves_its_others(tenant: Tenant) -> None:
    target = f"applications/{tenant.application(web={'homePageUrl': 'https://portal'})['id']}"
    tenant.http.patch(target, json={"web": {"redirectUris": ["https://portal/in"]}})
    web = tenant.get(target)["web"]
    assert (web["homePageUrl"], web["redirectUris"]) == ("https://portal", ["https://portal/in"])
    tenant.http.patch(target, json={"web": None})
    assert tenant.get(target)["web"] == APPLICATION.defaults["web"]


# -- roles and scopes --------------------------------------------------------------------------------------------------


def roles(*entries: Json) -> Json:
    return {"appRoles": list(entries)}


def scopes(*entries: Json) -> Json:
    return {"api": {"oauth2PermissionScopes": list(entries)}}


@pytest.mark.parametrize("written", [roles, scopes])
@pytest.mark.parametrize("after", [[], [ENABLED | {"value": "New"}]], ids=["gone", "changed"])
def test_enabled_entitlement_is_not_changed(tenant: Tenant, written: Callable[..., Json], after: list[Json]) -> None:
    target = f"applications/{tenant.application(**written(ENABLED))['id']}"
    changed, disabled = written(*after), written(ENABLED | {"isEnabled": False})
    refusal = 400, "CannotDeleteOrUpdateEnabledEntitlement", ENTITLEMENT
    assert_refused(tenant.http.patch(target, json=changed), *refusal)
    assert tenant.http.patch(target, json=disabled).status_code == 204
    assert tenant.http.patch(target, json=changed).status_code == 204


# -- service principals follow -----------------------------------------------------------------------------------------


def test_service_principal_copies_its_application(tenant: Tenant) -> None:
    application = tenant.application(
        identifierUris=["api://portal"],
        tags=["a"],
        appRoles=[ENABLED],
        web={"redirectUris": ["https://portal/in"], "logoutUrl": "https://portal/out"},
        spa={"redirectUris": ["https://spa"]},
    )
    principal = tenant.created("servicePrincipals", {"appId": application["appId"], "tags": ["b"]})
    assert principal["servicePrincipalNames"] == ["api://portal", application["appId"]]
    assert principal["replyUrls"] == ["https://portal/in", "https://spa"]
    assert (principal["logoutUrl"], principal["tags"]) == ("https://portal/out", ["a", "b"])
    assert principal["appRoles"] == application["appRoles"]
    assert principal["appOwnerOrganizationId"] == tenant.emulator.tenant_id


def test_service_principal_follows_its_application_and_keeps_its_own(tenant: Tenant) -> None:
    principal = tenant.service_principal()
    target, application = f"servicePrincipals/{principal['id']}", f"applications(appId='{principal['appId']}')"
    tenant.http.patch(target, json={"tags": ["own"], "displayName": "Own", "notes": "kept"})
    tenant.http.patch(application, json={"tags": ["a"], "identifierUris": ["api://portal"]})
    followed = tenant.get(target)
    assert (followed["displayName"], followed["notes"], followed["tags"]) == ("Own", "kept", ["a", "own"])
    assert followed["servicePrincipalNames"] == ["api://portal", principal["appId"]]
    tenant.http.patch(application, json={"displayName": "New", "tags": []})
    followed = tenant.get(target)
    assert (followed["displayName"], followed["appDisplayName"], followed["tags"]) == ("New", "New", ["own"])
