"""The configuration of a stack and what it has, asked of a `pulumi` command that is made up here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.commands.command import Command
from tests.emulator.tenant import Json

from pulumi_entra_policies import _wire
from pulumi_entra_policies.commands import backend

CONFIG, EXPORT = "config --show-secrets --json --stack dev", "stack export --stack dev"


def configuration(command: Command, **more: Any) -> tuple[str, str]:
    said = {"entra-policies:graphEndpoint": {"value": command.emulator.url, "secret": False}, **more}
    return CONFIG, json.dumps(said)


def state(*resources: dict[str, Any], **more: Any) -> tuple[str, str]:
    return EXPORT, json.dumps({"version": 3, "deployment": {"resources": list(resources), **more}})


def resource(one: dict[str, Any], name: str) -> dict[str, str]:
    return {"urn": f"urn:pulumi:dev::tests::{one['type']}::{name}", "type": one["type"], "id": one["id"]}


def test_stack_says_where_the_tenant_is(command: Command, made: dict[str, Json]) -> None:
    command.pulumi(
        configuration(command, ours={"objectValue": {}, "secret": False}),
        (EXPORT, '{"version": 3, "deployment": null}'),
    )

    said = command.bare("--stack", "dev", "--out", str(command.out))

    assert "--generate-code=false --protect=false --stack dev\n" in said
    assert "pulumi preview --stack dev\n" in said


def test_what_is_given_counts_before_the_stack(command: Command, made: dict[str, Json]) -> None:
    wrong = {"entra-policies:graphEndpoint": {"value": "http://127.0.0.1:1", "secret": False}}
    command.pulumi(configuration(command, **wrong), state())

    command.run("--stack", "dev")

    assert command.names


def test_what_the_stack_has_is_left_out(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "Portal SAML", "--kind", "TokenIssuancePolicy")
    policy, application, _ = command.resources
    for path in command.out.iterdir():
        path.unlink()
    command.pulumi(
        configuration(command), state(resource(policy, "other"), resource(application, "portal-saml-portal"))
    )

    said = command.run("--stack", "dev", "--name", "Portal SAML", "--kind", "TokenIssuancePolicy")

    assert "Stack dev has 1 policy of these already." in said
    assert "0 policies and 1 assignment to import" in said
    assert command.names == ["portal-saml-portal-service-principal"]
    assert f'policy_id="{policy["id"]}",  # "Portal SAML"\n    policy_type="TokenIssuancePolicy",' in command.program


def test_name_that_the_stack_has_is_not_given_again(command: Command, made: dict[str, Json]) -> None:
    another = {"type": "pulumi-python:dynamic/entra-policies:TokenLifetimePolicy", "id": "elsewhere"}
    others = {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::tests::pulumi:pulumi:Stack::class-policy"}
    command.pulumi(configuration(command), state(resource(another, "class-policy"), others))

    command.run("--stack", "dev", "--name", "class")

    assert command.names == ["class-policy-token-lifetime"]


def test_what_the_stack_has_under_a_type_of_its_users_own_is_left_out(command: Command, made: dict[str, Json]) -> None:
    mine = {"type": "pulumi-python:dynamic/own:Mine", "id": made["class"]["id"]}
    carried = {"inputs": {_wire.PROVIDER: _wire.written("TokenLifetimePolicy")}}
    command.pulumi(configuration(command), state({**resource(mine, "class"), **carried}))

    assert "Stack dev has 1 policy of these already." in command.run("--stack", "dev", "--name", "class")


def test_what_the_stack_only_reads_is_not_its_own(command: Command, made: dict[str, Json]) -> None:
    read = {"type": "pulumi-python:dynamic/entra-policies:TokenLifetimePolicy", "id": made["class"]["id"]}
    command.pulumi(configuration(command), state({**resource(read, "class-policy"), "external": True}))

    command.run("--stack", "dev", "--name", "class")

    assert command.names == ["class-policy-token-lifetime"]


def test_stack_with_pending_operations_is_refused_before_anything_is_read(
    command: Command, made: dict[str, Json]
) -> None:
    pending = [{"resource": {"urn": "urn:pulumi:dev::tests::a:b:C::portal"}, "type": "creating"}]
    command.pulumi(configuration(command), state(pending_operations=pending))

    error = command.run("--stack", "dev", ok=False)

    assert "cannot read the stack dev:\n  an earlier run ended while it was at work on portal" in error
    assert "pulumi refresh --stack dev" in error
    assert command.emulator.journal() == []


def test_stack_that_does_not_exist(command: Command) -> None:
    command.pulumi()

    assert "cannot read the stack nope:\n  error: no stack named it." in command.run("--stack", "nope", ok=False)


@pytest.mark.parametrize(
    ("stacks", "advice"),
    [
        ('[{"name": "dev"}, {"name": "prod"}]', "this project has the stacks dev, prod"),
        ("[]", "this project has no stack at all"),
    ],
)
def test_stack_that_does_not_exist_is_told_beside_those_that_do(command: Command, stacks: str, advice: str) -> None:
    command.pulumi(("stack ls --json", stacks))

    assert advice in command.run("--stack", "nope", ok=False)


def test_command_that_says_nothing_at_all(command: Command) -> None:
    command.pulumi().write_text("#!/bin/sh\nexit 3\n")

    assert "pulumi version ended with 3" in command.run(ok=False)


def test_command_that_gives_no_answer_is_given_up(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "LONGEST", 0.05)
    command.pulumi().write_text("#!/bin/sh\nwhile :; do :; done\n")

    assert "pulumi version gave no answer in 0.05 seconds" in command.run(ok=False)


def test_stack_without_pulumi(command: Command) -> None:
    error = command.run("--stack", "dev", ok=False)

    assert "there is no pulumi command on PATH" in error


@pytest.mark.parametrize(
    ("version", "ok"), [("v3.253.1", False), ("v2.300.0", False), ("v3.254.0", True), ("dev", True)]
)
def test_command_that_is_too_old_is_refused(command: Command, made: dict[str, Json], version: str, ok: bool) -> None:
    command.pulumi(version=version)

    said = command.run(ok=ok)

    assert ok or f"it is {version}, and takes no inputs and outputs from a file" in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            "tenantID=x",
            '--config "tenantID": it is not of the form key=value, with a key that is known; did you mean tenan',
        ),
        ("tenantId", "did you mean tenantId?"),
        ("aws:tenantId=x", "did you mean tenantId?"),
        ("?=x", "such as entra-policies:tenantId=contoso.com"),
        ("azuread:environment=moon", 'azuread:environment: "moon" is not a cloud'),
    ],
)
def test_option_that_is_none(command: Command, given: str, words: str) -> None:
    assert words in command.run("--config", given, ok=False)
