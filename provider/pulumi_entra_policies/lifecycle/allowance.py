"""How long a preview may wait for Graph, in all: a preview that is slow is not run, and one that hangs is not read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

LONGEST = 10.0  # seconds
A_LOOK = 0.05  # seconds when those are used up: an answer that is there already is no wait

Value = TypeVar("Value")


class Allowance:
    """Seconds that are left. Where several wait at once, a second counts once. `now` is a clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._spent = self._since = 0.0
        self._waiting = 0

    @property
    def left(self) -> float:
        """Seconds; none or less when it is used up."""
        return LONGEST - self._spent - (self._now() - self._since if self._waiting else 0.0)

    async def within(self, answer: Awaitable[Value]) -> Value:
        """The answer, if it comes in time. Raises asyncio.TimeoutError."""
        left = self.left
        self._since = self._since if self._waiting else self._now()
        self._waiting += 1
        try:
            return await asyncio.wait_for(answer, max(left, A_LOOK))
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._spent += self._now() - self._since
