"""References, Graph's `$ref`: which policy an application or service principal carries.

Source: https://learn.microsoft.com/graph/api/application-post-tokenissuancepolicies
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from kiota_abstractions.method import Method
from msgraph.generated.models.reference_create import ReferenceCreate

from ..definitions import Kind
from ..definitions.targets import Slot
from . import policies
from .connection import Connection
from .errors import Doing
from .policies import Listed, Policy, from_page
from .received import PolicyPage

# Graph wants write permission on the object even to list what is assigned to it.
ASSIGN = (
    "Application.ReadWrite.OwnedBy (if the application owns the target) or Application.ReadWrite.All, "
    "and Policy.Read.All"
)
ASSIGNS = frozenset({"Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"})
"""Any of these is enough to assign, each for its targets."""


@dataclass(frozen=True)
class Assigned:
    """The policies that a slot has, and when Graph said so."""

    policies: list[Policy]
    at: datetime

    @property
    def ids(self) -> list[str]:
        return [policy.id for policy in self.policies]


async def add(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> datetime:
    """Assign; the date of Graph's answer. Raises SlotTaken, AlreadyAssigned, NotFound."""
    doing = Doing(f"assign {kind.noun} {policy_id} to {slot.carrier}", ASSIGN)
    body = ReferenceCreate(odata_id=f"{connection.version_url}/policies/{slot.collection}/{policy_id}")
    return await connection.send(doing, Method.POST, f"/{slot}/$ref", body)


async def assigned(connection: Connection, kind: Kind, slot: Slot) -> Assigned:
    """The policies of this kind that the target carries. Raises NotFound if there is no such target.

    Who may only read is told by the policies, a request for a hundred: there, a target that is gone carries none.
    """
    if connection.may_read_users and not _may_list(connection):
        return await _told_by_policies(connection, kind, slot.object_id)
    doing = Doing(f"read what {kind.noun} is assigned to {slot.carrier}", ASSIGN)
    page, at = await connection.fetch(doing, Method.GET, f"/{slot}", PolicyPage)
    return Assigned(from_page(doing, page, at), at)


def _may_list(connection: Connection) -> bool:
    return connection.permissions is None or bool(ASSIGNS.intersection(connection.permissions))


async def _told_by_policies(connection: Connection, kind: Kind, object_id: str) -> Assigned:
    found, address = [], None
    while True:
        page = await policies.page(connection, kind, address, with_users=True)
        found += [listed.policy for listed in page.listed if await _is_used_by(connection, kind, listed, object_id)]
        address = page.next
        if address is None:
            return Assigned(found, datetime.now(timezone.utc))


async def _is_used_by(connection: Connection, kind: Kind, listed: Listed, object_id: str) -> bool:
    if listed.shows_all_users or object_id in listed.users:
        return object_id in listed.users
    return object_id in {user.id for user in await policies.users(connection, kind, listed.policy.id)}


async def remove(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> None:
    """Unassign. Raises NotAssigned or NotFound."""
    doing = Doing(f"remove {kind.noun} {policy_id} from {slot.carrier}", ASSIGN)
    await connection.send(doing, Method.DELETE, f"/{slot}/{policy_id}/$ref")
