"""Throttling as "Microsoft Graph service-specific throttling limits" has it for identity and access.

A request costs resource units, a tenant has so many in ten seconds, and there is a limit of writes besides. The page
calls it a token bucket: what is spent comes back evenly, and a refused request spends nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from . import refusals
from .clock import Clock

LIMIT = "x-ms-throttle-limit-percentage"
TELLING = 0.8  # of a limit; the page shows this header beyond it alone
BATCH = "/$batch"  # "Requests in a batch are evaluated individually": it costs nothing itself
BASE_COSTS = {("GET", "/applications"): 2}


@dataclass(frozen=True)
class Throttle:
    """The defaults are those of a large tenant; a small one has 3,500 units, a medium one 5,000."""

    units: float = 8000
    window: float = 10
    writes: float = 3000
    write_window: float = 150
    retry_after: int | str = "computed"
    """In the answer's header: whole seconds until it fits, always the same number of them, or "absent"."""

    def __post_init__(self) -> None:
        if min(self.units, self.writes) < 1 or min(self.window, self.write_window) <= 0:
            raise ValueError(f"a throttle lets a request through now and then, {self} does not")
        if not isinstance(self.retry_after, int) and self.retry_after not in ("computed", "absent"):
            raise ValueError(f'retry_after is a whole number, "computed" or "absent", not {self.retry_after!r}')


class Meter:
    """What has been spent, for one tenant."""

    def __init__(self, throttle: Throttle, clock: Clock) -> None:
        self._throttle = throttle
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        now = self._clock.now()
        self._units = Bucket(self._throttle.units, self._throttle.window, now)
        self._writes = Bucket(self._throttle.writes, self._throttle.write_window, now)

    def spend(self, method: str, path: str, options: Mapping[str, str]) -> dict[str, str]:
        """What the answer's headers say of it."""
        if path.lower() == BATCH:
            return {}
        units = cost(method, path, options)
        charges = [(self._units, units)]
        if method != "GET":
            charges.append((self._writes, 1))
        now = self._clock.now()
        wait, scarce = max(((bucket.wait(units, now), bucket) for bucket, units in charges), key=itemgetter(0))
        if wait > 0:
            raise refusals.throttled(self._retry_after(wait), writes=scarce is self._writes)
        used = max(bucket.take(units) for bucket, units in charges)
        return {"x-ms-resource-unit": str(units)} | ({LIMIT: f"{used:.2f}"} if used > TELLING else {})

    def _retry_after(self, wait: float) -> int | None:
        declared = self._throttle.retry_after
        if isinstance(declared, int):
            return declared
        return math.ceil(wait) if declared == "computed" else None


class Bucket:
    def __init__(self, size: float, window: float, now: float) -> None:
        self._size = size
        self._rate = size / window
        self._level = size
        self._seen = now

    def wait(self, units: float, now: float) -> float:
        """How long until there are so many, in seconds. A full bucket is enough for anything."""
        self._level = min(self._size, self._level + (now - self._seen) * self._rate)
        self._seen = now
        return max(0.0, (min(units, self._size) - self._level) / self._rate)

    def take(self, units: float) -> float:
        """How much of the limit is used then, 1 for all of it."""
        self._level -= units
        return 1 - self._level / self._size


def cost(method: str, path: str, options: Mapping[str, str]) -> int:
    if method != "GET":
        return 1
    base = BASE_COSTS.get((method, path.lower().rstrip("/")), 1)
    few = options.get("$top", "").isdigit() and int(options["$top"]) < 20
    return max(1, base - ("$select" in options) + ("$expand" in options) - few)
