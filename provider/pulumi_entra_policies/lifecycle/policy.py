"""A policy of any kind: check and diff are pure; create, read, update and delete speak to Graph."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..definitions import Kind, codec
from ..definitions.targets import guid
from ..definitions.values import Problem, flag_problems, is_known, named, plain, shown
from ..graph import policies
from ..graph.consistency import stamp
from ..graph.errors import AnswerLost, EntraError, Forbidden, GraphError, NotFound, StillUsed
from ..graph.policies import User
from . import defaults, existing, removal, takeover
from .outcomes import Bag, Checked, Live, Plan
from .run import Run

_DEFAULT = "isOrganizationDefault"
_FLAGS = ("forceDestroy", _DEFAULT)
_SHOWN = 10  # users of a policy that a message names


def check(kind: Kind, inputs: Bag, old: Bag | None = None) -> Checked:
    """All problems at once; the definition in its normal form.

    `old` are the inputs that the state has. A definition that it has already, as an import or a refresh has found it in
    the tenant, is not judged anew: it will not be sent.
    """
    definition = codec.read(kind, inputs.get("definition"))
    kept = _kept(definition, (old or {}).get("definition"))
    problems = [
        *_name_problems(inputs),
        *(_definition_problems(definition) if kept is None else ()),
        *(problem for name in _FLAGS for problem in flag_problems(name, inputs.get(name))),
        *_if_exists_problems(inputs.get("ifExists")),
        *takeover.policy_problems(inputs),
    ]
    if problems:
        return Checked(inputs, problems)
    normal = {
        **inputs,
        "displayName": plain(inputs["displayName"]),
        "definition": definition.normal if kept is None else kept,
    }
    return Checked({key: value for key, value in normal.items() if value is not None and value is not False})


def diff(kind: Kind, old: Bag, new: Bag) -> Plan:
    """Old outputs against checked new inputs, by meaning."""
    return Plan(bool(changed(kind, old, new)))


async def create(kind: Kind, run: Run, inputs: Bag) -> Live:
    """One POST, and before the first one of a run a listing of the kind; one GET alone to import."""
    tenant_id = await run.connection.tenant_id()
    own = {name: value for name, value in inputs.items() if name != takeover.IMPORT}
    if own != inputs:
        found = await takeover.import_policy(run, kind, inputs)
        return Live(found.id, own, {"definitionJson": found.definition, "tenantId": tenant_id})
    name = inputs["displayName"]
    wanted = policies.Changes(name, codec.to_graph(kind, inputs["definition"]), inputs.get(_DEFAULT))
    async with existing.name_claimed(run, kind, inputs), defaults.claimed(run, kind, None, name, wanted):
        made = await existing.create(run, kind, inputs, wanted)
    computed = {"definitionJson": made.definition, "tenantId": tenant_id, "writtenAt": stamp(made.at)}
    return Live(made.id, inputs, computed)


async def read(kind: Kind, run: Run, policy_id: str, state: Bag) -> Live | None:
    """One GET, or none if the run's picture of the tenant shows it as the state has it; None if it is not there."""
    if not guid(policy_id):
        raise EntraError(f"cannot read {kind.noun}", f"{shown(policy_id)} is not the id of a policy", "give a GUID")
    tenant_id = await run.connection.tenant_id(expected=state.get("tenantId"))
    own = {name: state[name] for name in ("forceDestroy",) if name in state}

    def seen(found: policies.Policy) -> _Seen:
        return _Seen(live(kind, found, tenant_id, own, state), found.at)

    async def look() -> _Seen:
        found = await policies.get(run.connection, kind, policy_id)
        run.names[kind.collection, policy_id] = found.display_name
        return seen(found)

    def agrees(looked: _Seen) -> bool:
        return "tenantId" not in state or not changed(kind, state, looked.live.inputs)

    pictured = await run.picture.policy(kind, policy_id) if "tenantId" in state else None
    if pictured and agrees(seen(pictured)):  # else it may be gone, and its name no longer its own
        run.names.setdefault((kind.collection, policy_id), pictured.display_name)
        return seen(pictured).live
    try:
        looked = await run.patience.until(
            f"{kind.noun} {policy_id} is not as the state has it",
            look,
            settled=agrees,
            not_yet=(NotFound,),
            seconds=run.patience.doubt(state.get("writtenAt") or run.written.get((kind.collection, policy_id))),
        )
    except NotFound:
        return None
    if "tenantId" not in state:  # a get, perhaps of what this program has managed until now: that is not deleted
        run.keep(looked.live.id, looked.live.inputs)
    return looked.live


@dataclass(frozen=True)
class _Seen:
    """A policy as a look has found it, and when that was."""

    live: Live
    at: datetime


def live(kind: Kind, found: policies.Policy, tenant_id: str, own: Bag, state: Bag | None = None) -> Live:
    """A policy of the tenant as a resource; `own` are the inputs that only a state knows."""
    inputs = {"displayName": found.display_name, "definition": codec.from_graph(kind, found.definition), **own}
    if kind.has_default and found.is_organization_default:
        inputs[_DEFAULT] = True
    return Live(found.id, inputs, _computed(found.definition, tenant_id, (state or {}).get("writtenAt")))


def _computed(definition: Any, tenant_id: str, written_at: Any) -> Bag:
    written = {"writtenAt": written_at} if written_at else {}
    return {"definitionJson": definition, "tenantId": tenant_id, **written}


async def update(kind: Kind, run: Run, policy_id: str, old: Bag, new: Bag) -> Live:
    """One PATCH with what changed in meaning, the definition whole; what kept its meaning keeps its bytes."""
    tenant_id = await run.connection.tenant_id(expected=old.get("tenantId"))
    changes, written_at = _changes(kind, old, new), old.get("writtenAt")
    if changes != policies.Changes():
        existing.refuse_name_of_a_create(run, kind, policy_id, old, new)
        async with defaults.claimed(run, kind, policy_id, new["displayName"], changes):
            at = await _patch(kind, run, policy_id, changes, written_at)
        written_at = run.wrote(kind, policy_id, new["displayName"], at)
    run.keep(policy_id, new)
    return Live(policy_id, new, _computed(changes.definition or old.get("definitionJson"), tenant_id, written_at))


def _changes(kind: Kind, old: Bag, new: Bag) -> policies.Changes:
    names = changed(kind, old, new)
    return policies.Changes(
        new["displayName"] if "displayName" in names else None,
        codec.to_graph(kind, new["definition"]) if "definition" in names else None,
        bool(new.get(_DEFAULT)) if _DEFAULT in names else None,
    )


async def _patch(kind: Kind, run: Run, policy_id: str, changes: policies.Changes, written_at: Any) -> datetime:
    """One PATCH; if its answer is lost, the policy is read, and the PATCH repeated if it was not carried out.

    Graph has been seen to answer 500 to isOrganizationDefault on an existing policy. Making a new policy instead would
    lose its assignments, so the error says how Pulumi does that without losing them. A policy that Graph does not know
    may be too new for the replica that was asked.
    """

    async def attempt() -> datetime:
        try:
            return await policies.update(run.connection, kind, policy_id, changes)
        except AnswerLost:
            at = await _carried_out(kind, run, policy_id, changes)
            if at is None:
                raise
            return at

    try:
        return await run.patience.until(
            f"whether the change of {kind.noun} {policy_id} was carried out",
            attempt,
            not_yet=(AnswerLost, NotFound),
            seconds=run.patience.doubt(written_at),
        )
    except AnswerLost as lost:
        raise _not_patched(lost, changes) from lost


async def _carried_out(kind: Kind, run: Run, policy_id: str, changes: policies.Changes) -> datetime | None:
    """When the policy was seen to be as the lost change wanted it, if it was."""
    try:
        found = await policies.get(run.connection, kind, policy_id)
    except GraphError:
        return None
    return found.at if changes.are_in(found) else None


def _not_patched(lost: AnswerLost, changes: policies.Changes) -> AnswerLost:
    if changes.is_organization_default is None:
        return lost
    advice = (
        "its assignments are untouched; if Graph goes on refusing to change is_organization_default of a policy that "
        "is there, set if_exists='create' and run pulumi up --replace with this resource's URN, which makes a new "
        "policy, moves this program's assignments to it, and then deletes this one"
    )
    return AnswerLost(lost.doing, lost.reason, advice, lost.answer)


async def delete(kind: Kind, run: Run, policy_id: str, state: Bag) -> str | None:
    """One DELETE, after one question at most; a note for the user if nothing was deleted, or others have lost it.

    Graph deletes a policy that is still assigned and silently unlinks it everywhere, so who uses it is asked first.
    Somebody who does, and no answer, stop the delete, unless `forceDestroy` says that they may lose it. A policy that
    is gone already is what was wanted. One that another resource of the program has stays: Pulumi creates before it
    deletes, so where it was imported under a new name, this is the old resource.
    """
    await run.connection.tenant_id(expected=state.get("tenantId"))
    what, written_at = f"{kind.noun} {named(state.get('displayName'), policy_id)}", state.get("writtenAt")
    if run.keeps(policy_id, state):
        return f"Left {what} as it is: another resource of this program has it."
    losing: list[User] = []
    if not await _is_unused(kind, run, policy_id):
        with suppress(NotFound):  # twice; the DELETE knows better
            if state.get("forceDestroy"):
                losing = await _losing(kind, run, policy_id)
            else:
                await _refuse_if_used(kind, run, policy_id, what, written_at)
    await removal.remove(run, f"{what} is gone", lambda: policies.delete(run.connection, kind, policy_id), written_at)
    run.deleted.add(policy_id)
    return f"Deleted {what}, as force_destroy says; it was taken from {_listed(losing)}." if losing else None


async def _losing(kind: Kind, run: Run, policy_id: str) -> list[User]:
    """Who has the policy besides whom this run has taken it from; nobody, if that may not be asked."""
    try:
        return await _others(kind, run, policy_id)
    except GraphError:
        return []


async def _others(kind: Kind, run: Run, policy_id: str) -> list[User]:
    users = await policies.users(run.connection, kind, policy_id)
    return [user for user in users if not run.is_gone(user.id, policy_id)]


async def _is_unused(kind: Kind, run: Run, policy_id: str) -> bool:
    """Whether the run's picture of the tenant, taken just now, shows no users but what this run has taken away."""
    users = None if policy_id in run.assigned else await run.picture.users(kind, policy_id)
    if users is None or policy_id in run.assigned:  # perhaps while a page was on its way
        return False
    return all(run.is_gone(user, policy_id) for user in users)


async def _refuse_if_used(kind: Kind, run: Run, policy_id: str, what: str, written_at: Any) -> None:
    """Raises StillUsed if anything still uses the policy but what this run has removed it from, NotFound if it is gone.

    A question that could not be answered is a no. All is believed at the second look: a stale answer may show what
    another process has just removed, and refusing costs no more than another `up`.
    """

    def seconds(outcome: Any) -> float:
        doubt = run.patience.doubt(written_at)
        return doubt(outcome) if isinstance(outcome, NotFound) else run.patience.second_look

    try:
        left = await run.patience.until(
            f"whether {what} is still assigned",
            lambda: _others(kind, run, policy_id),
            lambda users: not users,
            (NotFound, Forbidden),
            seconds,
        )
    except NotFound:
        raise
    except GraphError as unknown:
        raise _unanswered(what, unknown) from unknown
    if left:
        raise _still_used(what, left)


def _unanswered(what: str, unknown: GraphError) -> GraphError:
    """The refusal of a delete whose question had no answer; the error's own kind, so that it can be told."""
    advice = f"{unknown.advice}; or set force_destroy=True on the policy, run pulumi up, and delete it then"
    reason = f"nothing was deleted, since Graph does not say what still uses it: {unknown.reason}"
    return type(unknown)(replace(unknown.doing, words=f"delete {what}"), reason, advice, unknown.answer)


def _still_used(what: str, users: list[User]) -> StillUsed:
    return StillUsed(
        f"cannot delete {what}",
        f"it is still assigned to {_listed(users)}, which would silently lose it",
        "remove these assignments; or set force_destroy=True on the policy, run pulumi up, and delete it then. If this "
        "program assigns it, delete_before_replace on the policy (replace it with if_exists='create' instead) or "
        "deleted_with on the assignment deletes the policy while its assignment is there: take that option out; an "
        "assignment that Pulumi has let go of that way is then imported, as its error says",
    )


def _listed(users: list[User]) -> str:
    return ", ".join(map(str, users[:_SHOWN])) + (f" and {len(users) - _SHOWN} more" if users[_SHOWN:] else "")


def changed(kind: Kind, old: Bag, new: Bag) -> list[str]:
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


def _kept(read: codec.Reading, old: Any) -> Any:
    """What the state has, if that is what is said, though a reading would refuse it or take it for something else."""
    if not isinstance(old, Mapping) or (not read.problems and codec.same(read.kind, old, read.normal)):
        return None
    return next((found for found in (read.value, read.as_found) if codec.same(read.kind, old, found)), None)


def _definition_problems(read: codec.Reading) -> list[Problem]:
    if read.value is None:
        return [Problem("definition", "is required")]
    return [Problem(found.path, f"{found.reason}; see {read.kind.reference}") for found in read.problems]


def _if_exists_problems(value: Any) -> list[Problem]:
    if value == "adopt":
        way_on = 'opts=pulumi.ResourceOptions(import_="<the policy\'s id>")'
        return [Problem("ifExists", f'is no longer "adopt": to take over a policy that is there, give {way_on}')]
    if value is None or not is_known(value) or value in existing.WAYS:
        return []
    return [Problem("ifExists", f"must be {' or '.join(map(shown, existing.WAYS))}, not {shown(value)}")]
