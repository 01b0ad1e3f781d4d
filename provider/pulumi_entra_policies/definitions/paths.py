"""Paths to what a policy's arguments say, such as `definition.claimsSchema[0].id`, in any of their spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .fields import Field, Shape
from .kinds import Kind
from .nearest import nearest
from .values import escaped, snake


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


def in_python(kind: Kind | None, path: str) -> str:
    """A path as a program spells it: arguments and declared properties in snake_case, any other key as it is.

    It goes into messages, so what somebody wrote in the tenant or in a file is escaped.
    """
    first, *_ = path.split(".")
    shape = kind if first == "definition" else None
    return ".".join([snake(first), *_spelled(shape, path, lambda field: field.python)])


def in_graph(kind: Kind, path: str) -> str:
    """A path into a definition as Graph spells it, `ClaimsSchema[0].ID`; any other as it is. Escaped as well."""
    inside = path.startswith("definition.")
    return ".".join(_spelled(kind, path, lambda field: field.graph)) if inside else escaped(path)


def _spelled(shape: Shape | None, path: str, spelling: Callable[[Field], str]) -> Iterator[str]:
    """What follows the first name."""
    for part in path.split(".")[1:]:
        name, bracket, index = part.partition("[")
        field = shape.keyword(name) if shape else None
        yield f"{spelling(field)}{bracket}{index}" if field else escaped(part)
        shape = field.type if field and isinstance(field.type, Shape) else None


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
