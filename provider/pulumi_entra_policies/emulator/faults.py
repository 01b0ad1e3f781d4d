"""What the emulator is told to do wrong: a queue of declared faults, each used up after so many requests.

Nothing is left to chance: the first declared fault that fits a request is the one that it meets.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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


@dataclass
class Fault:
    method: str = ""
    """Any method if empty."""
    path: str = ""
    """A regular expression, searched for in the path without its query."""
    status: int = 503
    times: int = 1
    when: Literal["before", "after"] = "before"
    """after: the operation is really done, and this is answered all the same."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    """The raw body instead of an error envelope."""
    code: str = ""
    message: str = ""
    drop: bool = False
    """Close the connection without an answer."""

    def __post_init__(self) -> None:
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault happens 'before' or 'after', not {self.when!r}")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"the path of a fault is a regular expression, {self.path!r} is none: {error}") from None
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
            fault.times -= 1
            if fault.times <= 0:
                self._declared.remove(fault)
            return fault

    def clear(self) -> None:
        with self._lock:
            self._declared.clear()


def _fault(declaration: object) -> Fault:
    if not isinstance(declaration, dict):
        raise ValueError('a fault is an object such as {"method": "POST", "path": "policies", "status": 503}')
    for name in ("status", "times"):
        if not isinstance(declaration.get(name, 1), int):
            raise ValueError(f"{name} of a fault is a whole number, not {declaration[name]!r}")
    try:
        return Fault(**declaration)
    except TypeError as error:
        raise ValueError(f"not a fault: {error}") from None
