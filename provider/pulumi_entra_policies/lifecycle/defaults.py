"""The organisation's default: a tenant has one of a kind, so a second one is refused before it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..definitions import Kind
from ..definitions.values import shown
from ..graph import policies
from ..graph.errors import Answer, DefaultTaken, SlotTaken
from . import existing
from .run import Run


@asynccontextmanager
async def claimed(
    run: Run, kind: Kind, policy_id: str | None, name: str, changes: policies.Changes
) -> AsyncIterator[None]:
    """While the changes are written, nobody else of this run makes another policy the default.

    Raises DefaultTaken if another one is it already. Nobody waits for the other to let go: that may need this very
    worker.
    """
    if not changes.is_organization_default:
        yield
        if changes.is_organization_default is False and policy_id:
            run.let_go.add(policy_id)
            if run.defaults.get(kind.collection) == name:
                del run.defaults[kind.collection]
        return
    if kind.collection in run.defaults:
        raise _taken(kind, name, f"{kind.noun} {shown(run.defaults[kind.collection])}, of this program, is it")
    run.defaults[kind.collection] = name  # before anything is awaited: creates run side by side
    try:
        await _refuse_another(run, kind, policy_id, name)
        yield
    except SlotTaken as taken:  # Graph's own word, where somebody else was quicker
        del run.defaults[kind.collection]
        raise _taken(kind, name, "Graph says that another one is it", taken.answer) from taken
    except BaseException:
        del run.defaults[kind.collection]
        raise


async def _refuse_another(run: Run, kind: Kind, policy_id: str | None, name: str) -> None:
    """One listing a run, and one look at whom it shows: a late listing shows what is no longer so."""
    mine = {policy_id, *run.let_go, *run.deleted}
    for listed in await run.listing(kind):
        if listed.is_organization_default and listed.id not in mine:
            holder = await existing.look_at(run, kind, listed.id)
            if holder and holder.is_organization_default:
                raise _taken(kind, name, f"{kind.noun} {holder} is it")


def _taken(kind: Kind, name: str, reason: str, answer: Answer | None = None) -> DefaultTaken:
    advice = (
        "set is_organization_default=False there first, or leave it out here. If that one is of this program and lets "
        "go in the same run, give this one pulumi.ResourceOptions(depends_on=[<that resource>]); if it is to be "
        "removed from the program, destroy it first: pulumi destroy --target <its URN>; if it was only renamed, give "
        "this one pulumi.ResourceOptions(aliases=…); if this one replaces it, delete_before_replace=True"
    )
    what = f"cannot make {kind.noun} {shown(name)} the organisation's default"
    return DefaultTaken(what, f"{reason}, and a tenant has one of a kind", advice, answer)
