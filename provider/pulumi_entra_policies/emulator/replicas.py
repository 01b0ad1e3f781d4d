"""Replicas that learn of a write later than the tenant itself.

Replicas disagree for seconds after a write, and old and new values alternate (seen on live tenants). Here each replica
has a lag: it shows a write once so many further requests have come in, or so many seconds have passed on the clock, or
some of both. Which replica takes a request is drawn, the same way for the same seed. Writes go to the tenant itself,
which also judges them.
"""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from .clock import Clock
from .contents import Contents
from .directory import Directory


@dataclass(frozen=True)
class Version:
    since: float
    contents: Contents


class Replicas:
    def __init__(self, lags: Sequence[float], directory: Directory, clock: Clock, seed: int | str | None) -> None:
        if min(lags) < 0:
            raise ValueError(f"replicas are given by how late they are, such as (0, 3, 6), not by {lags!r}")
        self._lags = tuple(lags)
        self._directory = directory
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311  a draw that a test can repeat, no secret
        self._requests = 0
        self._versions: list[Version] = []
        self.catch_up()
        directory.on_change = self._record

    def view(self) -> Contents:
        """For the next request: as far as the replica that takes it has come."""
        self._requests += 1
        lag = self._random.choice(self._lags)
        return self._versions[self._newest_within(lag)].contents

    def catch_up(self) -> None:
        """All replicas show what is there."""
        self._versions = [Version(float("-inf"), self._directory.contents)]

    def _record(self, contents: Contents) -> None:
        self._versions.append(Version(self._now(), contents))
        del self._versions[: self._newest_within(max(self._lags))]

    def _newest_within(self, lag: float) -> int:
        """Always one: the first version is so old that every replica has it."""
        return bisect_left(self._versions, self._now(), key=lambda version: version.since + lag) - 1

    def _now(self) -> float:
        return self._requests + self._clock.now()
