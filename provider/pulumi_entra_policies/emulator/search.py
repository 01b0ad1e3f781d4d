"""$search: clauses of a property and words, such as "displayName:Portal", joined by AND and OR.

"Use the $search query parameter": the words of displayName and description are looked for as words of them, other
properties are compared from their beginning. That a word may be the beginning of one is open.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import refusals
from .entities import Entity

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

CLAUSE = re.compile(r'\s*"(?P<name>\w+):(?P<text>[^"]*)"\s*')
JOIN = re.compile(r"(AND|OR)")
BY_WORDS = ("displayName", "description")
# "by spaces, different casing, and character types (numbers and special characters)".
WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+")


def search(text: str, entity: Entity) -> Test:
    """AND binds closer than OR."""
    alternatives: list[list[Test]] = [[]]
    position = 0
    while match := CLAUSE.match(text, position):
        alternatives[-1].append(_clause(match["name"], match["text"], entity))
        join = JOIN.match(text, match.end())
        if join is None:
            break
        if join[1] == "OR":
            alternatives.append([])
        position = join.end()
    if match is None or match.end() < len(text):
        raise refusals.invalid_search(text)
    return lambda row: any(all(test(row) for test in tests) for tests in alternatives)


def _clause(name: str, text: str, entity: Entity) -> Test:
    one = entity.properties.get(name)
    if one is None or not one.searches:
        raise refusals.unsupported_search(name, entity.name)
    if name in BY_WORDS:
        wanted = _words(text)
        return lambda row: _has_all(_words(row.get(name) or ""), wanted)
    beginning = text.casefold()
    return lambda row: any(item.casefold().startswith(beginning) for item in row.get(name) or ())


def _has_all(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]
