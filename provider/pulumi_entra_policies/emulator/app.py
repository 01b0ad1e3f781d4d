"""HTTP around the directory: a request becomes a call, an answer or refusal becomes a response.

The order for each request to Graph is: token, fault "before", the operation, fault "after", journal. The operation
begins with throttling and permissions.
"""

import asyncio
import json
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import control, odata, options, permissions, refusals, routes
from .dropping import Cut, Dropped
from .faults import BROKEN_APPLIES_TO, Fault
from .handlers import Answer, Call
from .service import Service

METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def build(service: Service) -> Starlette:
    async def graph(request: Request) -> Response:
        body = await request.body()
        response = await Exchange(service, request, body).response()
        status = None if isinstance(response, Dropped) else response.status_code
        service.journal.record(request, body, status)
        return response

    sign_in = service.authority.routes() if service.authority else []
    return Starlette(routes=[*control.routes(service), *sign_in, Route("/{path:path}", graph, methods=METHODS)])


class Exchange:
    """One request to Graph and its response."""

    def __init__(self, service: Service, request: Request, body: bytes) -> None:
        self.service = service
        self.request = request
        self.body = body
        self.permissions = service.permissions
        self.charged: Mapping[str, str] = {}
        request_id = service.directory.new_id()
        self.ids = {
            "request-id": request_id,
            "client-request-id": request.headers.get("client-request-id", request_id),
        }

    async def response(self) -> Response:
        authority = self.service.authority
        if authority:
            try:
                self.permissions = authority.roles(self.request)
            except refusals.Refusal as refusal:
                return self._error(refusal.status, refusal.code, refusal.message, authority.challenge(self.request))
        fault = self.service.faults.take(self.request.method, self.request.scope["path"])
        return await self._faulty(fault) if fault else self._answered()

    async def _faulty(self, fault: Fault) -> Response:
        if fault.when == "before":
            await asyncio.sleep(fault.delay)
        own = self._answered() if fault.spoils or fault.when == "after" else None
        if fault.when == "after":
            await asyncio.sleep(fault.delay)
        response = own if own and fault.spoils else self._declared(fault)
        if fault.drop:
            return Cut(response) if fault.drop == "body" else Dropped()
        return response

    def _declared(self, fault: Fault) -> Response:
        if fault.body is None:
            return self._error(fault.status, fault.code, fault.message, fault.headers)
        return self._written(fault.status, fault.body, fault.headers)

    def _answered(self) -> Response:
        try:
            return self._operation()
        except refusals.Refusal as refusal:
            return self._refused(refusal)

    def _operation(self) -> Response:
        service = self.service
        version, path = routes.split(self.request.scope["path"])
        route, names = routes.find(self.request.method, version, path)
        asked = options.named(version, self.request.query_params.multi_items())
        if service.meter:
            self.charged = service.meter.spend(self.request.method, path, asked)
        if not permissions.suffice(self.permissions, route.needs + permissions.of_expansion(asked)):
            raise refusals.not_permitted()
        with service.directory.lock:
            view = service.view()
            call = Call(
                directory=service.directory,
                view=view if route.asks_a_replica else service.directory.contents,
                root=f"{str(self.request.base_url).rstrip('/')}/{version}",
                path=path,
                options=asked,
                body=self._parsed_body(),
                names=names,
                headers=self.request.headers,
            )
            answer = route.handler(call)
        if not permissions.suffice(self.permissions, route.needs_for_content + permissions.of_content(asked)):
            return self._written(200, BROKEN_APPLIES_TO, {})
        return self._rendered(answer)

    def _parsed_body(self) -> dict[str, Any]:
        if self.request.method not in ("POST", "PATCH"):
            return {}
        media_type = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in ("", "application/json"):
            raise refusals.no_json()
        try:
            # Without the header, what is there is not read (seen: microsoft-graph-docs-contrib#6337).
            parsed = json.loads(self.body) if media_type else None
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise refusals.unreadable_body()
        return parsed

    def _rendered(self, answer: Answer) -> Response:
        if answer.text is not None:
            return Response(answer.text, answer.status, self._headers(answer.headers), media_type="text/plain")
        if answer.body is None:
            return Response(None, answer.status, self._headers(answer.headers))
        return self._json(answer.status, answer.body, answer.headers)

    def _refused(self, refusal: refusals.Refusal) -> Response:
        return self._error(refusal.status, refusal.code, refusal.message, refusal.headers)

    def _error(self, status: int, code: str, message: str, headers: Mapping[str, str]) -> Response:
        envelope = odata.error(
            code, message, self.ids["request-id"], self.ids["client-request-id"], self.service.clock.date()
        )
        return self._json(status, envelope, headers)

    def _json(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
        # json.dumps writes ASCII only: a lone surrogate in somebody's display name has no UTF-8.
        return self._written(status, json.dumps(body), headers)

    def _written(self, status: int, body: str, headers: Mapping[str, str]) -> Response:
        return Response(body, status, {"Content-Type": odata.CONTENT_TYPE, **self._headers(headers)})

    def _headers(self, others: Mapping[str, str]) -> dict[str, str]:
        date = format_datetime(self.service.clock.date(), usegmt=True)
        return {"Date": date, **self.ids, **self.charged, **others}
