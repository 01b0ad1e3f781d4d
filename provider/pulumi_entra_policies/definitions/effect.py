"""Which policy of a kind takes effect for an application, as Microsoft documents it: data, each with its page.

What the pages do not say stays unsaid here, so whoever asks hears that it is not documented, and no guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .targets import TARGETS

ORGANIZATION = "organization"
"""Where a policy may come from, beside the collections of targets: it is the organisation's default."""

NOUNS = {target.collection: target.noun for target in TARGETS}

Share = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]


def whole(bag: Mapping[str, Any], client_id: str) -> Mapping[str, Any] | None:
    """For a kind of which everything counts, for every application."""
    return bag


@dataclass(frozen=True)
class Said:
    """What a page of Microsoft's says."""

    text: str
    source: str


@dataclass(frozen=True)
class Excepted(Said):
    """Applications that a kind does not reach: those of which a property, in Graph's spelling, is one of the values."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """Which policy of a kind counts, and what else decides.

    `order` are the places that a policy may come from, the first that has one wins; `source` is the page that says so.
    A place that is not in it has no documented rank, and `gap` says that in a sentence. `built_in` is what the service
    does without a policy. `also` is what else decides. `tenant_wide` are properties, in the wire's spelling, that the
    organisation's default decides even where another policy comes first. `excepted` are applications that no policy of
    the kind reaches. `share` is the part of a definition that counts for the application of a client id, None if it
    has nothing for that one.
    """

    order: tuple[str, ...] = ()
    source: str = ""
    gap: str = ""
    built_in: Said | None = None
    also: tuple[Said, ...] = ()
    tenant_wide: tuple[str, ...] = ()
    excepted: tuple[Excepted, ...] = ()
    share: Share = whole


def words(place: str) -> str:
    """A place as whose policy it is."""
    return "the organisation's default" if place == ORGANIZATION else f"the {NOUNS[place]}'s own"


UNKNOWN = Effect(gap="It is not known here which policy of this kind comes first.")
"""Of a kind that does not say."""
