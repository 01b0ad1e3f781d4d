from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.policies.arguments import DefinitionArgs
from pulumi_entra_policies.policies.policy import Policy

PROJECT = Path(__file__).parents[1]
RESOURCES = [entra.TokenIssuancePolicy, entra.TokenLifetimePolicy, entra.PolicyAssignment]


def test_all_lists_the_public_names() -> None:
    public = {name for name, value in vars(entra).items() if not name.startswith("_") and not inspect.ismodule(value)}

    assert sorted(public | {"__version__"}) == sorted(entra.__all__)


def test_version_is_the_changelogs_newest() -> None:
    newest = re.search(r"^## \[?([0-9.]+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest is not None
    assert newest.group(1) == entra.__version__


@pytest.mark.parametrize("resource", RESOURCES)
def test_page_of_a_resource_names_every_argument_and_output(resource: Any) -> None:
    page = (PROJECT / "docs" / f"{re.sub(r'(?<!^)(?=[A-Z])', '-', resource.__name__).lower()}.md").read_text()
    arguments = set(inspect.signature(resource.__init__).parameters) - {"self", "resource_name", "opts"}
    outputs = {
        name for name, value in inspect.getmembers(resource) if hasattr(getattr(value, "fget", None), "_pulumi_name")
    }
    if resource is entra.TokenLifetimePolicy:  # which refers to its sibling for what they share
        outputs -= {"definition_json", "tenant_id"}

    assert {name for name in arguments | outputs if f"`{name}`" not in page} == set()
    skeleton = ["Permissions", "Example", "Arguments", "Outputs", "Import", "Errors"]
    assert [title for title in re.findall(r"^## (.+)$", page, re.MULTILINE) if title in skeleton] == skeleton


@pytest.mark.parametrize("resource", RESOURCES)
def test_type_token_never_changes(resource: Any) -> None:
    assert resource._resource_type_name == f"dynamic/entra-policies:{resource.__name__}"


@pytest.mark.parametrize("name", KINDS)
def test_typed_definition_declares_the_fields_of_its_kind(name: str) -> None:
    declared = {field.python: field.wire for field in KINDS[name].fields}
    arguments: Any = getattr(entra, name.replace("Policy", "DefinitionArgs"))
    outputs: Any = getattr(entra, name.replace("Policy", "Definition"))

    assert issubclass(arguments, DefinitionArgs)
    assert set(inspect.signature(arguments).parameters) == set(declared)
    assert set(inspect.signature(outputs).parameters) == set(declared)


@pytest.mark.parametrize("resource", RESOURCES)
def test_import_option_says_what_to_do_instead(resource: Any) -> None:
    options = pulumi.ResourceOptions(import_="some-id")
    arguments: dict[str, Any] = (
        {"display_name": "P", "definition": {}}
        if issubclass(resource, Policy)
        else {"policy_id": "p", "policy_type": "TokenIssuancePolicy"}
    )

    with pytest.raises(pulumi.RunError, match=rf"'portal': .* cannot import.* {resource.__name__}\.get\(\)"):
        resource("portal", options, **arguments)


@pytest.mark.parametrize("both", [True, False])
def test_assignment_takes_either_policy_or_policy_id(both: bool) -> None:
    arguments: dict[str, Any] = {"policy": object(), "policy_id": "p"} if both else {}

    with pytest.raises(pulumi.RunError, match="'portal': give either policy, or policy_id with policy_type"):
        entra.PolicyAssignment("portal", **arguments)
