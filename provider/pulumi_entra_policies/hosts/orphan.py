"""An engine that is killed leaves its hosts running, which would go on writing for a state that nobody keeps."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence

from .engine import address

EVERY = 1.0  # seconds


def end_with_engine(arguments: Sequence[str], end: Callable[[], object] = lambda: os._exit(1)) -> bool:
    """Whether the engine is watched from now on: it gives its host its own address as the last argument."""
    place = address(arguments)
    if place is None:
        return False
    threading.Thread(target=_watch, args=(place, end), name="engine", daemon=True).start()
    return True


def _watch(address: tuple[str, int], end: Callable[[], object]) -> None:
    while _listens(address):
        time.sleep(EVERY)
    end()


def _listens(address: tuple[str, int]) -> bool:
    """Only a refusal is a proof."""
    try:
        socket.create_connection(address, timeout=EVERY).close()
    except ConnectionRefusedError:
        return False
    except OSError:
        return True
    return True
