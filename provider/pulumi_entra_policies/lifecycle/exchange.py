"""Putting a policy into a slot, whoever has it: the old one out, the new one in, and back again if that fails."""

from __future__ import annotations

from contextlib import suppress

from ..definitions import Kind
from ..definitions.targets import Slot, other
from ..graph import references
from ..graph.connection import Connection
from ..graph.errors import AlreadyAssigned, AnswerLost, EntraError, GraphError, NotFound, SlotTaken
from ..graph.policies import Policy
from . import refusals
from .outcomes import Bag, PolicyConflict
from .removal import removed


async def take(connection: Connection, kind: Kind, slot: Slot, old_id: str | None, inputs: Bag) -> Bag:
    """Put the policy into the slot in place of `old_id`, or with `replaceExisting` of whatever is there.

    Returns `replacedPolicyId` if that was a policy we did not know of.
    """
    if not inputs.get("replaceExisting"):
        await _exchange(connection, kind, slot, [old_id] if old_id else [], inputs["policyId"])
        return {}

    async def attempt() -> list[str] | PolicyConflict:
        listed: list[Policy] = []
        with suppress(NotFound):  # of a target that is too new for the replica: the POST will tell
            listed = await references.assigned(connection, kind, slot)
        leaving = [policy.id for policy in listed if policy.id != inputs["policyId"]]
        try:
            await _exchange(connection, kind, slot, leaving, inputs["policyId"])
        except PolicyConflict as conflict:  # with a policy that the list did not show yet
            return conflict
        return [policy_id for policy_id in leaving if policy_id != old_id]

    what = f"which {kind.noun} {references.named(slot)} has"
    strangers = await connection.patience.until(what, attempt, lambda found: isinstance(found, list))
    if isinstance(strangers, PolicyConflict):
        raise strangers
    return {"replacedPolicyId": strangers[0]} if strangers else {}


async def _exchange(connection: Connection, kind: Kind, slot: Slot, leaving: list[str], policy_id: str) -> None:
    """Take policies out of the slot and put one in; if that fails, put back what was there.

    What to put back is what was removed, or may have been: a lost answer may mean that it is gone.
    """
    taken_out: list[str] = []
    try:
        for old_id in leaving:
            try:
                gone = await remove(connection, kind, slot, old_id)
            except AnswerLost:
                taken_out.append(old_id)
                raise
            if gone:
                taken_out.append(old_id)
        await _place(connection, kind, slot, policy_id)
    except EntraError as refused:
        now = await _put_back(connection, kind, slot, taken_out[0]) if taken_out else None
        error = await refusals.explained(connection, kind, slot, policy_id, refused)
        raise refusals.swap_failed(error, now) if now else error from refused


async def _place(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> None:
    """Assign, or raise why not; a conflict by name."""
    refused, listed = await _assigned(connection, kind, slot, policy_id)
    if isinstance(refused, SlotTaken):
        raise await refusals.conflict(connection, kind, slot, policy_id, listed, refused) from refused
    if refused:
        raise refused


async def _assigned(
    connection: Connection, kind: Kind, slot: Slot, policy_id: str
) -> tuple[GraphError | None, list[Policy]]:
    """Assign; why not, if it failed, and which policies have the slot, if they are in the way.

    What may mean "not yet", and a lost answer, are followed by another try: Graph refuses a reference that is there.
    """
    connection.removed.discard((slot.object_id, policy_id))
    in_the_way: list[Policy] = []
    mistaken: list[bool] = []  # whether the id is one of the other kind of target; asked once

    async def attempt() -> GraphError | None:
        try:
            await references.add(connection, kind, slot, policy_id)
        except AlreadyAssigned:
            return None
        except NotFound as missing:
            mistaken.append(any(mistaken) or (not mistaken and await _is_the_other(connection, slot)))
            return missing
        except SlotTaken as taken:
            in_the_way[:] = await _listed(connection, kind, slot)
            return None if policy_id in [policy.id for policy in in_the_way] else taken
        except AnswerLost as lost:
            return lost
        return None

    def hopeless() -> bool:
        return any(mistaken) or any((slot.object_id, policy.id) not in connection.removed for policy in in_the_way)

    what = f"{references.named(slot)} and {kind.noun} {policy_id} are not known everywhere"
    refused = await connection.patience.until(what, attempt, lambda refused: refused is None or hopeless())
    return refused, in_the_way


async def _is_the_other(connection: Connection, slot: Slot) -> bool:
    """Whether the id is one of the other kind of target, so that waiting is of no use; asked once."""
    try:
        return await references.exists(connection, other(slot.target), slot.object_id)
    except EntraError:
        return False


async def _listed(connection: Connection, kind: Kind, slot: Slot) -> list[Policy]:
    """What the target has, for a message that a failed question must not hide."""
    try:
        return await references.assigned(connection, kind, slot)
    except EntraError:
        return []


async def remove(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> bool:
    """Whether the reference was there to remove."""
    what, objects = f"{references.named(slot)} no longer has {kind.noun} {policy_id}", (slot.object_id, policy_id)
    if not await removed(connection, what, lambda: references.remove(connection, kind, slot, policy_id), *objects):
        return False
    connection.removed.add((slot.object_id, policy_id))
    return True


async def left(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> str | None:
    """What to tell the user of a slot that no longer had the policy to be removed: who has it now, if anybody."""
    others = ", ".join(map(str, await _listed(connection, kind, slot)))
    if not others:
        return None
    return (
        f"{references.named(slot)} no longer had {kind.noun} {policy_id}, but has {others}, which was left as it is. "
        "If that is this stack's own, from a run that was killed: run pulumi up, and then destroy."
    )


async def _put_back(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> str:
    """Put the old policy back into the slot; in words, what the target has now."""
    target = references.named(slot)
    try:
        failed: EntraError | None = (await _assigned(connection, kind, slot, policy_id))[0]
    except EntraError as refused:
        failed = refused
    if failed is None:
        return f"{kind.noun} {policy_id} has been put back, so {target} is as it was"
    if isinstance(failed, SlotTaken):
        return f"{target} has another {kind.noun} now, so {policy_id} was not put back"
    return f"putting {kind.noun} {policy_id} back failed too, so {target} may have none now ({failed})"
