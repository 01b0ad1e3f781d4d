"""Policies in their collections: create, get, update, delete, whatever the kind.

`description` is never sent: Graph answers an sts policy that carries one with a misleading 404.
Source: https://learn.microsoft.com/graph/api/resources/stspolicy
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote

from kiota_abstractions.method import Method
from msgraph.generated.models.sts_policy import StsPolicy

from ..definitions import Kind
from ..definitions.targets import TARGETS, Target
from ..definitions.values import escaped, named, shown
from .connection import Connection
from .errors import MISSING, AnswerLost, Doing, Forbidden, GraphError, NotFound, ReplicaBehind
from .received import ObjectPage, Page, PolicyPage, ReceivedObject, ReceivedPolicy

_PROPERTIES = "id,displayName,definition,isOrganizationDefault"
_NAMED = "id,displayName"
_DESCRIBED = f"{_NAMED},appId,uniqueName"
_PAGE = 999  # the most that Graph gives at once
_SHOWN_USERS = 20  # the most that Graph expands, without a word that there are more
_MORE_USERS = "appliesTo@odata.nextLink"  # the word that OData has for it, should Graph expand fewer

READ = "Policy.Read.All"
READ_USERS = f"Application.Read.All and {READ}"
WRITE = "Policy.ReadWrite.ApplicationConfiguration (and Policy.Read.All to read them)"
WRITES = frozenset({"Policy.ReadWrite.ApplicationConfiguration"})
"""Any of these is enough to write one."""


@dataclass(frozen=True)
class Policy:
    """A policy as the tenant holds it; `definition` byte for byte. `at`: Graph's date."""

    id: str
    display_name: str
    definition: str
    is_organization_default: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(timezone.utc), compare=False)

    def __str__(self) -> str:
        return named(self.display_name, self.id)


@dataclass(frozen=True)
class Changes:
    """What to write; None is left as it is."""

    display_name: str | None = None
    definition: str | None = None
    is_organization_default: bool | None = None

    def are_in(self, policy: Policy) -> bool:
        """Whether the policy is as it should be."""
        return all(value is None or getattr(policy, name) == value for name, value in vars(self).items())


async def create(connection: Connection, kind: Kind, wanted: Changes) -> Policy:
    """POST the policy once. Raises AnswerLost if it may have been created without our knowing its id."""
    display_name = wanted.display_name
    what = f"{kind.noun} {shown(display_name)}"
    lost = f"look in the tenant for a {what}, delete it if it is there, then run pulumi up again"
    doing = Doing(f"create {what}", WRITE, lost)
    try:
        created, at = await connection.fetch(
            doing, Method.POST, f"/policies/{kind.collection}", ReceivedPolicy, _body(kind, wanted)
        )
    except (
        NotFound,
        ReplicaBehind,
    ) as error:  # of a collection that is there: it may have been carried out all the same
        raise AnswerLost(doing, error.reason, lost, error.answer) from error
    if not created.id:
        raise AnswerLost(doing, "Graph's answer carried no id", lost)
    definition = (created.definition or [str(wanted.definition)])[0]
    return Policy(created.id, str(display_name), definition, bool(created.is_organization_default), at)


async def get(connection: Connection, kind: Kind, policy_id: str) -> Policy:
    """The policy. Raises NotFound."""
    doing = Doing(f"read {kind.noun} {policy_id}", READ)
    return from_model(doing, *await connection.fetch(doing, Method.GET, _path(kind, policy_id), ReceivedPolicy))


@dataclass(frozen=True)
class Listed:
    """A policy in a listing, with the ids of the objects that have it.

    `described`: those objects, with all that the listing was asked to say of them.
    """

    policy: Policy
    users: frozenset[str] = frozenset()
    shows_all_users: bool = False
    described: tuple[User, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class ListingPage:
    """One page, and the address of the next if there is more."""

    listed: list[Listed]
    next: str | None


async def page(
    connection: Connection, kind: Kind, address: str | None = None, *, with_users: bool = False, described: bool = False
) -> ListingPage:
    """A page of all policies of the kind, the first one without an address: 999, or 100 with their users.

    Of the users their ids alone, unless they are to be `described`.
    """
    doing = Doing(f"list every {kind.noun}", READ_USERS if with_users else READ)
    of_users = _DESCRIBED if described else "id"
    asked = f"$expand=appliesTo($select={of_users})" if with_users else f"$top={_PAGE}"
    first = f"/policies/{kind.collection}?{asked}&$select={_PROPERTIES}"
    found, at = await connection.fetch(doing, Method.GET, address or first, PolicyPage)
    if found.value is None or found.has_error:
        raise no_list(doing)
    return ListingPage([_listed(doing, policy, at) for policy in found.value], after(doing, found, address))


def _listed(doing: Doing, found: StsPolicy, at: datetime) -> Listed:
    users = found.applies_to
    described = tuple(_user(user) for user in users or () if isinstance(user, ReceivedObject))
    is_all = users is not None and len(users) < _SHOWN_USERS and _MORE_USERS not in found.additional_data
    return Listed(from_model(doing, found, at), frozenset(user.id for user in described), is_all, described)


async def update(connection: Connection, kind: Kind, policy_id: str, changes: Changes) -> datetime:
    """PATCH what is given, and nothing else; the date of Graph's answer."""
    doing = Doing(f"update {kind.noun} {policy_id}", WRITE)
    return await connection.send(doing, Method.PATCH, _path(kind, policy_id), _body(kind, changes))


async def delete(connection: Connection, kind: Kind, policy_id: str) -> None:
    """DELETE the policy; Graph silently unlinks it everywhere. Raises NotFound."""
    doing = Doing(f"delete {kind.noun} {policy_id}", WRITE)
    await connection.send(doing, Method.DELETE, _path(kind, policy_id))


def no_list(doing: Doing) -> Forbidden:
    """Where the permission is missing, Graph may answer 200 with an error inside (seen)."""
    return Forbidden(doing, "Graph's answer is no list", MISSING.format(permission=doing.permission))


def after(doing: Doing, page: Page, address: str | None) -> str | None:
    """The address of the next page, if there is more. A page that is its own next one would be read for ever."""
    if page.odata_next_link and page.odata_next_link == address:
        raise GraphError(doing, "Graph's next page is the same one again", "try again; report it to Microsoft support")
    return page.odata_next_link


def no_id(doing: Doing) -> GraphError:
    """An object without an id is none."""
    return GraphError(doing, "Graph's answer carries no id", MISSING.format(permission=doing.permission))


def from_page(doing: Doing, page: Page, at: datetime) -> list[Policy]:
    """A page of the SDK's models as ours. An answer that lists nothing at all is no empty list."""
    if page.value is None or page.has_error:
        raise no_list(doing)
    return [from_model(doing, policy, at) for policy in page.value]


@dataclass(frozen=True)
class User:
    """An object that a policy is assigned to, as `appliesTo` lists it."""

    noun: str
    id: str
    name: str
    client_id: str | None = None
    unique_name: str | None = None
    """These two if they were asked for, and the object has one."""

    @property
    def target(self) -> Target | None:
        """What it is, if that is something that a program can assign policies to."""
        return next((target for target in TARGETS if target.noun == self.noun), None)

    def __str__(self) -> str:
        return f"{self.noun} {named(self.name, self.id)}"


async def users(connection: Connection, kind: Kind, policy_id: str, *, described: bool = False) -> list[User]:
    """The objects that the policy is assigned to. Raises what `page_of_users` does."""
    found, address = await page_of_users(connection, kind, policy_id, described=described)
    while address:
        more, address = await page_of_users(connection, kind, policy_id, address)
        found += more
    return found


async def page_of_users(
    connection: Connection, kind: Kind, policy_id: str, address: str | None = None, *, described: bool = False
) -> tuple[list[User], str | None]:
    """A page of them, the first one without an address, and the address of the next if there is more.

    Raises NotFound, and Forbidden: without Application.Read.All Graph may also answer 200 with broken JSON (seen).
    """
    doing = to_read_users(f"{kind.noun} {policy_id}")
    first = f"{_path(kind, policy_id)}/appliesTo?$top={_PAGE}&$select={_DESCRIBED if described else _NAMED}"
    page, _ = await connection.fetch(doing, Method.GET, address or first, ObjectPage)
    if page.value is None or page.has_error:
        raise Forbidden(doing, "Graph's answer did not say", MISSING.format(permission=doing.permission))
    return [_user(found) for found in page.value], after(doing, page, address)


def to_read_users(what: str) -> Doing:
    """The question who uses this."""
    return Doing(f"read what uses {what}", READ_USERS)


def _user(found: ReceivedObject) -> User:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", (found.odata_type or "object").rsplit(".", 1)[-1]).lower()
    return User(escaped(words), str(found.id), found.display_name or "", found.app_id, found.unique_name)


def from_model(doing: Doing, found: StsPolicy, at: datetime) -> Policy:
    """The SDK's model as ours."""
    if not found.id:
        raise no_id(doing)
    default = bool(found.is_organization_default)
    return Policy(found.id, found.display_name or "", (found.definition or [""])[0], default, at)


def _path(kind: Kind, policy_id: str) -> str:
    return f"/policies/{kind.collection}/{quote(policy_id, safe='')}"


def _body(kind: Kind, wanted: Changes) -> StsPolicy:
    return StsPolicy(
        odata_type=f"#microsoft.graph.{kind.name[:1].lower()}{kind.name[1:]}",
        display_name=wanted.display_name,
        definition=None if wanted.definition is None else [wanted.definition],
        is_organization_default=wanted.is_organization_default,
    )
