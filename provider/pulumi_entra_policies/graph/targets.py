"""Applications and service principals: what can carry a policy.

Source: https://learn.microsoft.com/graph/api/application-get, https://learn.microsoft.com/graph/api/serviceprincipal-get
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from kiota_abstractions.method import Method

from ..definitions.targets import CLIENT_ID, OBJECT_ID, UNIQUE_NAME, WAYS, Slot, Target, Way
from ..definitions.values import named, shown
from .connection import Connection
from .errors import Doing, EntraError
from .policies import after, no_id, no_list
from .received import ObjectPage, ReceivedObject

READ = "Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
_PAGE = 999  # the most that Graph gives at once
_NAMESAKES = 3  # as many as a message has room for


@dataclass(frozen=True)
class Found:
    """An application or service principal of the tenant. Few applications have a unique name."""

    id: str
    client_id: str
    name: str
    unique_name: str | None = None

    def __str__(self) -> str:
        return named(self.name, self.id)

    def key(self, way: Way) -> str | None:
        """What names it that way."""
        return {OBJECT_ID: self.id, CLIENT_ID: self.client_id, UNIQUE_NAME: self.unique_name}[way.key]


async def look_up(connection: Connection, way: Way, value: str) -> Found:
    """The target that a value names that way. Raises NotFound."""
    doing = Doing(f"find the {way.described(value)}", READ)
    named = f"({way.key.property}={_literal(value)})" if way.is_looked_up else f"/{value}"
    path = f"/{way.target.collection}{named}?{_select(way.target)}"
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
    return await _page(connection, doing, address, f"/{target.collection}?$top={_PAGE}&{_select(target)}")


async def displayed(connection: Connection, target: Target, name: str) -> list[Found]:
    """The first targets with a display name, which any number may have."""
    doing = Doing(f"find every {target.noun} named {shown(name)}", READ)
    path = f"/{target.collection}?$filter=displayName%20eq%20{_literal(name)}&$top={_NAMESAKES}&{_select(target)}"
    found, _ = await _page(connection, doing, None, path)
    return found


async def _page(
    connection: Connection, doing: Doing, address: str | None, first: str
) -> tuple[list[Found], str | None]:
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
    return Found(received.id, received.app_id or "", received.display_name or "", received.unique_name)


def _select(target: Target) -> str:
    """All that can name one, and what it is called."""
    return f"$select={','.join(way.key.property for way in WAYS if way.target == target)},displayName"


def _literal(text: str) -> str:
    """A text as OData has it in an address: its own quotes doubled, and percent-encoded."""
    return "'" + quote(text.replace("'", "''"), safe="'") + "'"
