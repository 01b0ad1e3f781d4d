"""Finding policies that are in the tenant already."""

from __future__ import annotations

from ..definitions import Kind
from ..definitions.values import shown
from ..graph.errors import Ambiguous, Missing
from .outcomes import Live
from .policy import live
from .run import Run


async def every(kind: Kind, run: Run) -> list[Live]:
    """Every policy of the kind."""
    tenant_id = await run.connection.tenant_id()
    return [live(kind, found, tenant_id, {}) for found in await run.picture.every(kind, anew=True)]


async def by_name(kind: Kind, run: Run, display_name: str) -> Live:
    """The one policy with exactly this name. Raises Missing or Ambiguous."""
    found = [policy for policy in await every(kind, run) if policy.inputs["displayName"] == display_name]
    if len(found) == 1:
        return found[0]
    what = f"cannot find {kind.noun} {shown(display_name)}"
    if found:
        ids = ", ".join(policy.id for policy in found)
        advice = f"read the one you mean with {kind.name}.get(), by its id; or rename the others"
        raise Ambiguous(what, f"{len(found)} have this name: {ids}", advice)
    advice = "check the name, letter by letter, and the tenant"
    raise Missing(what, f"no {kind.noun} in this tenant has that name", advice)
