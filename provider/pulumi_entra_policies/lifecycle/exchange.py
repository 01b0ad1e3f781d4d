"""Putting a policy into a slot, whoever has it: the old one out, the new one in, and back again if that fails."""

from __future__ import annotations

from ..definitions import Kind
from ..definitions.targets import Slot
from ..graph import references
from ..graph.connection import Connection
from ..graph.errors import AlreadyAssigned, AnswerLost, EntraError, NotAssigned, NotFound, SlotTaken
from ..graph.policies import Policy
from . import refusals
from .outcomes import Bag


async def take(connection: Connection, kind: Kind, slot: Slot, old_id: str | None, inputs: Bag) -> Bag:
    """Put the policy into the slot in place of `old_id`, or with `replaceExisting` of whatever is there.

    Returns `replacedPolicyId` if that was a policy we did not know of.
    """
    leaving = [old_id] if old_id else []
    if inputs.get("replaceExisting"):
        listed = await references.assigned(connection, kind, slot)
        leaving = [policy.id for policy in listed if policy.id != inputs["policyId"]]
    await _exchange(connection, kind, slot, leaving, inputs["policyId"])
    strangers = [policy_id for policy_id in leaving if policy_id != old_id]
    return {"replacedPolicyId": strangers[0]} if strangers else {}


async def _exchange(connection: Connection, kind: Kind, slot: Slot, leaving: list[str], policy_id: str) -> None:
    """Take policies out of the slot and put one in; if that fails, put back what was there.

    What is to be put back is noted before it is removed, since a lost answer may mean that it is gone.
    """
    removed: list[str] = []
    try:
        for old_id in leaving:
            removed.append(old_id)
            if not await remove(connection, kind, slot, old_id):
                removed.remove(old_id)
        await _place(connection, kind, slot, policy_id)
    except EntraError as refused:
        now = await _put_back(connection, kind, slot, removed[0]) if removed else None
        error = await refusals.explained(connection, kind, slot, policy_id, refused)
        raise refusals.swap_failed(error, now) if now else error from refused


async def _place(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> None:
    """Assign; an answer that leaves it open is settled by asking what the target has."""
    try:
        await references.add(connection, kind, slot, policy_id)
    except AlreadyAssigned:
        pass
    except (SlotTaken, AnswerLost) as doubt:
        listed = await _listed(connection, kind, slot)
        if policy_id not in [policy.id for policy in listed]:
            if isinstance(doubt, AnswerLost):
                raise
            raise await refusals.conflict(connection, kind, slot, policy_id, listed, doubt) from doubt
    connection.removed.discard((slot.object_id, policy_id))


async def _listed(connection: Connection, kind: Kind, slot: Slot) -> list[Policy]:
    """What the target has, for a decision that a failed question must not hide."""
    try:
        return await references.assigned(connection, kind, slot)
    except EntraError:
        return []


async def remove(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> bool:
    """Whether the reference was there to remove."""
    try:
        await references.remove(connection, kind, slot, policy_id)
    except (NotAssigned, NotFound):
        return False
    connection.removed.add((slot.object_id, policy_id))
    return True


async def _put_back(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> str:
    """Put the old policy back into the slot; in words, what the target has now."""
    target = references.named(slot)
    connection.removed.discard((slot.object_id, policy_id))
    try:
        await references.add(connection, kind, slot, policy_id)
    except AlreadyAssigned:
        return f"{target} has kept {kind.noun} {policy_id}"
    except SlotTaken:
        return f"{target} has another {kind.noun} now, so {policy_id} was not put back"
    except EntraError as failed:
        return f"putting {kind.noun} {policy_id} back failed too, so {target} may have none now ({failed})"
    return f"{kind.noun} {policy_id} has been put back, so {target} is as it was"
