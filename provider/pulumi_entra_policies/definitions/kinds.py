"""What a policy kind is: everything particular to it, said as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .fields import Field


@dataclass(frozen=True)
class Kind:
    """One of Graph's sts policies.

    `name` is Graph's type and the definition's root key, `collection` its plural path, `noun` the word in messages,
    `targets` the collections whose objects it can be assigned to, `reference` Microsoft's page about it.
    """

    name: str
    collection: str
    noun: str
    fields: tuple[Field, ...]
    targets: tuple[str, ...]
    reference: str

    def field(self, key: str) -> Field | None:
        """The field that a key names in Graph's or the wire's spelling, in any letter case; else None."""
        return self._by_key.get(key.lower())

    def keyword(self, key: str) -> Field | None:
        """The field that a user's key names, which may be Python's spelling as well."""
        return self.field(key) or next((field for field in self.fields if field.python == key.lower()), None)

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {field.graph.lower(): field for field in self.fields}
