"""What a tenant has: every policy of some kinds, and who has it, in as few requests as Graph allows.

One request for a hundred policies with their users, and one for each policy with twenty users or more: that is as many
as Graph lists at once, and it does not say that there are others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..definitions import Kind
from ..definitions.targets import WAYS
from ..graph import policies, targets
from ..graph.errors import Forbidden, NotFound
from ..graph.policies import Listed, User
from .outcomes import Live
from .policy import live
from .run import Run


@dataclass(frozen=True)
class Found:
    """A policy of the tenant as a resource, and the objects that have it."""

    kind: Kind
    policy: Live
    users: Sequence[User] = ()

    @property
    def name(self) -> str:
        return str(self.policy.inputs["displayName"])


async def every(run: Run, kinds: Sequence[Kind], tell: Callable[[str], None]) -> list[Found]:
    """All policies of these kinds, by kind, name and id. Progress is told, a line a page.

    Raises Forbidden, naming the permission, if not all of it may be read.
    """
    await run.connection.tenant_id()
    if any(kind.targets for kind in kinds):
        refuse_blind(run)
    found = [one for kind in kinds for one in await _of_kind(run, kind, tell)]
    order = {kind.name: place for place, kind in enumerate(kinds)}
    return sorted(found, key=lambda one: (order[one.kind.name], one.name, one.policy.id))


def refuse_blind(run: Run) -> None:
    """Raises Forbidden without the permission to read who has a policy: Graph may then answer as if nobody had any."""
    if not run.connection.may_read_users:
        raise Forbidden(
            policies.to_read_users("every policy"),
            "the token that was sent does not permit it, and Graph would then answer as if nobody used them",
            f"grant the application that signs in the Microsoft Graph permission {policies.READ_USERS}, "
            "with admin consent",
        )


async def _of_kind(run: Run, kind: Kind, tell: Callable[[str], None]) -> list[Found]:
    tenant_id, found, address = await run.connection.tenant_id(), dict[str, Found](), None
    while True:
        page = await policies.page(
            run.connection, kind, address, with_users=bool(kind.targets), described=bool(kind.targets)
        )
        for listed in page.listed:
            policy = live(kind, listed.policy, tenant_id, {})
            found[policy.id] = Found(kind, policy, await _users(run, kind, listed))
        address = page.next
        tell(f"{kind.name}: {len(found)} read{', and there are more' if address else ''}")
        if address is None:
            return list(found.values())


async def _users(run: Run, kind: Kind, listed: Listed) -> Sequence[User]:
    """Everybody who has the policy: what the listing shows, if it shows all, and what each of them is."""
    users: Sequence[User] = listed.described
    if kind.targets and not (listed.shows_all_users and all(user.target for user in users)):
        users = await policies.users(run.connection, kind, listed.policy.id, described=True)
    return sorted(users, key=lambda user: (user.noun, user.name, user.id))


async def is_target(run: Run, id_: str) -> bool:
    """Whether an object id or client id is that of an application or service principal. At most four reads."""
    for way in [way for way in WAYS if way.key.is_guid]:
        try:
            await targets.look_up(run.connection, way, id_)
        except NotFound:
            continue
        return True
    return False
