"""Resource options that name properties, in Python's names, on the real engine: each does what it says."""

from __future__ import annotations

import json

import pytest
from tests.engine.harness import Stack, Step

PROGRAM = """
config = pulumi.Config()
options = config.get_object("options") or {}
claims = entra.ClaimsMappingPolicy(
    "claims",
    pulumi.ResourceOptions(**options),
    display_name=config.get("name") or "Portal",
    definition={
        "include_basic_claim_set": config.get_bool("basic") or False,
        "claims_schema": [{"source": "user", "id": config.get("id") or "employeeid", "jwt_claim_type": "employee"}],
    },
)
"""
CHANGED = {"tests:basic": "true", "tests:id": "mail", "tests:name": "Other"}
BASIC, ID, NAME = "definition.includeBasicClaimSet", "definition.claimsSchema[0].id", "displayName"


@pytest.fixture
def claims(stack: Stack) -> Stack:
    stack.program(PROGRAM)
    stack.up()
    stack.configuration.update(CHANGED)
    return stack


def give(stack: Stack, **options: list[str]) -> None:
    stack.configuration["tests:options"] = json.dumps(options)


def test_change_that_is_ignored_is_none(claims: Stack) -> None:
    every = ["display_name", "definition.include_basic_claim_set", "definition.claims_schema[0].id"]
    give(claims, ignore_changes=every)
    assert claims.preview() == []

    give(claims, ignore_changes=['definition["include_basic_claim_set"]', "definition.claims_schema[*].id"])
    assert claims.preview() == [Step("update", "claims", diff=(NAME,))]

    give(claims, ignore_changes=["definition.claims_schema", "displayName"])
    assert claims.preview() == [Step("update", "claims", diff=(BASIC,))]


def test_change_that_is_to_replace_replaces(claims: Stack) -> None:
    give(claims, replace_on_changes=["definition.group_filter"])
    assert claims.preview() == [Step("update", "claims", diff=(ID, BASIC, NAME))]

    give(claims, replace_on_changes=["definition.claims_schema[0].id"])
    assert "replace" in [step.op for step in claims.preview()]


def test_change_that_is_hidden_is_not_shown(claims: Stack) -> None:
    give(claims, hide_diffs=["definition.claims_schema", "display_name"])

    shown = claims.run("preview", "--diff")
    assert "includeBasicClaimSet" in shown
    assert "mail" not in shown
    assert "Other" not in shown


def test_output_that_is_a_secret_is_nowhere_in_clear(stack: Stack) -> None:
    stack.program(PROGRAM)
    stack.configuration["tests:id"] = "employeeid"
    give(stack, additional_secret_outputs=["definition_json"])

    stack.up()
    assert "employeeid" not in json.dumps(stack.resources())
    assert set(stack.resources()["claims"]["additionalSecretOutputs"]) == {"definitionJson"}

    stack.configuration["tests:id"] = "mail"
    assert [step.op for step in stack.preview()] == ["update"]
    assert "mail" not in stack.run("preview", "--diff")
    stack.refresh()
    assert "employeeid" not in json.dumps(stack.resources())


def test_name_that_does_not_exist_stops_the_preview(stack: Stack) -> None:
    stack.program(PROGRAM)
    give(stack, ignore_changes=["definition.claims_shema"])

    assert "definition has no property 'claims_shema'; the nearest is 'claims_schema'" in stack.run("preview", ok=False)
