"""$filter: OData's grammar, as far as the directory knows it.

"Advanced query capabilities on directory objects" and the resources' pages say which operators a property knows, and
which of them need an advanced query. Policies know less: `eq`, joined by `and`, each property once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from . import refusals
from .conditions import Condition, Operand, compared, denied, joined, only_advanced, starting
from .entities import Entity
from .entities.values import moment
from .words import Words

TRUTHS = {"true": True, "false": False}
STARTS = "startswith"
DEEPEST = 100  # of `not` and parentheses: OData libraries have such a limit, Graph's is open
COMPARISONS = ("eq", "ne", "ge", "le")
# What a literal of each kind may be compared with; GUIDs are taken in quotes as well (open).
FITTING = {"text": ("text",), "guid": ("guid", "text"), "moment": ("moment",), "truth": ("name",)}


def condition(text: str, entity: Entity) -> Condition:
    try:
        return Parser(text, entity).whole()
    except refusals.Refusal:
        if entity.knows_advanced_queries:
            raise
        raise refusals.unsupported_query(text) from None


class Parser:
    def __init__(self, text: str, entity: Entity) -> None:
        self._words = Words(text)
        self._entity = entity
        self._variable: Operand | None = None
        """Within `any`: the item."""
        self._variable_name = ""
        self._compared: set[str] = set()
        self._depth = 0

    # -- expressions -------------------------------------------------------------------------------

    def whole(self) -> Condition:
        found = self._either()
        self._words.end()
        return found

    def _either(self) -> Condition:
        found = [self._all()]
        while self._words.reads("or"):
            found.append(self._beyond_policies(self._all()))
        return joined(found, any)

    def _all(self) -> Condition:
        found = [self._one()]
        while self._words.reads("and"):
            found.append(self._one())
        return joined(found, all)

    def _one(self) -> Condition:
        if self._words.reads("not"):
            return self._beyond_policies(denied(self._deeper(self._one)))
        if self._words.reads("("):
            found = self._beyond_policies(self._deeper(self._either))
            self._words.expect(")")
            return found
        if self._words.peek()[1].lower() == STARTS and self._words.peek(1)[1] == "(":
            return self._beyond_policies(self._starts())
        return self._comparison(self._operand())

    def _deeper(self, expression: Callable[[], Condition]) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            self._words.fail()
        found = expression()
        self._depth -= 1
        return found

    def _beyond_policies(self, found: Condition) -> Condition:
        if not self._entity.knows_advanced_queries:
            self._words.fail()
        return found

    # -- comparisons -------------------------------------------------------------------------------

    def _starts(self) -> Condition:
        """`startswith(displayName,'A')`, which some clients compare with true."""
        self._words.read()
        self._words.expect("(")
        operand = self._operand()
        self._words.expect(",")
        beginning = self._literal(operand, STARTS)
        self._words.expect(")")
        if self._words.reads("eq"):
            self._words.expect("true")
        return starting(operand, beginning)

    def _comparison(self, operand: Operand) -> Condition:
        if self._words.reads("/"):
            return self._beyond_policies(self._any(operand))
        operator = self._words.read()[1]
        if operator == "in":
            return self._beyond_policies(self._in(operand))
        if operator not in COMPARISONS or operand.name in self._compared:
            self._refuse(operand)
        if not self._entity.knows_advanced_queries:
            self._compared.add(operand.name)
        return compared(operand, operator, self._literal(operand, operator))

    def _in(self, operand: Operand) -> Condition:
        """`displayName in ('A','B')`"""
        self._words.expect("(")
        wanted = [self._literal(operand, "in")]
        while self._words.reads(","):
            wanted.append(self._literal(operand, "in"))
        self._words.expect(")")
        return joined([compared(operand, "eq", one) for one in wanted], any)

    def _any(self, operand: Operand) -> Condition:
        """`identifierUris/any(uri:uri eq 'api://portal')`: an item for which the inner condition holds."""
        if self._words.read()[1] != "any" or operand.type.of is None or self._variable:
            self._refuse(operand)
        self._words.expect("(")
        self._variable_name = self._words.read()[1]
        self._words.expect(":")
        self._variable = replace(operand, type=operand.type.of, get=lambda item: item)
        inner = self._either()
        self._variable = None
        self._words.expect(")")
        return Condition(lambda row: any(map(inner.holds, operand.get(row) or ())), inner.needs)

    # -- operands ----------------------------------------------------------------------------------

    def _operand(self) -> Operand:
        kind, name = self._words.read()
        if kind != "name" or (self._variable and name != self._variable_name):
            self._words.fail()
        found = self._variable or self._property(name)
        while found.type.kind == "complex" and self._words.reads("/"):
            found = self._part(found, self._words.read()[1])
        return found

    def _property(self, name: str) -> Operand:
        one = self._entity.properties.get(name)
        if one is None:
            raise refusals.unknown_in_filter(name, self._entity.type_name)
        needs = only_advanced(f"Filter of '{name}'") if one.advanced else ""
        read = _date if one.type.kind == "moment" else _as_it_is
        return Operand(name, one.type, one.filters, lambda row: read(row.get(name)), needs)

    def _part(self, whole: Operand, name: str) -> Operand:
        """Of a complex property: advanced queries alone reach in there."""
        if name not in whole.type.properties:
            raise refusals.unknown_in_filter(name, self._entity.type_name)
        return replace(
            whole,
            type=whole.type.properties[name],
            get=lambda row: (whole.get(row) or {}).get(name),
            needs=only_advanced(f"Filter of '{whole.name}/{name}'"),
        )

    def _literal(self, operand: Operand, operator: str) -> Any:
        """What the operand is compared with, if that operator knows it and their types fit."""
        kind, text = self._words.read()
        if operator not in operand.filters or operand.type.kind not in FITTING:
            self._refuse(operand)
        if text == "null" and operator != STARTS and self._entity.knows_advanced_queries:
            return None
        if kind not in FITTING[operand.type.kind] or (kind == "name" and text not in TRUTHS):
            self._refuse(operand)
        if kind == "name":
            return TRUTHS[text]
        if kind == "moment":
            return self._date(operand, text)
        return text[1:-1].replace("''", "'") if kind == "text" else text

    def _date(self, operand: Operand, text: str) -> datetime:
        try:
            return moment(text)
        except ValueError:
            self._refuse(operand)

    def _refuse(self, operand: Operand) -> NoReturn:
        raise refusals.unsupported_clause(operand.name, self._entity.name)


def _as_it_is(value: Any) -> Any:
    return value


def _date(value: Any) -> datetime | None:
    """As a text it would not compare with one of another offset."""
    return moment(value) if value else None
