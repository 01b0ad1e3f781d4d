"""The control plane under /emulator: what one tells the emulator itself. Never in the journal."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .service import Service

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(service: Service) -> list[Route]:
    plane = ControlPlane(service)
    table: list[tuple[str, str, Endpoint]] = [
        ("GET", "/emulator/health", plane.health),
        ("GET", "/emulator/state", plane.state),
        ("POST", "/emulator/load", plane.load),
        ("POST", "/emulator/reset", plane.reset),
        ("GET", "/emulator/journal", plane.journal),
        ("DELETE", "/emulator/journal", plane.clear_journal),
        ("POST", "/emulator/faults", plane.declare_faults),
        ("POST", "/emulator/clock", plane.advance_clock),
    ]
    return [Route(path, endpoint, methods=[method]) for method, path, endpoint in table]


class ControlPlane:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def health(self, _request: Request) -> Response:
        return _json({"status": "ok", "tenantId": self._service.directory.tenant_id})

    async def state(self, _request: Request) -> Response:
        with self._service.directory.lock:
            return _json(self._service.directory.snapshot())

    async def load(self, request: Request) -> Response:
        """What `state` gave, here or elsewhere, takes the place of all there is."""
        try:
            self._service.load(await _parsed(request))
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        return Response(status_code=204)

    async def reset(self, _request: Request) -> Response:
        self._service.reset()
        return Response(status_code=204)

    async def journal(self, _request: Request) -> Response:
        return _json(self._service.journal.entries())

    async def clear_journal(self, _request: Request) -> Response:
        self._service.journal.clear()
        return Response(status_code=204)

    async def declare_faults(self, request: Request) -> Response:
        """One fault, or a list of them: all are declared, or none."""
        try:
            declared = await _parsed(request)
            self._service.faults.declare(*(declared if isinstance(declared, list) else [declared]))
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        return Response(status_code=204)

    async def advance_clock(self, request: Request) -> Response:
        """{"advance": seconds}"""
        try:
            asked = await _parsed(request)
            if not (isinstance(asked, dict) and isinstance(asked.get("advance"), int | float)):
                raise ValueError('the clock is told a number of seconds: {"advance": 10}')
            self._service.clock.advance(asked["advance"])
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        return Response(status_code=204)


async def _parsed(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except RecursionError as error:
        raise ValueError(f"no JSON that anybody reads: {error}") from None


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json")
