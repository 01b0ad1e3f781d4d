"""What was asked of Graph, for tests to count and read. Never holds a token: only whether there was one.

Requests to the control plane and to the sign-in authority are not in it.
"""

import json
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request

# Beside these, `authorization` says true or false.
KEPT_HEADERS = ("accept", "client-request-id", "consistencylevel", "content-type", "prefer", "user-agent")

Entry = dict[str, Any]


class Journal:
    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def record(self, request: Request, body: bytes, status: int | None) -> None:
        """status None: the connection was dropped before the answer's end."""
        self._entries.append(
            {
                "method": request.method,
                "path": _readable(request),
                "status": status,
                "body": _parsed(body),
                "headers": _headers(request),
            }
        )

    def entries(self) -> list[Entry]:
        return list(self._entries)

    def clear(self) -> None:
        self._entries.clear()


def _readable(request: Request) -> str:
    query = unquote_plus(request.url.query)
    return f"{request.url.path}?{query}" if query else request.url.path


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _headers(request: Request) -> dict[str, str | bool]:
    kept: dict[str, str | bool] = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    return kept | {"authorization": "authorization" in request.headers}
