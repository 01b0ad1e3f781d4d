"""What is imported and what it is called: resources and variables, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..definitions.targets import CLIENT_ID, OBJECT_ID, WAYS, Slot, Way
from ..graph.errors import EntraError
from ..graph.policies import User
from ..lifecycle import assignment
from ..lifecycle.inventory import Found
from ..lifecycle.outcomes import Live
from . import naming
from .oddities import Oddities
from .stack import Stack
from .state import ASSIGNMENT


@dataclass(frozen=True)
class Assignment:
    """An assignment, the name of its resource, and the object that has the policy."""

    name: str
    live: Live
    user: User


@dataclass(frozen=True)
class Policy:
    """A policy, the name of its resource, what is odd about it, and its assignments.

    `is_declared` unless the stack has it already.
    """

    name: str
    found: Found
    is_declared: bool
    notes: Sequence[str]
    assignments: Sequence[Assignment]

    @property
    def variable(self) -> str:
        return self.name.replace("-", "_")


def drawn(
    tenant_id: str, everything: Sequence[Found], chosen: Sequence[Found], stack: Stack, *, by_client_id: bool
) -> list[Policy]:
    """What the stack does not have of what is chosen; `everything` is what the tenant has besides."""
    odd = Oddities(everything)
    names = naming.unique([_names(one) for one in chosen], stack.names)
    there = [
        (one, name, user, assigned(tenant_id, one, user, by_client_id=by_client_id))
        for one, name in zip(chosen, names, strict=True)
        for user in one.users
        if not odd.obstacle(one, user)
    ]
    new = [(one, name, user, live) for one, name, user, live in there if not stack.has(ASSIGNMENT, live.id)]
    ends = naming.unique([_ends(name, user) for _, name, user, _ in new], stack.names)
    assignments: dict[str, list[Assignment]] = {one.policy.id: [] for one in chosen}
    for end, (one, _, user, live) in zip(ends, new, strict=True):
        assignments[one.policy.id].append(Assignment(end, live, user))
    return [
        Policy(name, one, not stack.has(one.kind.name, one.policy.id), odd.notes(one), assignments[one.policy.id])
        for one, name in zip(chosen, names, strict=True)
    ]


def assigned(tenant_id: str, found: Found, user: User, *, by_client_id: bool) -> Live:
    """An assignment as a create or a read would have put it into the state."""
    key = CLIENT_ID if by_client_id else OBJECT_ID
    way = next(way for way in WAYS if way.target == user.target and way.key == key)
    slot = Slot(way.target, user.id, found.kind.collection)
    return assignment.live(found.kind, slot, found.policy.id, tenant_id, {way.argument: _value(way, user)})


def _value(way: Way, user: User) -> str:
    if not way.is_looked_up:
        return user.id
    if user.client_id is None:
        raise EntraError(f"cannot name {user} by its client id", "Graph does not say it", "leave out --by-client-id")
    return user.client_id


def _names(found: Found) -> list[str]:
    kind = naming.slug(found.kind.noun.removesuffix(" policy"), "")
    base = naming.of_policy(found.name, f"{kind}-policy")
    return [base, f"{base}-{kind}", *_with_id(base, found.policy.id)]


def _ends(policy: str, user: User) -> list[str]:
    base = f"{policy}-{naming.slug(user.name, user.id)}"
    return [base, f"{base}-{naming.slug(user.noun, '')}", *_with_id(base, user.id)]


def _with_id(base: str, id_: str) -> list[str]:
    return [f"{base}-{id_.partition('-')[0]}", f"{base}-{id_}"]
