"""The same name is there already, or may be: names are not unique, so the program has to say what that means.

A create never shares: what it finds and has not made itself is an error that names it and says how to go on. The one
policy that it may find and call its own is that of a POST of its own whose answer was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ..definitions import Kind, codec
from ..definitions.values import escaped, shown
from ..graph import policies
from ..graph.errors import AlreadyThere, AnswerLost, EntraError, Forbidden, NotFound
from ..graph.policies import Changes, Policy
from .outcomes import Bag
from .run import Run

FAIL, CREATE = "fail", "create"
WAYS = (FAIL, CREATE)
"""What `ifExists` may say; the first is the default."""


@asynccontextmanager
async def name_claimed(run: Run, kind: Kind, inputs: Bag) -> AsyncIterator[None]:
    """While a policy is made, and after, this run has its name.

    Raises AlreadyThere if a policy of that name is there, or on its way, and the program does not want a second one.
    """
    key, alone = (kind.collection, inputs["displayName"]), inputs.get("ifExists") != CREATE
    if alone and run.creating[key]:
        raise _already_there(kind, inputs, "another resource of this program takes that name in this run")
    run.creating[key] += 1  # before anything is awaited: creates run side by side
    try:
        if alone:
            await _refuse_namesake(run, kind, inputs)
        yield
    except BaseException:
        run.creating[key] -= 1
        raise


async def _refuse_namesake(run: Run, kind: Kind, inputs: Bag) -> None:
    """One listing a run, and one look at each that it shows under the name: a late listing shows what is gone."""
    name, there = inputs["displayName"], []
    listed = [found.id for found in await run.listing(kind) if found.display_name == name]
    changed = [id_ for (collection, id_), own in run.names.items() if collection == kind.collection and own == name]
    for id_ in dict.fromkeys([*listed, *changed]):
        found = None if id_ in run.deleted else await look_at(run, kind, id_)
        there += [found] if found and found.display_name == name else []
    if there:
        raise _already_there(kind, inputs, _described(run, kind, inputs, there), there[0])


def refuse_name_of_a_create(run: Run, kind: Kind, policy_id: str, old: Bag, new: Bag) -> None:
    """Raises AlreadyThere if a policy is to get the name that a create of this run takes, and does not say so."""
    key, renamed = (kind.collection, new["displayName"]), old.get("displayName") != new["displayName"]
    if renamed and run.creating[key] and policy_id not in run.made and new.get("ifExists") != CREATE:
        raise _already_there(kind, new, "another resource of this program takes that name in this run", verb="update")


async def look_at(run: Run, kind: Kind, policy_id: str) -> Policy | None:
    """The policy as it is now, unless two looks do not find it: one stale miss would make a twin."""
    what = f"whether {kind.noun} {policy_id} is there"
    try:
        found = await run.patience.until(
            what,
            lambda: policies.get(run.connection, kind, policy_id),
            not_yet=(NotFound,),
            seconds=run.patience.doubt(run.written.get((kind.collection, policy_id))),
        )
    except NotFound:
        return None
    run.names[kind.collection, found.id] = found.display_name
    return found


async def create(run: Run, kind: Kind, inputs: Bag, wanted: Changes) -> Policy:
    """POST a new policy. If its answer is lost, it is looked for, and posted once more only if it is nowhere.

    Of two creates of one name that were lost at once nobody could say which is whose, so the second waits for the
    first; that one is on its way, with a worker of its own.
    """
    there = await _before(run, kind)
    async with run.locks.setdefault((kind.collection, inputs["displayName"]), asyncio.Lock()):
        made = await _post(run, kind, wanted, there)
        run.wrote(kind, made.id, made.display_name, made.at)
        run.made.add(made.id)
    return made


async def _post(run: Run, kind: Kind, wanted: Changes, there: set[str] | None, tries: int = 2) -> Policy:
    try:
        return await policies.create(run.connection, kind, wanted)
    except AnswerLost as lost:
        found = await _trace(run, kind, wanted, there, lost)
        if found is None and tries == 1:
            raise
    return found or await _post(run, kind, wanted, there, tries - 1)


async def _before(run: Run, kind: Kind) -> set[str] | None:
    """The ids of the kind's policies as this run first found them; None if they may not be read."""
    with suppress(Forbidden):  # who makes a second one of a name on purpose need not read them
        return {found.id for found in await run.listing(kind)}
    return None


async def _trace(run: Run, kind: Kind, wanted: Changes, there: set[str] | None, lost: AnswerLost) -> Policy | None:
    """The policy that a lost create has left, if it was carried out. Raises AnswerLost if nobody can tell."""
    if there is None:
        raise lost

    async def new() -> list[Policy]:
        listed = await run.picture.every(kind, anew=True)
        known = there | run.deleted | {id_ for _, id_ in run.names}
        named = [found.id for found in listed if found.display_name == wanted.display_name and found.id not in known]
        return [found for found in [await _if_shown(run, kind, id_) for id_ in named] if found and wanted.are_in(found)]

    what = f"whether {kind.noun} {shown(wanted.display_name)} was created, since the answer was lost"
    try:
        found = await run.patience.until(what, new, bool)
    except EntraError:
        raise lost from None
    if found[1:]:
        candidates = " or ".join(map(str, found))
        advice = "delete those that nobody needs, then run pulumi up again"
        raise AnswerLost(lost.doing, f"{lost.reason}; it may be {candidates}", advice, lost.answer)
    return found[0] if found else None


async def _if_shown(run: Run, kind: Kind, policy_id: str) -> Policy | None:
    with suppress(NotFound):
        return await policies.get(run.connection, kind, policy_id)
    return None


def _described(run: Run, kind: Kind, inputs: Bag, there: list[Policy]) -> str:
    def described(found: Policy) -> str:
        same = codec.same(kind, codec.from_graph(kind, found.definition), inputs["definition"])
        definition = "the same definition" if same else f"another definition, {escaped(found.definition)}"
        whose = ", of another resource of this program," if found.id in run.kept else ""
        return f"{kind.noun} {found}{whose} with {definition}"

    return " and ".join(map(described, there)) + (" are" if there[1:] else " is") + " already there"


def _already_there(
    kind: Kind, inputs: Bag, reason: str, found: Policy | None = None, verb: str = "create"
) -> AlreadyThere:
    renamed = (
        "if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')]); "
    )
    take_over = "if no stack has it, as after a run that was killed, take it over: " if found else ""
    take_over += f"opts=pulumi.ResourceOptions(import_={found.id!r}); " if found else ""
    advice = (
        f"{renamed if found else ''}{take_over}if_exists='create' makes a second one of that name, also to replace the "
        "first with pulumi up --replace (or delete_before_replace=True, where nothing uses it)"
    )
    return AlreadyThere(f"cannot {verb} {kind.noun} {shown(inputs['displayName'])}", reason, advice)
