"""Pages: where one begins, what is on it, and how the link to the next names the place.

A place is not a number of objects to skip: what goes between two pages takes nothing else along, and nothing comes
twice. (Whether a page of Graph stays stable while objects go is open.)
"""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from . import refusals
from .ordered import Each

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

SKIP_TOKEN = "RFNwdAoAAQ"  # noqa: S105  opaque to clients; what follows is the place where the next page starts
TOKEN = re.compile(SKIP_TOKEN + r"(?:(?P<place>[0-9]{1,18})|\.(?P<sorted>[\w-]+=*))")


@dataclass(frozen=True)
class Sorting:
    """By the values of properties, then by place."""

    by: tuple[tuple[str, bool], ...]
    """Names, each with whether its order is descending."""

    def key(self, row: Row, place: int) -> list[Any]:
        """Nothing comes before everything; letter case does not count."""
        values = [row.get(name) for name, _ in self.by]
        return [*("" if value is None else f" {value}".casefold() for value in values), place]

    def compare(self, a: list[Any], b: list[Any]) -> int:
        for (_, descending), left, right in zip(self.by, a, b, strict=False):
            if left != right:
                return 1 if (left > right) is not descending else -1
        return int(a[-1] - b[-1])


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    token: str = ""
    """Where the next page starts; empty on the last one."""


def page(
    rows: Sequence[Row], top: int, token: str = "", test: Test | None = None, sorting: Sorting | None = None
) -> Page:
    """token: as the page before gave it."""
    if sorting:
        return _sorted_page(rows, top, token, test, sorting)
    places = _places(rows)
    start = bisect_left(range(len(rows)), _place(token), key=places) if token else 0
    if test is None:
        return Page(rows[start : start + top], _token(places(start + top)) if start + top < len(rows) else "")
    found: list[Row] = []
    for index in range(start, len(rows)):
        row = rows[index]
        if not test(row):
            continue
        if len(found) == top:
            return Page(found, _token(places(index)))
        found.append(row)
    return Page(found)


def _sorted_page(rows: Sequence[Row], top: int, token: str, test: Test | None, sorting: Sorting) -> Page:
    places, key = _places(rows), cmp_to_key(sorting.compare)
    found = [(sorting.key(row, places(index)), row) for index, row in enumerate(rows) if test is None or test(row)]
    # One property after the other, the last one first: a sort keeps what is equal in its order, and is quicker so.
    for number, (_, descending) in reversed(tuple(enumerate(sorting.by))):
        found.sort(key=lambda one: one[0][number], reverse=descending)
    start = bisect_left(found, key(_sorted_place(token, sorting)), key=lambda one: key(one[0])) if token else 0
    end = start + top
    following = _token(found[end][0]) if end < len(found) else ""
    return Page([row for _, row in found[start:end]], following)


def _places(rows: Sequence[Row]) -> Callable[[int], int]:
    return rows.place if isinstance(rows, Each) else int


def _token(place: int | list[Any]) -> str:
    if isinstance(place, int):
        return f"{SKIP_TOKEN}{place}"
    return f"{SKIP_TOKEN}.{base64.urlsafe_b64encode(json.dumps(place).encode()).decode()}"


def _place(token: str) -> int:
    match = TOKEN.fullmatch(token)
    if match is None or match["place"] is None:
        raise refusals.expired_page()
    return int(match["place"])


def _sorted_place(token: str, sorting: Sorting) -> list[Any]:
    match = TOKEN.fullmatch(token)
    try:
        place = json.loads(base64.urlsafe_b64decode(match["sorted"])) if match and match["sorted"] else None
    except (ValueError, RecursionError):
        place = None
    types = [*(str for _ in sorting.by), int]
    if not (isinstance(place, list) and [type(value) for value in place] == types):
        raise refusals.expired_page()
    return place
