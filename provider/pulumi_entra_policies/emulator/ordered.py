"""A dict that is never changed: a write makes another one, which shares with the first whatever it leaves alone.

So many moments of a large tenant are alive at once, and none costs more than what was written in it. The persistent
maps of rpds know no order; here each key has a number, and the order is worked out when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

from rpds import HashTrieMap

K = TypeVar("K")
V = TypeVar("V")
W = TypeVar("W")


class Ordered(Mapping[K, V], Generic[K, V]):
    """As a dict has it, a key keeps its place when it gets another value."""

    def __init__(self, places: HashTrieMap[K, tuple[int, V]] | None = None, arrived: int = 0) -> None:
        self._places: HashTrieMap[K, tuple[int, V]] = HashTrieMap() if places is None else places
        self._arrived = arrived

    def put(self, key: K, value: V) -> Ordered[K, V]:
        known = self._places.get(key)
        place = self._arrived if known is None else known[0]
        return Ordered(self._places.insert(key, (place, value)), max(self._arrived, place + 1))

    def without(self, key: K) -> Ordered[K, V]:
        return Ordered(self._places.discard(key), self._arrived)

    @cached_property
    def in_order(self) -> tuple[K, ...]:
        """The keys. Worked out once: who turns the pages of a listing gets each from the same order."""
        return tuple(key for key, _ in sorted(self._places.items(), key=lambda item: item[1][0]))

    def place(self, key: K) -> int:
        """Where it stands for as long as it is there. What comes later stands later, whatever has gone."""
        return self._places[key][0]

    def __getitem__(self, key: K) -> V:
        return self._places[key][1]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[K]:
        return iter(self.in_order)

    def __len__(self) -> int:
        return len(self._places)


class Each(Sequence[V], Generic[K, V]):
    """What is made of each key, when it is asked for: a page of a listing does not cost the whole."""

    def __init__(self, keys: Sequence[K], made: Callable[[K], V], place: Callable[[K], int] | None = None) -> None:
        self._keys = keys
        self._made = made
        self._place = place

    @classmethod
    def of(cls, ordered: Ordered[K, Any], made: Callable[[K], V]) -> Each[K, V]:
        return cls(ordered.in_order, made, ordered.place)

    def then(self, made: Callable[[V], W]) -> Each[K, W]:
        """The same, made further."""
        return Each(self._keys, lambda key: made(self._made(key)), self._place)

    def place(self, index: int) -> int:
        """Its key's own; without one, where it is in this listing."""
        return index if self._place is None else self._place(self._keys[index])

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> list[V]: ...
    def __getitem__(self, index: int | slice) -> V | list[V]:
        if isinstance(index, slice):
            return [self._made(key) for key in self._keys[index]]
        return self._made(self._keys[index])

    def __len__(self) -> int:
        return len(self._keys)
