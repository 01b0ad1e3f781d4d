"""What a value in a definition may be: small checks, and those that are made of others.

Lenient on purpose: keys count in any letter case, those that nobody knows are accepted (Graph gains keys before
its pages do), and scalars are loosely typed, 1 for "1" and true for "true". All seen on live tenants.
"""

import json
import re
from collections.abc import Callable, Mapping

Check = Callable[[object], bool]

# A .NET TimeSpan as "Configurable token lifetimes" prints it, without a day's fraction of a second.
TIME_SPAN = re.compile(r"(?:(?P<days>[0-9]+)\.)?(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{2}):(?P<seconds>[0-9]{2})")


def text(value: object) -> bool:
    return isinstance(value, str | int | float)


def boolean(value: object) -> bool:
    return _spelled(value).lower() in {"true", "false"}


def one_of(*allowed: str) -> Check:
    return lambda value: _spelled(value) in allowed


def one_of_any_case(*allowed: str) -> Check:
    return lambda value: _spelled(value).lower() in {word.lower() for word in allowed}


def matching(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def time_span(shortest: str, longest: str) -> Check:
    """From the one to the other, both included."""
    return lambda value: _seconds(shortest) <= _seconds(value) <= _seconds(longest)


def any_of(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def any_object(value: object) -> bool:
    return isinstance(value, dict)


def record(checks: Mapping[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    """An object: each known key as its check has it, and the required ones are there."""

    def check(value: object) -> bool:
        if not isinstance(value, dict):
            return False
        found = {key.lower(): item for key, item in value.items()}
        return all(key.lower() in found for key in required) and all(
            known(found[key.lower()]) for key, known in checks.items() if key.lower() in found
        )

    return check


def _spelled(value: object) -> str:
    """A scalar as JSON spells it."""
    return value if isinstance(value, str) else json.dumps(value)


def _seconds(value: object) -> int:
    """-1 for what is no time span: shorter than any."""
    match = TIME_SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return -1
    days, hours, minutes, seconds = (int(part or 0) for part in match.group("days", "hours", "minutes", "seconds"))
    if hours > 23 or minutes > 59 or seconds > 59:
        return -1
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
