"""Why an assignment was refused, found out and worded: which of the two objects is not there, and who has the slot."""

from __future__ import annotations

from ..definitions import Kind
from ..definitions.targets import Slot, Target, other
from ..graph import policies, references
from ..graph.connection import Connection
from ..graph.errors import EntraError, GraphError, NotFound, worded
from ..graph.policies import Policy
from .outcomes import PolicyConflict, SlotShared, SwapFailed


def shared(kind: Kind, slot: Slot, policy_id: str) -> SlotShared:
    """Two resources created in one run for the same slot."""
    reason = f"another resource of this program has just put {kind.noun} {policy_id} there"
    advice = "keep one PolicyAssignment for this target and kind; Graph allows one policy of a kind per object"
    return SlotShared(worded(f"cannot assign to {references.named(slot)}", reason, None, advice))


def swap_failed(refused: EntraError, now: str) -> SwapFailed:
    """The refusal, and what the target has after the roll-back."""
    return SwapFailed(f"{refused}\n  {now}.")


def no_client(missing: NotFound, target: Target, client_id: str) -> NotFound:
    """No target with this client id."""
    reason = f"there is no {target.noun} with client id {client_id} in this tenant"
    advice = "check the client id and the tenant" + (
        f"; if the application is there without a service principal: az ad sp create --id {client_id}"
        if target.noun == "service principal"
        else ""
    )
    return NotFound(missing.doing, reason, advice, missing.answer)


async def explained(connection: Connection, kind: Kind, slot: Slot, policy_id: str, refused: EntraError) -> EntraError:
    """Which of the two is not there, which Graph's 404 does not say; any other refusal as it is. At most two reads."""
    if not isinstance(refused, NotFound):
        return refused
    try:
        reason, advice = await _explanation(connection, kind, slot, policy_id)
    except EntraError:
        return refused
    return NotFound(refused.doing, reason, advice, refused.answer)


async def _explanation(connection: Connection, kind: Kind, slot: Slot, policy_id: str) -> tuple[str, str]:
    target, object_id = slot.target, slot.object_id
    if await references.exists(connection, target, object_id):
        return await _policy_explanation(connection, kind, policy_id)
    if await references.exists(connection, other(target), object_id):
        reason = f"{object_id} is the object id of {a(other(target).noun)}, not of {a(target.noun)}"
        return reason, f"name it with {other(target).object_id}"
    reason = f"there is no {target.noun} with object id {object_id} in this tenant"
    return reason, f"check the id and the tenant; if it is a client id, name it with {target.client_id}"


async def _policy_explanation(connection: Connection, kind: Kind, policy_id: str) -> tuple[str, str]:
    try:
        await policies.get(connection, kind, policy_id)
    except NotFound:
        reason = f"{policy_id} is not the id of a {kind.noun} in this tenant"
        return reason, "check policyId, and policyType: the policy may be of another kind"
    return "Graph does not know the policy everywhere yet", "wait a little and run pulumi up again"


async def conflict(
    connection: Connection, kind: Kind, slot: Slot, policy_id: str, listed: list[Policy], taken: GraphError
) -> PolicyConflict:
    """Another policy has the slot: both policies and the target by name and id."""
    target, (_, ours) = await references.target_name(connection, slot), connection.created.get(policy_id, ("", None))
    what = f"cannot assign {kind.noun} {_both(ours, policy_id)} to {slot.target.noun} {_both(target, slot.object_id)}"
    others = " and ".join(f"{kind.noun} {_both(policy.display_name, policy.id)}" for policy in listed)
    reason = f"it already has {others or f'another {kind.noun}'}, and Graph allows one per {slot.target.noun}"
    advice = (
        "remove that assignment, or let this one take the place with replace_existing=True\n  "
        "(also when a policy moves between two resources of one program: Pulumi creates before it deletes)"
    )
    return PolicyConflict(worded(what, reason, taken.answer, advice))


def _both(name: str | None, id_: str) -> str:
    return f'"{name}" ({id_})' if name else id_


def a(noun: str) -> str:
    """A noun with its article."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
