"""Which of one side is which of the other: in stages, the surest first, and never by a guess."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
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


def _known_by(items: Sequence[Item], keys: Keys[Item]) -> dict[Hashable, list[Item]]:
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        for key in dict.fromkeys(keys(item)):
            found.setdefault(key, []).append(item)
    return found
