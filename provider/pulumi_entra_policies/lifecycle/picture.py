"""What many resources ask of the tenant, asked once: policies and who has them, applications, page by page.

To a resource's question it says yes, or nothing. What it shows as the state has it is as good as a read of that object
a moment ago; whatever it does not show, or shows otherwise, is read by itself, as if there were no picture. So it can
not mislead. Nor can it cost much: each page is paid for by `EVERY` questions. Few questions turn none, in however large
a tenant. A preview has the first page of a kind's policies for nothing: that is all of a tenant of up to 100.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ..definitions import Kind
from ..definitions.targets import WAYS, Target, Way
from ..graph import policies, targets
from ..graph.connection import Connection
from ..graph.errors import EntraError
from ..graph.policies import Listed, Policy

EVERY = 4
"""Questions for each page."""

BELIEVED = 30.0
"""Seconds that a page is believed."""

BELIEVED_TO_DELETE = 10.0
"""Seconds that it is believed that nobody has a policy."""


@dataclass
class _Listing:
    """A listing of a kind, as far as it has been read."""

    began: float
    shown: dict[str, Listed] = field(default_factory=dict)
    next: str | None = None
    is_whole: bool = False
    turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def turn(self, connection: Connection, kind: Kind, with_users: bool) -> None:
        page = await policies.page(connection, kind, self.next, with_users=with_users)
        self.shown.update({listed.policy.id: listed for listed in page.listed})
        self.next, self.is_whole = page.next, page.next is None


@dataclass
class _Targets:
    """A listing of applications or service principals, as far as it has been read, by every way to name one."""

    shown: dict[tuple[Way, str], targets.Found] = field(default_factory=dict)
    next: str | None = None
    is_whole: bool = False
    turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def turn(self, connection: Connection, target: Target) -> None:
        page, self.next = await targets.page(connection, target, self.next)
        ways = [way for way in WAYS if way.target == target]
        self.shown.update({(way, key): found for found in page for way in ways if (key := found.key(way))})
        self.is_whole = self.next is None


class Picture:
    """What a run has seen. `now` is a clock in seconds."""

    def __init__(self, connection: Callable[[], Connection], now: Callable[[], float]) -> None:
        self._connection, self._now = connection, now
        self._questions = self._pages = 0
        self._listings: dict[tuple[str, bool], _Listing] = {}
        self._targets: dict[Target, _Targets] = {}
        self._users: dict[str, tuple[float, asyncio.Future[set[str]]]] = {}
        self._refused: set[tuple[str, bool]] = set()

    async def policy(self, kind: Kind, policy_id: str) -> Policy | None:
        """The policy, if it is shown."""
        listed = await self._find(kind, policy_id, with_users=False)
        return listed.policy if listed else None

    async def has(self, kind: Kind, object_id: str, policy_id: str) -> bool:
        """Whether it is shown that the object has the policy."""
        listed = await self._find(kind, policy_id, with_users=True)
        if listed is None or object_id in listed.users:
            return listed is not None
        return not listed.shows_all_users and object_id in await self._all_users(kind, policy_id)

    async def users(self, kind: Kind, policy_id: str) -> frozenset[str] | None:
        """The ids of all objects that have the policy, if they are shown and were seen just now."""
        listed = await self._find(kind, policy_id, with_users=True, believed=BELIEVED_TO_DELETE)
        return listed.users if listed and listed.shows_all_users else None

    async def target(self, way: Way, value: str) -> targets.Found | None:
        """The target that is named that way, if it is shown; for previews alone."""
        self._questions += 1
        listing = self._targets.setdefault(way.target, _Targets())
        async with listing.turning:
            while (way, value) not in listing.shown and not listing.is_whole and self._pay():
                try:
                    await listing.turn(self._connection(), way.target)
                except EntraError:
                    listing.is_whole = True  # as far as anybody may see
        return listing.shown.get((way, value))

    async def in_slot(self, kind: Kind, object_id: str) -> list[Policy] | None:
        """The object's policies of the kind, if all of the tenant's are shown; for previews alone, as it may say no."""
        await self.glance(kind)
        listing = self._listings.get((kind.collection, True))
        if not (listing and listing.is_whole and self._is_fresh(listing, BELIEVED)):
            return None
        if not all(listed.shows_all_users or object_id in listed.users for listed in listing.shown.values()):
            return None
        return [listed.policy for listed in listing.shown.values() if object_id in listed.users]

    async def glance(self, kind: Kind) -> None:
        """Have the first page of the kind's policies, with who has them, if that may be told."""
        if not self._connection().may_read_users:
            return
        listing = self._under_way(kind, True, BELIEVED)
        async with listing.turning:
            if not listing.shown and not listing.is_whole and (kind.collection, True) not in self._refused:
                await self._turn(listing, kind, with_users=True)

    async def every(self, kind: Kind, *, anew: bool = False) -> list[Policy]:
        """Every policy of the kind; `anew` believes nothing that has been seen. Raises errors of Graph."""
        with_users = self._listings.get((kind.collection, True))
        if with_users and with_users.is_whole and not anew and self._is_fresh(with_users, BELIEVED):
            return [listed.policy for listed in with_users.shown.values()]
        listing = self._under_way(kind, False, -1.0 if anew else BELIEVED)
        async with listing.turning:
            while not listing.is_whole:
                await listing.turn(self._connection(), kind, with_users=False)
        return [listed.policy for listed in listing.shown.values()]

    async def _find(self, kind: Kind, policy_id: str, *, with_users: bool, believed: float = BELIEVED) -> Listed | None:
        self._questions += 1
        found = self._shown(kind, policy_id, with_users, believed)
        if found or (with_users and not self._connection().may_read_users):
            return found
        listing = self._under_way(kind, with_users, believed)
        async with listing.turning:  # a page that is on its way may show it
            while policy_id not in listing.shown and self._may_turn(listing, kind, with_users, believed):
                await self._turn(listing, kind, with_users)
        return self._shown(kind, policy_id, with_users, believed)  # waiting for a page may have taken long

    async def _turn(self, listing: _Listing, kind: Kind, with_users: bool) -> None:
        try:
            await listing.turn(self._connection(), kind, with_users)
        except EntraError:  # decided once a run: whoever asks reads by itself, and hears why
            self._refused.add((kind.collection, with_users))

    def _may_turn(self, listing: _Listing, kind: Kind, with_users: bool, believed: float) -> bool:
        is_wanted = not listing.is_whole and self._is_fresh(listing, believed)
        return is_wanted and (kind.collection, with_users) not in self._refused and self._pay()

    def _shown(self, kind: Kind, policy_id: str, with_users: bool, believed: float) -> Listed | None:
        """Who asks for a policy alone can do with a listing that shows its users as well."""
        known = (self._listings.get((kind.collection, users)) for users in {with_users, True})
        fresh = (listing.shown for listing in known if listing and self._is_fresh(listing, believed))
        return next((shown[policy_id] for shown in fresh if policy_id in shown), None)

    def _is_fresh(self, listing: _Listing, believed: float) -> bool:
        return self._now() - listing.began <= believed

    def _under_way(self, kind: Kind, with_users: bool, believed: float) -> _Listing:
        known = self._listings.get((kind.collection, with_users))
        if known is None or not self._is_fresh(known, believed):
            known = self._listings[kind.collection, with_users] = _Listing(self._now())
        return known

    async def _all_users(self, kind: Kind, policy_id: str) -> set[str]:
        """Of a policy with more users than a listing shows. Asked once, too; nobody if that is refused."""
        began, question = self._users.get(policy_id, (0.0, None))
        if question is None or self._now() - began > BELIEVED:
            if not self._pay():
                return set()
            question = asyncio.ensure_future(self._read_users(kind, policy_id))
            began = self._now()
            self._users[policy_id] = began, question
        found = await asyncio.shield(question)
        return found if self._now() - began <= BELIEVED else set()

    async def _read_users(self, kind: Kind, policy_id: str) -> set[str]:
        """As many pages as are paid for: those that are not read show nobody."""
        found: set[str] = set()
        address: str | None = None
        with suppress(EntraError):  # whoever is not among them is read by itself
            while True:
                users, address = await policies.page_of_users(self._connection(), kind, policy_id, address)
                found |= {user.id for user in users}
                if address is None or not self._pay():
                    break
        return found

    def _pay(self) -> bool:
        """Whether there have been questions enough for one more page."""
        paid = self._questions >= EVERY * (self._pages + 1)
        self._pages += paid
        return paid
