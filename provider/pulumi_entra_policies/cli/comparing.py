"""`entra-policies compare`: what differs between two stacks or tenants, for a person, a pull request or a program."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..commands.comparing import RESULTS
from ..commands.differing import MASK
from ..definitions.values import escaped

if TYPE_CHECKING:
    from ..commands.comparing import Comparison, Entry

Word = Callable[[str], str]
"""What becomes of a text that anybody may have written."""

SIDES = """\
Each of A and B is one of

  NAME          a stack of the Pulumi project here: what its state says that it manages
  file:PATH     a state, as `pulumi stack export --file PATH` writes it
  tenant:NAME   the tenant of that stack, as it is now: all that is in it; signed in as the stack is
  tenant:       a tenant, as it is now; --config-a or --config-b and the environment say how to sign in

The exit code is 0 if nothing differs, 1 if something does or could not be compared, and 2 if there was trouble.
"""
SHOWN = 5  # of those that a note is about; JSON has them all
_RESULTS = {"notCompared": "not compared"}
_ABSENT = {"missing": "missing", "notCompared": "not known"}


def add(commands: Any) -> None:
    compare = commands.add_parser(
        "compare",
        help="show what differs between two stacks or tenants",
        description="Shows what differs between two stacks, states or tenants, by meaning: policy by policy,\n"
        "assignment by assignment, property by property. Changes nothing.",
        epilog=SIDES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compare.add_argument("a", metavar="A", help="such as dev")
    compare.add_argument("b", metavar="B", help="such as prod")
    for letter in "ab":
        compare.add_argument(
            f"--config-{letter}",
            metavar="KEY=VALUE",
            action="append",
            default=[],
            help=f"an option of {letter.upper()}'s configuration, such as tenantId=…; for a tenant; several times",
        )
    compare.add_argument("--all", action="store_true", help="show what is the same as well")
    compare.add_argument(
        "--switches", action="store_true", help="compare protect and force_destroy too, which no tenant knows"
    )
    compare.add_argument("--format", choices=_FORMATS, default="table", help="%(choices)s; default: %(default)s")
    compare.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ..commands import comparing, origins
    from ..commands.origins import Origin

    left = Origin(options.a, options.config_a, "--config-a")
    right = Origin(options.b, options.config_b, "--config-b")
    origins.refuse_senseless(left, right, switches=options.switches)
    sides = left.read(_progress), right.read(_progress)
    found = comparing.compare(*sides, switches=options.switches)
    shown = [entry for entry in found.entries if options.all or entry.result != "same"]
    print(_FORMATS[options.format](found, shown))
    return 0 if found.is_same else 1


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _table(found: Comparison, shown: Sequence[Entry]) -> str:
    from . import tables

    table = [tables.for_terminal(_headings(found), _rows(shown))] if shown else []
    return "\n".join([*table, _summary(found, escaped), *(f"- {note}" for note in _notes(found, escaped))])


def _markdown(found: Comparison, shown: Sequence[Entry]) -> str:
    from . import tables

    table = [tables.as_markdown(_headings(found), _rows(shown)), ""] if shown else []
    notes = [f"- {note}" for note in _notes(found, tables.in_markdown)]
    return "\n".join([*table, _summary(found, tables.in_markdown), *([""] if notes else []), *notes])


def _json(found: Comparison, shown: Sequence[Entry]) -> str:
    from ..commands import report

    return json.dumps(report.document(found, shown), indent=2)


_FORMATS = {"table": _table, "markdown": _markdown, "json": _json}


def _headings(found: Comparison) -> list[str]:
    return ["result", "what", "property", *(side.label for side in found.sides)]


def _rows(shown: Sequence[Entry]) -> list[list[str]]:
    """A row a property; the result, and what has it, in the first one alone."""
    rows = []
    for entry in shown:
        first = [_RESULTS.get(entry.result, entry.result), str(entry)]
        for difference in entry.differences:
            rows.append([*first, difference.property, *map(_value, difference.values)])
            first = ["", ""]
        if not entry.differences:
            rows.append([*first, "", *_presence(entry)])
    return rows


def _presence(entry: Entry) -> list[str]:
    there = [one is not None for one in entry.sides]
    return ["" if all(there) else "there" if is_there else _ABSENT[entry.result] for is_there in there]


def _value(value: Any) -> str:
    return "" if value is None else value if value == MASK else json.dumps(value, ensure_ascii=False)


def _summary(found: Comparison, word: Word) -> str:
    left, right = (word(side.label) for side in found.sides)
    counts = [f"{found.counts[result]} {_RESULTS.get(result, result)}" for result in RESULTS]
    return f"Compared {left} with {right}: {', '.join(counts)}."


def _notes(found: Comparison, word: Word) -> list[str]:
    """What could not be compared, each with what it is about; of many the first ones."""
    about: dict[str, list[str]] = {}
    for entry in found.entries:
        for note in entry.notes:
            about.setdefault(note, []).append(word(str(entry)))
    notes = [f"{'; '.join(_first(whats))}: {word(note)}." for note, whats in about.items()]
    if found.switches:
        notes.append(f"{found.switches} of these differ in switches of their programs: --switches shows them.")
    return notes


def _first(whats: Sequence[str]) -> list[str]:
    more = len(whats) - SHOWN
    return [*whats[:SHOWN], f"and {more} more"] if more > 0 else [*whats]
