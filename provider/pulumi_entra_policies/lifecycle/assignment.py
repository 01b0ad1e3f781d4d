"""The assignment of a policy to an application or service principal: the same six verbs for a reference.

An assignment's id is its slot; the policy in it can be swapped, the slot cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ..definitions import KINDS, Kind
from ..definitions.targets import TARGETS, WAYS, Slot, Target, guid, id_problem, normal_id
from ..definitions.values import Problem, flag_problems, is_known, plain, shown
from ..graph import references
from ..graph.connection import Connection
from ..graph.errors import EntraError, NotFound
from . import exchange, refusals
from .outcomes import Bag, Checked, Live, Plan


def check(inputs: Bag) -> Checked:
    """All problems at once; ids in Graph's bare lower case."""
    normal = {**plain(inputs), "policyId": normal_id("policies", inputs.get("policyId"))}
    for target in TARGETS:
        normal[target.object_id] = normal_id(target.collection, inputs.get(target.object_id))
        normal[target.client_id] = guid(inputs.get(target.client_id)) or inputs.get(target.client_id)
    normal = {name: value for name, value in normal.items() if value is not None and value is not False}
    problems = [
        *_policy_problems(normal),
        *_target_problems(normal),
        *flag_problems("replaceExisting", normal.get("replaceExisting")),
    ]
    return Checked(inputs if problems else normal, problems)


def diff(old: Bag, new: Bag) -> Plan:
    """Another policy is a swap; another target or kind is another assignment. What is not known yet counts as other.

    The old outputs carry the object id even where the target was named by client id, so naming the same target by its
    object id from now on is an update that sends nothing.
    """
    identity = ("policyType", *(way for way in WAYS if way in new))
    replaces = [name for name in identity if old.get(name) != new[name]]
    in_place = ("policyId", "replaceExisting", *(target.client_id for target in TARGETS))
    changed = any(old.get(name) != new.get(name) for name in in_place)
    return Plan(bool(replaces) or changed, replaces, delete_first=not replaces)


def stands_for(kept: Bag, gone: Bag) -> bool:
    """Whether an assignment that is kept has the reference of one that goes and has the same slot."""
    return kept.get("policyId") == gone.get("policyId")


async def create(connection: Connection, inputs: Bag) -> Live:
    """One POST, and one GET before it for a client id or `replaceExisting`.

    Exactly this reference there already is what was wanted; another policy there is a conflict.
    """
    tenant_id = await connection.tenant_id()
    kind, policy_id = KINDS[inputs["policyType"]], inputs["policyId"]
    slot = await _slot(connection, kind, inputs)
    if str(slot) in connection.placed:
        raise refusals.shared(kind, slot, connection.placed[str(slot)])
    connection.placed[str(slot)] = policy_id  # before anything is awaited: creates run side by side
    try:
        replaced = await exchange.take(connection, kind, slot, None, inputs)
    except BaseException:
        del connection.placed[str(slot)]
        raise
    return Live(str(slot), inputs, {**_computed(slot, tenant_id, {}), **replaced})


async def read(connection: Connection, id_: str, state: Bag) -> Live | None:
    """One GET. The state's policy if the target has it, else the one it has instead; None if it has none."""
    tenant_id = await connection.tenant_id(expected=state.get("tenantId"))
    kind, slot, asked = _parsed(id_)
    wanted = asked or state.get("policyId")

    async def ask() -> str | None:
        with suppress(NotFound):
            listed = [policy.id for policy in await references.assigned(connection, kind, slot)]
            return _present(listed, asked, state.get("policyId"))
        return None

    what = f"{references.named(slot)} does not have {kind.noun} {wanted or ''}".rstrip()
    policy_id = await connection.patience.believed(
        what, ask, lambda found: found is not None and found == (wanted or found), slot.object_id
    )
    if policy_id is None:
        return None
    way = slot.target.client_id if slot.target.client_id in state else slot.target.object_id
    named = {way: state.get(way, slot.object_id), **_kept(state, "replaceExisting")}
    inputs = {"policyId": policy_id, "policyType": kind.name, **named}
    return Live(str(slot), inputs, _computed(slot, tenant_id, state))


async def update(connection: Connection, id_: str, old: Bag, new: Bag) -> Live:
    """Swap the policy in the slot: two requests, and the old one put back if the new one is refused."""
    tenant_id = await connection.tenant_id(expected=old.get("tenantId"))
    kind, slot, _ = _parsed(id_)
    if old["policyId"] == new["policyId"]:
        return Live(id_, new, _computed(slot, tenant_id, old))
    replaced = await exchange.take(connection, kind, slot, old["policyId"], new)
    connection.placed[str(slot)] = new["policyId"]
    return Live(id_, new, {**_computed(slot, tenant_id, old), **replaced})


async def delete(connection: Connection, id_: str, state: Bag) -> str | None:
    """One DELETE; a note for the user if it was left alone, because this process has put that reference in place.

    Pulumi creates before it deletes: after a rename without alias, or --replace, create finds the reference there and
    is content, and the delete of the old resource would take away what the new one stands for.
    """
    await connection.tenant_id(expected=state.get("tenantId"))
    (kind, slot, _), policy_id = _parsed(id_), state["policyId"]
    if (slot.object_id, policy_id) in connection.removed:
        return None
    if connection.placed.get(str(slot)) == policy_id:
        return f"Left {id_} as it is: this run has put the same assignment in place for another resource."
    if await exchange.remove(connection, kind, slot, policy_id):
        return None
    return await exchange.left(connection, kind, slot, policy_id)


def _parsed(id_: str) -> tuple[Kind, Slot, str | None]:
    """The kind, the slot and perhaps the policy that an assignment's id names."""
    try:
        slot, policy_id = Slot.parse(id_)
        return next(kind for kind in KINDS.values() if kind.collection == slot.collection), slot, policy_id
    except (ValueError, StopIteration) as error:
        known = ", ".join(kind.collection for kind in KINDS.values())
        reason = str(error) or f'"{id_}" names a collection that is none of {known}'
        raise EntraError(
            f"cannot use the assignment's id: {reason}.\n  To go on: check the id given to get()."
        ) from error


def _kept(state: Bag, *names: str) -> Bag:
    return {name: state[name] for name in names if name in state}


def _computed(slot: Slot, tenant_id: str, state: Bag) -> Bag:
    own = {slot.target.object_id: slot.object_id, "tenantId": tenant_id}
    return {**own, **_kept(state, "replacedPolicyId")}


async def _slot(connection: Connection, kind: Kind, inputs: Bag) -> Slot:
    """The slot that checked inputs name; one GET if by client id."""
    target, way = next((target, way) for target, way in _ways() if way in inputs)
    if way == target.object_id:
        return Slot(target, inputs[way], kind.collection)

    async def ask() -> str | NotFound:
        try:
            return await references.find(connection, target, inputs[way])
        except NotFound as missing:
            return missing

    what = f"there is no {target.noun} with client id {inputs[way]}"
    found = await connection.patience.until(what, ask, lambda answer: isinstance(answer, str))
    if isinstance(found, NotFound):
        raise refusals.no_client(found, target, inputs[way]) from found
    return Slot(target, found, kind.collection)


def _ways() -> Sequence[tuple[Target, str]]:
    return [(target, way) for target in TARGETS for way in (target.object_id, target.client_id)]


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
    return [*problems, *id_problem("policyId", inputs.get("policyId"), "the id of a policy")]


def _target_problems(inputs: Bag) -> list[Problem]:
    given = [(target, way) for target, way in _ways() if way in inputs]
    if len(given) != 1:
        count = f"{' and '.join(way for _, way in given)} are" if given else "none is"
        return [Problem(WAYS[0], f"name exactly one target, {' or '.join(WAYS)}; {count} given")]
    ((target, way),) = given
    kind = next((kind for kind in KINDS.values() if kind.name == inputs.get("policyType")), None)
    if kind and target.collection not in kind.targets:
        return [Problem(way, _impossible(kind))]
    which = "object id" if way == target.object_id else "client id"
    return id_problem(way, inputs[way], f"the {which} of {refusals.a(target.noun)}")


def _impossible(kind: Kind) -> str:
    """What can be done instead of an assignment that Graph has no path for."""
    nouns = [f"{target.noun}s" for target in TARGETS if target.collection in kind.targets]
    if not nouns:
        return (
            f"{refusals.a(kind.noun)} cannot be assigned: it is for the whole tenant, with is_organization_default=True"
        )
    return f"{refusals.a(kind.noun)} can be assigned to {' or '.join(nouns)} only"
