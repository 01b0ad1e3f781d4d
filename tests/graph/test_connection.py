"""Signing in for real: azure-identity's credentials against the emulator's own authority, over https."""

import asyncio
import base64
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError
from tests.graph.conftest import CLIENT, SECRET
from tests.graph.session import DEFINITION, KIND, NOWHERE, Session, asked

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph import credential as sign_in
from pulumi_entra_policies.graph import policies
from pulumi_entra_policies.graph.connection import NO_TENANT, Connection
from pulumi_entra_policies.graph.errors import EntraError, GraphError, SignInError, WrongTenant
from pulumi_entra_policies.settings import CLOUDS, Cloud, Settings, SettingsError


@pytest.fixture
def only_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """DefaultAzureCredential looks nowhere else: managed identity and command lines cost seconds."""
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")


# -- with a client secret ----------------------------------------------------------------------------------------------


def test_tenant_is_the_tokens_own_word(secured: Emulator, credential: dict[str, str]) -> None:
    session = Session(secured.url, **credential)
    assert session.tenant_id() == secured.tenant_id
    assert session.tenant_id(expected=secured.tenant_id.upper()) == secured.tenant_id
    assert asked(secured) == []


def test_signed_in_session_manages_policies(secured: Emulator, credential: dict[str, str]) -> None:
    session = Session(secured.url, **credential)
    policy = session.create()
    assert session.get(policy.id) == policy
    assert [entry["headers"]["authorization"] for entry in secured.journal()] == [True, True]


def test_tenant_is_asked_for_once(secured: Emulator, credential: dict[str, str]) -> None:
    async def twice(connection: Connection) -> list[str]:
        return [await connection.tenant_id(), await connection.tenant_id()]

    assert Session(secured.url, **credential).run(twice) == [secured.tenant_id] * 2


def test_configured_tenant_may_be_in_upper_case(secured: Emulator, credential: dict[str, str]) -> None:
    upper = {**credential, "tenantId": secured.tenant_id.upper()}
    assert Session(secured.url, **upper).tenant_id() == secured.tenant_id


@pytest.mark.parametrize("verb", ["tenant_id", "create", "get"])
def test_wrong_secret_is_a_sign_in_error_that_does_not_show_it(
    secured: Emulator, credential: dict[str, str], verb: str
) -> None:
    session = Session(secured.url, **{**credential, "clientSecret": "hunter2 mistyped"})
    with pytest.raises(SignInError) as caught:
        getattr(session, verb)()
    message = str(caught.value)
    assert message.startswith(
        "cannot sign in to Microsoft Entra (global) with a client secret (entra-policies:clientSecret) as application "
        f"{CLIENT} (entra-policies:clientId) in tenant {secured.tenant_id} (entra-policies:tenantId):\n"
    )
    assert "AADSTS7000215" in message
    assert "To go on: set the secret's value, not its id; it may have been replaced; pulumi refresh and " in message
    assert "hunter2" not in message
    assert asked(secured) == []


def test_unknown_tenant_is_a_sign_in_error(secured: Emulator, credential: dict[str, str]) -> None:
    with pytest.raises(SignInError, match="cannot sign in to Microsoft Entra"):
        Session(secured.url, **{**credential, "tenantId": NOWHERE}).tenant_id()


def test_claims_challenge_is_answered_with_a_new_token(secured: Emulator, credential: dict[str, str]) -> None:
    claims = base64.b64encode(b"{}").decode()
    secured.fault(status=401, headers={"WWW-Authenticate": f'Bearer claims="{claims}"'})
    Session(secured.url, **credential).create()
    assert asked(secured) == [("POST", 401), ("POST", 201)]


# -- which tenant ------------------------------------------------------------------------------------------------------


def test_state_of_another_tenant_is_refused_before_anything_is_sent(
    secured: Emulator, credential: dict[str, str]
) -> None:
    session = Session(secured.url, **credential)
    with pytest.raises(WrongTenant) as caught:
        session.tenant_id(expected=NOWHERE)
    assert str(caught.value).splitlines()[:2] == [
        f"cannot work in tenant {NOWHERE}, as this resource's state says:",
        f"  the credential signs in to tenant {secured.tenant_id} ({session.settings.sign_in}); nothing was sent.",
    ]
    assert asked(secured) == []


@pytest.mark.usefixtures("only_environment")
def test_credential_of_another_tenant_than_configured_is_refused(secured: Emulator, bundle: str) -> None:
    async def tenant_id(connection: Connection) -> str:
        connection._credential = _Elsewhere()  # type: ignore[assignment]
        return await connection.tenant_id()

    session = Session(secured.url, tenantId=secured.tenant_id, caBundle=bundle)
    words = f"{secured.tenant_id}, as entra-policies:tenantId says:\n  the credential signs in to tenant {NOWHERE} "
    with pytest.raises(WrongTenant, match=words):
        session.run(tenant_id)


class _Elsewhere:
    """A credential that brings the token of a tenant of its own, as az login may."""

    async def get_token(self, *_scopes: str, **_options: object) -> "_Elsewhere":
        return self

    async def close(self) -> None:
        pass

    token = f"e30.{base64.urlsafe_b64encode(json.dumps({'tid': NOWHERE}).encode()).decode().rstrip('=')}."


class _Silent(_Elsewhere):
    """A credential whose token does not say which tenant it is for."""

    token = "opaque"


@pytest.mark.usefixtures("only_environment")
@pytest.mark.parametrize("tenant", [{}, {"tenantId": "contoso.example"}], ids=["none", "domain"])
def test_tenant_that_nothing_tells_is_refused_with_what_to_set(
    secured: Emulator, bundle: str, tenant: dict[str, str]
) -> None:
    async def tenant_id(connection: Connection) -> str:
        connection._credential = _Silent()  # type: ignore[assignment]
        return await connection.tenant_id()

    with pytest.raises(SignInError, match=r"set entra-policies:tenantId .* a GUID rather than a domain name"):
        Session(secured.url, caBundle=bundle, **tenant).run(tenant_id)
    assert Session(secured.url, caBundle=bundle, tenantId=NOWHERE).run(tenant_id) == NOWHERE


def test_configuration_that_may_be_the_states_copy_is_named_with_the_way_to_the_present_one(
    secured: Emulator, credential: dict[str, str]
) -> None:
    with pytest.raises(SignInError, match=r"with --run-program they use the stack's present one\.$"):
        Session(secured.url, **{**credential, "clientSecret": "wrong"}).tenant_id()


@pytest.mark.usefixtures("only_environment")
def test_environment_is_nobodys_copy(secured: Emulator, bundle: str) -> None:
    with pytest.raises(SignInError) as caught:
        Session(secured.url, caBundle=bundle).tenant_id()
    assert "--run-program" not in str(caught.value)


def test_long_words_of_azure_identity_end_with_a_word() -> None:
    settings = Settings.load(lambda key: None, {})
    shown = str(sign_in._no_token(ClientAuthenticationError(message="credential " * 200), settings))

    assert shown.splitlines()[1].endswith("credential ….")
    assert len(shown.splitlines()[1]) < 620


def test_azure_identity_prints_nothing_to_the_user() -> None:
    program = "import logging, pulumi_entra_policies.graph.credential; logging.getLogger('azure.identity').warning('x')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.e30.c", "a.W10.c", "a.bnVsbA.c", "a.\u00e9.c", "a._w.c"])
def test_token_that_says_nothing_names_no_tenant(token: str) -> None:
    assert sign_in.said(token).get("tid") is None


# -- without a client secret -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("only_environment")
def test_no_credential_at_all_is_a_sign_in_error_that_says_what_to_set(secured: Emulator, bundle: str) -> None:
    with pytest.raises(SignInError, match="EnvironmentCredential authentication unavailable") as caught:
        Session(secured.url, caBundle=bundle).tenant_id()
    assert "or sign in with az login" in str(caught.value)
    assert "refused" not in str(caught.value)


def test_credential_variables_that_cannot_be_used_are_a_settings_error(
    monkeypatch: pytest.MonkeyPatch, secured: Emulator, bundle: str
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "nonsense")
    with pytest.raises(SettingsError, match="AZURE_"):
        Session(secured.url, caBundle=bundle).run(_credential_of)


@pytest.mark.parametrize("options", [[], ["tenantId"], ["clientId"], ["tenantId", "clientId"]], ids="+".join)
def test_default_credential_of_the_environment_signs_in(
    secured: Emulator, credential: dict[str, str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    for name, key in (("TENANT_ID", "tenantId"), ("CLIENT_ID", "clientId"), ("CLIENT_SECRET", "clientSecret")):
        monkeypatch.setenv(f"AZURE_{name}", credential[key])
    given = {key: credential[key] for key in ["caBundle", *options]}
    assert Session(secured.url, **given).tenant_id() == secured.tenant_id


# -- certificates ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("without_waiting")
@pytest.mark.parametrize("verb", ["tenant_id", "create"])
def test_untrusted_certificate_is_a_clear_error(
    secured: Emulator, credential: dict[str, str], certificates: Path, verb: str
) -> None:
    session = Session(secured.url, **{**credential, "caBundle": str(certificates / "stranger.pem")})
    with pytest.raises(SignInError, match=r"(?i)certificate.verify.failed"):
        getattr(session, verb)()
    assert asked(secured) == []


def test_file_without_certificates_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(SettingsError, match=f"entra-policies:caBundle: {file} holds no certificates"):
        Session("https://127.0.0.1:1", caBundle=str(file)).tenant_id()


# -- what must not leave -----------------------------------------------------------------------------------------------


def test_no_token_is_asked_for_or_sent_over_plain_http(emulator: Emulator) -> None:
    session = Session(emulator.url, clientId=CLIENT, clientSecret=SECRET)
    session.create()
    assert [entry["headers"]["authorization"] for entry in emulator.journal()] == [False]
    assert session.run(_credential_of) is None


async def _credential_of(connection: Connection) -> object:
    return connection._credential


def test_without_sign_in_the_emulator_tells_its_tenant_once(emulator: Emulator) -> None:
    async def twice(connection: Connection) -> list[str]:
        return [await connection.tenant_id(), await connection.tenant_id(expected=emulator.tenant_id)]

    assert Session(emulator.url).run(twice) == [emulator.tenant_id] * 2
    assert asked(emulator) == [("GET", 200)]


def test_state_that_was_written_before_emulators_had_a_tenant_is_of_no_tenant(session: Session) -> None:
    assert session.tenant_id(expected=NO_TENANT) == session.tenant_id()


@pytest.mark.parametrize("configured", [True, False])
def test_other_emulator_than_configuration_or_state_say_is_refused(emulator: Emulator, configured: bool) -> None:
    session = Session(emulator.url, **({"tenantId": NOWHERE} if configured else {}))
    with pytest.raises(WrongTenant) as caught:
        session.tenant_id(expected=None if configured else NOWHERE)
    message = str(caught.value)
    assert f"the emulator at {emulator.url} is tenant {emulator.tenant_id}; nothing was written." in message
    assert "drop the stack's state: pulumi state delete --all --force, then pulumi up" in message


@pytest.mark.parametrize("body", ['{"value": []}', '{"value": [{"displayName": "x"}]}', '{"value": "x"}', "{}"])
def test_emulator_that_names_no_tenant_is_no_emulator(emulator: Emulator, session: Session, body: str) -> None:
    emulator.fault(path="organization", status=200, body=body, headers={"Content-Type": "application/json"})
    with pytest.raises(GraphError, match="its answer names no tenant"):
        session.tenant_id()


def test_redirect_does_not_take_the_token_along(
    secured: Emulator, credential: dict[str, str], certificates: Path
) -> None:
    server = certificates / "server.pem"
    with Emulator(certificate=server, key=server, clients={CLIENT: SECRET}) as other:
        secured.fault(status=307, headers={"Location": f"{other.url}/v1.0/stolen"})
        with pytest.raises(GraphError, match=f"was redirected to {other.url}/v1.0/stolen"):
            Session(secured.url, **credential).get()
        assert asked(other) == []


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_secret_and_token_are_in_no_log_journal_or_error(
    secured: Emulator, credential: dict[str, str], everything_logged: pytest.LogCaptureFixture
) -> None:
    async def token_and_refusal(connection: Connection) -> tuple[str, EntraError]:
        token = await connection._credential.get_token(connection._scope)  # type: ignore[union-attr]
        with pytest.raises(EntraError) as caught:
            await connection.tenant_id(expected=NOWHERE)
        return token.token, caught.value

    session = Session(secured.url, **credential)
    token, refusal = session.run(token_and_refusal)
    session.create()
    seen = f"{everything_logged.text} {secured.journal()} {refusal!r} {session.settings!r}"
    assert secured.url.removeprefix("https://127.0.0.1:") in everything_logged.text
    assert (SECRET in seen, token in seen) == (False, False)


# -- the connection itself ---------------------------------------------------------------------------------------------


def test_one_connection_serves_concurrent_requests(emulator: Emulator, session: Session) -> None:
    async def create_many(connection: Connection) -> None:
        verbs = (
            policies.create(connection, KIND, policies.Changes(f"Policy {number}", DEFINITION)) for number in range(20)
        )
        await asyncio.gather(*verbs)

    session.run(create_many)
    assert len(emulator.directory.all("tokenIssuancePolicies")) == 20
    assert session.slept == []


def test_closed_connection_holds_no_socket(emulator: Emulator, session: Session) -> None:
    async def create_and_close(connection: Connection) -> list[int]:
        await policies.create(connection, KIND, policies.Changes("Portal SAML", DEFINITION))
        counts = [_open_sockets(connection)]
        await connection.close()
        return [*counts, _open_sockets(connection)]

    assert session.run(create_and_close) == [1, 0]


def _open_sockets(connection: Connection) -> int:
    return sum(len(pool._pool.connections) for pool in connection._pools)  # type: ignore[attr-defined,misc]


@pytest.mark.parametrize("cloud", CLOUDS, ids=[cloud.name for cloud in CLOUDS])
def test_cloud_is_spoken_to_at_its_own_host_in_its_own_scope(cloud: Cloud) -> None:
    async def addresses(connection: Connection) -> tuple[str, str, str]:
        return connection.version_url, connection.client.request_adapter.base_url, connection._scope

    expected = f"{cloud.graph}/v1.0", f"{cloud.graph}/v1.0", f"{cloud.graph}/.default"
    assert Session(cloud.graph).run(addresses) == expected


def test_proxies_of_the_machine_are_not_asked_for_loopback(
    emulator: Emulator, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    session.create()
    assert asked(emulator) == [("POST", 201)]
