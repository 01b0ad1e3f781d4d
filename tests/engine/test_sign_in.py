"""Signing in, and the right tenant, through the real engine: what a preview says, what stays, the way back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from tests.engine.harness import Stack, Step

from pulumi_entra_policies.emulator import Client, Emulator

CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "hunter2 is the secret"
READER = "22222222-2222-4222-8222-222222222222"
ZEROS = "00000000-0000-0000-0000-000000000000"
PASSWORD = "hunter2 opens it"
PROGRAM = 'entra.TokenIssuancePolicy("saml", display_name="SAML", definition={"saml_token_version": "2.0"})'
CREATED = [Step("create", "saml")]


@dataclass
class OwnCertificate:
    """The client's: its public part, and all of it with the password that opens it."""

    public: str
    locked: bytes
    password: str


@pytest.fixture(scope="module")
def own_certificate() -> OwnCertificate:
    made = trustme.CA().issue_cert("portal.example", key_type=trustme.KeyType.RSA)
    certificate = x509.load_pem_x509_certificate(made.cert_chain_pems[0].bytes())
    key = serialization.load_pem_private_key(made.private_key_pem.bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    lock = serialization.BestAvailableEncryption(PASSWORD.encode())
    locked = pkcs12.serialize_key_and_certificates(b"portal", key, certificate, None, lock)
    return OwnCertificate(made.cert_chain_pems[0].bytes().decode(), locked, PASSWORD)


@pytest.fixture
def tenant(certificates: Path) -> Iterator[Callable[[], Emulator]]:
    """Makes tenants, each with a sign-in of its own that knows the same client."""
    server, running = certificates / "server.pem", []

    def make() -> Emulator:
        clients = {CLIENT: Client(SECRET), READER: Client(SECRET, permissions={"Policy.Read.All"})}
        emulator = Emulator(certificate=server, key=server, clients=clients)
        running.append(emulator.__enter__())
        return emulator

    yield make
    for emulator in running:
        emulator.stop()


@pytest.fixture
def job(tenant: Callable[[], Emulator], certificates: Path, tmp_path: Path) -> Stack:
    """A stack with one policy, which signs in by what its environment says."""
    graph = tenant()
    stack = Stack(tmp_path, graph)
    stack.configuration["entra-policies:caBundle"] = str(certificates / "ca.pem")
    stack.environment = {"ARM_TENANT_ID": graph.tenant_id, "ARM_CLIENT_ID": CLIENT, "ARM_CLIENT_SECRET": SECRET}
    stack.program(PROGRAM)
    return stack


def test_wrong_secret_stops_a_preview_and_leaves_no_trace(job: Stack) -> None:
    """In the configuration, which an up would store for the refreshes after it."""
    job.up()
    job.requests()
    job.configuration["entra-policies:clientSecret"] = "hunter2 mistyped"

    refused = job.run("up", "--yes", ok=False)  # also if there is nothing to do
    _, diagnostics = refused.text.split("Diagnostics:")
    assert diagnostics.count("SignInError: cannot sign in to Microsoft Entra") == 1
    assert "with a client secret (entra-policies:clientSecret) as application" in diagnostics
    assert "also set, but not used: ARM_CLIENT_SECRET" in diagnostics
    assert "hunter2 mistyped" not in refused
    assert "Traceback" not in refused
    assert job.requests() == []

    del job.configuration["entra-policies:clientSecret"]
    job.refresh()
    assert job.preview() == []


def test_wrong_secret_that_an_up_without_preview_has_stored_is_mended_by_the_program(job: Stack) -> None:
    job.up()
    job.configuration["entra-policies:clientSecret"] = "hunter2 mistyped"
    job.up(ok=False)
    del job.configuration["entra-policies:clientSecret"]

    stored = job.run("refresh", "--yes", "--skip-preview", ok=False)

    assert (
        "pulumi refresh and pulumi destroy use the configuration that the last up has stored: with --run-program"
        in stored
    )
    job.refresh("--run-program")
    job.up()
    job.refresh()


def test_preview_in_another_tenant_is_an_error_and_not_unchanged(job: Stack, tenant: Callable[[], Emulator]) -> None:
    job.up()
    (policy,) = job.resources().values()
    other = tenant()
    own = {"entra-policies:graphEndpoint": job.graph.url}
    job.configuration["entra-policies:graphEndpoint"] = other.url
    job.environment["ARM_TENANT_ID"] = other.tenant_id

    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        refused = job.run(*command, ok=False)
        assert "WrongTenant: cannot work in tenant" in refused
        assert f"{policy['outputs']['tenantId']}, as this resource's state says" in refused
        assert f"signs in to tenant {other.tenant_id} (with a client secret (ARM_CLIENT_SECRET)" in refused
    assert [entry for entry in other.journal() if "/policies" in entry["path"]] == []

    job.configuration |= own
    job.environment["ARM_TENANT_ID"] = job.graph.tenant_id
    assert job.preview() == []
    job.up()
    job.destroy()


def test_other_tenant_than_configured_stops_the_preview_of_a_creation(
    job: Stack, tenant: Callable[[], Emulator]
) -> None:
    elsewhere = tenant().tenant_id
    job.configuration["entra-policies:tenantId"] = elsewhere
    refused = job.run("preview", ok=False)
    assert "AADSTS90002" in refused  # this authority has one tenant, as a cloud has many
    assert f"in tenant {elsewhere} (entra-policies:tenantId)" in refused


def test_refusal_names_the_missing_permission_and_what_the_token_has(job: Stack) -> None:
    job.environment["ARM_CLIENT_ID"] = READER
    assert (
        "the token of this preview does not permit to write policies: an up needs one with "
        "Policy.ReadWrite.ApplicationConfiguration"
    ) in job.run("preview")
    refused = job.up(ok=False)
    assert "Microsoft Graph permission Policy.ReadWrite.ApplicationConfiguration" in refused
    assert "The token that was sent has Policy.Read.All." in refused


def test_preflight_can_be_switched_off_for_a_preview_alone(job: Stack) -> None:
    job.environment["ARM_CLIENT_SECRET"] = "wrong"
    job.configuration["entra-policies:preflight"] = "none"
    assert job.preview() == CREATED
    assert "SignInError" in job.up(ok=False)


def test_preview_without_any_credential_goes_on_with_one_note(job: Stack) -> None:
    job.environment = {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"}
    job.program(PROGRAM + "\n" + PROGRAM.replace('"saml"', '"other"').replace("SAML", "Other"))
    previewed = job.run("preview")
    assert "+ 3 to create" in previewed
    in_the_end = previewed.text.partition("Diagnostics:")[2]  # the engine's progress may show it too
    assert in_the_end.count("nothing is configured to sign in to Microsoft Entra") == 1
    assert "SignInError: cannot sign in to Microsoft Entra (global) with DefaultAzureCredential" in job.up(ok=False)


def test_other_emulator_is_refused_with_the_way_to_drop_the_state(stack: Stack) -> None:
    """Also if the state is of before emulators had a tenant, once it has been refreshed."""
    stack.program(PROGRAM)
    stack.up()
    _forget_tenant(stack)
    stack.refresh()
    assert stack.resources()["saml"]["outputs"]["tenantId"] == stack.graph.tenant_id
    with Emulator() as other:
        stack.configuration["entra-policies:graphEndpoint"] = other.url
        for command in (("preview",), ("refresh", "--run-program", "--yes")):
            refused = stack.run(*command, ok=False)
            assert f"the emulator at {other.url} is tenant {other.tenant_id}; nothing was written" in refused
            assert "drop the stack's state: pulumi state delete --all --force, then pulumi up" in refused

        stack.run("state", "delete", "--all", "--force", "--yes")
        stack.up()
        assert stack.resources()["saml"]["outputs"]["tenantId"] == other.tenant_id


def _forget_tenant(stack: Stack) -> None:
    """As states were written when the emulator had no tenant."""
    state = json.loads(stack.run("stack", "export").text)
    for resource in state["deployment"]["resources"]:
        if "tenantId" in resource.get("outputs", {}):
            resource["outputs"]["tenantId"] = ZEROS
    (stack.folder / "state.json").write_text(json.dumps(state))
    stack.run("stack", "import", "--file", str(stack.folder / "state.json"))


def test_certificate_its_password_and_tokens_are_in_no_artifact(
    certificates: Path, tmp_path: Path, own_certificate: OwnCertificate
) -> None:
    server, inline = certificates / "server.pem", base64.b64encode(own_certificate.locked).decode()
    clients = {CLIENT: Client(certificate=own_certificate.public)}
    with Emulator(certificate=server, key=server, clients=clients) as graph:
        stack = Stack(tmp_path, graph)
        stack.program(PROGRAM)
        stack.environment = {"ENTRA_POLICIES_DEBUG": "1", "ARM_TENANT_ID": graph.tenant_id, "ARM_CLIENT_ID": CLIENT}
        stack.configuration["entra-policies:caBundle"] = str(certificates / "ca.pem")
        stack.secret("azuread:clientCertificate", inline)
        stack.secret("azuread:clientCertificatePassword", own_certificate.password)
        printed = [stack.up().text, stack.run("preview", "--diff").text]
        assert "signs in with a client certificate (azuread:clientCertificate, azuread:" in printed[0]
        stack.environment["ARM_CLIENT_ID"] = READER
        printed += [stack.run("preview", ok=False).text, stack.run("stack", "export").text, json.dumps(graph.journal())]
        stack.environment["ARM_CLIENT_ID"] = CLIENT
        printed += [stack.refresh().text, stack.destroy().text]
        left = [path.read_bytes() for path in stack.folder.rglob("*") if path.is_file()]
        everything = "".join(printed).encode() + b"".join(left)
        assert graph.tokens()
        for secret in (inline, inline[40:80], own_certificate.password, *graph.tokens()):
            assert secret.encode() not in everything
