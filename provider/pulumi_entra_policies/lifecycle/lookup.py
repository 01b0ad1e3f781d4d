"""Finding policies that are in the tenant already."""

from __future__ import annotations

from ..definitions import Kind
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import worded
from .outcomes import Ambiguous, Live, Missing
from .policy import live


async def every(kind: Kind, connection: Connection) -> list[Live]:
    """Every policy of the kind."""
    tenant_id = await connection.tenant_id()
    return [live(kind, found, tenant_id, {}) for found in await policies.listed(connection, kind)]


async def named(kind: Kind, connection: Connection, display_name: str) -> Live:
    """The one policy with exactly this name. Raises Missing or Ambiguous."""
    found = [policy for policy in await every(kind, connection) if policy.inputs["displayName"] == display_name]
    if len(found) == 1:
        return found[0]
    what = f'cannot find {kind.noun} "{display_name}"'
    if found:
        ids = ", ".join(policy.id for policy in found)
        advice = f"read the one you mean with {kind.name}.get(), by its id; or rename the others"
        raise Ambiguous(worded(what, f"{len(found)} have this name: {ids}", None, advice))
    advice = "check the name, letter by letter, and the tenant"
    raise Missing(worded(what, f"no {kind.noun} in this tenant has that name", None, advice))
