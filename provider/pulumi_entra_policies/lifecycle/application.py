"""Which application is meant: by client id, by either object id, by its unique name or by a display name.

An application and its service principal have one client id, so they are two halves of one, of which a tenant may have
either alone: no service principal until somebody makes one, no application where that is another tenant's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..definitions.targets import CLIENT_ID, OBJECT_ID, TARGETS, UNIQUE_NAME, WAYS, Key, Target, guid
from ..definitions.values import named, shown
from ..graph import targets
from ..graph.errors import Ambiguous, NotFound, TargetMissing
from ..graph.targets import Described
from .run import Run

Halves = Mapping[Target, Described]

BY_UNIQUE_NAME = next(way for way in WAYS if way.key == UNIQUE_NAME)
BY_ID = "client id or object id"
BY_NAME = "unique name or display name"


@dataclass(frozen=True)
class Application:
    """What this tenant has of an application, by what it is: one half or both."""

    client_id: str
    halves: Halves

    @property
    def name(self) -> str:
        return next(iter(self.halves.values())).name

    def half(self, collection: str) -> Described | None:
        """What the tenant has of it in this collection."""
        return next((half for target, half in self.halves.items() if target.collection == collection), None)

    def __str__(self) -> str:
        its = ", ".join(f"{target.noun} {half.id}" for target, half in self.halves.items())
        return f"{named(self.name, f'client id {self.client_id}')}: {its}"


async def find(run: Run, text: str) -> Application:
    """The application that a text names. Raises TargetMissing, Ambiguous; Forbidden, where it may not be asked.

    Two requests for a client id, four or five for an object id, three or four for a name.
    """
    what = f"cannot tell which application {shown(text)} is"
    found = await _by_id(run, guid(text) or "") or await _by_name(run, text, what)
    if found is None:
        ways = f"{BY_ID}, {BY_NAME}" if guid(text) else BY_NAME
        reason = f"the tenant has no application and no service principal with this {ways}"
        advice = "check it, letter by letter, and the tenant; what was made a moment ago may need half a minute to show"
        raise TargetMissing(what, reason, advice)
    return found


async def _by_id(run: Run, id_: str) -> Application | None:
    if not id_:
        return None
    if found := await _completed(run, id_, {}):
        return found
    for target in TARGETS:
        if half := await _half(run, target, id_, OBJECT_ID):
            return await _completed(run, half.client_id, {target: half})
    return None


async def _by_name(run: Run, name: str, what: str) -> Application | None:
    """One application, whichever of its names it is. An exact name comes before one in other letters."""
    named_so = [
        (target, half) for target in TARGETS for half in await targets.of_display_name(run.connection, target, name)
    ]
    exact = [*await _of_unique_name(run, name), *((target, half) for target, half in named_so if half.name == name)]
    clients: dict[str, dict[Target, Described]] = {}
    for target, half in exact or named_so:
        clients.setdefault(half.client_id, {}).setdefault(target, half)
    if len(clients) > 1:
        listed = "\n  ".join(str(Application(client_id, halves)) for client_id, halves in clients.items())
        raise Ambiguous(what, f"{len(clients)} have this name:\n  {listed}", "say a client id instead of the name")
    return next(iter([await _completed(run, client_id, halves) for client_id, halves in clients.items()]), None)


async def _of_unique_name(run: Run, name: str) -> list[tuple[Target, Described]]:
    try:
        return [(BY_UNIQUE_NAME.target, await targets.describe(run.connection, BY_UNIQUE_NAME, name))]
    except NotFound:
        return []


async def _completed(run: Run, client_id: str, halves: Halves) -> Application | None:
    """With the other half, if there is one; None without any."""
    found = {target: halves.get(target) or await _half(run, target, client_id, CLIENT_ID) for target in TARGETS}
    there = {target: half for target, half in found.items() if half}
    return Application(client_id, there) if there else None


async def _half(run: Run, target: Target, value: str, key: Key) -> Described | None:
    way = next(way for way in WAYS if (way.target, way.key) == (target, key))
    try:
        return await targets.describe(run.connection, way, value)
    except NotFound:
        return None
