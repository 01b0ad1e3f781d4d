"""What an application must be granted, operation by operation: what the documentation names is enough, and no less is.

The emulator is strict where Microsoft's tables are open, so "necessary" means here: by the strict reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, Tenant, slot, to

from pulumi_entra_policies.definitions.targets import guid
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import EntraError
from pulumi_entra_policies.lifecycle import assignment, inventory, lookup, policy

READ, WRITE = "Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"
LOOK, OWNED = "Application.Read.All", "Application.ReadWrite.OwnedBy"
INPUTS: dict[str, Any] = {"displayName": "Portal", "definition": {"version": 1}}


class Work:
    """A tenant with an assigned policy, a free one and a free application, and an operation in a process of its own."""

    def __init__(self, tenant: Tenant, portal: Registration) -> None:
        self.tenant, self.portal = tenant, portal
        self.other = tenant.graph.create_application("Other")
        self.assigned, self.free = tenant.stranger("Assigned"), tenant.stranger("Free")
        tenant.place(portal, self.assigned)
        tenant.graph.clock.advance(60)
        self.state = {**INPUTS, "displayName": "Free", "tenantId": tenant.graph.tenant_id}
        self.slot_state = {**to(portal, self.assigned), "tenantId": tenant.graph.tenant_id}

    def do(self, verb: Callable[[Any, Any], Any]) -> Any:
        return self.tenant.run(verb(self, self.tenant.connect()))


Operation = Callable[[Work, Any], Any]
# By operation: how it is done, and what it needs at least.
OPERATIONS: dict[str, tuple[Operation, set[str]]] = {
    "create a policy": (lambda work, run: policy.create(KIND, run, INPUTS), {READ, WRITE}),
    "import a policy": (
        lambda work, run: policy.create(KIND, run, {**INPUTS, "displayName": "Free", "importId": work.free}),
        {READ},
    ),
    "read a policy": (lambda work, run: policy.read(KIND, run, work.free, work.state), {READ}),
    "update a policy": (
        lambda work, run: policy.update(KIND, run, work.free, work.state, {**INPUTS, "displayName": "New"}),
        {WRITE},
    ),
    "delete a policy": (lambda work, run: policy.delete(KIND, run, work.free, work.state), {READ, WRITE, LOOK}),
    "delete a policy by force": (
        lambda work, run: policy.delete(KIND, run, work.free, {**work.state, "forceDestroy": True}),
        {WRITE},
    ),
    "look up policies": (lambda work, run: lookup.every(KIND, run), {READ}),
    "import all there is": (lambda work, run: inventory.every(run, [KIND], work.tenant.told.append), {READ, LOOK}),
    "assign": (lambda work, run: assignment.create(run, to(work.other, work.free)), {READ, OWNED}),
    "assign by client id": (
        lambda work, run: assignment.create(
            run, {"policyId": work.free, "policyType": KIND.name, "applicationClientId": work.other.client_id}
        ),
        {READ, OWNED},
    ),
    "take a slot": (
        lambda work, run: assignment.create(run, to(work.portal, work.free, replaceExisting=True)),
        {READ, OWNED},
    ),
    "import an assignment": (
        lambda work, run: assignment.create(run, to(work.portal, work.assigned, importId=slot(work.portal))),
        {READ, OWNED},
    ),
    "read an assignment": (
        lambda work, run: assignment.read(run, slot(work.portal), work.slot_state),
        {READ, OWNED},
    ),
    "swap": (
        lambda work, run: assignment.update(run, slot(work.portal), work.slot_state, to(work.portal, work.free)),
        {READ, OWNED},
    ),
    "unassign": (lambda work, run: assignment.delete(run, slot(work.portal), work.slot_state), {READ, OWNED}),
}
ROWS = [(name, one) for name, (_, needed) in OPERATIONS.items() for one in sorted(needed)]


@pytest.fixture
def work(tenant: Tenant, portal: Registration) -> Work:
    assert guid(portal.object_id)
    return Work(tenant, portal)


@pytest.mark.parametrize(("operation", "needed"), OPERATIONS.values(), ids=OPERATIONS)
def test_what_an_operation_needs_at_least_is_enough(work: Work, operation: Operation, needed: set[str]) -> None:
    work.tenant.graph.grant(needed)
    work.do(operation)


@pytest.mark.parametrize(("name", "without"), ROWS, ids=[f"{name}, without {one}" for name, one in ROWS])
def test_without_one_of_them_nothing_is_written_and_the_error_names_it(work: Work, name: str, without: str) -> None:
    operation, needed = OPERATIONS[name]
    work.tenant.graph.grant(needed - {without})
    before = work.tenant.graph.directory.snapshot()
    with pytest.raises(EntraError) as caught:
        work.do(operation)
    assert without in str(caught.value)
    assert work.tenant.graph.directory.snapshot() == before


def test_what_the_documentation_asks_for_is_enough_for_everything(tenant: Tenant, portal: Registration) -> None:
    for operation, _ in OPERATIONS.values():
        work = Work(tenant, portal)
        tenant.graph.grant({READ, WRITE, LOOK, OWNED})
        work.do(operation)
        tenant.graph.grant(None)
        tenant.graph.reset()
        portal = tenant.graph.create_application("Portal")
