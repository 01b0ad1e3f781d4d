"""Putting a policy into a slot, whoever has it: the old one out, the new one in, and back again if that fails."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..definitions import Kind
from ..definitions.targets import Slot
from ..graph import references
from ..graph.errors import (
    AlreadyAssigned,
    AnswerLost,
    EntraError,
    GraphError,
    NotFound,
    PolicyConflict,
    ReplicaBehind,
    SlotTaken,
    SwapFailed,
)
from ..graph.references import Assigned
from . import existing, refusals, removal
from .outcomes import Bag
from .run import Run


async def fill(run: Run, kind: Kind, slot: Slot, inputs: Bag) -> tuple[datetime, Bag]:
    """Put the policy into a slot that nobody has yet, or with `replaceExisting` in place of another.

    A create shares with nobody: exactly this reference there already raises AlreadyThere.
    """
    if inputs.get("replaceExisting"):
        return await _displace(run, kind, slot, None, inputs, shares=False)
    if inputs["policyId"] not in run.made:  # else a lost answer of ours could not be told from what was there before
        await _look(run, kind, slot, inputs["policyId"], shares=False)
    return await _assign(run, kind, slot, inputs["policyId"], shares=False), {}


async def swap(run: Run, kind: Kind, slot: Slot, old: Bag, inputs: Bag) -> tuple[datetime, Bag]:
    """Put the policy into a slot of ours in place of the state's, or with `replaceExisting` of whatever is there."""
    old_id = old["policyId"]
    if inputs.get("replaceExisting"):
        return await _displace(run, kind, slot, old, inputs, shares=True)
    leaving = [] if run.is_gone(slot.object_id, old_id) else [old_id]
    return await _exchange(run, kind, slot, leaving, inputs["policyId"], old, shares=True), {}


async def _displace(
    run: Run, kind: Kind, slot: Slot, old: Bag | None, inputs: Bag, *, shares: bool
) -> tuple[datetime, Bag]:
    """Look who has the slot, and exchange; again for as long as the look may have come too early."""
    policy_id, old = inputs["policyId"], old or {}
    strangers: list[str] = []

    async def attempt() -> datetime:
        listed = await _look(run, kind, slot, policy_id, shares=shares)
        leaving = [id_ for id_ in listed if id_ != policy_id]
        if run.kept.get(str(slot)) in leaving and not shares:
            raise refusals.shared(run, kind, slot, policy_id)
        strangers[:] = [id_ for id_ in leaving if id_ != old.get("policyId")]
        return await _exchange(run, kind, slot, leaving, policy_id, old, shares=shares)

    what, began = f"which {kind.noun} {slot.carrier} has", run.patience.now()
    at = await run.patience.until(
        what, attempt, not_yet=(PolicyConflict,), seconds=lambda conflict: run.patience.left_since(began)
    )
    return at, {"replacedPolicyId": strangers[0]} if strangers else {}


async def _look(run: Run, kind: Kind, slot: Slot, policy_id: str, *, shares: bool) -> list[str]:
    """The policies that the slot has; raises AlreadyThere for whoever shares with nobody, if this one is among them."""
    listed: list[str] = []
    with suppress(NotFound, ReplicaBehind):  # of a target that is too new for the replica: the POST will tell
        listed = (await references.assigned(run.connection, kind, slot)).ids
    listed = [id_ for id_ in listed if not run.is_gone(slot.object_id, id_)]
    if policy_id in listed and not shares:
        raise refusals.already_assigned(run, kind, slot, policy_id, None)
    return listed


async def _exchange(
    run: Run, kind: Kind, slot: Slot, leaving: list[str], policy_id: str, old: Bag, *, shares: bool
) -> datetime:
    """Take policies out of the slot and put one in; if that fails, put back what was there.

    Nothing is taken out before what goes in is known to exist. What to put back is what was removed, or may have been:
    a lost answer may mean that it is gone.
    """
    if leaving:
        await _require(run, kind, slot, policy_id)
    taken_out: list[str] = []
    try:
        for old_id in leaving:
            try:
                gone = await remove(run, kind, slot, old_id, old.get("writtenAt"))
            except AnswerLost:
                taken_out.append(old_id)
                raise
            if gone:
                taken_out.append(old_id)
        return await _assign(run, kind, slot, policy_id, shares=shares)
    except EntraError as refused:
        if not taken_out:
            raise
        raise SwapFailed(refused, await _put_back(run, kind, slot, taken_out[0])) from refused


async def _require(run: Run, kind: Kind, slot: Slot, policy_id: str) -> None:
    """Raises WrongId if this run neither knows the policy nor finds it."""
    if (kind.collection, policy_id) in run.names and policy_id not in run.deleted:
        return
    if policy_id in run.deleted or await existing.look_at(run, kind, policy_id) is None:
        finding = await refusals.missing_policy(run, kind, policy_id)
        raise finding.error(f"assign {kind.noun} {policy_id} to {slot.carrier}")


async def _assign(run: Run, kind: Kind, slot: Slot, policy_id: str, *, shares: bool) -> datetime:
    """POST the reference; the date of Graph's answer."""
    return await _Reference(run, kind, slot, policy_id, shares).assign()


@dataclass
class _Reference:
    """A reference on its way into a slot.

    What may mean "not yet", and a lost answer, are followed by another try: Graph refuses a reference that is there.
    That is success after a lost answer of our own, and for whoever `shares`; while this run's own removal may not be
    known everywhere, it is "not yet"; otherwise it is somebody else's.
    """

    run: Run
    kind: Kind
    slot: Slot
    policy_id: str
    shares: bool
    lost: bool = False
    asked: bool = False

    async def assign(self) -> datetime:
        what = f"{self.slot.carrier} and {self.kind.noun} {self.policy_id} are not known everywhere"
        not_yet = (AnswerLost, NotFound, SlotTaken, AlreadyAssigned)
        try:
            at = await self.run.patience.until(what, self._try, not_yet=not_yet)
        except NotFound as missing:
            raise (await self._finding()).error(missing.doing.words, missing.answer) from missing
        except AlreadyAssigned as there:
            at = self._accept(there)
        except SlotTaken as taken:
            raise await refusals.conflict(self.run, self.kind, self.slot, self.policy_id, None, taken) from taken
        self.run.removed.discard((self.slot.object_id, self.policy_id))
        return at

    async def _try(self) -> datetime:
        self.run.assigned.add(self.policy_id)  # whatever becomes of it
        try:
            return await references.add(self.run.connection, self.kind, self.slot, self.policy_id)
        except AnswerLost:
            self.lost = True
            self.run.removed.discard((self.slot.object_id, self.policy_id))  # it may be there again
            raise
        except AlreadyAssigned as there:
            return self._is_there(there)
        except SlotTaken as taken:
            return await self._is_taken(taken)
        except NotFound as missing:
            await self._refuse_mistaken(missing)
            raise

    def _is_there(self, refused: GraphError) -> datetime:
        if self.run.is_gone(self.slot.object_id, self.policy_id) and not self.lost:
            raise refused
        return self._accept(refused)

    def _accept(self, refused: GraphError) -> datetime:
        if self.lost or self.shares:
            return refused.at
        raise refusals.already_assigned(self.run, self.kind, self.slot, self.policy_id, refused)

    async def _is_taken(self, taken: SlotTaken) -> datetime:
        """Another policy has the slot: a conflict, unless it is one that this run has taken out."""
        listed = await _listed(self.run, self.kind, self.slot)
        if listed and self.policy_id in listed.ids:
            return self._is_there(taken)
        if not listed or not all(self.run.is_gone(self.slot.object_id, id_) for id_ in listed.ids):
            raise await refusals.conflict(self.run, self.kind, self.slot, self.policy_id, listed, taken) from taken
        raise taken

    async def _refuse_mistaken(self, missing: NotFound) -> None:
        """Once, and at once: an id that is that of something else is not waited for."""
        finding = None if self.asked else await self._finding()
        self.asked = True
        if finding and finding.final:
            raise finding.error(missing.doing.words, missing.answer) from missing

    async def _finding(self) -> refusals.Finding:
        return await refusals.missing_either(self.run, self.kind, self.slot, self.policy_id)


async def _listed(run: Run, kind: Kind, slot: Slot) -> Assigned | None:
    """What the target has, for a message that a failed question must not hide."""
    try:
        return await references.assigned(run.connection, kind, slot)
    except EntraError:
        return None


async def remove(run: Run, kind: Kind, slot: Slot, policy_id: str, written_at: Any) -> bool:
    """DELETE the reference; whether it was there to remove."""
    what = f"{slot.carrier} no longer has {kind.noun} {policy_id}"
    gone = await removal.remove(run, what, lambda: references.remove(run.connection, kind, slot, policy_id), written_at)
    if gone:
        run.removed.add((slot.object_id, policy_id))
    return gone


async def describe_left(run: Run, kind: Kind, slot: Slot, policy_id: str) -> str | None:
    """What to tell the user of a slot that no longer had the policy to be removed: who has it now, if anybody."""
    listed = await _listed(run, kind, slot)
    if listed and policy_id in listed.ids:
        reason = "Graph says that it is not there, and lists it all the same: its replicas disagree"
        raise EntraError(f"cannot remove {kind.noun} {policy_id} from {slot.carrier}", reason, "run the command again")
    others = ", ".join(map(str, listed.policies)) if listed else ""
    if not others:
        return None
    return (
        f"{slot.carrier} no longer had {kind.noun} {policy_id}, but has {others}, which was left as it is. "
        "If that is this stack's own, from a run that was killed: run pulumi up, and then destroy."
    )


async def _put_back(run: Run, kind: Kind, slot: Slot, policy_id: str) -> str:
    """Put the old policy back into the slot; in words, what the target has now."""
    target = slot.carrier
    try:
        await _assign(run, kind, slot, policy_id, shares=True)
    except PolicyConflict:
        return f"{target} has another {kind.noun} now, so {policy_id} was not put back"
    except EntraError as failed:
        return f"putting {kind.noun} {policy_id} back failed too, so {target} may have none now ({failed})"
    return f"{kind.noun} {policy_id} has been put back, so {target} is as it was"
