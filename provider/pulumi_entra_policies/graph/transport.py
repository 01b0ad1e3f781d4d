"""What is repeated when the wire fails: the one place of transport retry.

The SDK's own retry repeats POST on 503 and 504, which makes twins: a policy has no key that would refuse the second
one. Here 429 is repeated for every verb (Graph did nothing), and everything else only where nothing can be done twice.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
from kiota_http.middleware import BaseMiddleware

from .consistency import Sleep
from .pace import Pace

ATTEMPTS = 8  # of one request that Graph throttles or is too busy for
ATTEMPTS_TO_REACH = 4  # of one request whose connection fails: who is offline should hear it soon
TOLD_AFTER = 4.0  # seconds of silence that a user bears without wondering
LONGEST_WAIT = 600.0  # seconds, over all attempts of one request and of those that it stands behind
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class RedirectRefused(Exception):
    """Graph does not redirect these requests; whoever does must not be given the token."""


class NotGraphs(Exception):
    """Graph answers a write with 201 or 204; a proxy that answers 200 has done nothing."""


class Retry(BaseMiddleware):
    """Sends a request, again where that is safe, and reads the whole answer before handing it on.

    `sleep` takes seconds; tests pass one that does not wait.
    """

    def __init__(self, sleep: Sleep = asyncio.sleep, tell: Callable[[str], None] = print) -> None:
        super().__init__()
        self._pace, self._tell = Pace(sleep), tell

    async def send(self, request: httpx.Request, transport: httpx.AsyncBaseTransport) -> httpx.Response:
        async with self._pace.turn() as turn:
            for attempt in range(1, ATTEMPTS):
                pause = _backoff(attempt)
                try:
                    response = await self._once(request, transport)
                except httpx.TransportError as error:
                    enough = attempt >= ATTEMPTS_TO_REACH or turn.waited + pause > LONGEST_WAIT
                    if enough or not _harmless(request, error):
                        raise
                else:
                    if not _worth_repeating(request, response):
                        return response
                    if response.status_code == 429 and await turn.lead():
                        continue
                    pause = _asked_for(response, pause)
                    if turn.waited + pause > LONGEST_WAIT:
                        return response
                if pause >= TOLD_AFTER or turn.waited < TOLD_AFTER <= turn.waited + pause:
                    self._tell(f"Waiting {pause:.0f} s before sending {request.method} {request.url.path} again")
                await turn.pause(pause)
            return await self._once(request, transport)

    async def _once(self, request: httpx.Request, transport: httpx.AsyncBaseTransport) -> httpx.Response:
        response = await super().send(request, transport)
        await response.aread()
        if response.is_redirect:
            raise RedirectRefused(response.headers.get("location", ""))
        if request.method != "GET" and response.status_code == 200:
            raise NotGraphs("200 is no answer to a write")
        return response


def _harmless(request: httpx.Request, error: httpx.TransportError) -> bool:
    """Whether a request whose connection failed can be sent again without doing anything twice."""
    return request.method == "GET" or isinstance(error, NOTHING_SENT)


def _worth_repeating(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether Graph did nothing, or nothing that counts."""
    if response.status_code == 409:
        return b"Directory_ConcurrencyViolation" in response.content
    return response.status_code == 429 or (request.method == "GET" and response.status_code >= 500)


def _backoff(attempt: int) -> float:
    return min(2.0 ** (attempt - 1), 30.0)


def _asked_for(response: httpx.Response, otherwise: float) -> float:
    """Seconds to wait: Retry-After, given as seconds or as a date, else our own backoff."""
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return float(text) or otherwise
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return otherwise
    return max(0.0, (until - datetime.datetime.now(until.tzinfo)).total_seconds())
