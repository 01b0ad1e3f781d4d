"""Every way to sign in, by azure-identity's own classes against the emulator's authority: works, refused, refreshed."""

from __future__ import annotations

import asyncio
import base64
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from tests.graph.conftest import CLIENT, SECRET
from tests.graph.session import KIND, NOWHERE, Here, Session, asked

from pulumi_entra_policies.emulator import Client, Emulator
from pulumi_entra_policies.emulator.federation import CLUSTER_ACCOUNT, GITHUB_WORKFLOW, service_connection
from pulumi_entra_policies.graph import credential, policies
from pulumi_entra_policies.graph.connection import Connection
from pulumi_entra_policies.graph.credential import Credential
from pulumi_entra_policies.graph.errors import Forbidden, SignInError
from pulumi_entra_policies.settings import SettingsError

IDENTITY = "22222222-2222-4222-8222-222222222222"
CONNECTION = "33333333-3333-4333-8333-333333333333"
STRANGER = "44444444-4444-4444-8444-444444444444"
PASSWORD = "hunter2 opens it"
READ = {"Policy.Read.All"}


def certificate(folder: Path, days: int = 30) -> Path:
    """One in each form that can be given: PEM, PKCS#12, PKCS#12 with a password; and its public part."""
    folder.mkdir(exist_ok=True)
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    public = made.public_bytes(serialization.Encoding.PEM)
    (folder / "public.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(pem + public)
    (folder / "both.pfx").write_bytes(pkcs12.serialize_key_and_certificates(b"portal", key, made, None, plain))
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    (folder / "locked.pfx").write_bytes(pkcs12.serialize_key_and_certificates(b"portal", key, made, None, locked))
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def signing(certificates: Path, own: Path) -> Iterator[Emulator]:
    server, trusted = certificates / "server.pem", [CLUSTER_ACCOUNT, GITHUB_WORKFLOW, service_connection(CONNECTION)]
    clients = {CLIENT: Client(SECRET, own / "public.pem", trusted), STRANGER: Client(SECRET)}
    identities = {"": None, IDENTITY: None}
    with Emulator(certificate=server, key=server, clients=clients, managed_identities=identities) as emulator:
        yield emulator


@dataclass
class World:
    """An authority, and what a way to sign in may need of the machine."""

    graph: Emulator
    own: Path
    folder: Path
    bundle: str
    set: Callable[[str, str], None]

    def az(self, script: str) -> None:
        """An Azure CLI that runs this."""
        (self.folder / "az").write_text(f"#!{sys.executable}\n{script}\n")
        (self.folder / "az").chmod(stat.S_IRWXU)
        self.set("PATH", f"{self.folder}:/usr/bin:/bin")

    def file(self, text: str) -> str:
        (self.folder / "token").write_text(text)
        return str(self.folder / "token")

    def place(self, variables: dict[str, str]) -> None:
        for name, value in variables.items():
            self.set(name, value)

    def session(self, **options: str) -> Session:
        given = {"tenantId": self.graph.tenant_id, "clientId": CLIENT, "caBundle": self.bundle} | options
        return Here(self.graph.url, **{key: value for key, value in given.items() if value})


@pytest.fixture
def world(signing: Emulator, own: Path, tmp_path: Path, bundle: str, monkeypatch: pytest.MonkeyPatch) -> World:
    signing.reset()
    signing.grant(None)
    return World(signing, own, tmp_path, bundle, monkeypatch.setenv)


Options = dict[str, str]
Way = Callable[[World], Options]
NOBODY = {"clientId": "", "tenantId": ""}


def base64_of(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def github(world: World) -> Options:
    world.place(world.graph.places.github)
    return {"useOidc": "true"}


def azure_devops(world: World) -> Options:
    world.place(world.graph.places.azure_devops)
    return {"useOidc": "true", "adoPipelineServiceConnectionId": CONNECTION}


def kubernetes(world: World) -> Options:
    world.place(
        {
            "AZURE_FEDERATED_TOKEN_FILE": world.file(world.graph.assertion()),
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_TENANT_ID": world.graph.tenant_id,
        }
    )
    return {"useAksWorkloadIdentity": "true", **NOBODY}


def machine(place: str, client_id: str = "") -> Way:
    def way(world: World) -> Options:
        world.place(getattr(world.graph.places, place))
        return {"useMsi": "true", "clientId": client_id, "tenantId": ""}

    return way


def command_line(world: World) -> Options:
    """It has signed in somebody, and says so in its own form."""
    world.az(
        f"""
import json, ssl, sys, time, urllib.parse, urllib.request
tenant = sys.argv[sys.argv.index("--tenant") + 1]
fields = {{"client_id": {CLIENT!r}, "client_secret": {SECRET!r}, "grant_type": "client_credentials"}}
fields["scope"] = sys.argv[sys.argv.index("--scope" if "--scope" in sys.argv else "--resource") + 1]
fields["scope"] = fields["scope"].removesuffix("/.default") + "/.default"
url = f"{world.graph.url}/{{tenant}}/oauth2/v2.0/token"
body = urllib.parse.urlencode(fields).encode()
trust = ssl.create_default_context(cafile={world.bundle!r})
token = json.load(urllib.request.urlopen(url, body, context=trust))
token = {{"accessToken": token["access_token"], "expires_on": int(time.time()) + token["expires_in"]}}
print(json.dumps(token))"""
    )
    return {"useCli": "true", "clientId": ""}


def nobody(world: World) -> Options:
    world.az("raise SystemExit(\"ERROR: Please run 'az login' to setup account.\")")
    return {"useCli": "true"}


def default(world: World) -> Options:
    world.place(
        {
            "AZURE_TOKEN_CREDENTIALS": "WorkloadIdentityCredential",
            "AZURE_FEDERATED_TOKEN_FILE": world.file(world.graph.assertion()),
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_TENANT_ID": world.graph.tenant_id,
            "AZURE_AUTHORITY_HOST": world.graph.url,  # as AKS sets it; DefaultAzureCredential tells not all of its own
        }
    )
    return NOBODY


WAYS: dict[str, Way] = {
    "secret": lambda world: {"clientSecret": SECRET},
    "secret file": lambda world: {"clientSecretFilePath": world.file(f"{SECRET}\n")},
    "certificate PEM": lambda world: {"clientCertificatePath": str(world.own / "both.pem")},
    "certificate PKCS#12": lambda world: {"clientCertificatePath": str(world.own / "both.pfx")},
    "certificate with password": lambda world: {
        "clientCertificatePath": str(world.own / "locked.pfx"),
        "clientCertificatePassword": PASSWORD,
    },
    "certificate inline": lambda world: {"clientCertificate": base64_of(world.own / "both.pfx")},
    "certificate inline PEM": lambda world: {"clientCertificate": (world.own / "both.pem").read_text()},
    "OIDC token": lambda world: {"useOidc": "true", "oidcToken": world.graph.assertion(lifetime=7200)},
    "OIDC token file": lambda world: {"useOidc": "true", "oidcTokenFilePath": world.file(world.graph.assertion())},
    "GitHub": github,
    "Azure DevOps": azure_devops,
    "AKS": kubernetes,
    "system-assigned, machine": machine("virtual_machine"),
    "user-assigned, machine": machine("virtual_machine", IDENTITY),
    "system-assigned, App Service": machine("app_service"),
    "user-assigned, App Service": machine("app_service", IDENTITY),
    "Azure CLI": command_line,
    "default": default,
    "default, asked for": lambda world: {**default(world), "useDefaultAzureCredential": "true"},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_way_to_sign_in_works(world: World, way: Way) -> None:
    session = world.session(**way(world))

    assert session.tenant_id() == world.graph.tenant_id
    assert session.get(session.create().id).display_name == "Portal SAML"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_long_run_gets_itself_a_new_token(world: World, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: world.graph.clock.date().timestamp())
    options = way(world)

    async def long_run(connection: Connection) -> int:
        await connection.tenant_id()
        await policies.page(connection, KIND)
        before = len(world.graph.tokens())
        world.graph.clock.advance(3600)
        if (world.folder / "token").exists() and "clientSecretFilePath" not in options:
            world.file(world.graph.assertion())  # whoever keeps the file replaces it in time
        await policies.page(connection, KIND)
        return len(world.graph.tokens()) - before

    assert world.session(**options).run(long_run) == 1


def test_command_line_is_started_once_and_not_for_every_request(world: World) -> None:
    options = command_line(world)

    before = len(world.graph.tokens())
    world.session(**options).run(tenant_and_list)
    assert len(world.graph.tokens()) - before == 1


def test_one_token_is_enough_for_the_tenant_and_graph(world: World) -> None:
    before = len(world.graph.tokens())
    world.session(clientSecret=SECRET).run(tenant_and_list)
    assert len(world.graph.tokens()) - before == 1


async def tenant_and_list(connection: Connection) -> None:
    await connection.tenant_id()
    await policies.page(connection, KIND)


def test_authority_that_does_not_answer_is_waited_for_so_long_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credential, "LONGEST_SIGN_IN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        session = Here(url, tenantId=NOWHERE, clientId=CLIENT, clientSecret=SECRET)
        with pytest.raises(SignInError) as caught:
            session.tenant_id()
    assert "there was no answer within 0 seconds" in str(caught.value)
    assert "To go on: check the network, proxy and firewall of this machine" in str(caught.value)


# What is wrong, and what is said of it: the reason, and what to do.
WRONG: dict[str, tuple[Way, str, str]] = {
    "secret": (lambda world: {"clientSecret": "hunter2"}, "AADSTS7000215", "set the secret's value, not its id"),
    "application": (
        lambda world: {"clientId": NOWHERE, "clientSecret": SECRET},
        "AADSTS700016",
        "the tenant, or the cloud, has no such application",
    ),
    "tenant": (
        lambda world: {"tenantId": NOWHERE, "clientSecret": SECRET},
        "AADSTS90002",
        "this cloud has no such tenant",
    ),
    "certificate of somebody else": (
        lambda world: {"clientId": STRANGER, "clientCertificatePath": str(world.own / "both.pem")},
        "AADSTS700027",
        "upload the certificate to the application",
    ),
    "token that has expired": (
        lambda world: {"useOidc": "true", "oidcToken": world.graph.assertion(lifetime=-1)},
        "AADSTS700024",
        "let the pipeline give a new one",
    ),
    "token of somebody else": (
        lambda world: {"useOidc": "true", "oidcToken": world.graph.assertion("system:serviceaccount:other:other")},
        "AADSTS700213",
        "a federated credential with this subject",
    ),
    "token for somebody else": (
        lambda world: {"useOidc": "true", "oidcToken": world.graph.assertion(audience="api://other")},
        "AADSTS700212",
        "a federated credential with this audience",
    ),
    "GitHub's other workflow": (
        lambda world: {**github(world), "clientId": STRANGER},
        "AADSTS7",
        "federated credential",
    ),
    "pipeline's bearer": (
        lambda world: {**github(world), "oidcRequestToken": "hunter2"},
        "ACTIONS_ID_TOKEN_REQUEST_URL gave no token for this job (HTTPStatusError: Client error '401 Unauthorized'",
        "correct what is named above",
    ),
    "pipeline's address": (
        lambda world: {**azure_devops(world), "oidcRequestUrl": "nowhere"},
        "entra-policies:oidcRequestUrl gave no token for this job",
        "correct what is named above",
    ),
    "managed identity": (machine("virtual_machine", NOWHERE), "Identity not found", "correct what is named above"),
    "nobody in the command line": (
        nobody,
        "az login",
        "correct what is named above",
    ),
}


@pytest.mark.usefixtures("without_waiting")
@pytest.mark.parametrize(("way", "reason", "advice"), WRONG.values(), ids=WRONG)
def test_wrong_credential_is_one_message_that_says_which_and_what_to_do(
    world: World, way: Way, reason: str, advice: str
) -> None:
    session = world.session(**way(world))
    world.graph.clear_journal()
    with pytest.raises(SignInError) as caught:
        session.tenant_id()
    message = str(caught.value)
    assert message.startswith(f"cannot sign in to Microsoft Entra (global) {session.settings.sign_in}:\n")
    assert reason in message
    assert f"To go on: {advice}" in message or advice in message.splitlines()[-1]
    assert not [secret for secret in (SECRET, PASSWORD, "hunter2", "eyJ") if secret in message]
    assert asked(world.graph) == []


def expired(world: World) -> Options:
    return {"clientCertificatePath": str(certificate(world.folder / "old", days=-1) / "both.pem")}


# What is looked at before Entra is asked.
UNUSABLE: dict[str, tuple[Way, str]] = {
    "expired": (expired, r"clientCertificatePath: the certificate has expired on 20\d\d-\d\d-\d\d; make a new one"),
    "no certificate": (
        lambda world: {"clientCertificatePath": world.file("nothing")},
        "clientCertificatePath: no certificate and key can be read from it",
    ),
    "broken PEM": (
        lambda world: {"clientCertificatePath": world.file("-----BEGIN CERTIFICATE-----")},
        "clientCertificatePath: no certificate and key can be read from it",
    ),
    "no file": (
        lambda world: {"clientCertificatePath": f"{world.folder}/none"},
        r"clientCertificatePath: the file \S+/none cannot be read \(No such file or directory\)",
    ),
    "wrong password": (
        lambda world: {"clientCertificatePath": str(world.own / "locked.pfx"), "clientCertificatePassword": "hunter2"},
        r"entra-policies:clientCertificatePassword \(or ARM_CLIENT_CERTIFICATE_PASSWORD\) must be that",
    ),
    "no password": (
        lambda world: {"clientCertificatePath": str(world.own / "locked.pfx")},
        r"entra-policies:clientCertificatePassword \(or ARM_CLIENT_CERTIFICATE_PASSWORD\) must be that",
    ),
    "no base64": (
        lambda world: {"clientCertificate": "hunter2!"},
        r"clientCertificate: it is neither PEM nor PKCS#12 in base64",
    ),
    "no key": (
        lambda world: {"clientCertificatePath": str(world.own / "public.pem")},
        r"no certificate and key can be read from it \(",
    ),
    "no key in PKCS#12": (
        lambda world: {"clientCertificatePath": str(form(world, "keyless.pfx", keyless))},
        "clientCertificatePath: there is no certificate with its private key in it",
    ),
    "key of another kind": (
        lambda world: {"clientCertificatePath": str(form(world, "curve.pem", of_another_kind))},
        "clientCertificatePath: the certificate must come with its RSA private key",
    ),
    "key of another certificate": (
        lambda world: {"clientCertificatePath": str(form(world, "chain.pem", authority_first))},
        "the private key is not that of the certificate; of several, the key's own certificate must be the first",
    ),
    "locked PEM without password": (
        lambda world: {"clientCertificatePath": str(form(world, "locked.pem", locked_pem))},
        r"read from it \(Password was not given but private key is encrypted\); if it has a password",
    ),
    "password of a PEM that has none": (
        lambda world: {"clientCertificatePath": str(world.own / "both.pem"), "clientCertificatePassword": "hunter2"},
        r"read from it \(Password was given but private key is not encrypted.\); .* must be that, and else not be set",
    ),
    "key alone": (
        lambda world: {"clientCertificate": base64_of(key_alone(world.folder))},
        "clientCertificate: there is no certificate with its private key in it",
    ),
}


def form(world: World, name: str, make: Callable[[x509.Certificate, rsa.RSAPrivateKey], bytes]) -> Path:
    """The own certificate in another form."""
    both = (world.own / "both.pem").read_bytes()
    key = serialization.load_pem_private_key(both, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    (world.folder / name).write_bytes(make(x509.load_pem_x509_certificate(both), key))
    return world.folder / name


def in_pem(key: PrivateKeyTypes, lock: serialization.KeySerializationEncryption | None = None) -> bytes:
    lock = lock or serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def keyless(own: x509.Certificate, _key: rsa.RSAPrivateKey) -> bytes:
    return pkcs12.serialize_key_and_certificates(None, None, own, None, serialization.NoEncryption())


def of_another_kind(own: x509.Certificate, _key: rsa.RSAPrivateKey) -> bytes:
    return own.public_bytes(serialization.Encoding.PEM) + in_pem(ec.generate_private_key(ec.SECP256R1()))


def authority_first(own: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes:
    return trustme.CA().cert_pem.bytes() + own.public_bytes(serialization.Encoding.PEM) + in_pem(key)


def locked_pem(own: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes:
    lock = serialization.BestAvailableEncryption(PASSWORD.encode())
    return own.public_bytes(serialization.Encoding.PEM) + in_pem(key, lock)


def key_alone(folder: Path) -> Path:
    key, plain = rsa.generate_private_key(65537, 2048), serialization.NoEncryption()
    (folder / "key.pfx").write_bytes(pkcs12.serialize_key_and_certificates(b"portal", key, None, None, plain))
    return folder / "key.pfx"


@pytest.mark.parametrize(("way", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_certificate_that_cannot_sign_in_is_refused_before_anything_is_sent(
    world: World, way: Way, reason: str
) -> None:
    before = len(world.graph.tokens())
    with pytest.raises(SettingsError, match=reason) as caught:
        world.session(**way(world)).tenant_id()
    assert "hunter2" not in str(caught.value)
    assert (asked(world.graph), len(world.graph.tokens())) == ([], before)


def test_token_file_that_is_emptied_in_a_long_run_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: world.graph.clock.date().timestamp())
    options = WAYS["OIDC token file"](world)

    async def long_run(connection: Connection) -> None:
        await connection.tenant_id()
        world.file("")
        world.graph.clock.advance(3600)
        await policies.page(connection, KIND)

    with pytest.raises(SettingsError, match=r"entra-policies:oidcTokenFilePath: the file \S+ is empty"):
        world.session(**options).run(long_run)


def test_credential_closes_itself_like_azure_identitys_own(world: World) -> None:
    async def get_token() -> str:
        async with Credential(world.session(clientSecret=SECRET).settings) as credential:
            return (await credential.get_token("https://graph.microsoft.com/.default")).token

    assert asyncio.run(get_token()) in world.graph.tokens()


# -- what a token permits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        ({"Policy.Read.All"}, "The token that was sent has Policy.Read.All."),
        (
            {"Policy.Read.All", "Application.Read.All"},
            "The token that was sent has Application.Read.All, Policy.Read.All.",
        ),
        (set(), "The token that was sent has no permission at all."),
    ],
    ids=["one", "two", "none"],
)
def test_refusal_names_what_is_missing_and_what_the_token_has(world: World, granted: set[str], said: str) -> None:
    world.graph.grant(granted)
    with pytest.raises(Forbidden) as caught:
        world.session(clientSecret=SECRET).create()
    message = str(caught.value)
    assert 'cannot create token issuance policy "Portal SAML":' in message
    assert "Microsoft Graph permission Policy.ReadWrite.ApplicationConfiguration" in message
    assert message.endswith(said)


# -- what a pipeline gives out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\n", "é"], ids=["line break", "accent"])
def test_bearer_that_cannot_be_sent_is_refused_and_not_shown(world: World, character: str) -> None:
    options = {**github(world), "oidcRequestToken": f"hunter2{character}"}
    with pytest.raises(SettingsError, match="entra-policies:oidcRequestToken: it has a line break") as caught:
        world.session(**options).tenant_id()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("answer", ['{"value": null}', '{"value": ""}', '{"value": 1}', "{}", "[]", "<html>"])
def test_answer_of_a_pipeline_without_a_token_is_no_token(world: World, answer: str) -> None:
    with answering(answer) as url, pytest.raises(SignInError, match="oidcRequestUrl gave no token for this job"):
        world.session(useOidc="true", oidcRequestUrl=url, oidcRequestToken="hunter2").tenant_id()


@contextmanager
def answering(body: str) -> Iterator[str]:
    """A server that has one answer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
