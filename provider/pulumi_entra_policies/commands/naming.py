"""Names of resources and variables from display names, which are anybody's text and not unique.

A name says as much as it takes to be no other's: the same tenant gives the same names.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence

LONGEST = 60  # characters of a display name that are kept
_TAKEN = {"entra", "pulumi", *dir(builtins), *keyword.kwlist}  # in the program, and in the one that it is pasted into


def slug(text: str, otherwise: str) -> str:
    """A display name in small letters, digits and hyphens; `otherwise` if nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or otherwise


def of_policy(text: str, otherwise: str) -> str:
    """The same of a policy; with underscores in the place of hyphens it is a Python name that nothing else has."""
    name = slug(text, otherwise)
    name = f"policy-{name}" if name[0].isdigit() else name
    return f"{name}-policy" if name in _TAKEN else name


def unique(candidates: Sequence[Sequence[str]], taken: Container[str] = ()) -> list[str]:
    """A name for each, of its candidates the first that nobody else could have; the last one with a number if none."""
    claimed = Counter(name for names in candidates for name in dict.fromkeys(names))
    chosen: list[str] = []
    for names in candidates:
        free = (name for name in names if claimed[name] == 1 and name not in taken)
        chosen.append(next(free, "") or _numbered(names[-1], chosen, claimed, taken))
    return chosen


def _numbered(name: str, chosen: Sequence[str], claimed: Container[str], taken: Container[str]) -> str:
    number = 2
    while (numbered := f"{name}-{number}") in chosen or numbered in claimed or numbered in taken:
        number += 1
    return numbered
