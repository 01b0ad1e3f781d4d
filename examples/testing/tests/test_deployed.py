"""What the program does in a tenant, with Pulumi's engine. Each test has a tenant and a stack of its own."""

from pathlib import Path

import pytest
from pulumi import automation

from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.testing import Stacks

PROJECT = Path(__file__).parents[1]
COMPANY = {
    "id": "50ed5245-3bde-4c5a-839b-0d0656100876",
    "displayName": "Company lifetime",
    "definition": ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}'],
}


@pytest.fixture
def portal(entra_emulator: Emulator) -> Registration:
    entra_emulator.load({"policies": {"tokenLifetimePolicies": [COMPANY]}})
    return entra_emulator.create_application("Portal")


@pytest.fixture
def stack(entra_stack: Stacks, portal: Registration) -> automation.Stack:
    return entra_stack(PROJECT, {"applicationId": portal.object_id})


def assigned(graph: Emulator) -> set[str]:
    return {reference["policyId"] for reference in graph.directory.snapshot()["references"]}


def test_portal_has_both_policies_until_it_is_destroyed(stack: automation.Stack, entra_emulator: Emulator) -> None:
    made = stack.up()
    assert assigned(entra_emulator) == {made.outputs["policyId"].value, COMPANY["id"]}

    stack.preview(expect_no_changes=True)

    stack.destroy()
    assert assigned(entra_emulator) == set()


def test_version_that_does_not_exist_stops_the_preview(stack: automation.Stack) -> None:
    stack.set_config("samlTokenVersion", automation.ConfigValue("3.0"))

    with pytest.raises(automation.CommandError, match="saml_token_version"):
        stack.preview()


def test_missing_permission_is_named(stack: automation.Stack, entra_emulator: Emulator) -> None:
    entra_emulator.grant({"Policy.Read.All", "Application.ReadWrite.All"})

    with pytest.raises(automation.CommandError, match=r"Policy\.ReadWrite\.ApplicationConfiguration"):
        stack.up()
