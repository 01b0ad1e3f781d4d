"""What must never be seen, searched for in everything that runs leave behind; and a state that was tampered with."""

from __future__ import annotations

import base64
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies._wire import Address
from pulumi_entra_policies.emulator import Emulator

CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "hunter2-is-the-client-secret"
INSIDE = "hunter3-is-inside-the-definition"
PROGRAM = """
config = pulumi.Config()
claims = entra.ClaimsMappingPolicy(
    "claims",
    display_name="Claims",
    definition={"claims_schema": [{"value": config.require_secret("inside"), "jwt_claim_type": "x"}]},
)
entra.PolicyAssignment("portal", policy=claims, service_principal_id=config.require("principal"))
pulumi.export("found", claims.id.apply(lambda _: len(entra.get_policies("ClaimsMappingPolicy"))))
pulumi.export("json", claims.definition_json)
"""


@pytest.fixture
def secured(certificates: Path) -> Iterator[Emulator]:
    server = certificates / "server.pem"
    with Emulator(seed=1, certificate=server, key=server, clients={CLIENT: SECRET}) as graph:
        yield graph


@pytest.fixture
def job(secured: Emulator, certificates: Path, tmp_path: Path) -> Stack:
    stack = Stack(tmp_path, secured)
    principal = secured.create_application("Portal", with_service_principal=True).service_principal_id
    stack.configuration |= {
        "entra-policies:tenantId": secured.tenant_id,
        "entra-policies:clientId": CLIENT,
        "entra-policies:caBundle": str(certificates / "ca.pem"),
        "tests:principal": principal,
    }
    stack.program(PROGRAM)
    stack.secret("entra-policies:clientSecret", SECRET)
    stack.secret("tests:inside", INSIDE)
    return stack


def test_no_secret_or_token_is_in_state_log_error_or_journal(job: Stack, secured: Emulator, certificates: Path) -> None:
    printed = [job.up("--debug").text, job.refresh("--debug").text, job.run("preview", "--diff").text]
    secured.fault(method="PATCH", status=403)
    job.program(PROGRAM.replace('"Claims"', '"Renamed"'))
    printed += [job.up(ok=False).text, job.run("stack", "output", "--json").text, json.dumps(secured.journal())]
    printed += [job.up().text, job.run("stack", "export").text, job.destroy().text]
    left = [path.read_bytes() for path in job.folder.rglob("*") if path.is_file()]
    everything = "".join(printed).encode() + b"".join(left)

    key = (certificates / "server.pem").read_text().split("-----")[2].split()[0]
    tokens = list(secured.tokens())
    assert tokens
    for secret in (SECRET, *tokens, key):
        assert secret.encode() not in everything
    policy_journal = json.dumps(secured.journal())  # the tenant gets it: that is what it is for
    assert INSIDE in policy_journal
    assert INSIDE.encode() not in b"".join(left)


def test_definition_of_a_secret_is_a_secret_in_every_output(job: Stack) -> None:
    job.up()

    assert json.loads(job.run("stack", "output", "--json").text)["json"] == "[secret]"
    assert INSIDE not in job.run("stack", "export").text


class Elsewhere:
    """Pickles to a call of our loader by a name that it does not know."""

    def __reduce__(self) -> Any:
        return Address("TokenIssuancePolicy").__reduce__()[0], ("../../TokenIssuancePolicy",)


def test_state_that_names_an_unknown_provider_is_refused_before_anything_is_sent(stack: Stack) -> None:
    stack.program('entra.TokenIssuancePolicy("saml", display_name="SAML", definition={})')
    stack.up()
    state = json.loads(stack.run("stack", "export").text)
    forged = base64.b64encode(pickle.dumps(Elsewhere(), protocol=4)).decode()
    for resource in state["deployment"]["resources"]:
        for bag in ("inputs", "outputs"):
            if "__provider" in resource.get(bag, {}):
                resource[bag]["__provider"] = forged
    (stack.folder / "forged.json").write_text(json.dumps(state))
    stack.run("stack", "import", "--file", str(stack.folder / "forged.json"))
    stack.requests()

    refused = stack.run("destroy", "--yes", "--skip-preview", ok=False)

    assert "pulumi-entra-policies has no resource '../../TokenIssuancePolicy'" in refused
    assert stack.requests() == []
