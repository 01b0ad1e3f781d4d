"""A path as Graph reads it: version, perhaps the tenant, and segments.

OData has each key in two spellings, after a slash and in parentheses: both give the same segments here.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from . import refusals

VERSIONS = ("v1.0", "beta")
PART = re.compile(r"([^/(]+)(?:\((?:(\w+)=)?'((?:[^']|'')*)'\))?(?:/|$)")


class AlternateKey(NamedTuple):
    """Instead of an id: `(appId='…')`."""

    name: str
    value: str


Segment = str | AlternateKey


@dataclass(frozen=True)
class Place:
    """What a request is for."""

    version: str
    path: str
    segments: tuple[Segment, ...]
    tenant: str = ""
    """The id of the own tenant, where it stands in front of the path."""

    @property
    def root(self) -> str:
        """What stands in front of the path: the version, and the tenant if it was named."""
        return f"/{self.version}/{self.tenant}" if self.tenant else f"/{self.version}"


def read(path: str, tenant_id: str) -> Place:
    """A foreign tenant's id, and one in front of the version, is a segment or a version like any unknown one."""
    version, _, rest = path.strip("/").partition("/")
    if version not in VERSIONS:
        raise refusals.no_such_version(version)
    first, _, others = rest.partition("/")
    if first.lower() == tenant_id:
        return Place(version, f"/{others}", segments(others), tenant_id)
    return Place(version, f"/{rest}", segments(rest))


def segments(path: str) -> tuple[Segment, ...]:
    return tuple(_with_keys(path)) if "(" in path else tuple(path.split("/"))


def _with_keys(path: str) -> list[Segment]:
    found: list[Segment] = []
    position = 0
    while position < len(path):
        match = PART.match(path, position)
        if match is None:
            return [*found, path[position:]]
        found.append(match[1])
        if match[3] is not None:
            found.append(_key(match[2] or "id", match[3].replace("''", "'")))
        position = match.end()
    return found


def _key(name: str, value: str) -> Segment:
    return value if name.lower() == "id" else AlternateKey(name, value)
