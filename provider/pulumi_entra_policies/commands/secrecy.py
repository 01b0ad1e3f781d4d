"""What a state keeps secret: it can be compared if it was exported with `--show-secrets`, and is never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of a value that is more than JSON, and, below, its value of one that is secret."""

SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105


@dataclass(frozen=True)
class Secret:
    """A value of which a part or all is secret; `value` is in clear if it `is_open`."""

    is_open: bool
    value: Any = None


def opened(value: Any) -> Any:
    """A value of a state; a Secret, if there is one anywhere inside."""
    found = list(_secrets(value))
    if not found:
        return value
    return Secret(True, _in_clear(value)) if all("plaintext" in one for one in found) else Secret(False)


def bare(value: Any) -> Any:
    """A value that may be an open Secret."""
    return value.value if isinstance(value, Secret) else value


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get(SIGNATURE) == SECRET


def _secrets(value: Any) -> Iterator[Mapping[str, Any]]:
    if _is_secret(value):
        yield value
    elif isinstance(value, (Mapping, list)):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _secrets(one)


def _in_clear(value: Any) -> Any:
    if _is_secret(value):
        return json.loads(value["plaintext"])
    if isinstance(value, Mapping):
        return {key: _in_clear(one) for key, one in value.items()}
    return [_in_clear(one) for one in value] if isinstance(value, list) else value
