"""Which of an application's policies takes effect: the documented order of the kind, applied to what was found.

Where Microsoft does not say, or where the policy that would say cannot be seen, nothing is guessed: the candidates are
named, and why nobody here can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from ..definitions import Kind, codec
from ..definitions.effect import NOUNS, ORGANIZATION, Said, words
from ..lifecycle.holdings import Holding
from ..lifecycle.refusals import a

Outcome = Literal["policy", "built-in", "undetermined"]


@dataclass(frozen=True)
class Beaten:
    """A policy that does not take effect, and why not."""

    holding: Holding
    why: str


@dataclass(frozen=True)
class Verdict:
    """`candidates`: the one that takes effect; if that cannot be told, those that may. `unseen` are places that may
    have another, of which nothing can be read here."""

    outcome: Outcome
    why: Sequence[str]
    candidates: Sequence[Holding] = ()
    beaten: Sequence[Beaten] = ()
    unseen: Sequence[str] = ()


def judged(kind: Kind, holdings: Sequence[Holding], client_id: str, unseen: Collection[str] = ()) -> Verdict:
    """What takes effect for the application of that client id. `unseen`: places that cannot be looked at."""
    deaf = {id(held): why for held in holdings if (why := _unheeded(kind, held, client_id))}
    heeded = [held for held in holdings if id(held) not in deaf]
    candidates, hidden = _first(kind, heeded, [place for place in kind.places if place in unseen])
    ids = {held.policy.id for held in candidates}
    lost = [Beaten(held, _why_beaten(kind, held, candidates)) for held in heeded if held.policy.id not in ids]
    beaten = [*lost, *(Beaten(held, deaf[id(held)]) for held in holdings if id(held) in deaf)]
    if len(ids) > 1 or hidden:
        return Verdict("undetermined", _why_open(kind, candidates, hidden), candidates, beaten, hidden)
    if ids:
        return Verdict("policy", _why_first(kind, candidates), candidates, beaten)
    return Verdict("built-in", [f"There is none that counts as {_either(kind.places)}."], (), beaten)


def _unheeded(kind: Kind, held: Holding, client_id: str) -> str:
    """Why a policy counts for nothing from where it is, if so."""
    if held.place == ORGANIZATION and not kind.has_default:
        return f"of {a(kind.noun)}, the service ignores isOrganizationDefault"
    if held.place not in kind.places:
        return f"{a(kind.noun)} counts for nothing on {a(NOUNS[held.place])}"
    bag = codec.from_graph(kind, held.policy.definition)
    says_nothing = codec.UNREADABLE not in bag and kind.effect.share(bag, client_id) is None
    return "its definition has nothing for this application" if says_nothing else ""


def _first(kind: Kind, heeded: Sequence[Holding], unseen: Sequence[str]) -> tuple[list[Holding], list[str]]:
    """The policies, and the unseen places, of which nothing documented comes first."""
    order = kind.effect.order
    candidates = [held for held in heeded if held.place not in order]
    hidden = [place for place in unseen if place not in order]
    for place in order:
        there = [held for held in heeded if held.place == place]
        candidates += there
        hidden += [place] if place in unseen else []
        if there:
            break
    return candidates, hidden


def _why_first(kind: Kind, candidates: Sequence[Holding]) -> list[str]:
    order, places = kind.effect.order, [held.place for held in candidates]
    if places[0] in order:
        ranks = ", then ".join(map(words, order))
        return [f"Microsoft's order: {ranks}." if order[1:] else f"Only {ranks} counts."]
    if places[1:]:
        return [f"It is both {' and '.join(map(words, places))}."]
    return ["It is the only one.", kind.effect.gap]


def _why_open(kind: Kind, candidates: Sequence[Holding], unseen: Sequence[str]) -> list[str]:
    places = Counter(place for place, _ in {(held.place, held.policy.id) for held in candidates})
    several = [place for place, number in places.items() if number > 1]
    ranks = {*places, *unseen}
    return [
        *(f"Microsoft does not document which of several counts that are {words(place)}." for place in several),
        *([kind.effect.gap] if ranks.difference(kind.effect.order) and len(ranks) > 1 else []),
        *(f"Whether there is {words(place)} cannot be seen from this tenant." for place in unseen),
    ]


def _why_beaten(kind: Kind, held: Holding, candidates: Sequence[Holding]) -> str:
    """By whom; and what of it counts all the same."""
    first = next(words(one.place) for one in candidates if one.place in kind.effect.order)
    bag = codec.from_graph(kind, held.policy.definition) if held.place == ORGANIZATION else {}
    kept = [field.graph for field in kind.fields if field.wire in bag and field.wire in kind.effect.tenant_wide]
    exception = f", but for its {' and '.join(kept)}, decided for the whole tenant" if kept else ""
    return f"{first} comes first{exception}"


def crowds(kind: Kind, holdings: Sequence[Holding]) -> list[Said]:
    """Places that have several policies, where Graph allows one."""
    places = Counter(place for place, _ in {(held.place, held.policy.id) for held in holdings})
    return [
        Said(f"{places[place]} of the kind are {words(place)}, and Graph allows one.", kind.reference)
        for place in kind.places
        if places[place] > 1
    ]


def _either(places: Sequence[str]) -> str:
    *others, last = map(words, places)
    return f"{', '.join(others)} or {last}" if others else last
