"""The types of values that Graph's metadata declares, each with what it accepts.

Strict, unlike `policy_sets.checks`: a definition is text to the directory, these are its own properties.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ..policy_sets import Check

Kind = Literal["text", "truth", "number", "guid", "moment", "binary", "complex", "collection"]

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Edm.DateTimeOffset: the offset is not left out.
MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Type:
    kind: Kind
    accepts: Check
    of: Type | None = None
    """What a collection holds."""
    properties: Mapping[str, Type] = field(default_factory=dict)
    """Those of a complex type."""


def text(longest: int | None = None, *, shortest: int = 0) -> Type:
    def check(value: object) -> bool:
        return isinstance(value, str) and shortest <= len(value) and (longest is None or len(value) <= longest)

    return Type("text", check)


def one_of(*allowed: str) -> Type:
    """The letter case counts (open)."""
    return Type("text", lambda value: isinstance(value, str) and value in allowed)


def matching(pattern: re.Pattern[str]) -> Type:
    return Type("text", lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None)


def nullable(one: Type) -> Type:
    return Type(one.kind, lambda value: value is None or one.accepts(value), one.of, one.properties)


def collection(of: Type, most: int | None = None, *, distinct: bool = False) -> Type:
    def check(value: object) -> bool:
        if not (isinstance(value, list) and all(of.accepts(item) for item in value)):
            return False
        return (most is None or len(value) <= most) and not (distinct and len(set(value)) < len(value))

    return Type("collection", check, of=of)


def record(**properties: Type) -> Type:
    """A complex type: what it does not have is refused, annotations apart."""

    def check(value: object) -> bool:
        return isinstance(value, dict) and all(
            "@" in name or (name in properties and properties[name].accepts(item)) for name, item in value.items()
        )

    return Type("complex", check, properties=properties)


def moment(text: str) -> datetime:
    """To the second. ValueError: it is none."""
    match = MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    offset = match["offset"].upper().replace("Z", "+00:00")
    return datetime.fromisoformat(f"{match['date']}T{match['time']}{offset}")


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(moment(value))
    except ValueError:
        return False


def _is_binary(value: object) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except ValueError:
        return False


BOOLEAN = Type("truth", lambda value: isinstance(value, bool))
NUMBER = Type("number", lambda value: isinstance(value, int) and not isinstance(value, bool))
GUID_VALUE = Type("guid", matching(GUID).accepts)
DATE_TIME = Type("moment", _is_moment)
BINARY = Type("binary", _is_binary)
TEXT = text()
OPTIONAL_TEXT = nullable(TEXT)
TEXTS = collection(TEXT)
