"""What is wrong with a bag, what is doubtful about it, and which of its keys nobody here knows.

Whether an unknown key is a mistake depends on where it stood, and a bag does not say: in the tenant it is the tenant's,
in one of Graph's own forms it is meant, as a keyword it is mistyped. So the codec marks the mistyped ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .fields import Field, Shape
from .kinds import Kind
from .nearest import nearest
from .values import Problem, is_known, shown

MISTYPED = "mistyped keyword "
"""Stands in front of a keyword that nobody knows, from where its form is known to where it is refused."""


def problems(kind: Kind, bag: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Everything that the service would refuse, and what was mistyped."""
    for shape, here, key in _unknown(kind, bag, path):
        if key.startswith(MISTYPED):
            yield _mistyped(kind, shape, here, key.removeprefix(MISTYPED))
    yield from _shape_problems(kind, bag, path)


def unknown_keys(kind: Kind, bag: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """A warning for each key that is sent without being known."""
    for shape, here, key in _unknown(kind, bag, path):
        meant = nearest(key, [field.graph for field in shape.fields])
        advice = f": did you mean {shown(meant)}?" if meant else ""
        yield Problem(f"{here}.{key}", f"is not known here, and sent as it is{advice}")


def doubts(shape: Shape, bag: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """What the service takes, but ignores or does otherwise than one might think, a value at a time."""
    for field, item_path, item in _items(shape, bag, path):
        reason = field.doubt(item)
        if reason:
            yield Problem(item_path, reason)
        if isinstance(field.type, Shape) and isinstance(item, Mapping):
            yield from doubts(field.type, item, item_path)


def fits(shape: Shape, bag: Mapping[str, Any]) -> bool:
    """Whether lists and objects are where they are declared: the typed outputs can hold nothing else."""
    given = [(field, bag[field.wire]) for field in shape.fields if field.wire in bag]
    return all(
        isinstance(value, list) and all(_item_fits(field, item) for item in value)
        if field.many
        else _item_fits(field, value)
        for field, value in given
    )


def _item_fits(field: Field, item: Any) -> bool:
    if isinstance(field.type, Shape):
        return isinstance(item, Mapping) and fits(field.type, item)
    return not isinstance(item, (list, Mapping))


def _mistyped(kind: Kind, shape: Shape, path: str, key: str) -> Problem:
    names = [field.python if "_" in key or key.islower() else field.wire for field in shape.fields]
    meant = nearest(key, names)
    advice = f"did you mean {shown(meant)}?" if meant else f"known are {', '.join(map(shown, names))}."
    own = f'To send it on purpose, give the definition in Graph\'s own form, {{"{kind.name}": {{…}}}}'
    return Problem(f"{path}.{key}", f"is not known here: {advice} {own}")


def _shape_problems(shape: Shape, bag: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for field in shape.fields:
        if field.required and field.wire not in bag:
            example = f": {shown(field.choices[0])}" if field.choices else ""
            yield Problem(f"{path}.{field.wire}", f"is required: add {field.python}{example}")
    for found in shape.rule(bag):
        yield Problem(f"{path}.{found.path}" if found.path else path, found.reason)
    for field, item_path, item in _items(shape, bag, path):
        reason = field.problem(item)
        if reason:
            yield Problem(item_path, reason)
        elif isinstance(field.type, Shape) and isinstance(item, Mapping):
            yield from _shape_problems(field.type, item, item_path)
    for field in shape.fields:
        value = bag.get(field.wire, [])
        if field.many and is_known(value) and not isinstance(value, list):
            yield Problem(f"{path}.{field.wire}", f"must be a list, not {shown(value)}")


def _unknown(shape: Shape, bag: Mapping[str, Any], path: str) -> Iterator[tuple[Shape, str, str]]:
    """Every key that no field has, with the shape that it stands in and the path to there."""
    yield from ((shape, path, key) for key in bag if shape.field(key) is None)
    for field, item_path, item in _items(shape, bag, path):
        if isinstance(field.type, Shape) and isinstance(item, Mapping):
            yield from _unknown(field.type, item, item_path)


def _items(shape: Shape, bag: Mapping[str, Any], path: str) -> Iterator[tuple[Field, str, Any]]:
    """Every single value under a declared key, with its field and path."""
    for field in shape.fields:
        value, here = bag.get(field.wire), f"{path}.{field.wire}"
        if field.many and isinstance(value, list):
            yield from ((field, f"{here}[{index}]", item) for index, item in enumerate(value))
        elif field.wire in bag and not field.many:
            yield field, here, value
