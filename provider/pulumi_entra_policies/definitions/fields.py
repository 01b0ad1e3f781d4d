"""How the properties of a policy definition are declared, and how a single value is read.

A declaration is made once and gives the property's three spellings: Graph's (`SamlTokenVersion`),
the one on Pulumi's wire (`samlTokenVersion`) and Python's (`saml_token_version`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, EnumMeta
from functools import cached_property
from typing import Any, Literal

from . import durations
from .values import Problem, is_known, plain, shown

Scalar = Literal["string", "boolean", "integer", "duration"]
Rule = Callable[[Mapping[str, Any]], Iterable[Problem]]

_TYPES: dict[Scalar, type] = {"string": str, "boolean": bool, "integer": int, "duration": str}
_ARTICLES: dict[Scalar, str] = {
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "duration": "a duration",
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def no_rule(bag: Mapping[str, Any]) -> Iterable[Problem]:
    """For a shape whose properties can be judged one by one."""
    return ()


@dataclass(frozen=True)
class Shape:
    """An object with declared properties: a whole definition, or a part of one.

    `name` is that of its typed classes. `rule` finds what is wrong between properties; its paths are relative.
    """

    name: str
    fields: tuple[Field, ...]
    rule: Rule = no_rule

    def field(self, key: str) -> Field | None:
        """The field that a key names in Graph's or the wire's spelling, in any letter case; else None."""
        return self._by_key.get(key.lower())

    def keyword(self, key: str) -> Field | None:
        """The field that a user's key names, which may be Python's spelling as well."""
        return self.field(key) or next((field for field in self.fields if field.python == key.lower()), None)

    def ordered(self, bag: Mapping[str, Any]) -> dict[str, Any]:
        """Declared properties in their order, then the others by name."""
        names = [field.wire for field in self.fields if field.wire in bag]
        return {name: bag[name] for name in [*names, *sorted(set(bag) - set(names))]}

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {field.graph.lower(): field for field in self.fields}


@dataclass(frozen=True)
class Field:
    """One property.

    `many` makes it a list. `allowed` lists every value the service takes, in Graph's spelling, or is the enumeration of
    them; empty means any value of the type. `open_ended` says that the service may know more of them. `matching` is a
    regular expression and what it stands for in words. `within` is the shortest and the longest duration. `warning`
    says why giving the property at all is doubtful. `default` is what the typed forms get when the property is left
    out; Graph's own JSON gets no defaults.
    """

    graph: str
    type: Scalar | Shape
    note: str
    many: bool = False
    allowed: tuple[Any, ...] | EnumMeta = ()
    open_ended: bool = False
    matching: tuple[str, str] = ("", "")
    default: Any = None
    required: bool = False
    within: tuple[str, str] = ("", "")
    warning: str = ""

    @cached_property
    def wire(self) -> str:
        first, *others = self._words
        return first.lower() + "".join(map(str.capitalize, others))

    @cached_property
    def python(self) -> str:
        return "_".join(self._words).lower()

    @cached_property
    def choices(self) -> tuple[Any, ...]:
        """The allowed values, plain."""
        if isinstance(self.allowed, tuple):
            return self.allowed
        members: Iterable[Enum] = self.allowed
        return tuple(member.value for member in members)

    @property
    def _words(self) -> list[str]:
        return _WORD.findall(self.graph)

    def normal(self, value: Any) -> Any:
        """A single value in its declared type where it can mean that, else the value as it is.

        The wild is loosely typed: `1` and `"1"`, `true` and `"true"`, and Pulumi's wire carries numbers as floats. An
        allowed value in another letter case is that value: whether the service minds the case, nobody knows.
        """
        value = plain(value)
        if self.type == "string":
            return self._chosen(value)
        return _from_text(self.type, value) if isinstance(value, str) else value

    def _chosen(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return value
        spellings = (str(value).lower(), f"{value}.0")
        return next((choice for choice in self.choices if choice.lower() in spellings), value)

    def problem(self, value: Any) -> str | None:
        """Why a single normal value is refused, or None."""
        if not is_known(value):
            return None
        if isinstance(self.type, Shape):
            return None if isinstance(value, Mapping) else f"must be an object, not {shown(value)}"
        if not isinstance(value, _TYPES[self.type]) or (self.type == "integer" and isinstance(value, bool)):
            return f"must be {_ARTICLES[self.type]}, not {shown(value)}"
        if self.choices and value not in self.choices and not self.open_ended:
            return f"{shown(value)} is not allowed; allowed are {self._listed}"
        if self.matching[0] and not re.fullmatch(self.matching[0], str(value)):
            return f"must be {self.matching[1]}, not {shown(value)}"
        return self._duration_problem(str(value)) if self.type == "duration" else None

    def doubt(self, value: Any) -> str | None:
        """Why a single normal value is doubtful, or None."""
        if self.warning and value is not False:
            return self.warning
        if self.open_ended and isinstance(value, str) and value not in self.choices:
            return f"{shown(value)} is none of the values that Microsoft documents: {self._listed}"
        return None

    @property
    def _listed(self) -> str:
        return ", ".join(map(shown, self.choices))

    def _duration_problem(self, value: str) -> str | None:
        shortest, longest = (durations.parsed(bound) for bound in self.within)
        duration = durations.parsed(value)
        if duration is None:
            return f"must be a duration hh:mm:ss from {self.within[0]} to {self.within[1]}, not {shown(value)}"
        if shortest and longest and not shortest <= duration <= longest:
            return f"{shown(value)} is not allowed; allowed are {self.within[0]} to {self.within[1]}"
        return None


def _from_text(type_: Scalar | Shape, value: str) -> Any:
    if type_ == "duration":
        duration = durations.parsed(value)
        return value if duration is None else durations.written(duration)
    if type_ == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    return int(value) if type_ == "integer" and re.fullmatch(r"-?[0-9]{1,15}", value) else value
