"""The words of a $filter, one after the other."""

import re
from typing import NoReturn

from . import refusals

WORD = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<name>[A-Za-z_$][\w$]*)"
    r"|(?P<sign>[(),:/]))"
)


class Words:
    """What `read` and `peek` give is a kind and the word itself, both empty at the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = self._split()
        self._next = 0

    def _split(self) -> list[tuple[str, str]]:
        words, position, end = [], 0, len(self._text.rstrip())
        while position < end:
            match = WORD.match(self._text, position)
            if match is None or match.lastgroup is None:
                self.fail()
            words.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return words

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self._next + ahead
        return self._words[place] if place < len(self._words) else ("", "")

    def read(self) -> tuple[str, str]:
        word = self.peek()
        self._next += 1
        return word

    def reads(self, word: str) -> bool:
        """If it is the next."""
        if self.peek()[1] != word:
            return False
        self._next += 1
        return True

    def expect(self, word: str) -> None:
        if not self.reads(word):
            self.fail()

    def end(self) -> None:
        if self._next < len(self._words):
            self.fail()

    def fail(self) -> NoReturn:
        raise refusals.invalid_filter(self._text)
