"""What Graph looks at in a token, and what it says of one that it does not take."""

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest
from azure.identity.aio import ClientSecretCredential
from tests.emulator.signing import CLIENT, SCOPE, SECRET, claims, token, trusting
from tests.emulator.tenant import assert_refused

from pulumi_entra_policies.emulator import Client, Clock, Emulator

READER = "44444444-4444-4444-8444-444444444444"
POLICIES = "/v1.0/policies/tokenIssuancePolicies"
BODY = {"displayName": "Portal", "definition": ['{"TokenIssuancePolicy":{"Version":1}}']}


def sign_in(emulator: Emulator, certificates: Path, scope: str = SCOPE, client: str = CLIENT) -> dict[str, str]:
    credential = ClientSecretCredential(emulator.tenant_id, client, SECRET, **trusting(emulator, certificates))
    return {"Authorization": f"Bearer {token(credential, scope)}"}


@pytest.fixture(scope="module")
def secured(signing: Callable[..., Emulator]) -> Emulator:
    reader = Client(SECRET, permissions={"Policy.Read.All"})
    return signing(clients={CLIENT: SECRET, READER: reader}, clock=Clock(), token_lifetime=600)


def test_token_is_signed_by_a_published_key(
    secured: Emulator, certificates: Path, http: httpx.Client, trust: ssl.SSLContext
) -> None:
    discovered = http.get(f"/{secured.tenant_id}/v2.0/.well-known/openid-configuration").json()
    bearer = sign_in(secured, certificates)["Authorization"].split()[1]
    key = jwt.PyJWKClient(discovered["jwks_uri"], ssl_context=trust).get_signing_key_from_jwt(bearer)
    audience = "https://graph.microsoft.com"
    found = jwt.decode(bearer, key, ["RS256"], audience=audience, issuer=discovered["issuer"])
    assert (found["tid"], found["appid"], found["idtyp"]) == (secured.tenant_id, CLIENT, "app")


@pytest.mark.parametrize(
    "graph",
    [
        "https://graph.microsoft.com",
        "https://graph.microsoft.com/",
        "https://graph.microsoft.us",
        "https://dod-graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
        "00000003-0000-0000-c000-000000000000",
    ],
)
def test_token_for_graph_in_any_cloud_is_taken(
    secured: Emulator, certificates: Path, http: httpx.Client, graph: str
) -> None:
    assert http.get(POLICIES, headers=sign_in(secured, certificates, f"{graph}/.default")).status_code == 200


def test_token_for_another_audience_is_401(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    headers = sign_in(secured, certificates, "https://management.azure.com/.default")
    message = "Access token validation failure. Invalid audience."
    assert_refused(http.get(POLICIES, headers=headers), 401, "InvalidAuthenticationToken", message)


def test_token_expires_on_the_emulators_clock(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    headers = sign_in(secured, certificates)
    secured.clock.advance(598)  # whole seconds are in a token
    assert http.get(POLICIES, headers=headers).status_code == 200
    secured.clock.advance(2)
    message = "Access token has expired or is not yet valid."
    assert_refused(http.get(POLICIES, headers=headers), 401, "InvalidAuthenticationToken", message)
    assert http.get(POLICIES, headers=sign_in(secured, certificates)).status_code == 200


def test_refusal_says_where_to_sign_in(secured: Emulator, http: httpx.Client) -> None:
    header = http.get(POLICIES).headers["WWW-Authenticate"]
    assert header.startswith('Bearer realm="", authorization_uri="')
    assert f'"{secured.url}/common/oauth2/authorize"' in header


def test_token_of_another_emulator_is_not_taken(
    secured: Emulator, certificates: Path, http: httpx.Client, signing: Callable[..., Emulator]
) -> None:
    headers = sign_in(signing(clients={CLIENT: SECRET}), certificates)
    message = "Access token validation failure."
    assert_refused(http.get(POLICIES, headers=headers), 401, "InvalidAuthenticationToken", message)


def test_client_may_do_what_its_own_token_says(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    headers = sign_in(secured, certificates, client=READER)
    assert claims(headers["Authorization"])["roles"] == ["Policy.Read.All"]
    assert http.get(POLICIES, headers=headers).status_code == 200
    assert http.post(POLICIES, headers=headers, json=BODY).status_code == 403


def test_token_keeps_the_permissions_of_its_day(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    before = sign_in(secured, certificates)
    secured.grant({"Application.Read.All"})
    assert http.get(POLICIES, headers=before).status_code == 200
    assert http.get(POLICIES, headers=sign_in(secured, certificates)).status_code == 403
    secured.grant(None)


def test_what_no_permission_is_needed_for_needs_a_token_all_the_same(
    secured: Emulator, certificates: Path, http: httpx.Client
) -> None:
    assert http.get("/v1.0/organization").status_code == 401
    headers = sign_in(secured, certificates, client=READER)
    assert http.get("/v1.0/organization", headers=headers).json()["value"][0]["id"] == secured.tenant_id
