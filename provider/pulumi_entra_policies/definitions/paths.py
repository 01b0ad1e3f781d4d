"""Paths to what a policy's arguments say, such as `definition.claimsSchema[0].id`, in any of their spellings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .fields import Field, Shape
from .kinds import Kind
from .nearest import nearest
from .values import snake


def normal(kind: Kind, path: str) -> str | None:
    """The path in the wire's spelling; None if it names nothing that is declared."""
    names: list[str] = []
    shape: object = _arguments(kind)
    for part in path.split("."):
        name, bracket, index = part.partition("[")
        field = shape.keyword(name) if isinstance(shape, Shape) else None
        if field is None:
            return None
        names.append(f"{field.wire}{bracket}{index}")
        shape = field.type
    return ".".join(names)


def in_python(path: str) -> str:
    """A path as a program spells it: arguments and declared properties in snake_case, any other key as it is."""
    first, *others = path.split(".")
    return ".".join([snake(first), *(_in_python(*part.partition("[")) for part in others)])


def _in_python(name: str, bracket: str, index: str) -> str:
    return f"{_spellings().get(name, name)}{bracket}{index}"


@cache
def _spellings() -> dict[str, str]:
    """Python's spelling of every property that any kind declares, by the wire's."""
    from . import KINDS  # which are found after this module is read

    return {field.wire: field.python for kind in KINDS.values() for field in _fields(kind)}


def _fields(shape: Shape) -> Iterator[Field]:
    for field in shape.fields:
        yield field
        if isinstance(field.type, Shape):
            yield from _fields(field.type)


def covers(accepted: str, path: str) -> bool:
    """Whether a path is the accepted one; without an index, that stands for every item of a list."""
    return accepted in (path, ".".join(part.partition("[")[0] for part in path.split(".")))


def nearest_to(kind: Kind, path: str) -> str | None:
    """The declared path that one which names nothing was probably meant to be."""
    return nearest(path, _every(_arguments(kind)))


def _arguments(kind: Kind) -> Shape:
    default = (Field("IsOrganizationDefault", "boolean", ""),) if kind.has_default else ()
    return Shape("", (Field("Definition", kind, ""), *default))


def _every(shape: Shape, prefix: str = "") -> Iterator[str]:
    for field in shape.fields:
        yield f"{prefix}{field.wire}"
        if isinstance(field.type, Shape):
            yield from _every(field.type, f"{prefix}{field.wire}.")
