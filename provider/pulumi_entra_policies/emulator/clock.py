"""The emulator's time, which a test can let pass without waiting."""

import threading
import time
from datetime import datetime, timezone

# Dates end with the year 9999, and what is made at a date is valid for some years.
LAST = datetime(9900, 1, 1, tzinfo=timezone.utc).timestamp()


class Clock:
    """Stands still between calls of `advance`, unless it is `running` with the machine's."""

    def __init__(self, *, running: bool = False) -> None:
        self._running = running
        self._lock = threading.Lock()
        self._advanced = 0.0
        self._began = time.time() - self.now()

    def now(self) -> float:
        return self._advanced + (time.monotonic() if self._running else 0.0)

    def date(self) -> datetime:
        """The date of an answer given now: the machine's, as far as nobody has let time pass."""
        return datetime.fromtimestamp(self._began + self.now(), timezone.utc)

    def advance(self, seconds: float) -> None:
        if not 0 <= seconds < LAST - self._began - self.now():
            raise ValueError(f"time goes forward, and not for ever: not by {seconds} seconds")
        with self._lock:
            self._advanced += seconds
