"""Which policies of a kind reach an application, and from where: what its halves have, and what is the default.

Read from the listing of the kind's policies with who has them, which takes permissions to read alone. Whoever may not
read that, but may assign, is told of each half what it has.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..definitions import Kind
from ..definitions.effect import ORGANIZATION
from ..definitions.targets import Slot
from ..graph import policies, references
from ..graph.policies import Listed, Policy
from .application import Application
from .inventory import refuse_blind
from .run import Run


@dataclass(frozen=True)
class Holding:
    """A policy, and its place: the collection of the half that has it, or ORGANIZATION."""

    place: str
    policy: Policy


async def of_kind(run: Run, kind: Kind, application: Application) -> list[Holding]:
    """All of them, by name and id. Raises Forbidden and other errors of Graph: what could not be read is no answer.

    One request for each page of policies, and one for each policy of twenty objects or more that does not show the
    halves among them; else one for the policies and one for each half.
    """
    with_users = bool(kind.targets) and run.connection.may_read_users
    if kind.targets and not references.ASSIGNS.intersection(run.connection.permissions or ()):
        refuse_blind(run)
    listed = await _every(run, kind, with_users)
    found = [Holding(ORGANIZATION, one.policy) for one in listed if one.policy.is_organization_default]
    for target, half in application.halves.items():
        if with_users:
            found += [Holding(target.collection, one.policy) for one in listed if await _has(run, kind, one, half.id)]
        elif target.collection in kind.targets:
            slot = Slot(target, half.id, kind.collection)
            assigned = await references.assigned(run.connection, kind, slot)
            found += [Holding(target.collection, policy) for policy in assigned.policies]
    return sorted(found, key=lambda one: (one.policy.display_name, one.policy.id))


async def _every(run: Run, kind: Kind, with_users: bool) -> list[Listed]:
    found: dict[str, Listed] = {}
    address: str | None = None
    while True:
        page = await policies.page(run.connection, kind, address, with_users=with_users)
        found.update({one.policy.id: one for one in page.listed})
        address = page.next
        if address is None:
            return list(found.values())


async def _has(run: Run, kind: Kind, listed: Listed, object_id: str) -> bool:
    if object_id in listed.users or listed.shows_all_users:
        return object_id in listed.users
    users = await run.once(listed.policy.id, lambda: policies.users(run.connection, kind, listed.policy.id))
    return object_id in [user.id for user in users]
