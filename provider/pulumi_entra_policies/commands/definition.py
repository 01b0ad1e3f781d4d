"""A policy's definition as a program says it, in the plainest form that means what the tenant has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, EnumMeta
from typing import Any

from ..definitions import Kind, codec
from ..definitions.fields import Field, Shape
from ..definitions.paths import in_python
from ..definitions.values import Problem
from ..lifecycle.outcomes import Live
from .layout import Call, Name


def expression(kind: Kind, policy: Live) -> Any:
    """Typed arguments; Graph's own mapping where they have no word for something, or would add their defaults.

    What has no reading is the very string that the tenant has.
    """
    bag, text = policy.inputs["definition"], policy.computed["definitionJson"]
    if codec.UNREADABLE in bag:
        return text
    typed = codec.read(kind, bag, typed=True)
    if not typed.problems and typed.bag == bag:
        return _arguments(kind, _class_of(kind), bag)
    mapping = json.loads(codec.to_graph(kind, bag))
    return mapping if codec.read(kind, mapping).bag == bag else text


def doubts(kind: Kind, policy: Live) -> Iterator[str]:
    """What is strange or doubtful about it, in sentences."""
    bag, default = policy.inputs["definition"], policy.inputs.get("isOrganizationDefault", False)
    said = expression(kind, policy)
    read = codec.read(kind, bag if isinstance(said, Call) else said)
    judged = "Has no reading" if isinstance(said, str) else "Refused in a new policy"
    for problem in read.problems:
        yield f"{judged}, and stays as it is until the program says another: {_said(kind, problem)}."
    for problem in (*read.unknown, *codec.warnings(kind, bag, default)):
        yield f"{_said(kind, problem)}."


def _said(kind: Kind, problem: Problem) -> str:
    return f"{in_python(kind, problem.path)} {problem.reason}".rstrip(".")


def _class_of(kind: Kind) -> str:
    return f"entra.{kind.name.replace('Policy', 'DefinitionArgs')}"


def _arguments(shape: Shape, function: str, bag: Mapping[str, Any]) -> Call:
    """What the typed class gets; its defaults are left to it."""
    given = {field.python: _value(field, bag[field.wire]) for field in shape.fields if _is_said(field, bag)}
    return Call(function, keywords=given)


def _is_said(field: Field, bag: Mapping[str, Any]) -> bool:
    return field.wire in bag and (field.default is None or bag[field.wire] != field.default)


def _value(field: Field, value: Any) -> Any:
    if field.many and isinstance(value, list):
        return [_value(field, item) for item in value]
    if isinstance(field.type, Shape):
        return _arguments(field.type, f"entra.{field.type.name}Args", value)
    if isinstance(field.allowed, EnumMeta):
        members: Iterable[Enum] = field.allowed
        names = {member.value: f"entra.{field.allowed.__name__}.{member.name}" for member in members}
        return Name(names[value]) if value in names else value
    return value
