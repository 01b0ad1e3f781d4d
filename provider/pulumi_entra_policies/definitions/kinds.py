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
        """The field that a key of any spelling and letter case names, else None."""
        return self._by_key.get(_folded(key))

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {_folded(field.graph): field for field in self.fields}


def _folded(key: str) -> str:
    return key.replace("_", "").lower()
