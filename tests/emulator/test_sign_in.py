from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import ClientSecretCredential
from tests.emulator.signing import CLIENT, SCOPE, SECRET, claims, token, trusting
from tests.emulator.tenant import NOWHERE, assert_refused

from pulumi_entra_policies.emulator import Emulator


def sign_in(emulator: Emulator, certificates: Path, secret: str = SECRET) -> str:
    return token(ClientSecretCredential(emulator.tenant_id, CLIENT, secret, **trusting(emulator, certificates)))


def test_credential_gets_a_token_that_graph_accepts(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    bearer = sign_in(secured, certificates)
    response = http.get("/v1.0/organization", headers={"Authorization": f"Bearer {bearer}"})
    assert response.json()["value"][0]["id"] == secured.tenant_id
    assert response.json()["@odata.context"].startswith("https://127.0.0.1:")


def test_token_says_who_and_where(secured: Emulator, certificates: Path) -> None:
    found = claims(sign_in(secured, certificates))
    assert (found["aud"], found["tid"], found["appid"]) == ("https://graph.microsoft.com", secured.tenant_id, CLIENT)
    assert "Policy.Read.All" in found["roles"]
    assert found["exp"] - found["iat"] == 3599


def test_token_names_the_permissions_that_are_granted(secured: Emulator, certificates: Path) -> None:
    secured.grant({"Policy.Read.All", "Application.Read.All"})
    assert claims(sign_in(secured, certificates))["roles"] == ["Application.Read.All", "Policy.Read.All"]
    secured.grant(None)
    assert "Application.ReadWrite.All" in claims(sign_in(secured, certificates))["roles"]


def test_wrong_secret_is_refused(secured: Emulator, certificates: Path) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215: Invalid client secret provided"):
        sign_in(secured, certificates, secret="wrong")


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        (None, "Access token is empty."),
        ("Bearer", "Access token is empty."),
        ("Basic abc", "Access token is empty."),
        ("Bearer abc", "Access token validation failure."),
    ],
)
def test_graph_without_a_token_of_ours_is_401(http: httpx.Client, authorization: str | None, message: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    response = http.get("/v1.0/organization", headers=headers)
    assert_refused(response, 401, "InvalidAuthenticationToken", message)


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000215),
        ({"client_id": NOWHERE}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": "User.Read"}, 400, "invalid_scope", 1002012),
    ],
)
def test_wrong_token_request_is_refused(
    secured: Emulator, http: httpx.Client, changes: dict[str, str], status: int, error: str, number: int
) -> None:
    fields = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials", "scope": SCOPE}
    response = http.post(f"/{secured.tenant_id}/oauth2/v2.0/token", data=fields | changes)
    body = response.json()
    assert (response.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")


def test_secret_in_the_header_is_a_secret(secured: Emulator, http: httpx.Client) -> None:
    fields = {"grant_type": "client_credentials", "scope": SCOPE}
    url, encoded = f"/{secured.tenant_id}/oauth2/v2.0/token", SECRET.replace(" ", "+")
    assert http.post(url, data=fields, auth=(CLIENT, encoded)).json()["token_type"] == "Bearer"
    assert http.post(url, data=fields, auth=(CLIENT, "wrong")).json()["error_codes"] == [7000215]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic ?"}, {"Authorization": "Basic /w=="}])
def test_request_without_any_credential_is_refused(
    secured: Emulator, http: httpx.Client, headers: dict[str, str]
) -> None:
    fields = {"client_id": CLIENT, "grant_type": "client_credentials", "scope": SCOPE}
    response = http.post(f"/{secured.tenant_id}/oauth2/v2.0/token", data=fields, headers=headers)
    assert (response.status_code, response.json()["error_codes"]) == (401, [7000216])


def test_unknown_tenant_is_refused(http: httpx.Client) -> None:
    body = http.post(f"/{NOWHERE}/oauth2/v2.0/token", data={}).json()
    assert body["error_description"] == f"AADSTS90002: Tenant '{NOWHERE}' not found."


def test_discovery_names_the_token_endpoint(secured: Emulator, http: httpx.Client) -> None:
    found = http.get(f"/{secured.tenant_id}/v2.0/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{secured.url}/{secured.tenant_id}/oauth2/v2.0/token"
    assert found["issuer"] == f"{secured.url}/{secured.tenant_id}/v2.0"


def test_sign_in_leaves_no_secret_in_the_journal(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    secured.clear_journal()
    bearer = sign_in(secured, certificates)
    http.get("/v1.0/organization", headers={"Authorization": f"Bearer {bearer}"})
    assert [entry["path"] for entry in secured.journal()] == ["/v1.0/organization"]
    assert bearer not in str(secured.journal())


@pytest.mark.parametrize("drop", [True, "body"])
def test_dropped_connection_over_https_gives_no_answer(
    secured: Emulator, certificates: Path, http: httpx.Client, drop: bool | str
) -> None:
    bearer = sign_in(secured, certificates)
    secured.fault(drop=drop)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        http.get("/v1.0/organization", headers={"Authorization": f"Bearer {bearer}"})


def test_clients_without_a_certificate_are_refused() -> None:
    with pytest.raises(ValueError, match="clients and identities sign in over https only"):
        Emulator(clients={CLIENT: SECRET})


def test_unreadable_certificate_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Emulator(certificate=tmp_path / "none.pem", key=tmp_path / "none.pem").start()


def test_emulator_knows_the_tokens_it_has_given_out(secured: Emulator, certificates: Path, running: Emulator) -> None:
    bearer = sign_in(secured, certificates)

    assert bearer in secured.tokens()
    assert running.tokens() == set()
