"""Seconds that a preview may wait: together, and each second once."""

from __future__ import annotations

import asyncio

import pytest

from pulumi_entra_policies.lifecycle.allowance import LONGEST, Allowance


class Clock:
    now = 0.0

    async def wait(self, seconds: float, turns: int = 1) -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        self.now += seconds
        return "answer"


def test_waits_one_after_the_other_add_up() -> None:
    clock = Clock()
    allowance = Allowance(lambda: clock.now)

    async def ask() -> None:
        assert await allowance.within(clock.wait(3)) == "answer"
        clock.now += 60  # in which nobody waits
        await allowance.within(clock.wait(4))

    asyncio.run(ask())
    assert allowance.left == LONGEST - 7


def test_waits_side_by_side_count_once_and_so_far() -> None:
    clock = Clock()
    allowance = Allowance(lambda: clock.now)
    left: list[float] = []

    async def look() -> None:
        left.append(allowance.left)

    async def ask() -> None:
        await asyncio.gather(allowance.within(clock.wait(3)), allowance.within(clock.wait(0, turns=3)), look())

    asyncio.run(ask())
    assert allowance.left == LONGEST - 3
    assert left == [LONGEST]


def test_answer_that_comes_too_late_is_none() -> None:
    clock = Clock()
    allowance = Allowance(lambda: clock.now)

    async def ask() -> None:
        await allowance.within(clock.wait(LONGEST + 1))
        with pytest.raises(asyncio.TimeoutError):
            await allowance.within(asyncio.sleep(60))

    asyncio.run(ask())
    assert allowance.left == -1
