"""What the tenant would make of a creation or a change: the questions that the verb itself asks before it writes.

Each raises what the verb would raise. What depends on values that are not known yet is not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..definitions import KINDS, Kind
from ..definitions.targets import Slot, Way, ways_given
from ..definitions.values import is_known, is_whole
from ..graph import policies, references, targets
from ..graph.errors import Missing, NotFound, OtherTarget, TargetMissing, WrongId
from . import defaults, existing, policy, refusals, takeover
from .outcomes import Bag, Excuses, Finding, Question
from .run import Run

_DEFAULT = "isOrganizationDefault"
_REPLACED: Excuses = dict.fromkeys((Missing, OtherTarget), "Pulumi replaces this resource, as replace_on_changes says")


def of_new_policy(kind: Kind, run: Run, inputs: Bag) -> Iterator[Question]:
    """An import, or a name and a default that may be another's."""
    name = inputs["displayName"]
    if takeover.IMPORT in inputs:
        if is_whole(inputs):
            yield Question(f"about the {kind.noun} to import", lambda: _import_policy(kind, run, inputs))
        return
    if is_known(name):
        yield Question(f"whether the name of {refusals.a(kind.noun)} is taken", lambda: _claim_name(kind, run, inputs))
    if inputs.get(_DEFAULT) is True:
        yield _default(kind, run, None, inputs)


def of_changed_policy(
    kind: Kind, run: Run, policy_id: str, old: Bag, new: Bag, assignments: int | None
) -> Iterator[Question]:
    """A default that may be another's, and whom the change reaches."""
    run.names.setdefault((kind.collection, policy_id), str(old.get("displayName")))
    changed = policy.changed(kind, old, new)
    if _DEFAULT in changed:
        yield _default(kind, run, policy_id, new)
    if changed:
        about = f"who uses {refusals.a(kind.noun)} that is to be changed"
        is_default = bool(old.get(_DEFAULT) or new.get(_DEFAULT))
        yield Question(about, lambda: _reach(kind, run, policy_id, is_default, assignments), excused=_REPLACED)


async def _import_policy(kind: Kind, run: Run, inputs: Bag) -> Sequence[Finding]:
    await takeover.import_policy(run, kind, inputs)
    return ()


async def _claim_name(kind: Kind, run: Run, inputs: Bag) -> Sequence[Finding]:
    await run.picture.glance(kind)
    async with existing.name_claimed(run, kind, inputs):
        return ()


def _default(kind: Kind, run: Run, policy_id: str | None, inputs: Bag) -> Question:
    changes = policies.Changes(is_organization_default=bool(inputs.get(_DEFAULT)))
    name = str(inputs["displayName"]) if is_known(inputs["displayName"]) else "<not known yet>"

    async def claim() -> Sequence[Finding]:
        await run.picture.glance(kind)
        async with defaults.claimed(run, kind, policy_id, name, changes):
            return ()

    return Question(f"which {kind.noun} is the organisation's default", claim)


async def _reach(kind: Kind, run: Run, policy_id: str, is_default: bool, assignments: int | None) -> Sequence[Finding]:
    """Whom a change or, once it is deleted, a deletion reaches."""
    found = [Finding("info", "as the organisation's default it reaches the whole tenant")] if is_default else []
    if not kind.targets:
        return found
    try:
        users = await run.patience.until(
            f"who uses {kind.noun} {policy_id}",
            lambda: policies.users(run.connection, kind, policy_id),
            not_yet=(NotFound,),
            seconds=run.patience.doubt(),
        )
    except NotFound as missing:
        what, advice = f"cannot update {kind.noun} {policy_id}", "run pulumi refresh; the next up makes it anew"
        raise Missing(what, "it is not in the tenant", advice, missing.answer) from missing
    own = f"; this program assigns it {_times(assignments)}" if assignments else ""  # as far as it can tell
    named_users = [Finding("debug", f"used by {', '.join(map(str, users))}")] if users else []
    return [*found, Finding("info", f"used by {_counted(users)}{own}"), *named_users]


def _counted(users: Sequence[policies.User]) -> str:
    counts = Counter(user.noun for user in users)
    words = [f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in sorted(counts.items())]
    return " and ".join(words) or "nobody"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def of_new_assignment(run: Run, inputs: Bag) -> Iterator[Question]:
    """An import; or a target, what it has already, and a policy that may be none."""
    (way,) = ways_given(inputs)
    kind, value = KINDS.get(str(inputs["policyType"])), inputs[way.argument]
    if kind is None:
        return
    if takeover.IMPORT in inputs:
        if is_whole(inputs):
            yield Question("about the assignment to import", lambda: _import_assignment(kind, run, way, inputs))
        return
    if is_known(value):
        yield from _of_slot(kind, run, way, inputs)
    yield from _of_policy(kind, run, way, value, inputs["policyId"])


def of_changed_assignment(run: Run, id_: str, old: Bag, new: Bag, assignments: int | None = None) -> Iterator[Question]:
    """A target that is named another way, and another policy in the slot."""
    kind, (way,), (slot, _) = KINDS[old["policyType"]], ways_given(new), Slot.parse(id_)
    renamed = way.is_looked_up and old.get(way.argument) != new[way.argument]
    if renamed and is_known(new[way.argument]):
        yield Question(_which(way), lambda: _refuse_other_target(run, way, new, slot), excused=_REPLACED)
    if old["policyId"] != new["policyId"]:
        yield Question(f"what {refusals.a(slot.target.noun)} has", lambda: _swap(kind, run, slot, old, new))
        yield from _of_policy(kind, run, slot.way, slot.object_id, new["policyId"])


def _of_slot(kind: Kind, run: Run, way: Way, inputs: Bag) -> Iterator[Question]:
    """The target, and what it has: two questions, as reading a slot of a large tenant takes a permission to write."""
    found: list[targets.Found] = []

    async def find() -> Sequence[Finding]:
        found.append(await _find(run, way, inputs[way.argument]))
        return ()

    async def fill() -> Sequence[Finding]:
        return await _fill(kind, run, way, inputs, found[0]) if found else ()

    yield Question(_which(way), find, excused=_made_first(way) if way.is_foreknown else {})
    yield Question(f"what {refusals.a(way.target.noun)} has", fill)


def _which(way: Way) -> str:
    return f"which {way.target.noun} is meant"


def _made_first(way: Way) -> Excuses:
    return {TargetMissing: f"this program makes the {way.target.noun} first"}


def _of_policy(kind: Kind, run: Run, way: Way, value: Any, policy_id: Any) -> Iterator[Question]:
    """Whether what is assigned is a policy of the kind, and what the target needs for it."""
    if is_known(policy_id):
        yield Question(f"about the {kind.noun} to assign", lambda: _refuse_unknown(kind, run, policy_id))
    if kind.assignment_doubt:
        doubt = f"{refusals.a(kind.noun)} {kind.assignment_doubt}"
        unasked = [Finding("warning", doubt)]
        about = f"what {refusals.a(way.target.noun)} needs for {refusals.a(kind.noun)}"
        if is_known(value):
            yield Question(about, lambda: _tell_need(run, way, value, doubt), unasked)
        else:
            yield Question(about, lambda: _said(unasked), unasked)


async def _said(findings: Sequence[Finding]) -> Sequence[Finding]:
    return findings


async def _import_assignment(kind: Kind, run: Run, way: Way, inputs: Bag) -> Sequence[Finding]:
    found = await _find(run, way, inputs[way.argument])
    await takeover.import_assignment(run, kind, Slot(way.target, found.id, kind.collection), inputs)
    return ()


async def _fill(kind: Kind, run: Run, way: Way, inputs: Bag, found: targets.Found) -> Sequence[Finding]:
    """What a create would meet in the slot."""
    policy_id = inputs["policyId"]
    slot = Slot(way.target, found.id, kind.collection)
    with run.claim(str(slot), refusals.shared(run, kind, slot, _words(policy_id))):
        there = await _in_slot(kind, run, slot)
        if policy_id in [listed.id for listed in there]:
            raise refusals.already_assigned(run, kind, slot, policy_id, None)
        return _displaced(kind, slot, f"{way.target.noun} {found}", inputs, there)


async def _swap(kind: Kind, run: Run, slot: Slot, old: Bag, new: Bag) -> Sequence[Finding]:
    """What an update would meet in the slot but the policy that it takes out, and the one that it puts in."""
    found = await _find(run, slot.way, slot.object_id)
    there = await _in_slot(kind, run, slot)
    others = [listed for listed in there if listed.id not in (old["policyId"], new["policyId"])]
    return _displaced(kind, slot, f"{slot.target.noun} {found}", new, others)


def _displaced(kind: Kind, slot: Slot, target: str, inputs: Bag, others: list[policies.Policy]) -> Sequence[Finding]:
    if not others:
        return []
    if not inputs.get("replaceExisting"):
        raise refusals.taken_slot(kind, slot, target, _words(inputs["policyId"]), others)
    whom = " and ".join(f"{kind.noun} {other}" for other in others)
    return [Finding("info", f"replace_existing: takes the place of {whom} on {target}")]


def _words(policy_id: Any) -> str:
    return policy_id if is_known(policy_id) else "that is to be made"


async def _in_slot(kind: Kind, run: Run, slot: Slot) -> list[policies.Policy]:
    there = await run.picture.in_slot(kind, slot.object_id)
    return (await references.assigned(run.connection, kind, slot)).policies if there is None else there


async def _find(run: Run, way: Way, value: str) -> targets.Found:
    """The target. Asked once for all kinds. Raises WrongId, TargetMissing."""
    return await run.once((way, value), lambda: _look_up(run, way, value))


async def _look_up(run: Run, way: Way, value: str) -> targets.Found:
    what = f"find the {way.described(value)}"
    if pictured := await run.picture.target(way, value):
        return pictured
    try:
        return await run.patience.until(
            what,
            lambda: targets.look_up(run.connection, way, value),
            not_yet=(NotFound,),
            seconds=run.patience.doubt(),
        )
    except NotFound as missing:
        finding = await refusals.missing_target(run, way, value)
        young = f"{finding.advice}; if it was made less than {run.patience.waits:.0f} s ago, wait that long"
        raise replace(finding, advice=finding.advice if finding.final else young).error(
            what, missing.answer
        ) from missing


async def _refuse_other_target(run: Run, way: Way, new: Bag, slot: Slot) -> Sequence[Finding]:
    found = await _find(run, way, new[way.argument])
    if found.id != slot.object_id:
        raise refusals.other_target(slot, way, new[way.argument], found.id)
    return ()


async def _refuse_unknown(kind: Kind, run: Run, policy_id: str) -> Sequence[Finding]:
    if policy_id in run.kept or (kind.collection, policy_id) in run.names:
        return ()
    if not await run.picture.policy(kind, policy_id) and not await existing.look_at(run, kind, policy_id):
        finding = await refusals.missing_policy(run, kind, policy_id)
        raise finding.error(f"assign {kind.noun} {policy_id}")
    return ()


async def _tell_need(run: Run, way: Way, value: str, doubt: str) -> Sequence[Finding]:
    """The doubt, where it is true."""
    try:
        found = await _find(run, way, value)
    except TargetMissing:
        return [Finding("warning", doubt)] if way.is_foreknown else ()
    except WrongId:  # which, as what is missing for good, is another question's to tell
        return ()
    try:
        if await targets.maps_claims(run.connection, found):
            return ()
    except NotFound:  # the service principal of another tenant's application: nobody here can tell
        return [Finding("warning", doubt)]
    return [Finding("warning", f"{doubt}; {way.target.noun} {found} has neither")]
