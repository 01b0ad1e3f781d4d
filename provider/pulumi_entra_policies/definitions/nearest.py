"""The known name that an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one that is most alike, in whatever letter case; None if none is alike."""
    spellings = {spelling.lower(): spelling for spelling in known}
    found = get_close_matches(name.lower(), spellings, n=1)
    return spellings[found[0]] if found else None
