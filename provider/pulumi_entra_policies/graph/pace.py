"""Whom Graph throttles waits for all: the others stand behind, in the order they came, until it has got through.

A quota is the application's, so what one request is told holds for every other of this connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .consistency import Sleep


class Pace:
    """Shared by the requests of one connection. `waited` is the seconds that throttled ones have waited so far."""

    def __init__(self, sleep: Sleep) -> None:
        self.sleep = sleep
        self.waited = 0.0
        self.head = asyncio.Lock()  # serves first who has come first

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """One request's, to be sent when nobody waits for Graph any more."""
        turn = Turn(self)
        if self.head.locked():
            async with self.head:
                pass
        try:
            yield turn
        finally:
            turn.end()


class Turn:
    """What waits behind another request has waited as long as that one."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._before = pace.waited
        self._alone = 0.0
        self._leads = False

    @property
    def waited(self) -> float:
        """Seconds of pauses since this began, its own and those of whom it has stood behind."""
        return self._alone + self._pace.waited - self._before

    async def lead(self) -> bool:
        """Come to the head of those that are throttled; whether another has waited there meanwhile, for all."""
        if self._leads:
            return False
        before = self._pace.waited
        await self._pace.head.acquire()
        self._leads = True
        return self._pace.waited > before

    async def pause(self, seconds: float) -> None:
        await self._pace.sleep(seconds)
        if self._leads:
            self._pace.waited += seconds
        else:
            self._alone += seconds

    def end(self) -> None:
        if self._leads:
            self._pace.head.release()
