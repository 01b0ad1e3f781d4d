"""Bounded waiting for Graph's replicas, which show old answers for seconds after a write.

One rule: whatever was written before this process began, or by it, is everywhere after `waits` seconds. Until then, an
answer that contradicts what we know is asked again; after that, it is believed if a second look confirms it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")
Sleep = Callable[[float], Awaitable[None]]

LONGEST_PAUSE = 8.0  # seconds
SECOND_LOOK = 1.0  # seconds between two answers that nobody expected, however long ago the last write was
TOLD_AFTER = 4.0  # seconds of silence that a user bears without wondering


class Patience:
    """How long this process waits, on whose clock, and whom it tells. `waits` is in seconds."""

    def __init__(
        self,
        waits: float,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.waits, self.sleep, self.now, self.tell = waits, sleep, now, tell
        self._began = now()
        self._writes: dict[str, float] = {}

    def wrote(self, *ids: str) -> None:
        """These objects may have changed in the tenant just now."""
        self._writes.update(dict.fromkeys(ids, self.now()))

    async def believed(
        self, what: str, ask: Callable[[], Awaitable[Value]], agrees: Callable[[Value], bool], *ids: str
    ) -> Value:
        """An answer about these objects that agrees with what we know, or the last one when Graph has had the time to.

        Never the first one, if it does not agree.
        """
        return await self._repeated(what, ask, agrees, self._graphs_time(ids))

    async def sure(self, what: str, ask: Callable[[], Awaitable[Value]], *ids: str) -> Value:
        """The last answer when Graph has had its time, whatever it was before."""
        return await self._repeated(what, ask, lambda answer: False, self._graphs_time(ids))

    async def until(self, what: str, ask: Callable[[], Awaitable[Value]], settled: Callable[[Value], bool]) -> Value:
        """The first settled answer from now on, or the last one when the time is up."""
        return await self._repeated(what, ask, settled, self.now() + self.waits)

    def _graphs_time(self, ids: tuple[str, ...]) -> float:
        last = max([self._began, *(self._writes[id_] for id_ in ids if id_ in self._writes)])
        return max(last + self.waits, self.now() + min(SECOND_LOOK, self.waits))

    async def _repeated(
        self, what: str, ask: Callable[[], Awaitable[Value]], enough: Callable[[Value], bool], deadline: float
    ) -> Value:
        began, pause, told = self.now(), 1.0, False
        answer = await ask()
        while not enough(answer) and self.now() < deadline:
            pause = min(pause, deadline - self.now())
            if not told and self.now() + pause - began >= TOLD_AFTER:
                told = True
                self.tell(f"Waiting up to {deadline - self.now():.0f} s more for Graph's replicas to agree: {what}")
            await self.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            answer = await ask()
        return answer
