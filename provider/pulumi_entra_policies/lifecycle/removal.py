"""Removing what may be gone already: a DELETE can be repeated, and its "not there" is not always true."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ..graph.errors import AnswerLost, NotAssigned, NotFound
from .run import Run


async def remove(run: Run, what: str, delete: Callable[[], Awaitable[object]], written_at: Any) -> bool:
    """Whether this took it away; False if it was gone already.

    After a lost answer it is sent again, and "not there" means then that the lost one was carried out.
    Raises AnswerLost if every answer is lost.
    """
    lost = False

    async def attempt() -> None:
        nonlocal lost
        try:
            await delete()
        except AnswerLost:
            lost = True
            raise

    try:
        await run.patience.until(
            what, attempt, not_yet=(AnswerLost, NotAssigned, NotFound), seconds=run.patience.doubt(written_at)
        )
    except (NotAssigned, NotFound):
        return lost
    return True
