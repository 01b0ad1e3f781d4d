"""Answers that do not come, or not in full.

ASGI has no way to close a connection without an answer, so the server leaves each connection in the scope.
"""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

TRANSPORT = "emulator.transport"


class Dropped(Response):
    """Instead of an answer, the connection is closed: the client sees not one byte."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[TRANSPORT].abort()
        # The server sends a 500 if the app returns before it has noticed that the connection is gone. The body has
        # been read, so the only message still to come is that one.
        await receive()


class Cut(Dropped):
    """The head of another answer and half of its body; without a body, not one byte."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self._whole.body)
        if body:
            head = {"status": self._whole.status_code, "headers": self._whole.raw_headers}
            await send({"type": "http.response.start", **head})
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await super().__call__(scope, receive, send)
