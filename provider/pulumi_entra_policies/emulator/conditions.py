"""What a $filter comes to: tests of a row, and what of them a simple query does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .entities.values import Type

Row = Any
"""An object; within `any`, an item of a collection."""
Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Condition:
    holds: Test
    needs: str = ""
    """What of it only an advanced query knows, as the refusal has it."""


@dataclass(frozen=True)
class Operand:
    name: str
    """The property of the object that it belongs to."""
    type: Type
    filters: frozenset[str]
    """The operators that it knows."""
    get: Callable[[Row], Any]
    needs: str = ""


def joined(conditions: Sequence[Condition], join: Callable[[Any], bool]) -> Condition:
    """join: all or any."""
    if len(conditions) == 1:
        return conditions[0]
    needs = next((one.needs for one in conditions if one.needs), "")
    return Condition(lambda row: join(one.holds(row) for one in conditions), needs)


def denied(condition: Condition) -> Condition:
    return Condition(lambda row: not condition.holds(row), condition.needs or only_advanced("Operator 'not'"))


def compared(operand: Operand, operator: str, wanted: Any) -> Condition:
    # Seen: microsoft-graph-docs-contrib#1726.
    needs = "Unsupported property filter clause operator 'NotEqualsMatch'." if operator == "ne" else ""
    test = _comparison(operator, _key(wanted))
    return Condition(lambda row: test(_key(operand.get(row))), operand.needs or needs)


def starting(operand: Operand, beginning: str) -> Condition:
    key = _key(beginning)
    return Condition(lambda row: str(_key(operand.get(row)) or "").startswith(key), operand.needs)


def only_advanced(what: str) -> str:
    """Seen for /$count: azurekid/ScEntra#17."""
    return (
        f"{what} is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to "
        "https://aka.ms/graph-docs/advanced-queries for more information"
    )


def _comparison(operator: str, wanted: Any) -> Test:
    tests: Mapping[str, Test] = {
        "eq": lambda value: bool(value == wanted),
        "ne": lambda value: bool(value != wanted),
        "ge": lambda value: value is not None and wanted is not None and value >= wanted,
        "le": lambda value: value is not None and wanted is not None and value <= wanted,
    }
    return tests[operator]


def _key(value: Any) -> Any:
    """Strings compare without letter case: open, and the more demanding of the two for who looks up a name."""
    return value.casefold() if isinstance(value, str) else value
