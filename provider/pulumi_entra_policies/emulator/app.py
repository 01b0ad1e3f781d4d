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
from starlette.types import Receive, Scope, Send

from . import batch, control, odata, options, paths, permissions, refusals, routes
from .calls import Answer, Call, Step
from .dropping import Cut, Dropped
from .faults import BROKEN_APPLIES_TO, Fault
from .service import Service
from .tokens import Caller


def build(service: Service) -> Starlette:
    sign_in = service.authority.routes() if service.authority else []
    return Starlette(routes=[*control.routes(service), *sign_in, Route("/{path:path}", Graph(service))])


class Graph:
    """No function, because Starlette would answer the methods that a function does not name: without an envelope."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        response = await Exchange(self._service, request, body).response()
        status = None if isinstance(response, Dropped) else response.status_code
        self._service.journal.record(request, body, status)
        await response(scope, receive, send)


class Exchange:
    """One request to Graph and its response. outer: what it is a part of, whose caller and ids it has."""

    def __init__(self, service: Service, request: Request, body: bytes, outer: "Exchange | None" = None) -> None:
        self.service = service
        self.request = request
        self.body = body
        self.is_part = outer is not None
        self.caller: Caller = outer.caller if outer else Caller(service.permissions)
        self.charged: Mapping[str, str] = {}
        self.ids: dict[str, str] = outer.ids if outer else self._new_ids()

    def _new_ids(self) -> dict[str, str]:
        request_id = self.service.directory.new_id()
        asked = self.request.headers.get("client-request-id", request_id)
        return {"request-id": request_id, "client-request-id": asked}

    async def response(self) -> Response:
        authority = self.service.authority
        if authority:
            try:
                self.caller = authority.caller(self.request)
            except refusals.Refusal as refusal:
                return self._error(refusal.status, refusal.code, refusal.message, authority.challenge(self.request))
        return await self.part()

    async def part(self) -> Response:
        """The same for one of a batch, whose caller is known already."""
        fault = self.service.faults.take(self.request.method, self.request.scope["path"])
        return await self._faulty(fault) if fault else await self._answered()

    async def _faulty(self, fault: Fault) -> Response:
        if fault.when == "before":
            await asyncio.sleep(fault.delay)
        own = await self._answered() if fault.spoils or fault.when == "after" else None
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

    async def _answered(self) -> Response:
        try:
            answer = self._operation()
            return await self._collected(answer.steps) if answer.steps else self._rendered(answer)
        except refusals.Refusal as refusal:
            return self._refused(refusal)

    def _operation(self) -> Answer:
        service = self.service
        place = paths.read(self.request.scope["path"], service.directory.tenant_id)
        route, names = routes.find(self.request.method, place)
        asked = options.named(place.version, self.request.query_params.multi_items())
        if self.request.method != "GET":
            options.only(options.OF_A_WRITE.get(self.request.method, ()), asked)
        if service.meter:
            self.charged = service.meter.spend(self.request.method, place.path, asked)
        if not permissions.suffice(self.caller.permissions, route.needs + permissions.of_expansion(asked)):
            raise refusals.not_permitted()
        with service.directory.lock:
            view = service.view()
            call = Call(
                directory=service.directory,
                view=view if route.asks_a_replica else service.directory.contents,
                root=f"{str(self.request.base_url).rstrip('/')}{place.root}",
                path=place.path,
                options=asked,
                headers=self.request.headers,
                body=self._parsed_body() if route.takes_body else {},
                names=names,
                client_id=self.caller.client_id,
            )
            answer = route.handler(call)
        content = route.needs_for_content + permissions.of_content(asked)
        if not permissions.suffice(self.caller.permissions, content):
            return Answer(200, BROKEN_APPLIES_TO)
        return answer

    async def _collected(self, steps: tuple[Step, ...]) -> Response:
        """The requests of a batch, one after the other. A connection that one of them drops is the whole batch's."""
        if self.is_part:
            raise refusals.malformed_batch()
        statuses: dict[str, int] = {}
        responses = []
        for step in steps:
            inner = Exchange(self.service, batch.request(self.request, step), step.body, self)
            failed = any(statuses[key] >= 400 for key in step.after)
            response = inner._refused(refusals.dependency_failed()) if failed else await inner.part()
            if isinstance(response, Dropped):
                return Dropped()
            statuses[step.key] = response.status_code
            responses.append(batch.response(step, response))
        return self._json(200, {"responses": responses[::-1]}, odata.HEADERS)

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
        headers = {**odata.HEADERS, **answer.headers}
        if answer.body is None:
            return Response(None, answer.status, self._headers(answer.headers))
        if isinstance(answer.body, str):
            return self._written(answer.status, answer.body, headers)
        return self._json(answer.status, answer.body, headers)

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
        return Response(body, status, {"Content-Type": "application/json", **self._headers(headers)})

    def _headers(self, others: Mapping[str, str]) -> dict[str, str]:
        date = format_datetime(self.service.clock.date(), usegmt=True)
        return {"Date": date, **self.ids, **self.charged, **others}
