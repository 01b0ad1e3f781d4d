"""Bounded waiting until Graph's answers agree: replicas repeat old ones for seconds after a write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from .transport import Sleep

Value = TypeVar("Value")

PAUSES = (1.0, 2.0, 4.0)  # seconds


async def settle(ask: Callable[[], Awaitable[Value]], settled: Callable[[Value], bool], sleep: Sleep) -> Value:
    """Ask until the answer has settled, or the pauses are used up; the last answer either way."""
    answer = await ask()
    for pause in PAUSES:
        if settled(answer):
            break
        await sleep(pause)
        answer = await ask()
    return answer
