"""What the two sides of a comparison may be, and what is said of those that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.commands.command import Command
from tests.commands.states import DEV, LEGACY, PORTAL, PROD, Compare, State, closed

import pulumi_entra_policies as entra
from pulumi_entra_policies.cli import main
from pulumi_entra_policies.commands import stated
from pulumi_entra_policies.definitions import KINDS


def exported(name: str, document: Any) -> tuple[str, str]:
    return f"stack export --stack {name}", json.dumps(document)


def filled(stack: str, tenant_id: str, version: str = "2.0") -> State:
    state = State(stack, tenant_id)
    policy = state.policy(definition={"version": 1, "samlTokenVersion": version})
    state.assignment(policy, applicationClientId=PORTAL)
    return state


DOCUMENT = filled("dev", DEV).document()


def test_two_stacks_are_the_plain_case(command: Command, compare: Compare) -> None:
    dev, prod = filled("dev", DEV), filled("prod", PROD, "1.1")
    command.pulumi(exported("dev", dev.document()), exported("prod", prod.document()))

    said = compare("dev", "prod", code=1)

    assert "| dev   | prod  |" in said
    assert said.endswith("Compared dev with prod: 1 same, 1 different, 0 missing, 0 not compared.\n")
    assert compare.told == ""


def test_stack_and_a_file_of_it_from_another_day(command: Command, compare: Compare) -> None:
    command.pulumi(exported("dev", DOCUMENT))

    assert "2 same, 0 different" in compare("dev", compare.file("yesterday.json", DOCUMENT))


@pytest.mark.parametrize(("version", "more"), [(3, {}), (4, {"features": ["hooks"]})])
def test_both_forms_of_a_state_are_known(compare: Compare, version: int, more: dict[str, Any]) -> None:
    other = {**DOCUMENT, "version": version, **more}

    assert "2 same" in compare(compare.file("a.json", DOCUMENT), compare.file("b.json", other))


def test_side_with_nothing_lacks_everything(compare: Compare) -> None:
    empty = compare.file("empty.json", {"version": 3, "deployment": None})

    assert "0 same, 0 different, 2 missing" in compare(compare.file("a.json", DOCUMENT), empty, code=1)


@pytest.mark.parametrize("text", ["C:\\state.json", "https://example.com", "file:", ":dev", ""])
def test_word_that_names_nothing(compare: Compare, text: str) -> None:
    error = compare("dev", text, code=2)

    assert "is neither a stack nor a file nor a tenant" in error
    assert "file:PATH an exported state" in error


@pytest.mark.parametrize("side", ["dev", "file:dev.json", "tenant:dev", "tenant:"])
def test_one_side_twice(compare: Compare, side: str) -> None:
    assert "both are one and the same" in compare(side, side, code=2)


def test_one_stack_under_two_names(command: Command, compare: Compare) -> None:
    command.pulumi(exported("dev", DOCUMENT), exported("organization/tests/dev", DOCUMENT))

    assert "both are one and the same stack" in compare("dev", "organization/tests/dev", code=2)


def test_nothing_on_either_side(compare: Compare) -> None:
    left, right = compare.file("a.json", State("dev")), compare.file("b.json", State("prod"))

    assert "neither has a policy or an assignment of this package" in compare(left, right, code=2)


def test_stack_that_does_not_exist(command: Command, compare: Compare) -> None:
    command.pulumi(exported("dev", DOCUMENT), ("stack ls --json", '[{"name": "dev"}, {"name": "production"}]'))

    error = compare("dev", "prod", code=2)

    assert error == (
        "entra-policies: cannot read the stack prod:\n  error: no stack named it.\n"
        "  To go on: correct that and try again; this project has the stacks dev, production.\n"
    )


@pytest.mark.parametrize("side", ["a\x1b[2J\nb", "tenant:a\x1b[2J\nb"])
def test_stack_is_named_in_a_line(command: Command, compare: Compare, side: str) -> None:
    command.pulumi(exported("dev", DOCUMENT))

    assert r"the stack a\x1b[2J\nb:" in compare(side, "dev", code=2)


def test_file_that_was_named_as_a_stack(command: Command, compare: Compare) -> None:
    compare.file("prod.json", DOCUMENT)
    command.pulumi()

    assert "; the file of this name is file:prod.json." in compare("prod.json", "dev", code=2)


def test_stack_without_pulumi(command: Command, compare: Compare) -> None:
    assert "there is no pulumi command on PATH" in compare("dev", "prod", code=2)


def test_pending_operations(command: Command, compare: Compare) -> None:
    pending = {
        "pending_operations": [{"resource": {"urn": "urn:pulumi:dev::tests::a:b:C::portal"}, "type": "creating"}]
    }
    document = filled("dev", DEV).document(**pending)
    command.pulumi(exported("dev", document))

    assert "pulumi refresh --stack dev asks" in compare("dev", "prod", code=2)
    error = compare(compare.file("a.json", document), "prod", code=2)
    assert "an earlier run ended while it was at work on portal, so the state may not say what is there" in error
    assert "export it again then" in error


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is not JSON, so it is no exported state.\n  To go on: pulumi stack export --file writes one."),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it has no deployment"),
        ({"version": 3, "checkpoint": {}}, "it has no deployment"),
        ({"deployment": {}}, "its version or its deployment is missing"),
        ({"version": 3, "deployment": [1]}, "its version or its deployment is missing"),
        ({"version": 3, "deployment": {"resources": {"a": 1}}}, "its resources are none"),
        ({"version": 3, "deployment": {"resources": [{"type": "a:b:C"}]}}, "its resources are none"),
        ({"version": 3, "deployment": {"resources": [1]}}, "its resources are none"),
        ({"version": 3, "deployment": {"resources": [{"type": "a", "urn": "b", "outputs": [1]}]}}, "its resources are"),
        ({"version": 3, "deployment": {"pending_operations": [{}]}}, "its pending operations have no resources"),
        ({"version": 3, "deployment": {"pending_operations": [1]}}, "its pending operations have no resources"),
        ({"version": 5, "deployment": {}}, "it has the form 5, and this version of the package knows 3 and 4"),
        ({"version": 2, "deployment": {}}, "install a newer Pulumi, and export it again"),
    ],
)
def test_file_that_is_no_state(compare: Compare, content: Any, reason: str) -> None:
    error = compare(compare.file("a.json", content), "dev", code=2)

    assert "cannot read the state in a.json:\n" in error
    assert reason in error


def test_file_that_begins_with_a_mark_of_its_encoding(compare: Compare) -> None:
    marked = compare.file("b.json", "\ufeff" + json.dumps(DOCUMENT))

    assert "2 same" in compare(compare.file("a.json", DOCUMENT), marked)


def test_file_that_is_no_text(compare: Compare) -> None:
    (compare.folder / "a.bin").write_bytes(b"\xff\x00")

    assert "it is not JSON" in compare("file:a.bin", "dev", code=2)


@pytest.mark.parametrize(("name", "reason"), [("nowhere", "No such file or directory"), (".", "Is a directory")])
def test_file_that_cannot_be_read(compare: Compare, name: str, reason: str) -> None:
    assert reason in compare(f"file:{name}", "dev", code=2)


# What a newer version of this package has written.


def newer(**changes: Any) -> State:
    state = filled("dev", DEV)
    state.resources[-1].update(changes)
    return state


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (newer(type="pulumi-python:dynamic/entra-policies:Tenant"), 'its resource portal has the class "Tenant"'),
        (newer(outputs={"applicationName": "x"}), 'has the property "applicationName"'),
        (newer(id="groups/x/tokenIssuancePolicies"), 'has the id "groups/x/tokenIssuancePolicies"'),
        (newer(id=f"applications/{LEGACY}/appManagementPolicies"), "has the id"),
    ],
)
def test_state_of_a_newer_version(compare: Compare, state: State, reason: str) -> None:
    error = compare(compare.file("a.json", state), "dev", code=2)

    assert f"{reason}" in error
    assert "which this version of the package does not know" in error
    assert "install the version of pulumi-entra-policies that the program has, or a newer one" in error


def test_policy_with_a_property_of_a_newer_version(compare: Compare) -> None:
    state = State()
    state.policy(priority=1)

    assert 'its resource saml has the property "priority"' in compare(compare.file("a.json", state), "dev", code=2)


def test_every_property_of_the_classes_is_known() -> None:
    for kind in KINDS:
        properties = {"definition", "ifExists", *getattr(entra, kind)._properties()}
        assert properties <= stated.OF_POLICY
    assert set(entra.resources.assignment._PROPERTIES) <= stated.OF_ASSIGNMENT


def test_tenant_that_is_secret_is_not_known(compare: Compare) -> None:
    state = filled("dev", DEV)
    for one in state.resources[1:]:
        one["outputs"]["tenantId"] = closed()

    assert "2 same" in compare(compare.file("a.json", state), compare.file("b.json", DOCUMENT))


# Options.


def test_options_of_a_state_are_refused(compare: Compare) -> None:
    error = compare("dev", "prod", "--config-b", "tenantId=x", code=2)

    assert error == (
        "entra-policies: cannot use --config-b:\n  prod is a state, and nobody signs in to read it.\n"
        "  To go on: leave it out, or name a tenant:.\n"
    )


def test_help_says_what_a_side_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])

    said = capsys.readouterr().out
    assert "  tenant:NAME   the tenant of that stack, as it is now" in said
    assert "The exit code is 0 if nothing differs" in said


@pytest.mark.parametrize("arguments", [[], ["dev"], ["dev", "prod", "--format", "xml"]])
def test_command_that_cannot_be_read_is_trouble(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["compare", *arguments])

    assert ended.value.code == 2


def test_path_of_a_file_is_shown_in_a_line(compare: Compare) -> None:
    assert "a\\nb" in compare("file:a\nb", "dev", code=2)
