"""The same name is there already: names are not unique, so the program has to say what that means.

One listing of a kind, shared by the process, is what was there before; what this process makes it remembers. So a
policy whose create was carried out without our hearing of it can be told from those that were there before.
"""

from __future__ import annotations

import asyncio

from ..definitions import Kind, codec
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import AnswerLost, EntraError, Forbidden, worded
from ..graph.policies import Changes, Policy
from .outcomes import AlreadyThere, Bag

FAIL, ADOPT, CREATE = "fail", "adopt", "create"
WAYS = (FAIL, ADOPT, CREATE)
"""What `ifExists` may say; the first is the default."""


async def policy(
    connection: Connection, kind: Kind, inputs: Bag, wanted: Changes, replacing: bool
) -> tuple[Policy, bool]:
    """The policy made for these inputs, or the one found that is to be adopted, and whether it was found.

    `replacing` says that the state has these very inputs already: Pulumi creates before it deletes, so the policy of
    that name is the one to be replaced. Creates of one name wait for each other: of two that were lost at once, nobody
    could say which is whose.
    """
    name, way = inputs["displayName"], inputs.get("ifExists", FAIL)
    async with connection.locks.setdefault((kind.collection, name), asyncio.Lock()):
        there = await _before(connection, kind, needed=way != CREATE)
        found = _namesake(connection, kind, inputs, there or {}, replacing)
        made = found or await _made(connection, kind, wanted, there)
        connection.created[made.id] = (kind.collection, name)
    if found:
        connection.adopted.add(found.id)
    return made, found is not None


async def to_adopt(connection: Connection, kind: Kind, inputs: Bag, replacing: bool) -> str | None:
    """The id of the policy that will be adopted, if there is just one: it may be the organisation's default already."""
    if inputs.get("ifExists") != ADOPT or replacing:
        return None
    named = _named(connection, inputs, await _before(connection, kind, needed=True) or {})
    return named[0].id if len(named) == 1 else None


def _named(connection: Connection, inputs: Bag, there: dict[str, Policy]) -> list[Policy]:
    """The policies that had the name before, and have not been deleted by this process."""
    name = inputs["displayName"]
    return [found for found in there.values() if found.display_name == name and found.id not in connection.deleted]


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


def _namesake(
    connection: Connection, kind: Kind, inputs: Bag, there: dict[str, Policy], replacing: bool
) -> Policy | None:
    """The policy to adopt, if there is one. Raises AlreadyThere where the program does not want what is there."""
    way, named = inputs.get("ifExists", FAIL), _named(connection, inputs, there)
    made = (kind.collection, inputs["displayName"])
    mine = [id_ for id_, by in connection.created.items() if by == made and id_ not in connection.deleted]
    if way == CREATE:
        return None
    if mine:
        raise _already_there(
            kind, inputs, f"another resource of this program has just taken {mine[0]} of that name", ""
        )
    if replacing or not named:
        return None
    if way == ADOPT and len(named) == 1:
        return named[0]
    adopt = (
        "if_exists='adopt' takes it over, as after a run that was killed; "
        if len(named) == 1
        else "delete or rename those that are too many; "
    )
    raise _already_there(kind, inputs, f"{_described(kind, inputs, named)} already there", adopt)


def _described(kind: Kind, inputs: Bag, there: list[Policy]) -> str:
    def definition(found: Policy) -> str:
        same = codec.same(kind, codec.from_graph(kind, found.definition), inputs["definition"])
        return "the same definition" if same else f"another definition, {found.definition}"

    described = [f"{kind.noun} {found} with {definition(found)}" for found in there]
    return " and ".join(described) + (" are" if there[1:] else " is")


def _already_there(kind: Kind, inputs: Bag, reason: str, adopt: str) -> AlreadyThere:
    advice = (
        f"{adopt}if_exists='create' makes a second one; if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')])"
    )
    return AlreadyThere(worded(f'cannot create {kind.noun} "{inputs["displayName"]}"', reason, None, advice))


async def _made(connection: Connection, kind: Kind, wanted: Changes, there: dict[str, Policy] | None) -> Policy:
    """One POST. If its answer is lost, the policy is looked for, and made anew only if it is nowhere to be found."""
    try:
        return await policies.create(connection, kind, wanted)
    except AnswerLost as lost:
        found = await _trace(connection, kind, wanted, there, lost)
        if found:
            return found
    try:
        return await policies.create(connection, kind, wanted)
    except AnswerLost as lost:
        found = await _trace(connection, kind, wanted, there, lost)
        if found:
            return found
        raise


async def _trace(
    connection: Connection, kind: Kind, wanted: Changes, there: dict[str, Policy] | None, lost: AnswerLost
) -> Policy | None:
    """The policy that a lost create has left, if it was carried out. Raises AnswerLost if nobody can tell."""
    if there is None:
        raise lost

    async def new() -> list[Policy]:
        listed = await policies.listed(connection, kind)
        known = there.keys() | connection.created.keys()
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
