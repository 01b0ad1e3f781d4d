"""The plain values that the lifecycle hands to a host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..definitions.values import Problem
from ..graph.errors import EntraError

Bag = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """Inputs in their normal form, or everything that is wrong with them."""

    inputs: Bag
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class Plan:
    """Whether old and new differ in meaning, and which properties force a replacement.

    `delete_first` says that a replacement, should the user ask for one, cannot stand beside what it replaces.
    """

    changed: bool
    replaces: Sequence[str] = ()
    delete_first: bool = False


@dataclass(frozen=True)
class Live:
    """A resource as it is in the tenant: what the program would have to say to get it, and what else is known of it."""

    id: str
    inputs: Bag
    computed: Bag = field(default_factory=dict)

    @property
    def outputs(self) -> Bag:
        return {**self.inputs, **self.computed}


class PolicyConflict(EntraError):
    """Raised when an assignment's slot holds another policy. The tenant is as it was."""


class StillUsed(EntraError):
    """Raised when a policy to delete is assigned to objects that would silently lose it. Nothing was changed."""


class AlreadyThere(EntraError):
    """Raised when a policy of the same name is there already. Nothing was sent."""


class DefaultTaken(EntraError):
    """Raised when another policy is the organisation's default of this kind. The tenant is as it was."""


class SlotShared(EntraError):
    """Raised when two resources of one program manage the same slot. The tenant is as it was."""


class SwapFailed(EntraError):
    """Raised when a slot's policy could not be exchanged; says which policy the target has now."""


class Missing(EntraError):
    """Raised when `get` or a lookup names what is not in the tenant."""


class Ambiguous(EntraError):
    """Raised when a lookup by name finds several policies."""
