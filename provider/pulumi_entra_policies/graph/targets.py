"""Applications and service principals: what can carry a policy.

Source: https://learn.microsoft.com/graph/api/application-get, https://learn.microsoft.com/graph/api/serviceprincipal-get
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kiota_abstractions.method import Method

from ..definitions.targets import TARGETS, Slot, Target, Way
from ..definitions.values import named, shown, snake
from .connection import Connection
from .errors import Doing, EntraError
from .policies import after, no_id, no_list
from .received import ObjectPage, ReceivedObject

READ = "Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
_PROPERTIES = "id,appId,displayName"
_PAGE = 999  # the most that Graph gives at once
APPLICATION = next(target for target in TARGETS if target.collection == "applications")
_FACTS = {
    "applications": ("signInAudience",),
    "servicePrincipals": ("accountEnabled", "appOwnerOrganizationId", "servicePrincipalType"),
}


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
        return self.client_id if way.by_client_id else self.id


@dataclass(frozen=True)
class Described(Found):
    """The same with what decides over sign-in and policies: the properties of `_FACTS`, in Graph's spelling."""

    facts: Mapping[str, Any]


async def look_up(connection: Connection, way: Way, value: str) -> Found:
    """The target that a value names that way. Raises NotFound."""
    doing = Doing(f"find the {way.target.noun} with {way.key} {value}", READ)
    named = f"(appId='{value}')" if way.by_client_id else f"/{value}"
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


async def describe(connection: Connection, way: Way, value: str) -> Described:
    """The target that an id names that way. Raises NotFound."""
    doing = Doing(f"find the {way.target.noun} with {way.key} {value}", READ)
    key = f"(appId='{value}')" if way.by_client_id else f"/{value}"
    return await _described(connection, doing, way.target, key)


async def of_unique_name(connection: Connection, unique_name: str) -> Described:
    """The application that this alternate key names; nothing else has one. Raises NotFound."""
    doing = Doing(f"find the {APPLICATION.noun} with the unique name {shown(unique_name)}", READ)
    return await _described(connection, doing, APPLICATION, f"(uniqueName='{_literal(unique_name)}')")


async def of_display_name(connection: Connection, target: Target, display_name: str) -> list[Described]:
    """All that have the name, which Graph compares without letter case."""
    doing = Doing(f"find the {target.noun} named {shown(display_name)}", READ)
    condition = f"$filter=displayName eq '{_literal(display_name)}'".replace(" ", "%20")
    address: str | None = f"/{target.collection}?{condition}&$select={_selected(target)}&$top={_PAGE}"
    found: list[Described] = []
    while address:
        answer, _ = await connection.fetch(doing, Method.GET, address, ObjectPage)
        if answer.value is None or answer.has_error:
            raise no_list(doing)
        found += [_with_facts(doing, target, one) for one in answer.value]
        address = after(doing, answer, address)
    return found


async def _described(connection: Connection, doing: Doing, target: Target, key: str) -> Described:
    path = f"/{target.collection}{key}?$select={_selected(target)}"
    found, _ = await connection.fetch(doing, Method.GET, path, ReceivedObject)
    return _with_facts(doing, target, found)


def _selected(target: Target) -> str:
    return ",".join((_PROPERTIES, *_FACTS[target.collection]))


def _literal(text: str) -> str:
    """A string in an address, as OData quotes it."""
    return quote(text.replace("'", "''"), safe="")


MAPS_CLAIMS = "https://learn.microsoft.com/entra/identity-platform/jwt-claims-customization"


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
    facts = {name: getattr(received, snake(name)) for name in _FACTS[target.collection]}
    return Described(**vars(_found(doing, received)), facts=facts)


def _found(doing: Doing, received: ReceivedObject) -> Found:
    if not received.id:
        raise no_id(doing)
    return Found(received.id, received.app_id or "", received.display_name or "")
