"""A policy of any kind: check and diff are pure; create, read, update and delete speak to Graph."""

from __future__ import annotations

from contextlib import suppress

from ..definitions import Kind, codec
from ..definitions.fields import Problem, is_known, plain, shown
from ..definitions.targets import guid
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import EntraError, NotFound
from .outcomes import Bag, Checked, Live, Plan


def check(kind: Kind, inputs: Bag) -> Checked:
    """All problems at once; the definition in its normal form."""
    problems = [*_name_problems(inputs), *_definition_problems(kind, inputs)]
    if problems:
        return Checked(inputs, problems)
    name, definition = plain(inputs["displayName"]), codec.bag(kind, inputs["definition"])
    return Checked({**inputs, "displayName": name, "definition": definition})


def diff(kind: Kind, old: Bag, new: Bag) -> Plan:
    """Old outputs against checked new inputs, by meaning."""
    return Plan(bool(_changed(kind, old, new)))


async def create(kind: Kind, connection: Connection, inputs: Bag) -> Live:
    """One POST."""
    tenant_id = await connection.tenant_id()
    definition = codec.to_graph(kind, inputs["definition"])
    created = await policies.create(connection, kind, inputs["displayName"], definition)
    return Live(created.id, inputs, {"definitionJson": created.definition, "tenantId": tenant_id})


async def read(kind: Kind, connection: Connection, policy_id: str, state: Bag) -> Live | None:
    """One GET; None if the policy is not there."""
    if not guid(policy_id):
        raise EntraError(f"cannot read {kind.noun}: {shown(policy_id)} is not the id of a policy, a GUID.")
    tenant_id = await connection.tenant_id(expected=state.get("tenantId"))
    try:
        found = await policies.get(connection, kind, policy_id)
    except NotFound:
        return None
    inputs = {"displayName": found.display_name, "definition": codec.from_graph(kind, found.definition)}
    return Live(found.id, inputs, {"definitionJson": found.definition, "tenantId": tenant_id})


async def update(kind: Kind, connection: Connection, policy_id: str, old: Bag, new: Bag) -> Live:
    """One PATCH with what changed in meaning, the definition whole; what kept its meaning keeps its bytes."""
    tenant_id = await connection.tenant_id(expected=old.get("tenantId"))
    changed = _changed(kind, old, new)
    name = new["displayName"] if "displayName" in changed else None
    definition = codec.to_graph(kind, new["definition"]) if "definition" in changed else None
    if changed:
        await policies.update(connection, kind, policy_id, display_name=name, definition=definition)
    return Live(policy_id, new, {"definitionJson": definition or old.get("definitionJson"), "tenantId": tenant_id})


async def delete(kind: Kind, connection: Connection, policy_id: str, state: Bag) -> bool:
    """One DELETE; a policy that is gone already is what was wanted."""
    await connection.tenant_id(expected=state.get("tenantId"))
    with suppress(NotFound):
        await policies.delete(connection, kind, policy_id)
    return True


def _changed(kind: Kind, old: Bag, new: Bag) -> list[str]:
    """The inputs that differ in meaning; what is not known yet counts as different."""
    same = {
        "displayName": old.get("displayName") == new["displayName"],
        "definition": codec.same(kind, old.get("definition"), new["definition"]),
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
    return codec.problems(kind, inputs["definition"])
