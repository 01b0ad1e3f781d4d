"""The main job on the real engine: a token issuance policy and its assignment, from nothing to nothing."""

from __future__ import annotations

import json

import pytest
from tests.engine.harness import Stack, Step

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

pytestmark = pytest.mark.usefixtures("cold")

PROGRAM = """
config = pulumi.Config()
saml = entra.TokenIssuancePolicy(
    "saml",
    display_name="Portal SAML tokens",
    definition=entra.TokenIssuanceDefinitionArgs(
        saml_token_version=config.get("version") or "2.0",
        signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
    ),
)
entra.PolicyAssignment("portal", policy=saml, application_id=config.require("application"))
pulumi.export("id", saml.id)
pulumi.export("json", saml.definition_json)
pulumi.export("version", saml.definition.apply(lambda definition: definition.saml_token_version))
pulumi.export("tenant", saml.tenant_id)
"""
POLICIES = "policies/tokenIssuancePolicies"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@pytest.fixture
def job(stack: Stack, portal: Registration) -> Stack:
    stack.program(PROGRAM)
    stack.configuration["tests:application"] = portal.object_id
    stack.configuration["entra-policies:tenantId"] = stack.graph.directory.tenant_id
    return stack


def test_policy_and_assignment_live_from_up_to_destroy(job: Stack, portal: Registration) -> None:
    reference = f"applications/{portal.object_id}/tokenIssuancePolicies"

    # The first preview knows no id and writes nothing.
    assert job.preview() == [Step("create", "saml"), Step("create", "portal")]
    assert job.requests() == [
        f"GET {POLICIES}?$expand=appliesTo($select=id)&$select=id,displayName,definition,isOrganizationDefault",
        f"GET applications/{portal.object_id}?$select=id,appId,uniqueName,displayName",
    ]

    job.up()
    names = f"{POLICIES}?$top=999&$select=id,displayName,definition,isOrganizationDefault"
    assert job.requests() == [f"GET {names}", f"POST {POLICIES}", f"POST {reference}/$ref"]
    outputs = job.outputs()
    policy = f"{POLICIES}/{outputs['id']}"
    sent = {"TokenIssuancePolicy": {"Version": 1, "SigningAlgorithm": SHA256, "SamlTokenVersion": "2.0"}}
    assert json.loads(outputs["json"]) == sent
    assert (outputs["version"], outputs["tenant"]) == ("2.0", job.graph.directory.tenant_id)

    assert job.preview() == []
    assert job.requests() == []

    job.configuration["tests:version"] = "1.1"
    assert job.preview() == [Step("update", "saml", diff=("definition.samlTokenVersion",))]
    job.up()
    assert job.requests() == [f"GET {policy}/appliesTo?$top=999&$select=id,displayName", f"PATCH {policy}"]
    assert job.outputs()["version"] == "1.1"

    job.refresh()
    assert sorted(job.requests()) == [f"GET {reference}", f"GET {policy}"]
    assert job.preview() == []

    job.destroy()
    assert job.requests() == [
        f"DELETE {reference}/{outputs['id']}/$ref",
        f"GET {policy}/appliesTo?$top=999&$select=id,displayName",
        f"DELETE {policy}",
    ]


def test_diff_shows_exactly_the_property_inside_the_definition(job: Stack) -> None:
    job.up()
    job.configuration["tests:version"] = "1.1"

    shown = job.run("preview", "--diff").text

    assert '~ samlTokenVersion: "2.0" => "1.1"' in shown
    assert "signingAlgorithm" not in shown
    assert "displayName" not in shown


def test_refused_create_keeps_the_state_honest_and_the_next_up_recovers(job: Stack, graph: Emulator) -> None:
    graph.fault(method="POST", path=r"tokenIssuancePolicies$", status=403, code="Authorization_RequestDenied")

    failed = job.up(ok=False)

    assert 'cannot create token issuance policy "Portal SAML tokens":' in failed
    assert "Policy.ReadWrite.ApplicationConfiguration" in failed
    assert "Traceback" not in failed
    assert job.resources() == {}
    job.up()
    assert job.preview() == []
    assert len(graph.directory.all("tokenIssuancePolicies")) == 1


def test_refused_assignment_leaves_the_policy_in_state_and_the_next_up_recovers(job: Stack, graph: Emulator) -> None:
    graph.fault(method="POST", path=r"\$ref$", status=403, code="Authorization_RequestDenied")

    failed = job.up(ok=False)

    assert "Application.ReadWrite" in failed
    assert list(job.resources()) == ["saml"]
    job.requests()
    job.up()
    assert [request.split()[0] for request in job.requests()] == ["GET", "POST"]
    assert job.preview() == []


def test_state_carries_an_address_and_no_code(job: Stack) -> None:
    job.up()

    provider = job.resources()["saml"]["inputs"]["__provider"]

    assert isinstance(provider, str)
    assert len(provider) < 120


def test_stack_set_up_for_pulumi_azuread_needs_nothing_more(job: Stack) -> None:
    job.configuration["azuread:tenantId"] = job.configuration.pop("entra-policies:tenantId")

    job.up()

    assert job.outputs()["tenant"] == job.graph.directory.tenant_id
