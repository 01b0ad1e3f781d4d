"""The same name is there already: names are not unique, so the program has to say what that means.

One listing of a kind, shared by the process, is what was there before; what this process makes it remembers. So a
policy whose create was carried out without our hearing of it can be told from those that were there before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from ..definitions import Kind, codec
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import AnswerLost, EntraError, Forbidden, NotFound, worded
from ..graph.policies import Changes, Policy
from .outcomes import AlreadyThere, Bag

FAIL, ADOPT, CREATE = "fail", "adopt", "create"
WAYS = (FAIL, ADOPT, CREATE)
"""What `ifExists` may say; the first is the default."""


@asynccontextmanager
async def one_at_a_time(connection: Connection, kind: Kind, name: str) -> AsyncIterator[None]:
    """Creates of one name wait for each other: of two that were lost at once, nobody could say which is whose."""
    async with connection.locks.setdefault((kind.collection, name), asyncio.Lock()):
        yield


async def namesake(connection: Connection, kind: Kind, inputs: Bag, standing: Mapping[str, Bag]) -> Policy | None:
    """The policy to adopt, if there is one. Raises AlreadyThere where the program does not want what is there.

    `standing` are the new inputs, by id, of what this program has in the state: with the very same inputs, it is what
    is to be replaced, since Pulumi creates before it deletes; with others, it is another resource's.
    """
    way, key = inputs.get("ifExists", FAIL), (kind.collection, inputs["displayName"])
    if way == CREATE:
        return None
    mine = [id_ for id_, by in connection.created.items() if by == key and id_ not in connection.deleted]
    if mine:
        raise _already_there(
            kind, inputs, f"another resource of this program has just taken {mine[0]} of that name", ""
        )
    named = [found for found in await _named(connection, kind, inputs) if standing.get(found.id) != inputs]
    named = await _still(connection, kind, named) if named else []
    if not named:
        return None
    managed = next((found for found in named if found.id in standing), None)
    if managed:
        raise _already_there(kind, inputs, f"another resource of this program has {managed}", "")
    if way == ADOPT and len(named) == 1:
        return named[0]
    adopt = (
        "if_exists='adopt' takes it over, as after a run that was killed; "
        if len(named) == 1
        else "delete or rename those that are too many; "
    )
    raise _already_there(kind, inputs, f"{_described(kind, inputs, named)} already there", adopt)


async def made(connection: Connection, kind: Kind, inputs: Bag, wanted: Changes) -> Policy:
    """A new policy: one POST. If its answer is lost, it is looked for, and made anew only if it is nowhere."""
    there = await _before(connection, kind, needed=inputs.get("ifExists") != CREATE)

    async def posted() -> Policy | AnswerLost:
        try:
            return await policies.create(connection, kind, wanted)
        except AnswerLost as lost:
            return await _trace(connection, kind, wanted, there, lost) or lost

    created = await posted()
    if isinstance(created, AnswerLost):
        created = await posted()
    if isinstance(created, AnswerLost):
        raise created
    return created


async def _named(connection: Connection, kind: Kind, inputs: Bag) -> list[Policy]:
    """The policies that had the name before this process made anything."""
    there = await _before(connection, kind, needed=True) or {}
    name = inputs["displayName"]
    return [found for found in there.values() if found.display_name == name and found.id not in connection.deleted]


async def _still(connection: Connection, kind: Kind, listed: list[Policy]) -> list[Policy]:
    """Those that are there and have the name still, each as it is now: a late listing shows what is gone."""

    async def ask() -> list[Policy]:
        found = [await _seen(connection, kind, policy.id) for policy in listed]
        return [policy for policy in found if policy and policy.display_name == listed[0].display_name]

    return await connection.patience.sure(
        f"{kind.noun} {listed[0]} is there already", ask, *(policy.id for policy in listed)
    )


async def _seen(connection: Connection, kind: Kind, policy_id: str) -> Policy | None:
    """The policy, unless it is not there twice: a miss would make a twin."""
    for _ in range(2):
        with suppress(NotFound):
            return await policies.get(connection, kind, policy_id)
    return None


async def _before(connection: Connection, kind: Kind, needed: bool) -> dict[str, Policy] | None:
    """The kind's policies by id, as this process first found them; None if they may not be read, and need not be."""
    listing = connection.listings.get(kind.collection)
    if listing is None or (listing.done() and listing.exception()):
        listing = connection.listings[kind.collection] = asyncio.ensure_future(policies.listed(connection, kind))
    try:
        return {found.id: found for found in await asyncio.shield(listing)}
    except Forbidden:
        if needed:
            raise
        return None


def _described(kind: Kind, inputs: Bag, there: list[Policy]) -> str:
    def definition(found: Policy) -> str:
        same = codec.same(kind, codec.from_graph(kind, found.definition), inputs["definition"])
        return "the same definition" if same else f"another definition, {found.definition}"

    described = [f"{kind.noun} {found} with {definition(found)}" for found in there]
    return " and ".join(described) + (" are" if there[1:] else " is")


def _already_there(kind: Kind, inputs: Bag, reason: str, adopt: str) -> AlreadyThere:
    advice = (
        f"{adopt}if_exists='create' makes a second one, also to replace the first with pulumi up --replace; "
        "if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')])"
    )
    return AlreadyThere(worded(f'cannot create {kind.noun} "{inputs["displayName"]}"', reason, None, advice))


async def _trace(
    connection: Connection, kind: Kind, wanted: Changes, there: dict[str, Policy] | None, lost: AnswerLost
) -> Policy | None:
    """The policy that a lost create has left, if it was carried out. Raises AnswerLost if nobody can tell."""
    if there is None:
        raise lost

    async def new() -> list[Policy]:
        listed = await policies.listed(connection, kind)
        known = there.keys() | connection.created.keys() | connection.deleted
        return [found for found in listed if found.id not in known and wanted.are_in(found)]

    what = f'whether {kind.noun} "{wanted.display_name}" was created, since the answer was lost'
    try:
        found = await connection.patience.until(what, new, bool)
    except EntraError:
        raise lost from None
    if found[1:]:
        candidates = " or ".join(map(str, found))
        advice = "delete those that nobody needs, then run pulumi up again"
        raise AnswerLost(lost.doing, f"{lost.reason}; it may be {candidates}", advice, lost.answer)
    return found[0] if found else None
