"""What a policy kind is: everything particular to it, said as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .effect import ORGANIZATION, UNKNOWN, Effect
from .fields import Shape
from .values import Problem

Doubts = Callable[[Mapping[str, Any], Any], Iterable[Problem]]


def no_doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterable[Problem]:
    """For a kind whose properties can be judged one by one."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind(Shape):
    """One of Graph's sts policies, and the shape of its definition.

    `name` is Graph's type and the definition's root key, `collection` its plural path, `noun` the word in messages,
    `reference` Microsoft's page about the definition. `targets` are the collections whose objects it can be assigned
    to. `has_default` says whether the service heeds isOrganizationDefault. `doubts` finds what the service takes, but
    ignores or does otherwise than one might think; it gets the definition and isOrganizationDefault, which may not be
    known yet. `assignment_doubt` is what is wrong with assigning one to an application that neither accepts mapped
    claims nor has a signing key of its own. `effect` is which policy of the kind counts for an application, and why.
    """

    collection: str
    noun: str
    reference: str
    targets: tuple[str, ...]
    has_default: bool = False
    doubts: Doubts = no_doubts
    assignment_doubt: str = ""
    effect: Effect = UNKNOWN

    @property
    def places(self) -> tuple[str, ...]:
        """Where a policy that counts may come from."""
        return (*self.targets, ORGANIZATION) if self.has_default else self.targets
