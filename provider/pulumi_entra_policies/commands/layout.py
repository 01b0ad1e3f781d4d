"""Python expressions as text, laid out as formatters do: on one line if that fits, else an item a line.

What is laid out over several lines ends in a comma, which formatters take as the wish to keep it so. What comes from a
tenant is anybody's text: it gets into a program as a literal, of printable characters alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 88
"""Characters of a line: the default of formatters, so that a wider line length changes nothing either."""
_STEP = " " * 4


@dataclass(frozen=True)
class Name:
    """A name that stands in the program as it is."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call; `notes` are comments behind its keywords."""

    function: str
    positional: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def written(value: Any, indent: str = "", before: str = "", *, open_up: bool = False) -> str:
    """An expression that begins behind `before`; calls, lists and mappings may be opened up even if they would fit."""
    inside = _inside(value)
    if inside is None:
        return _scalar(value)
    first, items, last = inside
    short = first + ", ".join(f"{key}{written(item)}" for key, item, _ in items) + last
    if not items or (not open_up and _width(f"{indent}{before}{short},") <= WIDTH and "\n" not in short):
        return short
    deeper = indent + _STEP
    lines = [f"{deeper}{key}{written(item, deeper, key)},{note}" for key, item, note in items]
    return "\n".join([first, *lines, indent + last])


def literal(text: str) -> str:
    """A string, in the quotes that need fewer escapes, double ones if both do."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(map(_character, text)).replace(quote, f"\\{quote}") + quote


def _inside(value: Any) -> tuple[str, list[tuple[str, Any, str]], str] | None:
    """How it begins, its items with their keys and comments, and how it ends; None of a scalar."""
    if isinstance(value, Call):
        named = [(f"{name}=", item, _note(value.notes.get(name))) for name, item in value.keywords.items()]
        return f"{value.function}(", [*(("", item, "") for item in value.positional), *named], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{literal(key)}: ", item, "") for key, item in value.items()], "}"
    return ("[", [("", item, "") for item in value], "]") if isinstance(value, list) else None


def _note(text: str | None) -> str:
    return f"  # {text}" if text else ""


def _scalar(value: Any) -> str:
    if isinstance(value, Name):
        return value.text
    return literal(value) if isinstance(value, str) else repr(value)


def _character(char: str) -> str:
    if char == "\\":
        return "\\\\"
    return char if char.isprintable() else char.encode("unicode_escape").decode()


def _width(text: str) -> int:
    """Characters beyond ASCII may be wide ones."""
    return sum(1 if char.isascii() else 2 for char in text)
