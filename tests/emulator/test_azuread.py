"""pulumi-azuread's provider makes, updates and destroys what it makes, request for request (`azuread`)."""

import base64
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from tests.emulator import azuread
from tests.emulator.azuread import KEY_ID, Provider
from tests.emulator.signing import CLIENT, SECRET
from tests.emulator.tenant import Json

from pulumi_entra_policies.emulator import Emulator

# "API Permissions" of azuread_application and azuread_service_principal.
GRANTED = {"Application.ReadWrite.All"}


@pytest.fixture(scope="module")
def secured(signing: Callable[..., Emulator]) -> Emulator:
    return signing(clients={CLIENT: SECRET})


@pytest.fixture
def provider(secured: Emulator, trust: ssl.SSLContext) -> Iterator[Provider]:
    """As it starts: told nothing but a host, a tenant and a client with its secret."""
    secured.reset()
    secured.grant(GRANTED)
    caller = secured.register(CLIENT, "Pulumi")
    secured.create_application("Other", with_service_principal=True)
    with httpx.Client(base_url=secured.url, verify=trust, trust_env=False) as http:
        cloud = http.get("/metadata/endpoints", params={"api-version": "2022-09-01"}).json()
        graph, login = cloud["microsoftGraphResourceId"], cloud["authentication"]["loginEndpoint"]
        assert (cloud["name"], cloud["resourceManager"]) == ("Emulator", secured.url)
        form = {"grant_type": "client_credentials", "scope": f"{graph}/.default"}
        credential = {"client_id": CLIENT, "client_secret": SECRET}
        token = http.post(f"{login}/{secured.tenant_id}/oauth2/v2.0/token", data=form | credential).json()
        bearer = token["access_token"]
        oid = jwt.decode(bearer, options={"verify_signature": False})["oid"]
        assert oid == caller.service_principal_id
        http.headers["Authorization"] = f"Bearer {bearer}"
        yield Provider(http, {"graph": graph, "caller": oid})


@pytest.fixture
def made(provider: Provider) -> Provider:
    created = provider.run(azuread.CREATE_APPLICATION)
    provider.known["client"] = created["appId"]
    provider.run(azuread.CREATE_PRINCIPAL)
    return provider


def comes_back(written: Any, read: Any) -> bool:
    """A plan stays empty: what it wrote it reads, and null is as good as nothing."""
    if isinstance(written, dict):
        parts = {name: value for name, value in written.items() if "@" not in name}
        return all(comes_back(value, (read or {}).get(name)) for name, value in parts.items())
    if isinstance(written, list):
        return len(written) == len(read) and all(map(comes_back, written, read))
    return bool(written == read)


def test_application_and_service_principal_are_made(made: Provider) -> None:
    application = made.run(azuread.READ_APPLICATION)
    assert comes_back(azuread.application(api={"acceptMappedClaims": True}), application)
    principal = made.run(azuread.READ_PRINCIPAL)
    assert comes_back(azuread.principal(appId=application["appId"]), principal)
    assert (principal["displayName"], principal["servicePrincipalType"]) == ("Portal", "Application")
    assert principal["servicePrincipalNames"] == [application["appId"]]
    assert principal["replyUrls"] == ["https://portal.example/in"]
    assert principal["signInAudience"] == "AzureADMyOrg"


@pytest.mark.parametrize("target", ["applications/{app}", "servicePrincipals/{sp}"])
def test_the_caller_owns_what_it_has_made(made: Provider, target: str) -> None:
    [owner] = made.run([azuread.Step("GET", f"/v1.0/{target}/owners")])["value"]
    assert (owner["id"], owner["@odata.type"]) == (made.known["caller"], "#microsoft.graph.servicePrincipal")


def test_owners_are_exchanged(made: Provider) -> None:
    others = made.http.get("/v1.0/servicePrincipals", params={"$filter": "displayName eq 'Other'"}).json()["value"]
    made.known["other"] = others[0]["id"]
    [owner] = made.run(azuread.CHANGE_OWNERS)["value"]
    assert owner["id"] == made.known["other"]


def test_second_service_principal_is_found_before_it_is_made(made: Provider) -> None:
    [found] = made.run(azuread.CREATE_PRINCIPAL[:1])["value"]
    assert found["id"] == made.known["sp"]


def test_both_are_updated(made: Provider) -> None:
    application = made.run(azuread.UPDATE_APPLICATION)
    assert comes_back(azuread.UPDATED_APPLICATION, application)
    principal = made.run(azuread.UPDATE_PRINCIPAL)
    assert comes_back(azuread.UPDATED_PRINCIPAL, principal)
    assert principal["servicePrincipalNames"] == ["api://portal", application["appId"]]


def test_certificate_is_added_beside_others_and_removed(made: Provider, certificates: Path) -> None:
    pem = base64.b64encode((certificates / "ca.pem").read_bytes()).decode()
    [first] = made.run(azuread.added_certificate(pem))["keyCredentials"]
    assert (first["keyId"], first["type"], first["key"]) == (KEY_ID, "AsymmetricX509Cert", None)
    assert first["startDateTime"] < first["endDateTime"]
    other: Json = {"keyId": made.known["app"], "key": pem, "type": "AsymmetricX509Cert", "usage": "Verify"}
    made.do(azuread.credentials(first, other))
    [_, second] = made.run([azuread.Step("GET", "/v1.0/applications/{app}")])["keyCredentials"]
    assert made.run(azuread.removed_certificate(second))["keyCredentials"] == [second]


def test_all_of_it_is_destroyed(made: Provider) -> None:
    made.run([*azuread.removed_certificate(), *azuread.DELETE_PRINCIPAL, *azuread.DELETE_APPLICATION])
    found = made.http.get("/v1.0/applications", params={"$filter": "displayName eq 'Portal'"}).json()["value"]
    assert found == []


def test_token_names_no_principal_that_the_tenant_has_not(provider: Provider, secured: Emulator) -> None:
    secured.reset()
    form = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    credential = {"client_id": CLIENT, "client_secret": SECRET}
    token = provider.http.post(f"/{secured.tenant_id}/oauth2/v2.0/token", data=form | credential).json()
    assert "oid" not in jwt.decode(token["access_token"], options={"verify_signature": False})
