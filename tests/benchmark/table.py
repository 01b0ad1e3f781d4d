"""The measured rows as a Markdown page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]

PROVIDERS = {"idle": "does nothing", "bare": "bare httpx", "ours": "this package"}

# In the order of the table; a row and its two yardsticks become one cell.
COLUMNS: Mapping[str, Callable[[Row, Row | None, Row | None], str]] = {
    "resources": lambda row, idle, bare: f"{row['size']:,}",
    "others in the tenant": lambda row, idle, bare: f"{row['tenant']:,}",
    "ms a request": lambda row, idle, bare: str(row["latency"]),
    "operation": lambda row, idle, bare: str(row["operation"]),
    "provider": lambda row, idle, bare: PROVIDERS[row["provider"]],
    "requests": lambda row, idle, bare: f"{row['requests']:,}",
    "seconds": lambda row, idle, bare: f"{row['seconds']:.2f}",
    "to nothing": lambda row, idle, bare: _ratio(row, idle),
    "to bare": lambda row, idle, bare: _ratio(row, bare),
    "CPU s host": lambda row, idle, bare: _cpu(row, "host"),
    "CPU s program": lambda row, idle, bare: _cpu(row, "program"),
    "MiB host": lambda row, idle, bare: f"{row['peak']:.0f}",
}

HEAD = """# What many resources cost

Measured by `make benchmark ARGS=--docs`, with the real engine, on the emulator in a process of its own: this package
beside a dynamic provider that does nothing and one that sends the same requests with bare httpx, in turn in one run.

One resource in five is a policy, the others are assignments. A stack of more than 1,000 resources has its state
imported. Seconds are those of one whole command with a local file backend, and the memory is the host's at its peak;
"to nothing" and "to bare" are the ratios of the seconds to the other two providers'. CPU seconds are sampled.

![Seconds of each operation](benchmark.svg)
"""


def page(machine: Mapping[str, str], rows: list[Row]) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    return f"{HEAD}\n{facts}\n\n{table(rows)}\n"


def table(rows: list[Row]) -> str:
    lines = [_line(list(COLUMNS)), _line(["---"] * len(COLUMNS))]
    for row in rows:
        idle, bare = (_beside(row, rows, provider) for provider in ("idle", "bare"))
        lines.append(_line([cell(row, idle, bare) for cell in COLUMNS.values()]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _beside(row: Row, rows: list[Row], provider: str) -> Row | None:
    """The same operation of the same case by another provider."""
    same = ("size", "tenant", "latency", "operation")
    found = (other for other in rows if all(other[name] == row[name] for name in same))
    return next((other for other in found if other["provider"] == provider), None)


def _ratio(row: Row, to: Row | None) -> str:
    return f"{row['seconds'] / to['seconds']:.2f}" if to else ""


def _cpu(row: Row, role: str) -> str:
    return f"{row['cpu'][role]:.2f}" if role in row["cpu"] else ""
