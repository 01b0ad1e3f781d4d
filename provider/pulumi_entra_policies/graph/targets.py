"""Applications and service principals: what can carry a policy.

Source: https://learn.microsoft.com/graph/api/application-get, https://learn.microsoft.com/graph/api/serviceprincipal-get
"""

from __future__ import annotations

from dataclasses import dataclass

from kiota_abstractions.method import Method

from ..definitions.targets import CLIENT_ID, OBJECT_ID, Slot, Target, Way
from ..definitions.values import named
from .connection import Connection
from .errors import Doing, EntraError
from .policies import after, no_id, no_list
from .received import ObjectPage, ReceivedObject

READ = "Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
_PROPERTIES = "id,appId,displayName"
_PAGE = 999  # the most that Graph gives at once


@dataclass(frozen=True)
class Found:
    """An application or service principal of the tenant."""

    id: str
    client_id: str
    name: str

    def __str__(self) -> str:
        return named(self.name, self.id)

    def key(self, way: Way) -> str:
        """What names it that way."""
        return {OBJECT_ID: self.id, CLIENT_ID: self.client_id}[way.key]


async def look_up(connection: Connection, way: Way, value: str) -> Found:
    """The target that a value names that way. Raises NotFound."""
    doing = Doing(f"find the {way.described(value)}", READ)
    named = f"({way.key.property}='{value}')" if way.is_looked_up else f"/{value}"
    path = f"/{way.target.collection}{named}?$select={_PROPERTIES}"
    found, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    return _found(doing, found)


async def name(connection: Connection, slot: Slot) -> str | None:
    """The target's display name for a message; None if it cannot be had, for a message is no place to fail."""
    try:
        return (await look_up(connection, slot.way, slot.object_id)).name or None
    except EntraError:
        return None


async def page(connection: Connection, target: Target, address: str | None = None) -> tuple[list[Found], str | None]:
    """A page of all targets of a collection, the first one without an address, and the address of the next."""
    doing = Doing(f"list every {target.noun}", READ)
    first = f"/{target.collection}?$top={_PAGE}&$select={_PROPERTIES}"
    found, _ = await connection.fetch(doing, Method.GET, address or first, ObjectPage)
    if found.value is None or found.has_error:
        raise no_list(doing)
    return [_found(doing, one) for one in found.value], after(doing, found, address)


async def maps_claims(connection: Connection, found: Found) -> bool:
    """Whether a service principal may have claims of its own: it signs with its own key, or the application says so.

    One GET or two. Raises NotFound for the service principal of another tenant's application.
    Source: https://learn.microsoft.com/entra/identity-platform/jwt-claims-customization
    """
    doing = Doing(f"read service principal {found.id}", READ)
    path = f"/servicePrincipals/{found.id}?$select=id,keyCredentials"
    principal, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    if any((key.usage or "").lower() == "sign" for key in principal.key_credentials or ()):
        return True
    path = f"/applications(appId='{found.client_id}')?$select=id,api"
    doing = Doing(f"read the application with client id {found.client_id}", READ)
    application, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    return bool(application.accepts_mapped_claims)


def _found(doing: Doing, received: ReceivedObject) -> Found:
    if not received.id:
        raise no_id(doing)
    return Found(received.id, received.app_id or "", received.display_name or "")
