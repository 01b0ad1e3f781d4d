"""Values as hosts and users give them, before anybody knows what they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from . import durations


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, and where: `path` is in the wire's spelling, `definition.samlTokenVersion`."""

    path: str
    reason: str


class Found(str):
    """A key as it was found in a tenant, so nobody has mistyped it. In a dict it gets through all that Pulumi does."""

    __slots__ = ()


def found(value: Any) -> Any:
    """What was found in a tenant, with keys that tell where they are from."""
    if isinstance(value, list):
        return [found(item) for item in value]
    return {Found(key): found(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def flag_problems(path: str, value: Any) -> list[Problem]:
    """Why a switch is refused; left out is off, and what is not known yet passes."""
    if value is None or isinstance(value, bool) or not is_known(value):
        return []
    return [Problem(path, f"must be true or false, not {shown(value)}")]


def is_known(value: Any) -> bool:
    """Whether a value can be judged yet: hosts hand on outputs and unknowns as objects of their own."""
    return value is None or isinstance(value, (str, bool, int, float, list, tuple, Mapping, timedelta))


def is_whole(value: Any) -> bool:
    """Whether nothing in a value is still to be known."""
    if isinstance(value, Mapping):
        return all(map(is_whole, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(is_whole, value))
    return is_known(value)


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
    text = escaped(text[:101])
    return text if len(text) <= 100 else text[:97] + "..."


def snake(name: str) -> str:
    """A name of the wire as Python spells it: `applicationClientId` is `application_client_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def escaped(text: str) -> str:
    """A text whole, with no line end or control character that could pass for a message of ours."""
    return "".join(map(_visible, text))


def named(name: str | None, id_: str) -> str:
    """An object of the tenant in a message: `"Portal" (9a1b…)`. Its name is anybody's text."""
    return f"{shown(name)} ({id_})" if name else id_


def _json_word(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, int) and abs(value) >= 10**100:  # Python itself writes no number of thousands of digits
        return "a huge number"
    return "null" if value is None else str(value).lower()


def _visible(char: str) -> str:
    """A character as it is, or its escape: line ends, controls and lone surrogates have no place in a message."""
    return char if char.isprintable() else char.encode("unicode_escape").decode()
