"""The organisation's default: a tenant has one of a kind, so a second one is refused before it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..definitions import Kind
from ..graph import policies
from ..graph.connection import Connection
from ..graph.errors import Answer, SlotTaken, worded
from .outcomes import DefaultTaken


@asynccontextmanager
async def claimed(
    connection: Connection, kind: Kind, policy_id: str | None, name: str, changes: policies.Changes
) -> AsyncIterator[None]:
    """While the changes are written, nobody else of this process makes another policy the default.

    Raises DefaultTaken if another one is it already. Where the default moves from one policy to another in a single
    `up`, the two updates run side by side, so the one that takes it waits for the other to let go.
    """
    if not changes.is_organization_default:
        yield
        if changes.is_organization_default is False and connection.defaults.get(kind.collection) == name:
            del connection.defaults[kind.collection]
        return
    if kind.collection in connection.defaults:
        raise _taken(kind, name, f'{kind.noun} "{connection.defaults[kind.collection]}", of this program, is it')
    connection.defaults[kind.collection] = name  # before anything is awaited: creates run side by side
    try:
        await _nobody_else(connection, kind, policy_id, name)
        yield
    except SlotTaken as taken:  # Graph's own word, where somebody else was quicker
        del connection.defaults[kind.collection]
        raise _taken(kind, name, "Graph says that another one is it", taken.answer) from taken
    except BaseException:
        del connection.defaults[kind.collection]
        raise


async def _nobody_else(connection: Connection, kind: Kind, policy_id: str | None, name: str) -> None:
    async def others() -> list[policies.Policy]:
        listed = await policies.listed(connection, kind)
        return [policy for policy in listed if policy.is_organization_default and policy.id != policy_id]

    what = f"another {kind.noun} is the organisation's default"
    left = await connection.patience.until(what, others, lambda found: not found)
    if left:
        raise _taken(kind, name, f"{kind.noun} {' and '.join(map(str, left))} is it")


def _taken(kind: Kind, name: str, reason: str, answer: Answer | None = None) -> DefaultTaken:
    advice = (
        "set is_organization_default=False there first, or leave it out here. If that one is to be removed from this "
        "program, destroy it first: pulumi destroy --target <its URN>; if it was only renamed, give this one "
        "pulumi.ResourceOptions(aliases=…); if this one replaces it, delete_before_replace=True"
    )
    what = f'cannot make {kind.noun} "{name}" the organisation\'s default'
    return DefaultTaken(worded(what, f"{reason}, and a tenant has one of a kind", answer, advice))
