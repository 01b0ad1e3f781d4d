"""Bad input on the real engine: one clear error that names resource and property, and nothing is sent."""

from __future__ import annotations

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator.server import Registration

GUID = "00000000-0000-0000-0000-00000000000a"
GOOD = '{"saml_token_version": "2.0"}'
LIFETIME = '{"TokenLifetimePolicy": {"Version": 1}}'


def policy(definition: str, name: str = "'P'") -> str:
    return f"entra.TokenIssuancePolicy('bad', display_name={name}, definition={definition})"


def assignment(**arguments: str) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"entra.PolicyAssignment('bad', policy_type='TokenIssuancePolicy', {given})"


@pytest.mark.parametrize(
    ("program", "property_", "words"),
    [
        pytest.param(policy(GOOD, "None"), "display_name", ["is required"], id="no display name"),
        pytest.param(policy("'{not json'"), "definition", ["is not valid JSON"], id="no JSON"),
        pytest.param(policy("['{}', '{}']"), "definition", ["exactly one JSON string"], id="two strings"),
        pytest.param(policy(LIFETIME), "definition", ["TokenIssuancePolicy", "TokenLifetimePolicy"], id="other root"),
        pytest.param(
            policy('{"saml_token_version": "3.0"}'), "definition.saml_token_version", ['"1.1"', '"2.0"'], id="value"
        ),
        pytest.param(
            policy('{"saml_token_vesion": "2.0"}'),
            "definition.saml_token_vesion",
            ['did you mean "saml_token_version"?', "Graph's own form", "https://learn.microsoft.com/"],
            id="unknown keyword",
        ),
        pytest.param(
            policy('{"TokenIssuancePolicy": {"SamlTokenVersion": "2.0"}}'),
            "definition.version",
            ["is required"],
            id="Graph's form without Version",
        ),
        pytest.param(
            assignment(policy_id=GUID, application_id="portal"), "application_id", ["a GUID", '"portal"'], id="target"
        ),
    ],
)
def test_invalid_argument_stops_the_preview(stack: Stack, program: str, property_: str, words: list[str]) -> None:
    stack.program(program)

    refused = stack.run("preview", ok=False)

    assert f"resource 'bad' has a problem: {property_}: " in refused
    assert all(word in refused for word in words)
    assert "Traceback" not in refused
    assert stack.requests() == []


def test_foreign_graph_endpoint_stops_the_preview(stack: Stack, portal: Registration) -> None:
    stack.program(policy(GOOD))
    stack.configuration["entra-policies:graphEndpoint"] = "https://graph.example.com"

    refused = stack.run("preview", ok=False)

    assert "resource 'bad' has a problem: entra-policies:graphEndpoint: " in refused
    assert "https://graph.microsoft.com" in refused
    assert "Traceback" not in refused


def test_invalid_argument_of_an_existing_resource_changes_nothing(stack: Stack) -> None:
    stack.program(policy(GOOD))
    stack.up()
    stack.requests()
    stack.program(policy('{"saml_token_version": "3.0"}'))

    stack.up(ok=False)

    assert stack.requests() == []
    assert stack.resources()["bad"]["outputs"]["definition"] == {"samlTokenVersion": "2.0", "version": 1}
