from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_type_hints

import pulumi
import pytest
from docs import tables

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.fields import Field, Shape
from pulumi_entra_policies.resources.arguments import DefinitionArgs

PROJECT = Path(__file__).parents[1]
RESOURCES = [*(getattr(entra, name) for name in KINDS), entra.PolicyAssignment]
SHAPES: dict[str, Shape] = {name.replace("Policy", "Definition"): kind for name, kind in KINDS.items()}
SHAPES |= {part.name: part for kind in KINDS.values() for part in tables.parts(kind)}
FIELDS = [field for shape in SHAPES.values() for field in shape.fields]
SCALARS: dict[Any, Any] = {"string": str, "boolean": bool, "integer": int, "duration": str}
SEQUENCE: Any = Sequence
ENUMERATIONS = dict.fromkeys(field.allowed for field in FIELDS if isinstance(field.allowed, EnumMeta))


def wire_names(cls: type) -> dict[str, str]:
    """The properties of one of Pulumi's classes, in Python's spelling and the wire's."""
    getters: dict[str, Any] = {name: getattr(member, "fget", None) for name, member in inspect.getmembers(cls)}
    return {name: getter._pulumi_name for name, getter in getters.items() if hasattr(getter, "_pulumi_name")}


def hints(annotated: Any) -> dict[str, Any]:
    """The annotations of a class, with the forward references that Pulumi's own `Input` has resolved."""
    return get_type_hints(annotated, localns={"Output": pulumi.Output, "T": Any})


def argument_type(field: Field) -> Any:
    given: Any = pulumi.Input
    item = {**SCALARS, "duration": timedelta | str}.get(field.type)
    if isinstance(field.type, Shape):
        item = getattr(entra, f"{field.type.name}Args") | getattr(entra, field.type.name) | Mapping[str, Any]
    whole = given[SEQUENCE[given[item]] if field.many else item]
    return whole if field.required and field.default is None else whole | None


def output_type(field: Field) -> Any:
    item = getattr(entra, field.type.name) if isinstance(field.type, Shape) else SCALARS[field.type]
    return (SEQUENCE[item] if field.many else item) | None


def test_all_lists_the_public_names() -> None:
    public = {name for name, value in vars(entra).items() if not name.startswith("_") and not inspect.ismodule(value)}

    assert sorted(public | {"__version__"}) == sorted(entra.__all__)


def test_version_is_the_changelogs_newest() -> None:
    newest = re.search(r"^## \[?([0-9.]+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest is not None
    assert newest.group(1) == entra.__version__


@pytest.mark.parametrize("resource", RESOURCES)
def test_page_of_a_resource_names_every_argument_and_output(resource: Any) -> None:
    page = tables.page_of(resource.__name__).read_text()
    arguments = set(inspect.signature(resource.__init__).parameters) - {"self", "resource_name", "opts"}

    assert {name for name in arguments | set(wire_names(resource)) if f"`{name}`" not in page} == set()
    skeleton = ["Permissions", "Example", "Arguments", "Outputs", "Import", "Errors"]
    assert [title for title in re.findall(r"^## (.+)$", page, re.MULTILINE) if title in skeleton] == skeleton


@pytest.mark.parametrize("resource", RESOURCES)
def test_type_token_never_changes(resource: Any) -> None:
    assert resource._resource_type_name == f"dynamic/entra-policies:{resource.__name__}"


def test_shapes_have_names_of_their_own() -> None:
    assert [part for kind in KINDS.values() for part in tables.parts(kind) if SHAPES[part.name] is not part] == []


@pytest.mark.parametrize("name", SHAPES)
def test_typed_classes_declare_the_fields_of_their_shape(name: str) -> None:
    fields = SHAPES[name].fields
    declared = {field.python: field.wire for field in fields}
    required = {field.python for field in fields if field.required and field.default is None}
    arguments: Any = getattr(entra, f"{name}Args")

    assert issubclass(arguments, DefinitionArgs)
    assert wire_names(arguments) == declared
    assert wire_names(getattr(entra, name)) == declared
    keywords = inspect.signature(arguments).parameters.values()
    assert {keyword.name for keyword in keywords if keyword.default is keyword.empty} == required


@pytest.mark.parametrize("name", SHAPES)
def test_typed_arguments_have_the_types_of_their_fields(name: str) -> None:
    expected = {field.python: argument_type(field) for field in SHAPES[name].fields}
    assert hints(getattr(entra, f"{name}Args")) == hints(type(name, (), {"__annotations__": expected}))


@pytest.mark.parametrize("name", SHAPES)
def test_typed_outputs_have_the_types_of_their_fields(name: str) -> None:
    assert hints(getattr(entra, name)) == {field.python: output_type(field) for field in SHAPES[name].fields}


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_enumeration_in_a_declaration_is_public(enumeration: EnumMeta) -> None:
    assert getattr(entra, enumeration.__name__) is enumeration


@pytest.mark.parametrize("name", KINDS)
def test_organization_default_is_an_argument_and_output_where_the_kind_has_one(name: str) -> None:
    resource: Any = getattr(entra, name)
    everywhere = [inspect.signature(resource.__init__).parameters, wire_names(resource)]

    assert ["is_organization_default" in names for names in everywhere] == [KINDS[name].has_default] * 2


def parameters(resource: Any) -> dict[str, str]:
    """What a constructor's docstring says of each argument, by its name."""
    found = re.findall(r":param (?:[^:]+ )?(\w+): (.*?)(?=:param|:raises|\Z)", resource.__init__.__doc__, re.DOTALL)
    return {name: " ".join(text.split()) for name, text in found}


@pytest.mark.parametrize("resource", RESOURCES)
def test_constructor_tells_of_every_argument_in_its_order(resource: Any) -> None:
    assert ["self", *parameters(resource)] == list(inspect.signature(resource.__init__).parameters)


@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"TokenIssuancePolicy"}))
def test_what_every_policy_takes_is_told_in_one_place(name: str) -> None:
    definition = f"`{name.replace('Policy', 'DefinitionArgs')}`, or any other form that `TokenIssuancePolicy` takes."
    elsewhere = dict.fromkeys(["if_exists", "force_destroy"], "As for `TokenIssuancePolicy`.")
    told = parameters(getattr(entra, name))
    told.pop("is_organization_default", None)

    assert told == {**parameters(entra.TokenIssuancePolicy), **elsewhere, "definition": definition}
