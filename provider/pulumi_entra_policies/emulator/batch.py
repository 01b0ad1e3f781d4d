"""Many requests in one: "Combine multiple HTTP requests using JSON batching".

Each is a request like any other, with its own status and its own share of the throttling. They are done in their order;
their answers come in the opposite one, because the page promises none.
"""

import json
import re
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from . import refusals
from .calls import Answer, Call, Step

MOST = 20
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
WRITES = ("POST", "PATCH", "PUT")


def unpack(call: Call) -> Answer:
    return Answer(steps=steps(call.body.get("requests")))


def steps(requests: object) -> tuple[Step, ...]:
    """One malformed part, and the whole batch is refused: 400 is on the page, the words are seen for two cases."""
    if not isinstance(requests, list) or not 1 <= len(requests) <= MOST:
        raise refusals.malformed_batch()
    found: dict[str, Step] = {}
    for request in requests:
        step = _step(request)
        # OData's JSON format: a request depends on those before it only.
        if step.key in found or not step.after <= found.keys():
            raise refusals.malformed_batch()
        found[step.key] = step
    return tuple(found.values())


def _step(request: Any) -> Step:
    try:
        identifier, method, url = (request[name] for name in ("id", "method", "url"))
        headers, depends_on = request.get("headers") or {}, request.get("dependsOn") or []
        after = frozenset(one.lower() for one in depends_on)
        kept = {name.lower(): str(value) for name, value in headers.items()}
        are_texts = all(isinstance(text, str) for text in (identifier, method, url))
        if not are_texts or not isinstance(depends_on, list) or ABSOLUTE.match(url):
            raise TypeError
        "".join((url, *kept, *kept.values())).encode()  # half a surrogate pair is in no request
    except (AttributeError, KeyError, TypeError, UnicodeEncodeError):
        raise refusals.malformed_batch() from None
    if method.upper() in WRITES and (request.get("body") is None or "content-type" not in kept):
        raise refusals.bare_write(identifier)
    return Step(identifier, method.upper(), f"/{url.lstrip('/')}", kept, _body(request.get("body")), after)


def _body(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


# JSON has no case-blind names, and clients look for these. The others of a response are the batch's own, or its length.
SPELLED = {name.lower(): name for name in ("Content-Type", "OData-Version", "Location", "Retry-After")}
LEFT_OUT = {"content-length", "date", "request-id", "client-request-id"}


def request(outer: Request, step: Step) -> Request:
    """To the version of the batch, under the same address."""
    path, _, query = step.url.partition("?")
    version = outer.scope["path"].strip("/").partition("/")[0]
    headers = {**step.headers, "host": outer.headers.get("host", "")}
    scope = {
        "method": step.method,
        "path": f"/{version}{unquote(path)}",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Request({**outer.scope, **scope})


def response(step: Step, response: Response) -> dict[str, Any]:
    headers = {SPELLED.get(name, name): value for name, value in response.headers.items() if name not in LEFT_OUT}
    told: dict[str, Any] = {"id": step.id, "status": response.status_code, "headers": headers}
    return told | ({"body": _parsed(bytes(response.body))} if response.body else {})


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()
