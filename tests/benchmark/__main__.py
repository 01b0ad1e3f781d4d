"""`make benchmark ARGS="--sizes 3,50 --latencies 0,100"`: measures, prints, and keeps all outside the work tree."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from tests.benchmark import machine, plot, table
from tests.benchmark.cases import OPERATIONS, PROVIDERS, Case, Row, measured
from tests.engine.harness import PROJECT

BRIEF = [Case(3, 0, 100), Case(3, 10_000, 100), Case(50, 0, 100), Case(500, 0, 100)]
"""About ten minutes on two cores."""
FULL = [Case(*each) for each in product((3, 50, 500, 5_000), (0, 10_000), (0, 30, 100))]
CACHE = Path(os.environ.get("PULUMI_ENTRA_POLICIES_CACHE", tempfile.gettempdir()))


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    kept: Any = json.loads(options.rows.read_text()) if options.keep else {"machine": machine.described(), "rows": []}
    facts, rows = kept["machine"], kept["rows"]
    options.rows.parent.mkdir(parents=True, exist_ok=True)
    print(table.table([]))
    for row in _measured(options):
        rows.append(row)
        options.rows.write_text(json.dumps(kept, indent=1))
        print(table.table(rows).splitlines()[-1], flush=True)
    if options.docs:
        (options.docs / "benchmark.md").write_text(table.page(facts, rows))
        (options.docs / "benchmark.svg").write_text(plot.drawn(rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, metavar="N,…", help="resources of a stack (3)")
    parser.add_argument("--tenants", type=_numbers, metavar="N,…", help="policies in the tenant besides (0)")
    parser.add_argument("--latencies", type=_numbers, metavar="MS,…", help="milliseconds of each request (100)")
    parser.add_argument(
        "--providers", type=_names(PROVIDERS), default=PROVIDERS, metavar="NAME,…", help="of idle, bare, ours (all)"
    )
    parser.add_argument(
        "--operations",
        type=_names([one.name for one in OPERATIONS]),
        default=(),
        metavar="NAME,…",
        help="such as up,refresh (all)",
    )
    parser.add_argument("--full", action="store_true", help="every size, tenant and latency: hours")
    parser.add_argument(
        "--docs", nargs="?", type=Path, const=PROJECT / "docs", metavar="FOLDER", help="write table and plot"
    )
    parser.add_argument(
        "--rows", type=Path, default=CACHE / "benchmark.json", help="where the figures are kept (%(default)s)"
    )
    parser.add_argument("--keep", action="store_true", help="add to the rows of earlier runs; alone: measure nothing")
    return parser


def _measured(options: argparse.Namespace) -> Iterator[Row]:
    operations = [one for one in OPERATIONS if not options.operations or one.name in options.operations]
    for case in _cases(options):
        yield from measured(case, options.providers, operations)


def _cases(options: argparse.Namespace) -> list[Case]:
    if options.full:
        return FULL
    chosen = (options.sizes, options.tenants, options.latencies)
    if not any(chosen):
        return [] if options.keep else BRIEF
    return [
        Case(*each) for each in product(*(given or [usual] for given, usual in zip(chosen, (3, 0, 100), strict=True)))
    ]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _names(known: Sequence[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        unknown = set(text.split(",")) - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not of {', '.join(known)}")
        return text.split(",")

    return names


if __name__ == "__main__":
    main()
