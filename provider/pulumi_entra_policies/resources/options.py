"""Resource options that name properties, in Python's names: `ignore_changes=["definition.claims_schema[0].id"]`.

Pulumi hands such names to the engine as they are, and there one that is none of the wire's means nothing, silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import pulumi

from .. import _wire
from ..definitions.fields import Field, Shape

_SECRET = "additional_secret_outputs"  # noqa: S105
_OPTIONS = ("ignore_changes", "replace_on_changes", _SECRET, "hide_diffs")
_STEP = re.compile(r'(?:^|(?<=.)\.)(?P<name>[^.\[\]"]+)|\["(?P<key>[^"]+)"\]|\[(?P<place>\d+|\*)\]')


class _Flaw(Exception):
    """Why a path is none."""


def translated(
    who: str, opts: pulumi.ResourceOptions | None, properties: Mapping[str, Any], kind: Shape | None
) -> pulumi.ResourceOptions | None:
    """A copy of the options with the wire's names. Raises pulumi.RunError for a name that does not exist.

    `properties` are the resource's, by their names on the wire; `kind` is the shape of its definition, if it has one.
    """
    options = {option: paths for option in _OPTIONS if (paths := getattr(opts, option, None))}
    names, result = _Names(properties, kind), copy(opts)
    for option, paths in options.items():
        read = names.output if option == _SECRET else names.path
        try:
            setattr(result, option, [read(path) for path in paths])
        except _Flaw as flaw:
            raise pulumi.RunError(f"{who}: {option} {flaw}") from None
    return result


@dataclass(frozen=True)
class _Names:
    """What can be named: the properties of a resource, and in its definition what is declared or was given."""

    properties: Mapping[str, Any]
    kind: Shape | None

    def output(self, path: str) -> str:
        """The name of an output: the engine knows no secret inside one."""
        wire = self.path(path)
        if wire not in self.properties:
            raise _Flaw(f"names {path!r}, but takes outputs as a whole, such as 'definition'")
        return wire

    def path(self, path: str) -> str:
        """The path of a property, in the wire's names."""
        if path == _wire.PROVIDER:
            return path
        written, here, given = "", self._resource(), [self.properties]
        for step in _steps(path):
            name = step["name"] or step["key"] or step["place"]
            by_name = step["place"] is None and name != "*"
            inside = _named(here, name) if by_name else _items(here, name)
            if not inside and any(_has(value, name) for value in given):
                return written + path[step.start() :]
            if not inside:
                raise _Flaw(f"names {path!r}, but {_reason(here, name if by_name else None, path[: step.start()])}")
            wire = inside[0].wire if by_name else name
            written += step[0].replace(name, wire)
            here, given = inside, [entry for value in given for entry in _entries(value, wire)]
        return written

    def _resource(self) -> Sequence[Field]:
        """The resource as one object."""
        types: Mapping[str, Any] = {"definition": self.kind}
        fields = (Field(name[0].upper() + name[1:], types.get(name) or "string", "") for name in self.properties)
        return [Field("", Shape("", tuple(fields)), "")]


def _steps(path: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            raise _Flaw(f"names {path!r}, which is no path; one is written definition.claims_schema[0].id")
        yield step
        place = step.end()


def _named(here: Sequence[Field], name: str) -> Sequence[Field]:
    inside = [shape.keyword(name) for shape in _shapes(here)]
    return [field for field in inside if field]


def _items(here: Sequence[Field], place: str) -> Sequence[Field]:
    """The entries of lists; a wildcard means the properties of objects too."""
    entries = [replace(field, many=False) for field in here if field.many]
    return entries + [field for shape in _shapes(here) for field in shape.fields if place == "*"]


def _shapes(here: Sequence[Field]) -> list[Shape]:
    return [field.type for field in here if isinstance(field.type, Shape) and not field.many]


def _entries(value: Any, key: str) -> list[Any]:
    """What a value holds under a key, or in any place of a list."""
    if isinstance(value, Mapping):
        return [item for name, item in value.items() if key in (name, "*")]
    return value if isinstance(value, list) else []


def _has(value: Any, name: str) -> bool:
    """Whether a value has this key, which is not declared, or may have it once it is known, in Graph's spelling."""
    return name in value if isinstance(value, Mapping) else isinstance(value, pulumi.Output) and name[:1].isupper()


def _reason(here: Sequence[Field], name: str | None, where: str) -> str:
    known = [field.python for shape in _shapes(here) for field in shape.fields]
    if name and known:
        (nearest,) = get_close_matches(name, known, 1, 0)
        return f"{where or 'the resource'} has no property {name!r}; the nearest is {nearest!r}"
    if any(field.many for field in here):
        return f"{where} is a list: name an entry, {where}[0], or all of them, {where}[*]"
    return f"{where} has no properties" if name else f"{where or 'the resource'} is no list"
