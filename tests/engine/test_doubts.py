"""What the real engine shows of warnings: each on its resource, and once where it is true of every correct program."""

from __future__ import annotations

import json

from tests.engine.harness import Stack

from pulumi_entra_policies.emulator.server import Registration

ASSIGNED = """
names = ["one", "two"]
made = {name: entra.ClaimsMappingPolicy(name, display_name=name, definition={}) for name in names}
config = pulumi.Config()
entra.PolicyAssignment("portal", policy=made[config.require("which")], service_principal_id=config.require("portal"))
"""
NEEDED = 'warning: PolicyAssignment "portal": a claims mapping policy works only if the application has acceptMapped'
OWN = {"Version": 1, "SamlTokenVersion": "2.0", "Colour": {"Deep": 1}}


def test_what_an_assignment_needs_is_said_before_it_is_made_or_changed(stack: Stack, portal: Registration) -> None:
    stack.configuration |= {"tests:portal": portal.service_principal_id, "tests:which": "one"}
    stack.program(ASSIGNED)

    shown = stack.run("preview")
    assert shown.text.partition("Diagnostics:")[2].split("\n")[1].endswith("PolicyAssignment (portal):")
    assert NEEDED in shown
    assert NEEDED not in stack.up()
    assert NEEDED not in stack.run("preview")
    stack.configuration["tests:which"] = "two"
    assert NEEDED in stack.run("up", "--yes")
    directory = stack.graph.directory
    directory.update(directory.any(portal.object_id), {"api": {"acceptMappedClaims": True}})
    stack.configuration["tests:which"] = "one"
    assert NEEDED not in stack.run("preview")


def own(saml_version: str, options: str = "None") -> str:
    definition = {"TokenIssuancePolicy": {**OWN, "SamlTokenVersion": saml_version}}
    return (
        f"entra.TokenIssuancePolicy('saml', {options}, display_name='P', definition={definition}, accept_warnings=[])"
    )


def test_unknown_key_is_sent_in_graphs_own_form_and_passes_from_the_state(stack: Stack) -> None:
    stack.program(own("2.0"))

    assert "warning: definition.Colour is not known here, and sent as it is" in stack.up()
    (found,) = stack.graph.directory.all("tokenIssuancePolicies")
    assert json.loads(found.properties["definition"][0]) == {"TokenIssuancePolicy": OWN}
    assert stack.preview("--refresh") == []
    for path in ("definition", "definition.samlTokenVersion"):
        stack.program(own("1.1", f"pulumi.ResourceOptions(ignore_changes=['{path}'])"))
        assert stack.preview() == []
    stack.program(
        """
ignored = pulumi.ResourceOptions(ignore_changes=["definition"])
entra.TokenIssuancePolicy("saml", ignored, display_name="P", definition={})
"""
    )
    assert stack.preview() == []


def test_what_a_lookup_has_found_is_made_again_without_a_word(stack: Stack) -> None:
    stack.program(own("2.0"))
    stack.up()
    stack.program(
        f"""
{own("2.0").replace("accept_warnings=[]", "accept_warnings=['definition.Colour']")}
found = entra.get_policy("TokenIssuancePolicy", display_name="P")
entra.TokenIssuancePolicy("copy", display_name="Q", definition=found.definition)
"""
    )

    assert "warning" not in stack.up()
    copies = [json.loads(one.properties["definition"][0]) for one in stack.graph.directory.all("tokenIssuancePolicies")]
    assert copies == [{"TokenIssuancePolicy": OWN}] * 2
    assert stack.preview("--refresh") == []
