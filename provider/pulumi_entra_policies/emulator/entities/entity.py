"""One type of object as data: what its properties are, which of them one may write, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .. import refusals
from .values import Type, nullable

Properties = dict[str, Any]

# What the body of a new object may connect it with; everything else is refused and not forgotten (open).
BOUND = frozenset({"owners"})


@dataclass(frozen=True)
class Property:
    type: Type
    default: Any = None
    """What Graph fills in for a new object."""
    writable: bool = True
    filters: frozenset[str] = frozenset()
    """The operators that $filter may use, in the words of the resource's page."""
    sorts: bool = False
    searches: bool = False
    advanced: bool = False
    """Asked by $filter and $orderby in advanced queries only."""


def given(type_: Type, default: Any = None, *, filters: str = "", **more: Any) -> Property:
    """Whoever makes or changes the object may give it. In the metadata, null is what has no default, or is complex."""
    may_be_null = default is None or type_.kind == "complex"
    return Property(nullable(type_) if may_be_null else type_, default, filters=_words(filters), **more)


def required(type_: Type, *, filters: str = "", **more: Any) -> Property:
    """The same, and it is never null."""
    return Property(type_, filters=_words(filters), **more)


def made(type_: Type, default: Any = None, *, filters: str = "", **more: Any) -> Property:
    """The directory's own: nobody may set it."""
    return Property(type_, default, writable=False, filters=_words(filters), **more)


def _words(filters: str) -> frozenset[str]:
    return frozenset(filters.split())


@dataclass(frozen=True)
class Entity:
    name: str
    """As Graph's messages have it: Application."""
    properties: Mapping[str, Property] = field(default_factory=dict)
    knows_advanced_queries: bool = False
    navigation: frozenset[str] = frozenset()
    """What an object of it is connected with: read and written by paths of its own."""
    in_beta: frozenset[str] = frozenset()
    """Properties that only beta has; they are null here."""

    @cached_property
    def type_name(self) -> str:
        return f"microsoft.graph.{self.name[:1].lower()}{self.name[1:]}"

    @cached_property
    def defaults(self) -> Properties:
        return {name: one.default for name, one in self.properties.items() if name not in ("id", "deletedDateTime")}

    @cached_property
    def made(self) -> frozenset[str]:
        """What nobody may set."""
        return frozenset(name for name, one in self.properties.items() if not one.writable)

    def changes(self, body: Mapping[str, Any], own_id: str = "") -> Properties:
        """What a body of POST or PATCH gives, if all of it may be given."""
        return {name: value for name, value in body.items() if self._is_given(name, value, own_id)}

    def _is_given(self, name: str, value: Any, own_id: str) -> bool:
        if "@" in name:
            self._check_annotation(name, value, own_id)
            return False
        if name == "id" and own_id and isinstance(value, str) and value.lower() == own_id:
            return False  # azuread's provider sends it along
        if name in self.navigation:
            raise refusals.read_only(name)
        if name not in self.properties:
            raise refusals.unknown_property(name)
        if not self.properties[name].writable:
            raise refusals.read_only(name)
        if not self.properties[name].type.accepts(value):
            raise refusals.invalid_value(name)
        return True

    def _check_annotation(self, name: str, value: Any, own_id: str) -> None:
        """Other clients send `@odata.type`, and Graph takes its own (seen on live tenants)."""
        if name == "@odata.type" and value != f"#{self.type_name}":
            raise refusals.foreign_type(value, self.type_name)
        owner, _, annotation = name.partition("@")
        if annotation == "odata.bind" and (own_id or owner not in self.navigation & BOUND):
            raise refusals.unknown_property(owner)
