"""$filter: a condition in OData's grammar, as far as the directory knows it, made into a test of a row.

"Advanced query capabilities on directory objects" and the resources' pages say which operators a property knows, and
which of them need an advanced query. Policies know less: `eq`, joined by `and`, each property once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from . import refusals
from .entities import Entity
from .entities.values import Type

Row = Any
"""An object; within `any`, an item of a collection."""
Test = Callable[[Row], bool]

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<name>[A-Za-z_$][\w$]*)"
    r"|(?P<sign>[(),:/]))"
)
TRUTHS = {"true": True, "false": False}
STARTS = "startswith"
COMPARISONS = ("eq", "ne", "ge", "le")
# What a literal of each kind may be compared with; GUIDs are taken in quotes as well (open).
FITTING = {"text": ("text",), "guid": ("guid", "text"), "moment": ("moment",), "truth": ("name",)}


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
    get: Callable[[Row], Any]
    needs: str = ""


def condition(text: str, entity: Entity) -> Condition:
    try:
        return Parser(text, entity).whole()
    except refusals.Refusal:
        if entity.knows_advanced_queries:
            raise
        raise refusals.unsupported_query(text) from None


class Parser:
    def __init__(self, text: str, entity: Entity) -> None:
        self._text = text
        self._entity = entity
        self._tokens = self._split()
        self._next = 0
        self._variable: Operand | None = None
        self._variable_name = ""
        self._compared: set[str] = set()

    def _split(self) -> list[tuple[str, str]]:
        tokens, position, end = [], 0, len(self._text.rstrip())
        while position < end:
            match = TOKEN.match(self._text, position)
            if match is None or match.lastgroup is None:
                self._fail()
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    # -- expressions -------------------------------------------------------------------------------

    def whole(self) -> Condition:
        found = self._either()
        if self._next < len(self._tokens):
            self._fail()
        return found

    def _either(self) -> Condition:
        found = self._all()
        while self._takes("or"):
            found = self._joined(found, self._all(), lambda a, b: lambda row: a(row) or b(row))
        return found

    def _all(self) -> Condition:
        found = self._one()
        while self._takes("and"):
            # Only here policies may go on.
            found = _both(found, self._one())
        return found

    def _one(self) -> Condition:
        if self._takes("not"):
            denied = self._beyond_policies(self._one())
            return Condition(lambda row: not denied.holds(row), denied.needs or _missing("Operator 'not'"))
        if self._takes("("):
            found = self._beyond_policies(self._either())
            self._expect(")")
            return found
        if self._peek()[1].lower() == STARTS and self._peek(1)[1] == "(":
            return self._beyond_policies(self._starts())
        return self._comparison(self._operand())

    def _joined(self, a: Condition, b: Condition, join: Callable[[Test, Test], Test]) -> Condition:
        return self._beyond_policies(Condition(join(a.holds, b.holds), a.needs or b.needs))

    def _beyond_policies(self, found: Condition) -> Condition:
        if not self._entity.knows_advanced_queries:
            self._fail()
        return found

    # -- comparisons -------------------------------------------------------------------------------

    def _starts(self) -> Condition:
        self._next += 1
        self._expect("(")
        operand = self._operand()
        self._expect(",")
        beginning = self._literal(operand, STARTS)
        self._expect(")")
        if self._takes("eq"):
            self._expect("true")
        folded = str(beginning).casefold()
        return Condition(lambda row: str(operand.get(row) or "").casefold().startswith(folded), operand.needs)

    def _comparison(self, operand: Operand) -> Condition:
        if self._takes("/"):
            return self._beyond_policies(self._any(operand))
        operator = self._take()[1]
        if operator == "in":
            return self._beyond_policies(self._in(operand))
        if operator not in COMPARISONS or operand.name in self._compared:
            self._refuse(operand)
        if not self._entity.knows_advanced_queries:
            self._compared.add(operand.name)
        test = _compared(operator, self._literal(operand, operator))
        # Seen: microsoft-graph-docs-contrib#1726.
        needs = "Unsupported property filter clause operator 'NotEqualsMatch'." if operator == "ne" else ""
        return Condition(lambda row: test(operand.get(row)), operand.needs or needs)

    def _in(self, operand: Operand) -> Condition:
        self._expect("(")
        wanted = [self._literal(operand, "in")]
        while self._takes(","):
            wanted.append(self._literal(operand, "in"))
        self._expect(")")
        tests = [_compared("eq", one) for one in wanted]
        return Condition(lambda row: any(test(operand.get(row)) for test in tests), operand.needs)

    def _any(self, operand: Operand) -> Condition:
        """`identifierUris/any(uri:uri eq 'api://portal')`: an item for which the inner condition holds."""
        if self._take()[1] != "any" or operand.type.of is None or self._variable:
            self._refuse(operand)
        self._expect("(")
        self._variable_name = self._take()[1]
        self._expect(":")
        self._variable = replace(operand, type=operand.type.of, get=lambda item: item)
        inner = self._either()
        self._variable = None
        self._expect(")")
        return Condition(lambda row: any(map(inner.holds, operand.get(row) or ())), inner.needs)

    # -- operands ----------------------------------------------------------------------------------

    def _operand(self) -> Operand:
        kind, name = self._take()
        if kind != "name":
            self._fail()
        if self._variable:
            found = self._variable
            if name != self._variable_name:
                self._fail()
        else:
            found = self._property(name)
        while found.type.kind == "complex" and self._peek()[1] == "/":
            self._next += 1
            found = self._part(found, self._take()[1])
        return found

    def _property(self, name: str) -> Operand:
        one = self._entity.properties.get(name)
        if one is None:
            raise refusals.unknown_in_filter(name, self._entity.type_name)
        needs = _missing(f"Filter of '{name}'") if one.advanced else ""
        return Operand(name, one.type, one.filters, lambda row: row.get(name), needs)

    def _part(self, whole: Operand, name: str) -> Operand:
        """Of a complex property: advanced queries alone reach in there."""
        if name not in whole.type.properties:
            raise refusals.unknown_in_filter(name, self._entity.type_name)
        needs = _missing(f"Filter of '{whole.name}/{name}'")
        return replace(
            whole, type=whole.type.properties[name], get=lambda row: (whole.get(row) or {}).get(name), needs=needs
        )

    def _literal(self, operand: Operand, operator: str) -> Any:
        """What the operand is compared with, if that operator knows it and their types fit."""
        kind, text = self._take()
        if operator not in operand.filters or operand.type.kind not in FITTING:
            self._refuse(operand)
        if text == "null" and operator != STARTS and self._entity.knows_advanced_queries:
            return None
        if kind not in FITTING[operand.type.kind] or (kind == "name" and text not in TRUTHS):
            self._refuse(operand)
        if kind == "name":
            return TRUTHS[text]
        return text[1:-1].replace("''", "'") if kind == "text" else text

    # -- tokens ------------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self._next + ahead
        return self._tokens[place] if place < len(self._tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._next += 1
        return token

    def _takes(self, text: str) -> bool:
        if self._peek()[1] != text:
            return False
        self._next += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            self._fail()

    def _refuse(self, operand: Operand) -> NoReturn:
        raise refusals.unsupported_clause(operand.name, self._entity.name)

    def _fail(self) -> NoReturn:
        raise refusals.invalid_filter(self._text)


def _missing(what: str) -> str:
    """Seen for /$count: azurekid/ScEntra#17."""
    return (
        f"{what} is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to "
        "https://aka.ms/graph-docs/advanced-queries for more information"
    )


def _both(a: Condition, b: Condition) -> Condition:
    return Condition(lambda row: a.holds(row) and b.holds(row), a.needs or b.needs)


def _compared(operator: str, wanted: Any) -> Test:
    """Strings compare without letter case: open, and the more demanding of the two for who looks up a name."""
    key = _key(wanted)
    tests: Mapping[str, Test] = {
        "eq": lambda value: _key(value) == key,
        "ne": lambda value: _key(value) != key,
        "ge": lambda value: value is not None and key is not None and _key(value) >= key,
        "le": lambda value: value is not None and key is not None and _key(value) <= key,
    }
    return tests[operator]


def _key(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
