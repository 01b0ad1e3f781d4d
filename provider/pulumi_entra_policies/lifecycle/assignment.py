"""The assignment of a policy to an application or service principal: the same six verbs for a reference.

An assignment's id is its slot; the policy in it can be swapped, the slot cannot.
"""

from __future__ import annotations

from ..definitions import KINDS, Kind
from ..definitions.fields import Problem, plain, shown
from ..definitions.targets import TARGETS, Slot, id_problem, normal_id
from ..graph import references
from ..graph.connection import Connection
from ..graph.errors import AlreadyAssigned, EntraError, NotAssigned, NotFound, SlotTaken, worded
from ..graph.policies import Policy
from .outcomes import Bag, Checked, Live, Plan, PolicyConflict, SwapFailed

# A slot cannot move: any of these changing makes another assignment.
_IDENTITY = ("policyType", *(target.input for target in TARGETS))


def check(inputs: Bag) -> Checked:
    """All problems at once; ids in Graph's bare lower case."""
    normal = {**plain(inputs), "policyId": normal_id("policies", inputs.get("policyId"))}
    for target in TARGETS:
        normal[target.input] = normal_id(target.collection, inputs.get(target.input))
    normal = {name: value for name, value in normal.items() if value is not None}
    problems = [*_policy_problems(normal), *_target_problems(normal)]
    return Checked(inputs if problems else normal, problems)


def diff(old: Bag, new: Bag) -> Plan:
    """Another policy is a swap; another target or kind is another assignment. What is not known yet counts as other."""
    replaces = [name for name in _IDENTITY if old.get(name) != new.get(name)]
    return Plan(bool(replaces) or old.get("policyId") != new.get("policyId"), replaces)


async def create(connection: Connection, inputs: Bag) -> Live:
    """One POST. Exactly this reference there already is what was wanted; another policy there is a conflict."""
    tenant_id = await connection.tenant_id()
    kind, policy_id = KINDS[inputs["policyType"]], inputs["policyId"]
    slot = Slot.of(kind, inputs)
    await _place(connection, kind, slot, policy_id)
    return Live(str(slot), inputs, {"tenantId": tenant_id})


async def read(connection: Connection, id_: str, state: Bag) -> Live | None:
    """One GET. The state's policy if the target has it, else the one it has instead; None if it has none."""
    tenant_id = await connection.tenant_id(expected=state.get("tenantId"))
    kind, slot, asked = _parsed(id_)
    try:
        listed = [policy.id for policy in await references.assigned(connection, kind, slot)]
    except NotFound:
        return None
    policy_id = _present(listed, asked, state.get("policyId"))
    if policy_id is None:
        return None
    inputs = {"policyId": policy_id, "policyType": kind.name, slot.target.input: slot.object_id}
    return Live(str(slot), inputs, {"tenantId": tenant_id})


async def update(connection: Connection, id_: str, old: Bag, new: Bag) -> Live:
    """Swap the policy in the slot: two requests, and the old one put back if the new one is refused."""
    tenant_id = await connection.tenant_id(expected=old.get("tenantId"))
    kind = KINDS[new["policyType"]]
    slot = Slot.of(kind, new)
    if old.get("policyId") != new["policyId"]:
        await _swap(connection, kind, slot, old["policyId"], new["policyId"])
    return Live(id_, new, {"tenantId": tenant_id})


async def delete(connection: Connection, id_: str, state: Bag) -> bool:
    """One DELETE; False if it was left alone, because this process has put the very same reference in place.

    Pulumi creates before it deletes: after a rename without alias, or --replace, create finds the reference there and
    is content, and the delete of the old resource would take away what the new one stands for.
    """
    await connection.tenant_id(expected=state.get("tenantId"))
    (kind, slot, _), policy_id = _parsed(id_), state["policyId"]
    if (str(slot), policy_id) in connection.placed:
        return False
    await _remove(connection, kind, slot, policy_id)
    return True


def _parsed(id_: str) -> tuple[Kind, Slot, str | None]:
    """The kind, the slot and perhaps the policy that an assignment's id names."""
    try:
        slot, policy_id = Slot.parse(id_)
        return next(kind for kind in KINDS.values() if kind.collection == slot.collection), slot, policy_id
    except (ValueError, StopIteration) as error:
        known = ", ".join(kind.collection for kind in KINDS.values())
        reason = str(error) or f'"{id_}" names a collection that is none of {known}'
        raise EntraError(f"cannot read assignment: {reason}.") from error


async def _place(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> None:
    try:
        await references.add(connection, kind, slot, policy_id)
    except AlreadyAssigned:
        pass
    except SlotTaken as taken:
        listed = await references.assigned(connection, kind, slot)
        if policy_id not in [policy.id for policy in listed]:
            raise await _conflict(connection, kind, slot, policy_id, listed, taken) from taken
    connection.placed.add((str(slot), policy_id))


async def _remove(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> bool:
    """Whether the reference was there to remove."""
    try:
        await references.remove(connection, kind, slot, policy_id)
    except (NotAssigned, NotFound):
        return False
    return True


async def _swap(connection: Connection, kind: Kind, slot: Slot, old_id: str, new_id: str) -> None:
    removed = await _remove(connection, kind, slot, old_id)
    try:
        await _place(connection, kind, slot, new_id)
    except EntraError as refused:
        if not removed:
            raise
        raise await _rolled_back(connection, kind, slot, old_id, refused) from refused
    connection.placed.discard((str(slot), old_id))


async def _rolled_back(connection: Connection, kind: Kind, slot: Slot, old_id: str, refused: EntraError) -> SwapFailed:
    target = references.named(slot)
    try:
        await references.add(connection, kind, slot, old_id)
    except AlreadyAssigned:
        now = f"{target} has kept {kind.noun} {old_id}"
    except EntraError as failed:
        now = f"putting {kind.noun} {old_id} back failed too, so {target} may have none now ({failed})"
    else:
        now = f"{kind.noun} {old_id} has been put back, so {target} is as it was"
    return SwapFailed(f"{refused}\n  {now}.")


async def _conflict(
    connection: Connection, kind: Kind, slot: Slot, policy_id: str, listed: list[Policy], taken: SlotTaken
) -> PolicyConflict:
    name = await references.target_name(connection, slot)
    target = f'{slot.target.noun} "{name}" ({slot.object_id})' if name else references.named(slot)
    others = " and ".join(f'"{policy.display_name}" ({policy.id})' for policy in listed)
    reason = f"it already has {kind.noun} {others}, and Graph allows one per {slot.target.noun}"
    advice = (
        "remove that assignment, import it into this stack, or let this assignment's resource own the slot alone "
        "(also when a policy moves between two resources of one program: Pulumi creates before it deletes)"
    )
    what = f"cannot assign {kind.noun} {policy_id} to {target}"
    return PolicyConflict(worded(what, reason, taken.answer, advice))


def _present(listed: list[str], asked: str | None, state: str | None) -> str | None:
    wanted = asked or state
    if wanted in listed:
        return wanted
    return listed[0] if len(listed) == 1 and asked is None else None


def _policy_problems(inputs: Bag) -> list[Problem]:
    problems = []
    if inputs.get("policyType") not in KINDS:
        kinds = ", ".join(KINDS)
        problems.append(Problem("policyType", f"must be one of {kinds}, not {shown(inputs.get('policyType'))}"))
    return [*problems, *id_problem("policyId", inputs.get("policyId"), "the id of a policy")]


def _target_problems(inputs: Bag) -> list[Problem]:
    given = [target for target in TARGETS if inputs.get(target.input) is not None]
    if len(given) != 1:
        names = " or ".join(target.input for target in TARGETS)
        count = f"{len(given)} are" if given else "none is"
        return [Problem(TARGETS[0].input, f"name exactly one target, {names}; {count} given")]
    target = given[0]
    return id_problem(target.input, inputs[target.input], f"the object id of {target.noun}")
