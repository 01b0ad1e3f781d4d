from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import AzurePipelinesCredential, ClientAssertionCredential, WorkloadIdentityCredential
from tests.emulator.signing import CLIENT, claims, token, trusting

from pulumi_entra_policies.emulator import CLUSTER_ACCOUNT, GITHUB_WORKFLOW, Client, Clock, Emulator, service_connection

CONNECTION = "33333333-3333-4333-8333-333333333333"
AUDIENCE = "api://AzureADTokenExchange"
FEDERATED = [GITHUB_WORKFLOW, CLUSTER_ACCOUNT, service_connection(CONNECTION)]
SECRET_ONLY = "44444444-4444-4444-8444-444444444444"


@pytest.fixture(scope="module")
def secured(signing: Callable[..., Emulator]) -> Emulator:
    return signing(clients={CLIENT: Client(federated=FEDERATED), SECRET_ONLY: "a secret"}, clock=Clock())


def exchange(emulator: Emulator, certificates: Path, assertion: str, client: str = CLIENT) -> str:
    trusted = trusting(emulator, certificates)
    return token(ClientAssertionCredential(emulator.tenant_id, client, func=lambda: assertion, **trusted))


def ask(http: httpx.Client, place: dict[str, str], audience: str = f"&audience={AUDIENCE}") -> httpx.Response:
    headers = {"Authorization": f"bearer {place['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    return http.get(place["ACTIONS_ID_TOKEN_REQUEST_URL"] + audience, headers=headers)


def test_workflow_of_github_signs_in(secured: Emulator, certificates: Path, http: httpx.Client) -> None:
    assertion = ask(http, secured.places.github).json()["value"]
    assert (claims(assertion)["iss"], claims(assertion)["sub"]) == GITHUB_WORKFLOW
    assert claims(exchange(secured, certificates, assertion))["appid"] == CLIENT


def test_workflow_that_names_no_audience_gets_githubs(
    secured: Emulator, certificates: Path, http: httpx.Client
) -> None:
    assertion = ask(http, secured.places.github, audience="").json()["value"]
    with pytest.raises(ClientAuthenticationError, match=r"AADSTS700212: .*https://github\.com/contoso"):
        exchange(secured, certificates, assertion)


def test_pipeline_of_azure_devops_signs_in(
    secured: Emulator, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = secured.places.azure_devops
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", place["SYSTEM_OIDCREQUESTURI"])
    credential = AzurePipelinesCredential(
        tenant_id=secured.tenant_id,
        client_id=CLIENT,
        service_connection_id=CONNECTION,
        system_access_token=place["SYSTEM_ACCESSTOKEN"],
        **trusting(secured, certificates),
    )
    assert claims(token(credential))["appid"] == CLIENT


def test_pipeline_asks_for_a_service_connection_by_a_version(secured: Emulator, http: httpx.Client) -> None:
    place = secured.places.azure_devops
    headers = {"Authorization": f"Bearer {place['SYSTEM_ACCESSTOKEN']}"}
    response = http.post(place["SYSTEM_OIDCREQUESTURI"], headers=headers)
    assert (response.status_code, response.json()["message"]) == (400, "Missing: api-version, serviceConnectionId.")


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic {token}"])
def test_job_without_its_bearer_is_refused(secured: Emulator, http: httpx.Client, header: str) -> None:
    place = secured.places.github
    headers = {"Authorization": header.format(token=place["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])}
    assert http.get(place["ACTIONS_ID_TOKEN_REQUEST_URL"], headers=headers).status_code == 401


def test_pod_of_a_cluster_signs_in_by_its_token_file(secured: Emulator, certificates: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(secured.assertion())
    credential = WorkloadIdentityCredential(
        tenant_id=secured.tenant_id,
        client_id=CLIENT,
        token_file_path=str(tmp_path / "token"),
        **trusting(secured, certificates),
    )
    assert claims(token(credential))["appid"] == CLIENT


def test_issuer_of_any_name_is_played(signing: Callable[..., Emulator], certificates: Path) -> None:
    own = ("https://issuer.example.com", "build 7")
    emulator = signing(clients={CLIENT: Client(federated=[own])})
    assertion = emulator.assertion(own[1], issuer=own[0])
    assert claims(exchange(emulator, certificates, assertion))["appid"] == CLIENT


@pytest.mark.parametrize(
    ("changes", "client", "number"),
    [
        ({"issuer": "https://issuer.example.com"}, CLIENT, 700211),
        ({"audience": "https://github.com/contoso"}, CLIENT, 700212),
        ({"subject": "system:serviceaccount:portal:other"}, CLIENT, 700213),
        ({"subject": GITHUB_WORKFLOW[1]}, CLIENT, 700213),
        ({"lifetime": -1}, CLIENT, 700024),
        ({}, SECRET_ONLY, 70025),
    ],
)
def test_assertion_that_no_credential_fits_is_refused(
    secured: Emulator, certificates: Path, changes: dict[str, Any], client: str, number: int
) -> None:
    with pytest.raises(ClientAuthenticationError, match=rf"\(invalid_client\) AADSTS{number}: "):
        exchange(secured, certificates, secured.assertion(**changes), client)


def test_assertion_signed_by_somebody_else_is_refused(
    secured: Emulator, certificates: Path, signing: Callable[..., Emulator]
) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS50013: Assertion failed signature validation"):
        exchange(secured, certificates, signing().assertion())


def test_assertion_expires_on_the_emulators_clock(signing: Callable[..., Emulator], certificates: Path) -> None:
    emulator = signing(clients={CLIENT: Client(federated=FEDERATED)}, clock=Clock())
    assertion = emulator.assertion(lifetime=600)
    emulator.clock.advance(599)
    assert exchange(emulator, certificates, assertion)
    emulator.clock.advance(1)
    with pytest.raises(ClientAuthenticationError, match="AADSTS700024: "):
        exchange(emulator, certificates, assertion)


def test_over_http_nobody_vouches_for_anybody(running: Emulator) -> None:
    with pytest.raises(ValueError, match="nobody signs in over http"):
        running.assertion()
    with pytest.raises(ValueError, match="nobody signs in over http"):
        _ = running.places
