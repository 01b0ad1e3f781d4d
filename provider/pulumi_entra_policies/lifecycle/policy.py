"""A policy of any kind: check and diff are pure; create, read, update and delete speak to Graph."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from ..definitions import Kind, codec
from ..definitions.targets import guid
from ..definitions.values import Problem, flag_problems, is_known, plain, shown
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import AnswerLost, EntraError, Forbidden, GraphError, NotFound, worded
from . import defaults, existing
from .outcomes import Bag, Checked, Live, Plan, StillUsed
from .removal import removed

NOTHING: Mapping[str, Bag] = MappingProxyType({})
_DEFAULT = "isOrganizationDefault"
_FLAGS = ("forceDestroy", _DEFAULT)
_SHOWN = 10  # users of a policy that a message names


def check(kind: Kind, inputs: Bag) -> Checked:
    """All problems at once; the definition in its normal form."""
    problems = [
        *_name_problems(inputs),
        *_definition_problems(kind, inputs),
        *(problem for name in _FLAGS for problem in flag_problems(name, inputs.get(name))),
        *_if_exists_problems(inputs.get("ifExists")),
    ]
    if problems:
        return Checked(inputs, problems)
    name, definition = plain(inputs["displayName"]), codec.bag(kind, inputs["definition"])
    normal = {**inputs, "displayName": name, "definition": definition}
    return Checked({key: value for key, value in normal.items() if value is not None and value is not False})


def diff(kind: Kind, old: Bag, new: Bag) -> Plan:
    """Old outputs against checked new inputs, by meaning."""
    return Plan(bool(_changed(kind, old, new)))


async def create(kind: Kind, connection: Connection, inputs: Bag, standing: Mapping[str, Bag] = NOTHING) -> Live:
    """One POST, and before the first one of a process a listing of the kind; see `existing` for what it is good for.

    `standing` are the new inputs, by id, of what this program has in the state already.
    """
    tenant_id = await connection.tenant_id()
    name, definition = inputs["displayName"], codec.to_graph(kind, inputs["definition"])
    wanted = policies.Changes(name, definition, inputs.get(_DEFAULT))
    async with existing.one_at_a_time(connection, kind, name):
        found = await existing.namesake(connection, kind, inputs, standing)
        async with defaults.claimed(connection, kind, found.id if found else None, name, wanted):
            if found:
                connection.adopted.add(found.id)
                definition = await _brought_up(kind, connection, found, inputs)
            made = found or await existing.made(connection, kind, inputs, wanted)
        connection.created[made.id] = (kind.collection, name)
    return Live(made.id, inputs, {"definitionJson": definition if found else made.definition, "tenantId": tenant_id})


async def _brought_up(kind: Kind, connection: Connection, adopted: policies.Policy, inputs: Bag) -> str:
    """An adopted policy as the program wants it; its definition's bytes."""
    was = live(kind, adopted, "", {})
    changes = _changes(kind, was.outputs, {name: value for name, value in inputs.items() if name != "forceDestroy"})
    if changes != policies.Changes():
        await _patched(kind, connection, adopted.id, changes)
    return changes.definition or adopted.definition


async def read(kind: Kind, connection: Connection, policy_id: str, state: Bag) -> Live | None:
    """One GET; None if the policy is not there."""
    if not guid(policy_id):
        raise EntraError(
            f"cannot read {kind.noun}: {shown(policy_id)} is not the id of a policy.\n  To go on: give a GUID."
        )
    tenant_id = await connection.tenant_id(expected=state.get("tenantId"))
    kept = {name: state[name] for name in ("forceDestroy",) if name in state}

    async def ask() -> Live | None:
        with suppress(NotFound):
            return live(kind, await policies.get(connection, kind, policy_id), tenant_id, kept)
        return None

    def agrees(found: Live | None) -> bool:
        return found is not None and ("tenantId" not in state or not _changed(kind, state, found.inputs))

    return await connection.patience.believed(
        f"{kind.noun} {policy_id} is not as the state has it", ask, agrees, policy_id
    )


def live(kind: Kind, found: policies.Policy, tenant_id: str, kept: Bag) -> Live:
    """A policy of the tenant as a resource; `kept` are the inputs that only a state knows."""
    inputs = {"displayName": found.display_name, "definition": codec.from_graph(kind, found.definition), **kept}
    if kind.has_default and found.is_organization_default:
        inputs[_DEFAULT] = True
    return Live(found.id, inputs, {"definitionJson": found.definition, "tenantId": tenant_id})


async def update(kind: Kind, connection: Connection, policy_id: str, old: Bag, new: Bag) -> Live:
    """One PATCH with what changed in meaning, the definition whole; what kept its meaning keeps its bytes."""
    tenant_id = await connection.tenant_id(expected=old.get("tenantId"))
    changes = _changes(kind, old, new)
    if changes != policies.Changes():
        async with defaults.claimed(connection, kind, policy_id, new["displayName"], changes):
            await _patched(kind, connection, policy_id, changes)
    definition = changes.definition or old.get("definitionJson")
    return Live(policy_id, new, {"definitionJson": definition, "tenantId": tenant_id})


def _changes(kind: Kind, old: Bag, new: Bag) -> policies.Changes:
    changed = _changed(kind, old, new)
    return policies.Changes(
        new["displayName"] if "displayName" in changed else None,
        codec.to_graph(kind, new["definition"]) if "definition" in changed else None,
        bool(new.get(_DEFAULT)) if _DEFAULT in changed else None,
    )


async def _patched(kind: Kind, connection: Connection, policy_id: str, changes: policies.Changes) -> None:
    """One PATCH; if its answer is lost, the policy is read, and the PATCH repeated if it was not carried out.

    Graph has been seen to answer 500 to isOrganizationDefault on an existing policy. Making a new policy instead would
    lose its assignments, so the error says how Pulumi does that without losing them. A policy that Graph does not know
    may be too new for the replica that was asked.
    """

    async def attempt() -> AnswerLost | None:
        try:
            await policies.update(connection, kind, policy_id, changes)
        except AnswerLost as lost:
            return None if await _carried_out(kind, connection, policy_id, changes) else lost
        return None

    async def known() -> AnswerLost | NotFound | None:
        try:
            return await connection.patience.until(what, attempt, lambda lost: lost is None)
        except NotFound as missing:
            return missing

    what = f"whether the change of {kind.noun} {policy_id} was carried out"
    failed = await connection.patience.believed(
        f"{kind.noun} {policy_id} is not known everywhere",
        known,
        lambda error: not isinstance(error, NotFound),
        policy_id,
    )
    if isinstance(failed, AnswerLost):
        raise _not_patched(failed, changes) from failed
    if failed is not None:
        raise failed


async def _carried_out(kind: Kind, connection: Connection, policy_id: str, changes: policies.Changes) -> bool:
    try:
        return changes.are_in(await policies.get(connection, kind, policy_id))
    except GraphError:
        return False


def _not_patched(lost: AnswerLost, changes: policies.Changes) -> AnswerLost:
    if changes.is_organization_default is None:
        return lost
    advice = (
        "its assignments are untouched; if Graph goes on refusing to change isOrganizationDefault of a policy that is "
        "there, set if_exists='create' and run pulumi up --replace with this resource's URN, which makes a new policy, "
        "moves this program's assignments to it, and then deletes this one"
    )
    return AnswerLost(lost.doing, lost.reason, advice, lost.answer)


async def delete(kind: Kind, connection: Connection, policy_id: str, state: Bag) -> str | None:
    """One question and one DELETE; a note for the user if the question could not be asked, or nothing was deleted.

    Graph deletes a policy that is still assigned and silently unlinks it everywhere, so who uses it is asked first,
    unless `forceDestroy` says not to. A policy that is gone already is what was wanted. One that this process has
    adopted stays: Pulumi creates before it deletes, so this may be the old resource of what was only renamed.
    """
    await connection.tenant_id(expected=state.get("tenantId"))
    named = f'{kind.noun} "{state.get("displayName")}" ({policy_id})'
    if policy_id in connection.adopted:
        return f"Left {named} as it is: this run has adopted it for another resource."
    note = None if state.get("forceDestroy") else await _guarded(kind, connection, policy_id, named)
    await removed(connection, f"{named} is gone", lambda: policies.delete(connection, kind, policy_id), policy_id)
    connection.deleted.add(policy_id)
    return note


async def _guarded(kind: Kind, connection: Connection, policy_id: str, named: str) -> str | None:
    """Raises StillUsed if anything still uses the policy but what this process has removed it from.

    A policy that is not there, and an answer that makes no sense, are asked again: one of them must not let go what
    somebody needs.
    """

    async def others() -> list[policies.User] | NotFound | Forbidden:
        try:
            users = await policies.users(connection, kind, policy_id)
        except (NotFound, Forbidden) as unknown:
            return unknown
        return [user for user in users if (user.id, policy_id) not in connection.removed]

    def agrees(found: list[policies.User] | NotFound | Forbidden) -> bool:
        return not found if isinstance(found, list) else isinstance(found, Forbidden) and found.answer is not None

    left = await connection.patience.believed(f"whether {named} is still assigned", others, agrees, policy_id)
    if isinstance(left, NotFound):
        return None
    if isinstance(left, Forbidden):
        return f"Deleted {named} without knowing what still used it: {left}"
    if left:
        raise StillUsed(_still_used(named, left))
    return None


def _still_used(named: str, users: list[policies.User]) -> str:
    shown_users = ", ".join(map(str, users[:_SHOWN])) + (f" and {len(users) - _SHOWN} more" if users[_SHOWN:] else "")
    return worded(
        f"cannot delete {named}",
        f"it is still assigned to {shown_users}, which would silently lose it",
        None,
        "remove these assignments; or set force_destroy=True on the policy, run pulumi up, and delete it then",
    )


def _changed(kind: Kind, old: Bag, new: Bag) -> list[str]:
    """The inputs that differ in meaning; what is not known yet counts as different."""
    same = {
        "displayName": old.get("displayName") == new["displayName"],
        "definition": codec.same(kind, old.get("definition"), new["definition"]),
        **{name: old.get(name) == new.get(name) for name in _FLAGS},  # forceDestroy is kept in the state, for delete
    }
    return [name for name, unchanged in same.items() if not unchanged]


def _name_problems(inputs: Bag) -> list[Problem]:
    name = inputs.get("displayName")
    if name is None:
        return [Problem("displayName", "is required")]
    if is_known(name) and not (isinstance(name, str) and name.strip()):
        return [Problem("displayName", f"must be a string that is not empty, not {shown(name)}")]
    return []


def _definition_problems(kind: Kind, inputs: Bag) -> list[Problem]:
    if inputs.get("definition") is None:
        return [Problem("definition", "is required")]
    found = codec.problems(kind, inputs["definition"])
    return [Problem(problem.path, f"{problem.reason}; see {kind.reference}") for problem in found]


def _if_exists_problems(value: Any) -> list[Problem]:
    if value is None or not is_known(value) or value in existing.WAYS:
        return []
    return [Problem("ifExists", f"must be {' or '.join(map(shown, existing.WAYS))}, not {shown(value)}")]
