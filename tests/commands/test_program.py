"""The program that fits: valid, typed, formatted, and nobody's text is more than text in it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from tests.commands import handmade
from tests.commands.command import Command
from tests.definitions.test_properties import JSON, bags, each_kind, examples
from tests.emulator.tenant import Json, Tenant

import pulumi_entra_policies as entra
from pulumi_entra_policies.commands import definition, layout
from pulumi_entra_policies.commands.layout import Call, Name
from pulumi_entra_policies.definitions import KINDS, Kind, codec
from pulumi_entra_policies.lifecycle import policy
from pulumi_entra_policies.lifecycle.outcomes import Live
from pulumi_entra_policies.resources.arguments import normal

pytestmark = pytest.mark.usefixtures("untraced")
RUFF = [sys.executable, "-m", "ruff"]
CHECKS = {
    "ruff format": [*RUFF, "format", "--check", "--isolated", "--no-cache"],
    "ruff format of a wider line": [*RUFF, "format", "--check", "--isolated", "--no-cache", "--line-length", "120"],
    "ruff check": [*RUFF, "check", "--isolated", "--no-cache", "--select", "E4,E7,E9,F,I"],
    "mypy": [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental"],
}


def in_program(value: Any) -> Any:
    """What an expression is once it is written and read again."""
    return eval(layout.written(value), {"entra": entra})  # noqa: S307


@pytest.mark.parametrize("options", [(), ("--by-client-id", "--target")], ids=["all", "of one target"])
def test_program_is_typed_and_formatted(
    command: Command, made: dict[str, Json], options: tuple[str, ...], tmp_path: Path
) -> None:
    command.run(*options, *([made["Portal"]["appId"]] if options else []))

    for name, check in CHECKS.items():
        file = command.out / "imported_policies.py"
        done = subprocess.run([*check, file], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, name + done.stdout + done.stderr


def test_what_does_not_fit_or_has_a_comment_takes_an_item_a_line() -> None:
    short = Call("f", ["x"], {"key": "1"})

    assert layout.written(short) == 'f("x", key="1")'
    assert layout.written(short, open_up=True) == 'f(\n    "x",\n    key="1",\n)'
    assert layout.written(Call("f", ["x" * 70], {"other": {"a": [], "b": {}}})) == (
        f'f(\n    "{"x" * 70}",\n    other={{"a": [], "b": {{}}}},\n)'
    )
    assert layout.written(["大" * 42]) == f'[\n    "{"大" * 42}",\n]'


def test_typed_arguments_are_used_where_there_are_any(command: Command, made: dict[str, Json]) -> None:
    command.run()

    for words in (
        "signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,",
        "transformation_method=entra.TransformationMethod.EXTRACT_MAIL_PREFIX,",
        "source=entra.ClaimSource.USER,",
        'definition=entra.TokenLifetimeDefinitionArgs(access_token_lifetime="08:00:00"),',
        "is_organization_default=True,",
    ):
        assert words in command.program


def test_what_has_no_reading_is_the_very_text_of_the_tenant(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "Said twice")

    assert f"definition={layout.literal(handmade.TWICE)}," in command.program
    assert "# Has no reading, and stays as it is until the program says another: definition is" in command.program


def test_what_is_refused_today_says_why(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "Refused today")

    assert "# Refused in a new policy, and stays as it is until the program says another:" in command.program
    assert '"GroupFilter": {"MatchOn": "objectid"}' in command.program


def test_policy_is_named_by_its_variable(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "entra")

    assert "entra_policy = entra.HomeRealmDiscoveryPolicy(" in command.program
    assert "    policy=entra_policy,\n" in command.program


TEXTS = (
    *('"', "'", "\"'", '"""', "\\", "\\n", "\n", "\r\n", "\0", "\x85", "\u2028", "\u202e", "\ud800", "\U0001f600"),
    *("{x}", "%s", "#", "# type: ignore", "-*- coding: utf-7 -*-", handmade.INJECTION),
)


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_one_literal_in_one_line(text: str) -> None:
    written = layout.literal(text)

    assert ast.literal_eval(written) == text
    assert written.isprintable()


def test_name_of_a_policy_cannot_leave_its_place(command: Command, tenant: Tenant) -> None:
    application = tenant.application(displayName=handmade.INJECTION)
    for _ in range(2):
        policy = tenant.policy(displayName=handmade.INJECTION)
    tenant.assign(f"applications/{application['id']}", policy)

    command.run("--kind", "TokenIssuancePolicy")

    statements = ast.parse(command.program).body
    assert sorted(type(one).__name__ for one in statements) == ["Assign", "Assign", "Expr", "Expr", "Import"]
    assert all(line.isprintable() for line in command.program.split("\n"))
    assert "\n# type" not in command.program


KIND = KINDS["TokenIssuancePolicy"]


def live(kind: Kind, text: str) -> Live:
    """A policy of the tenant with this definition."""
    return Live("", {"displayName": "Portal", "definition": codec.from_graph(kind, text)}, {"definitionJson": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"TokenIssuancePolicy":{"Version":1}}', Call("entra.TokenIssuanceDefinitionArgs")),
        ('{"TOKENISSUANCEPOLICY":{}}', {"TokenIssuancePolicy": {}}),
        ('{"TokenIssuancePolicy":{"Version":2}}', {"TokenIssuancePolicy": {"Version": 2}}),
        ("not JSON", "not JSON"),
        (
            '{"TokenIssuancePolicy":{"version":1,"signingalgorithm":"HTTP://WWW.W3.ORG/2000/09/XMLDSIG#RSA-SHA1"}}',
            Call(
                "entra.TokenIssuanceDefinitionArgs",
                keywords={"signing_algorithm": Name("entra.SigningAlgorithm.RSA_SHA1")},
            ),
        ),
    ],
)
def test_form_is_the_plainest_that_means_the_same(text: str, expected: Any) -> None:
    assert definition.expression(KIND, live(KIND, text)) == expected


def assert_fits(kind: Kind, text: str) -> None:
    """The program says what the tenant has: to the state that an import leaves, nothing has changed."""
    found = live(kind, text)
    said = normal(kind, in_program(definition.expression(kind, found)))
    inputs = {"displayName": "Portal", "definition": said}

    checked = policy.check(kind, inputs, found.inputs)

    assert checked.problems == ()
    assert not policy.diff(kind, found.outputs, checked.inputs).changed
    assert all(isinstance(note, str) for note in definition.doubts(kind, found))


@each_kind
def test_every_valid_definition_is_said_as_it_is(name: str) -> None:
    kind = KINDS[name]

    @examples(60)
    @given(bags(kind))
    def said(bag: dict[str, Any]) -> None:
        assert_fits(kind, codec.to_graph(kind, bag))

    said()


@each_kind
@pytest.mark.parametrize(
    "wrapped", [lambda name, inner: {name: inner}, lambda name, inner: inner], ids=["root", "bare"]
)
def test_anything_that_a_tenant_may_hold_is_said_as_it_is(name: str, wrapped: Callable[[str, Any], Any]) -> None:
    kind = KINDS[name]

    @examples(60)
    @given(JSON)
    def said(inner: Any) -> None:
        assert_fits(kind, json.dumps(wrapped(name, inner)))

    said()
