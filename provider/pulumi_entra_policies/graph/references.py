"""References, Graph's `$ref`: which policy an application or service principal carries.

Source: https://learn.microsoft.com/graph/api/application-post-tokenissuancepolicies
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiota_abstractions.method import Method
from msgraph.generated.models.reference_create import ReferenceCreate

from ..definitions import Kind
from ..definitions.targets import Slot, Target
from .connection import Connection
from .errors import Doing, EntraError, NotFound
from .policies import Policy, from_page
from .received import PolicyPage, ReceivedObject

# Graph wants write permission on the object even to list what is assigned to it.
ASSIGN = (
    "Application.ReadWrite.OwnedBy (if the application owns the target) or Application.ReadWrite.All, "
    "and Policy.Read.All"
)


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
    """The policies of this kind that the target carries. Raises NotFound if there is no such target."""
    doing = Doing(f"read what {kind.noun} is assigned to {slot.carrier}", ASSIGN)
    page, at = await connection.fetch(doing, Method.GET, f"/{slot}", PolicyPage)
    return Assigned(from_page(doing, page, at), at)


async def remove(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> None:
    """Unassign. Raises NotAssigned or NotFound."""
    doing = Doing(f"remove {kind.noun} {policy_id} from {slot.carrier}", ASSIGN)
    await connection.send(doing, Method.DELETE, f"/{slot}/{policy_id}/$ref")


async def find(connection: Connection, target: Target, client_id: str) -> str:
    """The object id of the target with this client id (appId). Raises NotFound."""
    needed = "Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
    doing = Doing(f"find the {target.noun} with client id {client_id}", needed)
    path = f"/{target.collection}(appId='{client_id}')?$select=id"
    found, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    return str(found.id)


async def exists(connection: Connection, target: Target, object_id: str) -> bool:
    """Whether there is such an application or service principal."""
    doing = Doing(f"look for {target.noun} {object_id}", "Application.Read.All")
    try:
        await connection.fetch(doing, Method.GET, f"/{target.collection}/{object_id}?$select=id", ReceivedObject)
    except NotFound:
        return False
    return True


async def target_name(connection: Connection, slot: Slot) -> str | None:
    """The target's display name for a message; None if it cannot be had, for a message is no place to fail."""
    doing = Doing(f"read {slot.carrier}", "Application.Read.All")
    path = f"/{slot.target.collection}/{slot.object_id}?$select=displayName"
    try:
        found, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    except EntraError:
        return None
    return found.display_name
