"""What the processes of one command of the engine use, from /proc while they run.

The engine kills its host, so nothing can be asked at the end: the last look counts, 20 ms before it at most.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 0.02  # seconds
TICK = os.sysconf("SC_CLK_TCK")

# What is in a command line, and what runs there. Everything else is the engine and its language host.
ROLES = {"pulumi.dynamic": "host", "pulumi-language-python-exec": "program"}


@dataclass
class Usage:
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    """CPU seconds by role."""
    peak: float = 0.0
    """MiB that the host had at its peak."""


def watched(process: subprocess.Popen[str]) -> Usage:
    """Wait until it has ended."""
    start, usage = time.perf_counter(), Usage()
    cpu: dict[tuple[int, str], float] = {}
    while process.poll() is None:
        for pid in _tree(process.pid):
            with suppress(OSError, IndexError, ValueError):  # it has ended meanwhile
                role = _role(pid)
                cpu[pid, role] = _cpu(pid)
                usage.peak = max(usage.peak, _peak(pid) if role == "host" else 0)
        time.sleep(EVERY)
    usage.seconds = time.perf_counter() - start
    for (_, role), seconds in cpu.items():
        usage.cpu[role] = usage.cpu.get(role, 0) + seconds
    return usage


def _tree(pid: int) -> list[int]:
    """The process and everything that it has started, through any of its threads."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                found += _tree(int(child))
    return found


def _role(pid: int) -> str:
    line = Path(f"/proc/{pid}/cmdline").read_text()
    return next((role for mark, role in ROLES.items() if mark in line), "engine")


def _cpu(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICK


def _peak(pid: int) -> float:
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
