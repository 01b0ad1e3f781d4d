"""A user's program as the caller: it asks the tenant while it runs, with the stack's configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pulumi

from ..graph.errors import EntraError
from ..lifecycle.run import Run
from ..settings import Settings, SettingsError

Result = TypeVar("Result")


def ask(question: Callable[[Run], Coroutine[Any, Any, Result]]) -> Result:
    """The answer. Raises pulumi.RunError, of which a user sees the message alone.

    The program runs inside Pulumi's own event loop, so the question gets a thread and a loop of its own.
    """
    try:
        settings = Settings.load(pulumi.runtime.get_config)
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, _asked(settings, question)).result()
    except (EntraError, SettingsError) as error:
        raise pulumi.RunError(f"{type(error).__name__}: {error}") from None


async def _asked(settings: Settings, question: Callable[[Run], Coroutine[Any, Any, Result]]) -> Result:
    run = Run(settings)
    try:
        return await question(run)
    finally:
        await run.close()
