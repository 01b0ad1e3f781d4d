"""Which of one side is which of the other: in stages, the surest first, and never by a guess."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Keys = Callable[[Item], Iterable[Hashable]]
"""What one is known by in a stage; of several keys, any."""


@dataclass
class Matching(Generic[Item]):
    """What has been found, and what is left of either side."""

    left: list[Item]
    right: list[Item]
    pairs: list[tuple[Item, Item]] = field(default_factory=list)

    def by(self, keys: Keys[Item], *, alike: bool = False) -> None:
        """One stage: pairs those that have a key with nobody else on their side, or, if they are `alike`, with any."""
        ones, others = _known_by(self.left, keys), _known_by(self.right, keys)
        for key, here in ones.items():
            there = others.get(key, [])
            if alike or len(here) == len(there) == 1:
                self._pair(here, there)

    def _pair(self, here: Sequence[Item], there: Sequence[Item]) -> None:
        for pair in zip(here, there, strict=False):
            if pair[0] in self.left and pair[1] in self.right:
                self.pairs.append(pair)
                self.left.remove(pair[0])
                self.right.remove(pair[1])


class Index(Generic[Item]):
    """Some of one side by their names, which say what one is called by the way to name it.

    In a large tenant nobody can look at all of them for each of the other side.
    """

    def __init__(self, items: Iterable[Item], names: Callable[[Item], Mapping[str, Hashable]]) -> None:
        self._by_ways: dict[frozenset[str], list[Item]] = {}
        self._by_name: dict[tuple[str, Hashable], list[Item]] = {}
        for item in items:
            self._by_ways.setdefault(frozenset(names(item)), []).append(item)
            for name in names(item).items():
                self._by_name.setdefault(name, []).append(item)

    def like(self, names: Mapping[str, Hashable]) -> list[Sequence[Item]]:
        """Those that have one of these names, and those that are named in none of these ways."""
        apart = [items for ways, items in self._by_ways.items() if ways.isdisjoint(names)]
        return [*apart, *(self._by_name[name] for name in names.items() if name in self._by_name)]


def _known_by(items: Sequence[Item], keys: Keys[Item]) -> dict[Hashable, list[Item]]:
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        for key in dict.fromkeys(keys(item)):
            found.setdefault(key, []).append(item)
    return found
