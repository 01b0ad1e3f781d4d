"""By azure-identity, over https: the metadata service and App Service speak http in truth, and it takes either."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import ManagedIdentityCredential
from tests.emulator.signing import SCOPE, claims, token
from tests.emulator.tenant import NOWHERE

from pulumi_entra_policies.emulator import Emulator

READ, WRITE = "Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"
USER = "22222222-2222-4222-8222-222222222222"
RESOURCE = SCOPE.removesuffix("/.default")
VERSIONED = {"api-version": "2018-02-01", "resource": RESOURCE}
METADATA = "/metadata/identity/oauth2/token"
PLACES = ["virtual_machine", "app_service"]


@pytest.fixture(scope="module")
def machine(signing: Callable[..., Emulator]) -> Emulator:
    return signing(managed_identities={"": {READ}, USER: {WRITE}})


@pytest.fixture
def asking(machine: Emulator, trust: ssl.SSLContext) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=machine.url, verify=trust, trust_env=False) as client:
        yield client


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, machine: Emulator, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in getattr(machine.places, request.param).items():
        monkeypatch.setenv(name, value)
    return str(request.param)


def credential(certificates: Path, client_id: str | None = None) -> ManagedIdentityCredential:
    return ManagedIdentityCredential(client_id=client_id, connection_verify=str(certificates / "ca.pem"))


@pytest.mark.usefixtures("place")
def test_system_assigned_identity_gets_its_own_token(
    machine: Emulator, certificates: Path, trust: ssl.SSLContext
) -> None:
    bearer = token(credential(certificates))
    headers = {"Authorization": f"Bearer {bearer}"}
    assert claims(bearer)["roles"] == [READ]
    url = f"{machine.url}/v1.0/policies/tokenIssuancePolicies"
    assert httpx.get(url, headers=headers, verify=trust, trust_env=False).status_code == 200


@pytest.mark.usefixtures("place")
def test_user_assigned_identity_gets_its_own_token(certificates: Path) -> None:
    found = claims(token(credential(certificates, client_id=USER)))
    assert (found["appid"], found["roles"]) == (USER, [WRITE])


def test_unknown_identity_is_refused(place: str, certificates: Path) -> None:
    said = {"virtual_machine": "Identity not found", "app_service": "No User Assigned or Delegated Managed Identity"}
    with pytest.raises(ClientAuthenticationError, match=said[place]):
        token(credential(certificates, client_id=NOWHERE))


def test_answer_has_the_fields_that_imds_gives_as_text(machine: Emulator, asking: httpx.Client) -> None:
    found = asking.get(METADATA, params=VERSIONED, headers={"Metadata": "true"}).json()
    assert (found["token_type"], found["resource"], found["expires_in"]) == ("Bearer", RESOURCE, "3599")
    assert int(found["expires_on"]) == claims(found["access_token"])["exp"]
    assert found["client_id"] == claims(found["access_token"])["appid"] != USER


@pytest.mark.parametrize(
    ("headers", "asked", "description"),
    [
        ({}, VERSIONED, "Required metadata header not specified"),
        ({"Metadata": "true", "X-Forwarded-For": "192.0.2.1"}, VERSIONED, "Required metadata header not specified"),
        ({"Metadata": "true"}, {"resource": RESOURCE}, "Required query variable 'api-version' is missing"),
        ({"Metadata": "true"}, {"api-version": "2018-02-01"}, "Required query variable 'resource' is missing"),
        ({"Metadata": "true"}, VERSIONED | {"client_id": NOWHERE}, "Identity not found"),
        ({"Metadata": "true"}, VERSIONED | {"object_id": USER}, "Identity not found"),
    ],
)
def test_metadata_service_refuses_in_its_own_form(
    asking: httpx.Client, headers: dict[str, str], asked: dict[str, str], description: str
) -> None:
    response = asking.get(METADATA, params=asked, headers=headers)
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request", "error_description": description}


@pytest.mark.parametrize(
    ("header", "asked", "status", "message"),
    [
        ("wrong", VERSIONED, 401, "Unauthorized"),
        ("", {"resource": RESOURCE}, 400, "The api-version parameter is required."),
        (
            "",
            VERSIONED | {"client_id": NOWHERE},
            400,
            "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
        ),
    ],
)
def test_app_service_refuses_in_its_own_form(
    machine: Emulator, asking: httpx.Client, header: str, asked: dict[str, str], status: int, message: str
) -> None:
    place = machine.places.app_service
    headers = {"X-IDENTITY-HEADER": header or place["IDENTITY_HEADER"]}
    response = asking.get(place["IDENTITY_ENDPOINT"], params=asked, headers=headers)
    assert (response.status_code, response.json()["statusCode"]) == (status, status)
    assert response.json()["message"] == message


@pytest.mark.parametrize(
    ("identities", "refusal"),
    [
        ({USER: None}, None),
        ({USER: None, NOWHERE: None}, "Multiple user assigned identities exist"),
        ({}, "Identity not found"),
    ],
)
def test_unnamed_identity_is_the_only_one_if_none_is_the_systems(
    signing: Callable[..., Emulator], trust: ssl.SSLContext, identities: dict[str, None], refusal: str | None
) -> None:
    emulator = signing(managed_identities=identities)
    headers = {"Metadata": "true"}
    found = httpx.get(f"{emulator.url}{METADATA}", params=VERSIONED, headers=headers, verify=trust).json()
    assert found.get("client_id") == (None if refusal else USER)
    assert found.get("error_description", "").startswith(refusal or "")


def test_app_service_without_the_systems_identity_says_so(
    signing: Callable[..., Emulator], trust: ssl.SSLContext
) -> None:
    place = signing(managed_identities={USER: None}).places.app_service
    headers = {"X-IDENTITY-HEADER": place["IDENTITY_HEADER"]}
    found = httpx.get(place["IDENTITY_ENDPOINT"], params=VERSIONED, headers=headers, verify=trust).json()
    assert found["message"] == "No Managed Identity found for specified ClientId/ResourceId/PrincipalId."


def test_identities_without_a_certificate_are_refused() -> None:
    with pytest.raises(ValueError, match="clients and identities sign in over https only"):
        Emulator(managed_identities={"": None})
