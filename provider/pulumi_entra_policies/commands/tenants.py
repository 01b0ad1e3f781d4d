"""What a tenant has, all of it, as one side of a comparison."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ..definitions import KINDS
from ..definitions.targets import CLIENT_ID, UNIQUE_NAME, WAYS
from ..graph.policies import User
from ..lifecycle import inventory
from ..lifecycle.inventory import Found
from ..lifecycle.run import Run
from ..settings import Settings
from .side import Assignment, Policy, Side, Target


def side(label: str, settings: Settings, tell: Callable[[str], None]) -> Side:
    """Reads alone; without a label, the tenant's id is in it. Raises EntraError, which names a missing permission."""
    return asyncio.run(_side(label, settings, tell))


async def _side(label: str, settings: Settings, tell: Callable[[str], None]) -> Side:
    run = Run(settings, tell=tell)
    try:
        tenant_id = await run.connection.tenant_id()
        found = await inventory.every(run, tuple(KINDS.values()), tell)
    finally:
        await run.close()
    assignments = [_assignment(tenant_id, one, user) for one in found for user in one.users]
    return Side(label or f"tenant {tenant_id}", "tenant", _policies(tenant_id, found), assignments, tenant_id)


def _policies(tenant_id: str, found: Sequence[Found]) -> list[Policy]:
    return [
        Policy(
            one.kind,
            one.policy.id,
            tenant_id,
            one.name,
            one.policy.inputs["definition"],
            {
                "displayName": one.name,
                "isOrganizationDefault": bool(one.policy.inputs.get("isOrganizationDefault")),
            },
        )
        for one in found
    ]


def _assignment(tenant_id: str, found: Found, user: User) -> Assignment:
    keys = {CLIENT_ID: user.client_id and user.client_id.lower(), UNIQUE_NAME: user.unique_name}
    names = {way.argument: key for way in WAYS if way.target == user.target and (key := keys.get(way.key))}
    target = Target(user.noun, user.id, names, user.name)
    return Assignment(found.kind, tenant_id, found.policy.id, found.name, target)
