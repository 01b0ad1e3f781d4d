"""Removing what may be gone already: a DELETE can be repeated, and its "not there" is not always true."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..graph.connection import Connection
from ..graph.errors import AnswerLost, NotAssigned, NotFound


async def removed(connection: Connection, what: str, delete: Callable[[], Awaitable[None]], *ids: str) -> bool:
    """Whether this took it away; False if it was gone already, which is believed when Graph has had its time.

    After a lost answer it is sent again, and "not there" means then that the lost one was carried out.
    Raises AnswerLost if every answer is lost.
    """
    lost: list[AnswerLost] = []

    async def attempt() -> bool | None:
        try:
            await delete()
        except (NotAssigned, NotFound):
            return False
        except AnswerLost as error:
            lost.append(error)
            return None
        return True

    async def answered() -> bool | None:
        return await connection.patience.until(what, attempt, lambda answer: answer is not None)

    done = await connection.patience.believed(what, answered, lambda answer: answer is not False, *ids)
    if done is None:
        raise lost[-1]
    return done or bool(lost)
