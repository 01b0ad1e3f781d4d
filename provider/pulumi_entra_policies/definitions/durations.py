"""Durations as the service writes them, `[d.]hh:mm:ss`."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"(?:([0-9]{1,5})\.)?([0-9]{1,2}):([0-5]?[0-9]):([0-5]?[0-9])")


def parsed(text: str) -> timedelta | None:
    """The duration that a text means, or None. Hours need no leading zero; `1.00:00:00` is a day."""
    found = _FORM.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days, seconds, minutes=minutes, hours=hours) if hours < 24 else None


def written(duration: timedelta) -> str:
    """The one way we write a duration; parts of a second are dropped."""
    minutes, seconds = divmod(duration.seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return f"{duration.days}.{clock}" if duration.days else clock
