"""What the emulator is told to do wrong: a queue of declared faults, each used up after so many requests.

Nothing is left to chance: the first declared fault that fits a request is the one that it meets.
"""

import json
import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path as File
from typing import Any, Literal

Path = str | PathLike[str]
Declarations = Iterable[Mapping[str, Any]]
"""Each with the fields of a `Fault`, or with a `kind` of `KINDS`."""

# The codes that come with a status ("Microsoft Graph error responses", "Throttling guidance").
CODES = {
    403: ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    409: (
        "Directory_ConcurrencyViolation",
        "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
    ),
    429: ("TooManyRequests", "Too many requests."),
    500: ("InternalServerError", "Internal server error."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "Service unavailable."),
    504: ("GatewayTimeout", "Gateway timeout."),
}

# Comes with a 200 without Application.Read.All: an error where an object should be, and then nothing more. That the
# JSON is broken is seen on live tenants, its exact bytes are open.
BROKEN_APPLIES_TO = (
    '{"value":[{"error":{"code":"Authorization_RequestDenied",'
    '"message":"Insufficient privileges to complete the operation."}}'
)

# Declared by these names; whatever else is declared goes on top.
KINDS: Mapping[str, Mapping[str, Any]] = {
    "broken-applies-to": {"method": "GET", "path": r"/appliesTo$", "status": 200, "body": BROKEN_APPLIES_TO},
}


@dataclass
class Fault:
    method: str = ""
    """Any method if empty."""
    path: str = ""
    """A regular expression, searched for in the path without its query."""
    status: int = 0
    """0: 503, or what the operation answers if the fault only spoils that, with `delay` or `drop="body"`."""
    skip: int = 0
    """How many fitting requests pass before it begins."""
    times: int = 1
    when: Literal["before", "after"] = "before"
    """after: the operation is really done, and this is answered all the same."""
    delay: float = 0
    """Real seconds, before the operation or after it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    """The raw body instead of an error envelope."""
    code: str = ""
    message: str = ""
    drop: bool | Literal["body"] = False
    """Close the connection without an answer, or in the middle of the answer's body."""
    spoils: bool = field(init=False)
    """Whether the operation is done and its own answer sent, though late or only half of it."""

    def __post_init__(self) -> None:
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault happens 'before' or 'after', not {self.when!r}")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"the path of a fault is a regular expression, {self.path!r} is none: {error}") from None
        if self.drop not in (True, False, "body"):
            raise ValueError(f"a fault drops true, false or 'body', not {self.drop!r}")
        has_an_answer = bool(self.status or self.code or self.message) or self.body is not None
        self.spoils = not has_an_answer and (self.drop == "body" or (self.delay > 0 and not self.drop))
        self.status = self.status or 503
        code, message = CODES.get(self.status, ("UnknownError", "Declared fault."))
        self.code, self.message = self.code or code, self.message or message

    def fits(self, method: str, path: str) -> bool:
        return self.method.upper() in ("", method) and re.search(self.path, path) is not None


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: list[Fault] = []

    def declare(self, *declarations: Mapping[str, Any]) -> None:
        faults = [_fault(declaration) for declaration in declarations]
        with self._lock:
            self._declared.extend(faults)

    def take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            fault = next((fault for fault in self._declared if fault.fits(method, path)), None)
            if fault is None:
                return None
            if fault.skip > 0:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times <= 0:
                self._declared.remove(fault)
            return fault

    def pending(self) -> int:
        """How many faults are still to come."""
        with self._lock:
            return len(self._declared)

    def clear(self) -> None:
        with self._lock:
            self._declared.clear()


def listed(declared: Declarations | Path) -> Declarations:
    """The declarations themselves, or those in the JSON file of this path: one, or a list."""
    if not isinstance(declared, str | PathLike):
        return declared
    content = json.loads(File(declared).read_text("utf-8"))
    return content if isinstance(content, list) else [content]


def _fault(declaration: object) -> Fault:
    if not isinstance(declaration, dict):
        raise ValueError('a fault is an object such as {"method": "POST", "path": "policies", "status": 503}')
    for name, (accepts, what) in FIELDS.items():
        if name in declaration and not accepts(declaration[name]):
            raise ValueError(f"{name} of a fault is {what}, not {declaration[name]!r}")
    try:
        return Fault(**_spelled_out(**declaration))
    except TypeError as error:
        raise ValueError(f"not a fault: {error}") from None


def _is_text(value: object) -> bool:
    """Half a surrogate pair is none."""
    return isinstance(value, str) and value == value.encode(errors="ignore").decode()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_header(name: object, value: object) -> bool:
    return isinstance(name, str) and bool(TOKEN.fullmatch(name)) and isinstance(value, str) and bool(LINE.match(value))


# What HTTP cannot carry would end in no answer at all, or in none of Graph's.
TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
LINE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*\Z")
FIELDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("method", "path", "code", "message"), (_is_text, "a text")),
    "status": (lambda value: _is_count(value) and (value == 0 or value in range(200, 600)), "a status from 200 to 599"),
    "times": (lambda value: _is_count(value) and value > 0, "a whole number from 1"),
    "skip": (lambda value: _is_count(value) and value >= 0, "a whole number from 0"),
    "delay": (lambda value: isinstance(value, int | float) and 0 <= value < math.inf, "a number of seconds"),
    "headers": (
        lambda value: isinstance(value, Mapping) and all(_is_header(*header) for header in value.items()),
        "names with texts of one line",
    ),
    "body": (lambda value: value is None or _is_text(value), "a text"),
}


def _spelled_out(kind: str = "", **declaration: Any) -> dict[str, Any]:
    if kind and kind not in KINDS:
        raise ValueError(f"a fault is of the kind {' or '.join(map(repr, KINDS))}, not {kind!r}")
    return {**KINDS.get(kind, {}), **declaration}
