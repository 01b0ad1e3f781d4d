"""How far away the emulator is: each request to Graph or to the sign-in waits a while, and others go on meanwhile."""

import asyncio
import math

from starlette.types import ASGIApp, Receive, Scope, Send


class Late:
    def __init__(self, app: ASGIApp, seconds: float) -> None:
        if not 0 < seconds < math.inf:
            raise ValueError(f"latency is a number of seconds, not {seconds!r}")
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/emulator/"):
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)
