"""Bounded waiting for Graph's replicas, which show old answers for seconds after a write.

One rule: what was written is everywhere `waits` seconds later. So an answer that contradicts what we know is asked
again only while what it contradicts is younger than that, by Graph's own clock: the `Date` of the write against the
`Date` of the answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Any, TypeVar

from .errors import AnswerLost, EntraError, GraphError, ReplicaBehind

Value = TypeVar("Value")
Sleep = Callable[[float], Awaitable[None]]
Refusals = tuple[type[EntraError], ...]

LONGEST_PAUSE = 8.0  # seconds
SECOND_LOOK = 1.0  # seconds between two answers that nobody expected, however long ago the write was
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


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

    def left(self, written_at: Any, at: datetime) -> float:
        """Seconds that replicas may still repeat what was there before; `at` is the date of the answer in doubt.

        A write whose time nobody knows is old. One that seems to lie in the future is as young as can be.
        """
        written = _parsed(written_at)
        if written is None:
            return 0.0
        return min(max(self.waits - (at - written).total_seconds(), 0.0), self.waits)

    def left_since(self, began: float) -> float:
        """Seconds that are left of `waits` for what was begun then, by the clock `now`."""
        return max(began + self.waits - self.now(), 0.0)

    @property
    def second_look(self) -> float:
        """Seconds until what nobody expected is asked a second time."""
        return min(SECOND_LOOK, self.waits)

    def doubt(
        self, written_at: Any = None, missing: Callable[[Any], bool] = lambda answer: False
    ) -> Callable[[Any], float]:
        """For `until`: how long an answer that contradicts a write of that time is doubted.

        Another value not at all if the write is old. What is missing, by a refusal or because the answer says so, is
        looked for a second time, since one stale answer proves nothing. A lost answer is as young as can be.
        """

        def seconds(outcome: Any) -> float:
            if isinstance(outcome, AnswerLost):
                return self.waits
            left = self.left(written_at, outcome.at)
            if isinstance(outcome, GraphError) or missing(outcome):
                return max(left, self.second_look)
            return left

        return seconds

    async def until(
        self,
        what: str,
        ask: Callable[[], Awaitable[Value]],
        settled: Callable[[Value], bool] = lambda answer: True,
        not_yet: Refusals = (),
        seconds: Callable[[Any], float] | None = None,
    ) -> Value:
        """The first settled answer; when the time is up, the last answer, or the last refusal raised.

        `not_yet` are the refusals that may mean "not yet"; that a replica is behind always does. `seconds` says how
        long an outcome that does not settle it is doubted, counted from the first of its kind; without it, as long as
        replicas may take.
        """
        refusals: Refusals = (ReplicaBehind, *not_yet)
        pause = 1.0
        deadlines: dict[type, float] = {}
        while True:
            refused: EntraError | None = None
            try:
                outcome: Any = await ask()
                if settled(outcome):
                    return outcome  # type: ignore[no-any-return]
            except refusals as refusal:
                outcome = refused = refusal
            if type(outcome) not in deadlines:
                deadlines[type(outcome)] = self.now() + self._seconds(outcome, seconds)
                self._announce(what, deadlines)
            left = deadlines[type(outcome)] - self.now()
            if left <= 0 and refused:
                raise refused
            if left <= 0:
                return outcome  # type: ignore[no-any-return]
            await self.sleep(min(pause, left))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _seconds(self, first: Any, seconds: Callable[[Any], float] | None) -> float:
        return self.waits if seconds is None or isinstance(first, ReplicaBehind) else seconds(first)

    def _announce(self, what: str, deadlines: dict[type, float]) -> None:
        """Before the first pause of a wait that is long."""
        *before, last = (deadline - self.now() for deadline in deadlines.values())
        if last > SECOND_LOOK and not any(left > SECOND_LOOK for left in before):
            self.tell(f"Waiting up to {last:.0f} s for Graph's replicas to agree: {what}")


def stamp(at: datetime) -> str:
    """The time of a write as a state keeps it: UTC, to the second, `2026-01-31T12:00:00Z`."""
    return at.astimezone(timezone.utc).strftime(_STAMP)


def _parsed(written_at: Any) -> datetime | None:
    try:
        return datetime.strptime(written_at, _STAMP).replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return None
