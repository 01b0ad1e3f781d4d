"""How one property of a policy definition is declared, and how its value is read.

A declaration is made once and gives the property's three spellings: Graph's (`SamlTokenVersion`),
the one on Pulumi's wire (`samlTokenVersion`) and Python's (`saml_token_version`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Literal

from . import durations

Scalar = Literal["string", "boolean", "integer", "duration"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, and where: `path` is in the wire's spelling, `definition.samlTokenVersion`."""

    path: str
    reason: str


@dataclass(frozen=True)
class Field:
    """One property of a definition.

    `allowed` lists every value the service takes, in Graph's spelling; empty means any value of the type. `within` is
    the shortest and the longest duration. `warning` says why giving the property at all is doubtful.
    `default` is what the typed forms get when the property is left out; Graph's own JSON gets no defaults.
    """

    graph: str
    type: Scalar
    note: str
    allowed: tuple[Any, ...] = ()
    default: Any = None
    required: bool = False
    within: tuple[str, str] = ("", "")
    warning: str = ""

    @property
    def wire(self) -> str:
        return self.graph[:1].lower() + self.graph[1:]

    @property
    def python(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.graph).lower()

    def normal(self, value: Any) -> Any:
        """The value in its declared type where it can mean that, else the value as it is.

        The wild is loosely typed: `1` and `"1"`, `true` and `"true"`, and Pulumi's wire carries numbers as floats.
        """
        value = plain(value)
        if self.type == "string":
            return self._from_number(value)
        return _from_text(self.type, value) if isinstance(value, str) else value

    def _from_number(self, value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return next((text for text in (str(value), f"{value}.0") if text in self.allowed), value)
        return value

    def problem(self, value: Any) -> str | None:
        """Why a normal value is refused, or None."""
        if not is_known(value):
            return None
        if not isinstance(value, _TYPES[self.type]) or (self.type == "integer" and isinstance(value, bool)):
            return f"must be {_ARTICLES[self.type]}, not {shown(value)}"
        if self.allowed and value not in self.allowed:
            return f"{shown(value)} is not allowed; allowed are {', '.join(map(shown, self.allowed))}"
        return self._duration_problem(str(value)) if self.type == "duration" else None

    def _duration_problem(self, value: str) -> str | None:
        shortest, longest = (durations.parsed(bound) for bound in self.within)
        duration = durations.parsed(value)
        if duration is None:
            return f"must be a duration hh:mm:ss from {self.within[0]} to {self.within[1]}, not {shown(value)}"
        if shortest and longest and not shortest <= duration <= longest:
            return f"{shown(value)} is not allowed; allowed are {self.within[0]} to {self.within[1]}"
        return None


_TYPES: dict[Scalar, type] = {"string": str, "boolean": bool, "integer": int, "duration": str}
_ARTICLES: dict[Scalar, str] = {
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "duration": "a duration",
}


def flag_problems(path: str, value: Any) -> list[Problem]:
    """Why a switch is refused; left out is off, and what is not known yet passes."""
    if value is None or isinstance(value, bool) or not is_known(value):
        return []
    return [Problem(path, f"must be true or false, not {shown(value)}")]


def is_known(value: Any) -> bool:
    """Whether a value can be judged yet: hosts hand on outputs and unknowns as objects of their own."""
    return value is None or isinstance(value, (str, bool, int, float, list, tuple, Mapping, timedelta))


def plain(value: Any) -> Any:
    """A value as plain JSON data: enumerations as their value, whole floats as integers, nothing where None."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, timedelta):
        return durations.written(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def shown(value: Any) -> str:
    """A value as a message shows it, in JSON's words and cut to a line."""
    text = f'"{value}"' if isinstance(value, str) else _json_word(value)
    text = text.encode(errors="backslashreplace").decode()  # a lone surrogate has no place in a message
    return text if len(text) <= 100 else text[:97] + "..."


def _json_word(value: Any) -> str:
    names: dict[type, str] = {dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value)) or str(value).lower()


def _from_text(type_: Scalar, value: str) -> Any:
    if type_ == "duration":
        duration = durations.parsed(value)
        return value if duration is None else durations.written(duration)
    if type_ == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    return int(value) if re.fullmatch(r"-?[0-9]{1,15}", value) else value
