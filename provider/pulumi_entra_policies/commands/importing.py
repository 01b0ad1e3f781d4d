"""`entra-policies import`: what a tenant has, as a file for `pulumi import --file` and the program that fits it.

Both say what a create or a read of this package would have put into the state, so the next preview shows no change.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _wire
from ..lifecycle import inventory
from ..lifecycle.outcomes import Live
from ..lifecycle.run import Run
from ..settings import Settings
from . import outline, program
from .outline import Policy
from .selection import Selection
from .stack import Stack
from .state import ASSIGNMENT


@dataclass(frozen=True)
class Import:
    """The two files, and what is in them."""

    tenant_id: str
    file: str
    program: str
    policies: int
    assignments: int
    in_stack: int
    """Policies that were left out, since the stack has them."""

    notes: Sequence[str]
    """What is odd, each with the resource that it is about; the program says the same in comments."""


def read(settings: Settings, selection: Selection, stack: Stack, tell: Callable[[str], None]) -> Import:
    """Everything that is selected and that the stack does not have. Reads alone. Raises EntraError, SettingsError."""
    return asyncio.run(_read(settings, selection, stack, tell))


async def _read(settings: Settings, selection: Selection, stack: Stack, tell: Callable[[str], None]) -> Import:
    run = Run(settings, tell=tell)
    try:
        tenant_id = await run.connection.tenant_id()
        everything = await inventory.every(run, selection.kinds, tell)
        chosen = await selection.of(run, everything)
    finally:
        await run.close()
    policies = outline.drawn(tenant_id, everything, chosen, stack, by_client_id=selection.by_client_id)
    return _import(tenant_id, policies)


def _import(tenant_id: str, policies: Sequence[Policy]) -> Import:
    new = [policy for policy in policies if policy.is_declared]
    assignments = [assignment for policy in policies for assignment in policy.assignments]
    resources = [
        *(_resource(policy.found.kind.name, policy.name, policy.found.policy) for policy in new),
        *(_resource(ASSIGNMENT, assignment.name, assignment.live) for assignment in assignments),
    ]
    return Import(
        tenant_id,
        json.dumps({"resources": resources}, indent=2) + "\n",
        program.written(tenant_id, policies),
        len(new),
        len(assignments),
        len(policies) - len(new),
        [f"{policy.name}: {note}" for policy in new for note in policy.notes],
    )


def _resource(class_name: str, name: str, live: Live) -> dict[str, Any]:
    """A resource as the file has it: with inputs and outputs nothing is read again, which this host could not do."""
    provider = {_wire.PROVIDER: _wire.written(class_name)}
    return {
        "type": _wire.type_token(class_name),
        "name": name,
        "id": live.id,
        "inputs": {**live.inputs, **provider},
        "outputs": {**live.outputs, **provider},
    }
