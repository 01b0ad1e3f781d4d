"""`entra-policies explain`: which policies take effect for an application, the answer first and below it why."""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..definitions.effect import words
from ..definitions.values import escaped, named, shown

if TYPE_CHECKING:
    from ..commands.explanation import Explanation, KindExplained, Policy

WITHOUT_TERMINAL = (100, 24)
LABEL = 8  # columns
SHOWN = 10  # policies that are not in effect; --json has them all


def add(commands: Any) -> None:
    explain = commands.add_parser(
        "explain",
        help="say which policies take effect for an application, and why",
        description="Says for each kind which policy takes effect for an application: its own, its service "
        "principal's, the organisation's default, or none, by the order that Microsoft documents. Changes nothing.",
    )
    explain.add_argument(
        "application",
        metavar="APPLICATION",
        help="client id, object id of the application or its service principal, unique name or display name",
    )
    explain.add_argument("--stack", metavar="NAME", help="sign in as this stack of the Pulumi project here")
    explain.add_argument(
        "--config",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="an option as in a stack's configuration, such as tenantId=…; can be given several times",
    )
    explain.add_argument("--json", action="store_true", help="print it as JSON")
    explain.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ..commands import explaining, stack

    chosen = stack.configured(options.stack) if options.stack else stack.Stack()
    settings = stack.settings(chosen, options.config)
    tell = functools.partial(print, file=sys.stderr, flush=True)
    return _show(explaining.read(settings, options.application, tell), in_json=options.json)


def _show(found: Explanation, *, in_json: bool) -> int:
    """What was read is printed, and whether that is all is the exit code."""
    from ..commands.explanation import as_json
    from . import TROUBLE

    print(json.dumps(as_json(found), indent=2) if in_json else "\n".join(_lines(found)))
    return 0 if found.is_whole else TROUBLE


def _lines(found: Explanation) -> Iterator[str]:
    yield named(found.display_name, f"client id {found.client_id}")
    yield f"  application       {found.application_id or 'none in this tenant'}"
    yield f"  service principal {found.service_principal_id or 'none in this tenant'}"
    yield f"  tenant            {found.tenant_id}"
    for warning in found.warnings:
        yield from _labelled("BUT", warning.text)
        yield _see(warning.source)
    for kind in found.kinds:
        yield ""
        yield from _wrapped(f"{kind.noun}: {_answer(kind)}", "  ")
        yield from _reasons(kind)


def _answer(kind: KindExplained) -> str:
    if kind.outcome == "unread":
        return "could not be read"
    if kind.outcome == "built-in":
        return "none, so the service's built-in behaviour"
    candidates = [*map(_whose, kind.policies), *(f"{words(place)}, which cannot be seen" for place in kind.unseen)]
    if kind.outcome == "policy":
        return candidates[0]
    return f"cannot be told: {', or '.join(candidates if kind.policies else [*candidates, 'none'])}"


def _reasons(kind: KindExplained) -> Iterator[str]:
    if kind.error:
        yield from textwrap.indent(kind.error, "  ").splitlines()
        return
    for warning in kind.warnings:
        yield from _labelled("BUT", warning.text)
    yield from _does(kind)
    yield from _labelled("why", " ".join(kind.why))
    for policy in kind.policies:
        for note in policy.notes:
            yield from _labelled("note", note)
    for policy in kind.not_in_effect[:SHOWN]:
        yield from _labelled("not", f"{_whose(policy)}: {policy.why}")
    if more := kind.not_in_effect[SHOWN:]:
        yield from _labelled("not", f"and {len(more)} more")
    for said in kind.also:
        yield from _labelled("also", said.text)
    yield from map(_see, _sources(kind))


def _does(kind: KindExplained) -> Iterator[str]:
    """What each policy says; where one says nothing, or there is none, what the service does by itself."""
    for policy in kind.policies:
        whose = f"{shown(policy.display_name)}: " if kind.policies[1:] else ""
        yield from _labelled("sets", f"{whose}{_settings(policy) or 'nothing that counts'}")
    if _needs_built_in(kind):
        yield from _labelled("does", kind.built_in.text if kind.built_in else "Microsoft does not document it.")


def _needs_built_in(kind: KindExplained) -> bool:
    return not kind.policies or not all(map(_settings, kind.policies))


def _settings(policy: Policy) -> str:
    if isinstance(policy.definition, str):
        return shown(policy.definition)
    settings = {key: value for key, value in policy.settings.items() if key != "Version"}
    return ", ".join(f"{escaped(key)} {_value(value)}" for key, value in settings.items())


def _value(value: Any) -> str:
    text = escaped(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 100 else f"{text[:97]}..."


def _whose(policy: Policy) -> str:
    return f"{named(policy.display_name, policy.id)}, {' and '.join(map(words, policy.places))}"


def _sources(kind: KindExplained) -> Sequence[str]:
    built_in = [kind.built_in] if kind.built_in and _needs_built_in(kind) else []
    said = [*kind.warnings, *built_in, *kind.also]
    return list(dict.fromkeys([source for source in (kind.source, *(one.source for one in said)) if source]))


def _see(source: str) -> str:
    return f"  {'see:':<{LABEL - 2}}{source}"


def _labelled(label: str, text: str) -> Iterator[str]:
    return _wrapped(f"  {label + ':':<{LABEL - 2}}{text}", " " * LABEL)


def _wrapped(text: str, indent: str) -> Iterator[str]:
    width = shutil.get_terminal_size(WITHOUT_TERMINAL).columns
    yield from textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
