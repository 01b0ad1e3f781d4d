"""Why Graph refused, found out and worded: which object is not there, whose id it is, who has the slot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..definitions import KINDS, Kind
from ..definitions.targets import CLIENT_ID, SERVICE_PRINCIPAL, UNIQUE_NAME, WAYS, Slot, Way
from ..definitions.values import named
from ..graph import policies, targets
from ..graph.errors import (
    AlreadyThere,
    Answer,
    EntraError,
    GraphError,
    NotFound,
    OtherTarget,
    PolicyConflict,
    TargetMissing,
    WrongId,
)
from ..graph.policies import Policy
from ..graph.references import Assigned
from . import existing
from .run import Run

NAMESAKES = 3  # as many as a message has room for


@dataclass(frozen=True)
class Finding:
    """What a 404 meant. `final`: waiting is of no use, since the id is that of something else, or of nothing."""

    reason: str
    advice: str
    final: bool = False

    def error(self, what: str, answer: Answer | None = None) -> EntraError:
        return (WrongId if self.final else TargetMissing)(f"cannot {what}", self.reason, self.advice, answer)


async def missing_target(run: Run, way: Way, value: str) -> Finding:
    """A key that names no target the way it was given: whether it does so another way. At most five reads.

    An application and its service principal have one client id, so that of the other proves no mistake.
    """
    reason = f"there is no {way.described(value)} in this tenant"
    for other in WAYS:
        if other == way or not other.key.fits(value) or not await _names(run, other, value):
            continue
        if way.key == other.key == CLIENT_ID:
            meant = f"if the {other.target.noun} of this client id is meant, name it with {other.python}"
            return Finding(reason, f"{meant}{await _hint(run, way, value)}")
        mistaken = f"{value} is the {other.key} of {a(other.target.noun)}, not the {way.key} of {a(way.target.noun)}"
        return Finding(mistaken, f"name it with {other.python}", final=True)
    return Finding(reason, f"check the {way.key} and the tenant{await _hint(run, way, value)}")


async def _hint(run: Run, way: Way, value: str) -> str:
    """How a target gets what it was named by, where that is not Graph's to give."""
    if way.key == UNIQUE_NAME:
        return f"; {await _how_to_name(run, way, value)}"
    if way.key == CLIENT_ID and way.target == SERVICE_PRINCIPAL:
        return f"; if the application is there without a service principal: az ad sp create --id {value}"
    return ""


async def _how_to_name(run: Run, way: Way, value: str) -> str:
    """First, what has it as its display name, which is easily taken for a unique one.

    Source: https://learn.microsoft.com/graph/api/application-update; for the portal,
    https://github.com/microsoftgraph/msgraph-bicep-types/issues/187
    """
    try:
        namesakes = await targets.of_display_name(run.connection, way.target, value)
    except EntraError:  # a question that may not be asked must not hide the refusal
        namesakes = []
    noun, none = way.target.noun, f"no {way.key}"
    told = [
        f"{noun} {one} has that as display name, and {way.key.of(one.unique_name) if one.unique_name else none}"
        for one in namesakes[:NAMESAKES]
    ]
    patch = f"PATCH {way.target.collection}/<object id> {json.dumps({way.key.property: value})}"
    return "; ".join([*told, f"{a(noun)} gets one by {patch}, once and for all, and not in the portal"])


async def _names(run: Run, way: Way, value: str) -> bool:
    """Whether an id names a target that way; no, if it may not be asked."""
    try:
        await targets.look_up(run.connection, way, value)
    except EntraError:
        return False
    return True


async def missing_either(run: Run, kind: Kind, slot: Slot, policy_id: str) -> Finding:
    """Which of the two is not there, which Graph's 404 of an assignment does not say."""
    try:
        await targets.look_up(run.connection, slot.way, slot.object_id)
        if (kind.collection, policy_id) not in run.names and await existing.look_at(run, kind, policy_id) is None:
            return await missing_policy(run, kind, policy_id)
    except NotFound:
        return await missing_target(run, slot.way, slot.object_id)
    except EntraError:  # a question that may not be asked must not hide the refusal
        pass
    return Finding("Graph does not know both everywhere yet", "wait a little and run pulumi up again")


async def missing_policy(run: Run, kind: Kind, policy_id: str) -> Finding:
    """An id that is no policy's of the kind: whether it is that of another kind."""
    for other in KINDS.values():
        if other != kind and await _is_policy(run, other, policy_id):
            reason = f"{policy_id} is {a(other.noun)}, not {a(kind.noun)}"
            return Finding(reason, f"say {other.name}, or give another id", final=True)
    reason = f"{policy_id} is not the id of a {kind.noun} in this tenant"
    young = f"if the policy was made less than {run.patience.waits:.0f} s ago, run pulumi up again"
    return Finding(reason, f"check the id and the tenant; {young}", final=True)


async def _is_policy(run: Run, kind: Kind, policy_id: str) -> bool:
    try:
        await policies.get(run.connection, kind, policy_id)
    except EntraError:
        return False
    return True


def already_assigned(run: Run, kind: Kind, slot: Slot, policy_id: str, refused: GraphError | None) -> AlreadyThere:
    """Exactly this reference is there, and this create has not put it there."""
    advice = (
        "if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')]); if no stack has it, as after a run "
        f"that was killed, take it over, without replace_existing: opts=pulumi.ResourceOptions(import_='{slot}'); if "
        "another resource of this program lets go of it in this run, run pulumi up without this one first; to "
        "replace it with pulumi up --replace, or if two assignments exchange their targets, give each of them "
        "delete_before_replace=True"
    )
    what = f"cannot assign {kind.noun} {_named(run, kind, policy_id)} to {slot.carrier}"
    reason = "exactly this assignment is there already, and this create has not put it there"
    return AlreadyThere(what, reason, advice, refused.answer if refused else None)


def shared(run: Run, kind: Kind, slot: Slot, policy_id: str) -> AlreadyThere:
    """Two resources of one program for one slot, which the program could not tell before it ran."""
    what = f"cannot assign {kind.noun} {_named(run, kind, policy_id)} to {slot.carrier}"
    reason = f"another resource of this program has the slot {slot}, and Graph allows one {kind.noun} in it"
    return AlreadyThere(what, reason, "keep one of the two resources")


def other_target(slot: Slot, way: Way, value: str, object_id: str) -> OtherTarget:
    """Another name for the target that turns out to be that of another object."""
    reason = f"{way.key.of(value)} is that of {way.target.noun} {object_id}, and a slot cannot move"
    advice = "run pulumi up --replace with this resource's URN, which assigns there first and then removes this one"
    return OtherTarget(f"cannot update the assignment {slot}", reason, advice)


async def conflict(
    run: Run, kind: Kind, slot: Slot, policy_id: str, listed: Assigned | None, taken: GraphError
) -> PolicyConflict:
    """Another policy has the slot: both policies and the target by name and id."""
    target = f"{slot.target.noun} {named(await targets.name(run.connection, slot), slot.object_id)}"
    found = listed.policies if listed else []
    return taken_slot(kind, slot, target, _named(run, kind, policy_id), found, taken.answer)


def taken_slot(
    kind: Kind, slot: Slot, target: str, own: str, found: Sequence[Policy], answer: Answer | None = None
) -> PolicyConflict:
    """The same, where all is known: `own` and `target` in words, and whom the slot has been found to have."""
    others = " and ".join(f"{kind.noun} {policy}" for policy in found)
    reason = f"it already has {others or f'another {kind.noun}'}, and Graph allows one per {slot.target.noun}"
    advice = (
        "remove that assignment, import it into this stack, or let this one take the place with replace_existing=True\n"
        "  (also when a policy moves between two resources of one program, or two assignments exchange their targets: "
        "Pulumi creates before it deletes)"
    )
    return PolicyConflict(f"cannot assign {kind.noun} {own} to {target}", reason, advice, answer)


def _named(run: Run, kind: Kind, policy_id: str) -> str:
    return named(run.names.get((kind.collection, policy_id)), policy_id)


def a(noun: str) -> str:
    """A noun with its article."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
