"""Applications and service principals: what can carry a policy.

Source: https://learn.microsoft.com/graph/api/application-get, https://learn.microsoft.com/graph/api/serviceprincipal-get
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kiota_abstractions.method import Method

from ..definitions.targets import (
    APPLICATION,
    CLIENT_ID,
    OBJECT_ID,
    SERVICE_PRINCIPAL,
    UNIQUE_NAME,
    WAYS,
    Slot,
    Target,
    Way,
)
from ..definitions.values import named, shown, snake
from .connection import Connection
from .errors import Doing, EntraError
from .policies import after, no_id, no_list
from .received import ObjectPage, Page, ReceivedObject

READ = "Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
MAPS_CLAIMS = "https://learn.microsoft.com/entra/identity-platform/jwt-claims-customization"
_PAGE = 999  # the most that Graph gives at once
_FACTS = {
    APPLICATION: ("signInAudience",),
    SERVICE_PRINCIPAL: ("accountEnabled", "appOwnerOrganizationId", "servicePrincipalType"),
}


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


@dataclass(frozen=True, kw_only=True)
class Described(Found):
    """The same with what decides over sign-in and policies: the properties of `_FACTS`, in Graph's spelling."""

    facts: Mapping[str, Any]


async def look_up(connection: Connection, way: Way, value: str) -> Found:
    """The target that a value names that way. Raises NotFound."""
    doing, received = await _received(connection, way, value)
    return _found(doing, received)


async def describe(connection: Connection, way: Way, value: str) -> Described:
    """The same with its facts. Raises NotFound."""
    doing, received = await _received(connection, way, value, _FACTS[way.target])
    return _with_facts(doing, way.target, received)


async def _received(
    connection: Connection, way: Way, value: str, facts: tuple[str, ...] = ()
) -> tuple[Doing, ReceivedObject]:
    doing = Doing(f"find the {way.described(value)}", READ)
    named = f"({way.key.property}={_literal(value)})" if way.is_looked_up else f"/{value}"
    path = f"/{way.target.collection}{named}?{_select(way.target, facts)}"
    found, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    return doing, found


async def name(connection: Connection, slot: Slot) -> str | None:
    """The target's display name for a message; None if it cannot be had, for a message is no place to fail."""
    try:
        return (await look_up(connection, slot.way, slot.object_id)).name or None
    except EntraError:
        return None


async def page(connection: Connection, target: Target, address: str | None = None) -> tuple[list[Found], str | None]:
    """A page of all targets of a collection, the first one without an address, and the address of the next."""
    doing = Doing(f"list every {target.noun}", READ)
    found = await _page(connection, doing, address or f"/{target.collection}?$top={_PAGE}&{_select(target)}")
    return [_found(doing, one) for one in found.value or ()], after(doing, found, address)


async def of_display_name(connection: Connection, target: Target, display_name: str) -> list[Described]:
    """All that have the name, which any number may; Graph compares it without letter case."""
    doing = Doing(f"find the {target.noun} named {shown(display_name)}", READ)
    condition = f"$filter=displayName%20eq%20{_literal(display_name)}"
    address: str | None = f"/{target.collection}?{condition}&$top={_PAGE}&{_select(target, _FACTS[target])}"
    found: list[Described] = []
    while address:
        answer = await _page(connection, doing, address)
        found += [_with_facts(doing, target, one) for one in answer.value or ()]
        address = after(doing, answer, address)
    return found


async def _page(connection: Connection, doing: Doing, address: str) -> Page:
    found, _ = await connection.fetch(doing, Method.GET, address, ObjectPage)
    if found.value is None or found.has_error:
        raise no_list(doing)
    return found


async def maps_claims(connection: Connection, found: Found) -> bool:
    """Whether a service principal may have claims of its own: it signs with its own key, or the application says so.

    One GET or two. Raises NotFound for the service principal of another tenant's application.
    Source: MAPS_CLAIMS.
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


def _with_facts(doing: Doing, target: Target, received: ReceivedObject) -> Described:
    facts = {name: getattr(received, snake(name)) for name in _FACTS[target]}
    return Described(**vars(_found(doing, received)), facts=facts)


def _found(doing: Doing, received: ReceivedObject) -> Found:
    if not received.id:
        raise no_id(doing)
    return Found(received.id, received.app_id or "", received.display_name or "", received.unique_name)


def _select(target: Target, facts: tuple[str, ...] = ()) -> str:
    """All that can name one, what it is called, and what else is asked."""
    names = (way.key.property for way in WAYS if way.target == target)
    return f"$select={','.join((*names, 'displayName', *facts))}"


def _literal(text: str) -> str:
    """A text as OData has it in an address: its own quotes doubled, and percent-encoded."""
    return "'" + quote(text.replace("'", "''"), safe="'") + "'"
