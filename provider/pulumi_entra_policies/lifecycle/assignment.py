"""The assignment of a policy to an application or service principal: the same six verbs for a reference.

An assignment's id is its slot; the policy in it can be swapped, the slot cannot.
"""

from __future__ import annotations

from typing import Any

from ..definitions import KINDS, Kind
from ..definitions.targets import TARGETS, WAYS, Slot, key_problem, normal_id, ways_given
from ..definitions.values import Problem, flag_problems, is_known, plain, shown
from ..graph import references, targets
from ..graph.consistency import stamp
from ..graph.errors import EntraError, NotFound
from ..graph.references import Assigned
from . import exchange, refusals, takeover
from .outcomes import Bag, Checked, Live, Plan
from .run import Run


def check(inputs: Bag) -> Checked:
    """All problems at once; ids in Graph's bare lower case."""
    normal = {**plain(inputs), "policyId": normal_id("policies", inputs.get("policyId"))}
    normal |= {way.argument: way.normal(inputs.get(way.argument)) for way in WAYS}
    normal = {name: value for name, value in normal.items() if value is not None and value is not False}
    problems = [
        *_policy_problems(normal),
        *_target_problems(normal),
        *flag_problems("replaceExisting", normal.get("replaceExisting")),
        *takeover.assignment_problems(normal, _kind_named(normal.get("policyType"))),
    ]
    return Checked(inputs if problems else normal, problems)


def diff(old: Bag, new: Bag) -> Plan:
    """Another policy is a swap; another target or kind is another assignment. What is not known yet counts as other.

    The old outputs carry the object id however the target was named. So naming the same target by its object id from
    now on is an update that sends nothing, and by another key one that looks it up.
    """
    (way,) = ways_given(new)
    renamed = way.is_looked_up and way.argument not in old and way.target.object_id in old
    identity = ("policyType",) if renamed else ("policyType", way.argument)
    replaces = [name for name in identity if old.get(name) != new[name]]
    in_place = ("policyId", "replaceExisting", *(way.argument for way in WAYS if way.is_looked_up))
    changed = any(old.get(name) != new.get(name) for name in in_place)
    return Plan(bool(replaces) or changed, replaces)


async def create(run: Run, inputs: Bag) -> Live:
    """One POST, a GET before it unless this run has made the policy, and one to look up the target; one GET to import.

    A create shares with nobody: exactly this reference there already raises AlreadyThere, unless a lost POST of this
    very create may have put it there. Another policy there raises PolicyConflict.
    """
    tenant_id = await run.connection.tenant_id()
    kind = KINDS[inputs["policyType"]]
    slot = await _slot(run, kind, inputs)
    own = {name: value for name, value in inputs.items() if name != takeover.IMPORT}
    if own == inputs:
        with run.claim(str(slot), refusals.shared(run, kind, slot, inputs["policyId"])):
            at, replaced = await exchange.fill(run, kind, slot, inputs)
        computed = {"writtenAt": stamp(at), **replaced}
    else:
        await takeover.import_assignment(run, kind, slot, inputs)
        computed = {}
    return Live(str(slot), own, {**_computed(slot, tenant_id, {}), **computed})


async def read(run: Run, id_: str, state: Bag) -> Live | None:
    """The state's policy if the target has it, else the one it has instead; None if it has none.

    One GET, or none if the run's picture of the tenant shows that the target has it.
    """
    tenant_id = await run.connection.tenant_id(expected=state.get("tenantId"))
    kind, slot, asked = _parsed(id_)
    wanted = asked or state.get("policyId")
    if wanted and "tenantId" in state and await run.picture.has(kind, slot.object_id, wanted):
        policy_id = wanted
    elif (policy_id := await _look_for(run, kind, slot, asked, state)) is None:
        return None
    way = [slot.way, *ways_given(state)][-1]  # a state has the object id, and after it the key that was given
    named = {way.argument: state.get(way.argument, slot.object_id), **_only(state, "replaceExisting")}
    found = live(kind, slot, policy_id, tenant_id, named, state)
    if "tenantId" not in state:  # a get, perhaps of what this program has managed until now: that is not deleted
        run.keep(found.id, found.inputs)
    return found


def live(kind: Kind, slot: Slot, policy_id: str, tenant_id: str, named: Bag, state: Bag | None = None) -> Live:
    """An assignment of the tenant as a resource; `named` are the inputs that say how the program names its target."""
    inputs = {"policyId": policy_id, "policyType": kind.name, **named}
    return Live(str(slot), inputs, _computed(slot, tenant_id, state or {}))


async def _look_for(run: Run, kind: Kind, slot: Slot, asked: str | None, state: Bag) -> str | None:
    """The policy that the target has: the one asked for, else the state's, else the only one; None if it has none."""
    wanted = asked or state.get("policyId")

    def present(listed: Assigned) -> str | None:
        return _present(listed.ids, asked, state.get("policyId"))

    try:
        listed = await run.patience.until(
            f"{slot.carrier} does not have {kind.noun} {wanted or ''}".rstrip(),
            lambda: references.assigned(run.connection, kind, slot),
            settled=lambda listed: present(listed) is not None and present(listed) == (wanted or present(listed)),
            not_yet=(NotFound,),
            seconds=run.patience.doubt(state.get("writtenAt"), missing=lambda listed: present(listed) is None),
        )
    except NotFound:
        return None
    return present(listed)


async def update(run: Run, id_: str, old: Bag, new: Bag) -> Live:
    """Swap the policy in the slot: two requests, and the old one put back if the new one is refused.

    One GET before them if this run does not know the new policy, and one if the target is named another way.
    """
    tenant_id = await run.connection.tenant_id(expected=old.get("tenantId"))
    kind, slot, _ = _parsed(id_)
    (way,) = ways_given(new)
    if way.is_looked_up and old.get(way.argument) != new[way.argument]:
        found = (await _slot(run, kind, new)).object_id
        if found != slot.object_id:
            raise refusals.other_target(slot, way, new[way.argument], found)
    computed = _computed(slot, tenant_id, old)
    if old["policyId"] != new["policyId"]:
        at, replaced = await exchange.swap(run, kind, slot, old, new)
        computed |= {"writtenAt": stamp(at), **replaced}
    run.keep(id_, new)
    return Live(id_, new, computed)


async def delete(run: Run, id_: str, state: Bag) -> str | None:
    """One DELETE; a note for the user if it was left alone, because another resource of the program has this slot.

    Pulumi creates before it deletes: where an assignment was imported under a new name, this is the old one.
    """
    await run.connection.tenant_id(expected=state.get("tenantId"))
    (kind, slot, _), policy_id = _parsed(id_), state["policyId"]
    if run.keeps(str(slot), state):
        return f"Left {id_} as it is: another resource of this program has it."
    run.claimed.discard(str(slot))
    if run.is_gone(slot.object_id, policy_id):
        return None
    if await exchange.remove(run, kind, slot, policy_id, state.get("writtenAt")):
        return None
    return await exchange.describe_left(run, kind, slot, policy_id)


def _parsed(id_: str) -> tuple[Kind, Slot, str | None]:
    """The kind, the slot and perhaps the policy that an assignment's id names."""
    try:
        slot, policy_id = Slot.parse(id_)
        return next(kind for kind in KINDS.values() if kind.collection == slot.collection), slot, policy_id
    except (ValueError, StopIteration) as error:
        known = ", ".join(kind.collection for kind in KINDS.values())
        reason = str(error) or f'"{id_}" names a collection that is none of {known}'
        raise EntraError("cannot use the assignment's id", reason, "check the id given to get()") from error


def _kind_named(policy_type: Any) -> Kind | None:
    return KINDS.get(policy_type) if isinstance(policy_type, str) else None


def _only(state: Bag, *names: str) -> Bag:
    return {name: state[name] for name in names if name in state}


def _computed(slot: Slot, tenant_id: str, state: Bag) -> Bag:
    own = {slot.target.object_id: slot.object_id, "tenantId": tenant_id}
    return {**own, **_only(state, "replacedPolicyId", "writtenAt")}


async def _slot(run: Run, kind: Kind, inputs: Bag) -> Slot:
    """The slot that checked inputs name; one GET unless by object id.

    A target that is not found may be too new, unless the id turns out to be that of something else.
    """
    (way,) = ways_given(inputs)
    value, asked = inputs[way.argument], False
    if not way.is_looked_up:
        return Slot(way.target, value, kind.collection)
    what = f"find the {way.described(value)}"

    async def find() -> str:
        nonlocal asked
        try:
            return (await targets.look_up(run.connection, way, value)).id
        except NotFound as missing:
            finding = None if asked else await refusals.missing_target(run, way, value)
            asked = True
            if finding and finding.final:
                raise finding.error(what, missing.answer) from missing
            raise

    try:
        return Slot(way.target, await run.patience.until(what, find, not_yet=(NotFound,)), kind.collection)
    except NotFound as missing:
        raise (await refusals.missing_target(run, way, value)).error(what, missing.answer) from missing


def _present(listed: list[str], asked: str | None, state: str | None) -> str | None:
    wanted = asked or state
    if wanted in listed:
        return wanted
    return listed[0] if len(listed) == 1 and asked is None else None


def _policy_problems(inputs: Bag) -> list[Problem]:
    problems = []
    if is_known(inputs.get("policyType")) and inputs.get("policyType") not in tuple(KINDS):
        kinds = ", ".join(KINDS)
        problems.append(Problem("policyType", f"must be one of {kinds}, not {shown(inputs.get('policyType'))}"))
    return [*problems, *key_problem("policyId", inputs.get("policyId"), "the id of a policy")]


def _target_problems(inputs: Bag) -> list[Problem]:
    given = ways_given(inputs)
    if len(given) != 1:
        count = f"{' and '.join(way.python for way in given)} are" if given else "none is"
        every = " or ".join(way.python for way in WAYS)
        return [Problem(WAYS[0].argument, f"name exactly one target, {every}; {count} given")]
    (way,) = given
    kind = _kind_named(inputs.get("policyType"))
    if kind and way.target.collection not in kind.targets:
        return [Problem(way.argument, _impossible(kind))]
    return key_problem(way.argument, inputs[way.argument], f"the {way.key} of {refusals.a(way.target.noun)}", way.key)


def _impossible(kind: Kind) -> str:
    """What can be done instead of an assignment that Graph has no path for."""
    nouns = [f"{target.noun}s" for target in TARGETS if target.collection in kind.targets]
    if not nouns:
        return (
            f"{refusals.a(kind.noun)} cannot be assigned: it is for the whole tenant, with is_organization_default=True"
        )
    return f"{refusals.a(kind.noun)} can be assigned to {' or '.join(nouns)} only"
