"""A policy as an explanation shows it: in Graph's spelling, with what of it counts, and what the service ignores."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..definitions import Kind, codec
from ..definitions.paths import in_graph
from ..graph import policies as graph
from ..lifecycle.holdings import Holding
from .explanation import Policy

_DEFAULT = "isOrganizationDefault"


def each_once(kind: Kind, client_id: str, candidates: Sequence[Holding]) -> list[Policy]:
    """Each policy once, with all its places."""
    by_id: dict[str, list[Holding]] = {}
    for held in candidates:
        by_id.setdefault(held.policy.id, []).append(held)
    return [said(kind, client_id, held) for held in by_id.values()]


def said(kind: Kind, client_id: str, held: Sequence[Holding], why: str = "") -> Policy:
    """A policy with all its places; one that does not take effect with `why` not."""
    policy = held[0].policy
    bag = codec.from_graph(kind, policy.definition)
    readable = codec.UNREADABLE not in bag
    counts = kind.effect.share(bag, client_id) if readable else None
    return Policy(
        policy.id,
        policy.display_name,
        [one.place for one in held],
        _in_graph(kind, bag) if readable else policy.definition,
        _in_graph(kind, counts or {}),
        why,
        list(_notes(kind, policy, bag)) if not why else [],
    )


def _in_graph(kind: Kind, bag: Mapping[str, Any]) -> Any:
    return json.loads(codec.to_graph(kind, bag))[kind.name]


def _notes(kind: Kind, policy: graph.Policy, bag: Mapping[str, Any]) -> Iterator[str]:
    """What of it the service ignores, or does otherwise than one might think."""
    if codec.UNREADABLE in bag:
        yield "Its definition has no reading here: what the service makes of it, nobody here can tell."
        return
    for problem in codec.warnings(kind, bag, policy.is_organization_default):
        if problem.path != _DEFAULT:  # which the order says
            yield f"{in_graph(kind, problem.path)} {problem.reason}."
    for path in codec.unknown_keys(kind, dict(bag)):
        yield f"{in_graph(kind, path)} is not known here: whether the service heeds it, nobody here can tell."
