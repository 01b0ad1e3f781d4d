"""A row of the table of routes, and which row a request is for.

A path that is in the table with another method is 405, any other path is 400 "segment": Graph has no plain
404 for paths. Names in paths have no letter case, as in Graph.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import permissions, refusals
from .calls import TARGETS, Answer, Call
from .paths import VERSIONS, AlternateKey, Place, Segment
from .permissions import Need

# What stands in braces is a name in the call. `{target}` is an object of `{targets}`, by its id or an alternate key.
TARGET = "{targets}/{id}"
CAST = re.compile(r"(microsoft\.)?graph\.\w+", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    handler: Callable[[Call], Answer]
    needs: Need
    source: str
    """doc, seen or open, and where: for who wants to know how far to trust it."""
    needs_for_content: Need = permissions.NOTHING
    """Without these there is still an answer, but a broken one."""
    versions: tuple[str, ...] = VERSIONS
    takes_body: bool = True
    asks_a_replica: bool = field(init=False)
    """Reads, and writes of references: they get 404 for what a replica has not seen (seen on live tenants)."""
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = self.template.replace("{target}", TARGET).strip("/").split("/")
        object.__setattr__(self, "parts", tuple(part if part[0] == "{" else part.lower() for part in parts))
        object.__setattr__(self, "asks_a_replica", self.method == "GET" or self.template.endswith("$ref"))

    def names(self, segments: tuple[Segment, ...]) -> dict[str, str] | None:
        """What the segments name, or None if they do not fit; there may be fewer of them than parts."""
        names: dict[str, str] = {}
        for part, segment in zip(self.parts, segments, strict=False):
            if isinstance(segment, AlternateKey):
                if part != "{id}":
                    return None
                names["key"], names["value"] = segment
            elif part[0] != "{":
                if part != segment.lower():
                    return None
            elif KINDS_OF_SEGMENT.get(part, _is_name)(segment):
                names[part[1:-1]] = segment
            else:
                return None
        return names


def _is_name(segment: str) -> bool:
    """Neither nothing, nor a function such as `delta()`, nor OData's own such as `$count`."""
    return segment[-1:] not in ("", ")") and segment[0] != "$"


KINDS_OF_SEGMENT: dict[str, Callable[[str], object]] = {
    "{targets}": lambda segment: segment.lower() in TARGETS,
    "{cast}": CAST.fullmatch,
}


class Table:
    """The rows by their first segment and their length, so that a request is compared with few of them."""

    def __init__(self, rows: Iterable[Route]) -> None:
        self._rows = tuple(rows)
        self._index: dict[tuple[str, int], list[Route]] = {}
        for row in self._rows:
            for first in TARGETS if row.parts[0] == "{targets}" else [row.parts[0]]:
                self._index.setdefault((first, len(row.parts)), []).append(row)

    def find(self, method: str, place: Place) -> tuple[Route, dict[str, str]]:
        """The row, and what the path names."""
        segments = place.segments
        fitting = [
            (row, names)
            for row in self._index.get((str(segments[0]).lower(), len(segments)), ())
            if place.version in row.versions and (names := row.names(segments)) is not None
        ]
        if not fitting:
            raise refusals.no_such_segment(self._first_unknown(segments))
        if place.tenant and method != "GET":
            raise refusals.write_under_tenant()
        for row, names in fitting:
            if row.method == method:
                return row, names
        raise refusals.method_not_allowed()

    def _first_unknown(self, segments: tuple[Segment, ...]) -> str:
        for end in range(1, len(segments)):
            if not any(row.names(segments[:end]) is not None for row in self._rows if len(row.parts) >= end):
                return _spelled(segments[:end])
        return _spelled(segments)


def _spelled(segments: tuple[Segment, ...]) -> str:
    """The last one, with the name in front of a key."""
    last = segments[-1]
    return last if isinstance(last, str) else f"{segments[-2]}({last.name}='{last.value}')"
