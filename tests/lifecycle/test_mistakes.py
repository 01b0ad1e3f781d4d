"""How long a mistake takes to be told: seconds of our own waiting, with the default `waits`, in simulated time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import EntraError
from pulumi_entra_policies.lifecycle import assignment, policy

GUARANTEES = (Path(__file__).parents[2] / "docs" / "guarantees.md").read_text()
NOWHERE = "00000000-0000-4000-8000-000000000000"
INPUTS = {"displayName": "Portal SAML", "definition": {"version": 1, "samlTokenVersion": "2.0"}}


@dataclass
class World:
    tenant: Tenant
    portal: Registration

    def reference(self, policy_id: str) -> None:
        directory = self.tenant.graph.directory
        target = directory.any(self.portal.object_id)
        directory.add_reference(target, directory.policy_sets[KIND.collection], policy_id)

    def assign(self, policy_id: str | None = None, **target: Any) -> Any:
        inputs = {"policyId": policy_id or self.tenant.stranger(), "policyType": KIND.name, **target}
        return self.tenant.run(assignment.create(self.tenant.process, inputs))

    def outputs(self, **more: Any) -> dict[str, Any]:
        return {**INPUTS, "tenantId": self.tenant.graph.tenant_id, **more}


def client_id_for_object_id(world: World) -> None:
    world.assign(applicationId=world.portal.client_id)


def object_id_for_client_id(world: World) -> None:
    world.assign(applicationClientId=world.portal.object_id)


def client_id_for_unique_name(world: World) -> None:
    world.assign(applicationUniqueName=world.portal.client_id)


def service_principal_for_application(world: World) -> None:
    world.assign(applicationId=world.portal.service_principal_id)


def policy_of_no_id(world: World) -> None:
    world.assign(NOWHERE, applicationId=world.portal.object_id)


def get_of_no_policy(world: World) -> None:
    assert world.tenant.run(policy.read(KIND, world.tenant.process, NOWHERE, {})) is None


def get_of_no_assignment(world: World) -> None:
    slot = f"applications/{world.portal.object_id}/{KIND.collection}"
    assert world.tenant.run(assignment.read(world.tenant.process, slot, {})) is None


def import_of_no_policy(world: World) -> None:
    world.tenant.run(policy.create(KIND, world.tenant.process, {**INPUTS, "importId": NOWHERE}))


def name_that_is_there(world: World) -> None:
    world.tenant.stranger()
    world.tenant.run(policy.create(KIND, world.tenant.process, INPUTS))


def assignment_that_is_there(world: World) -> None:
    world.reference(policy_id := world.tenant.stranger())
    world.assign(policy_id, applicationId=world.portal.object_id)


def slot_that_is_taken(world: World) -> None:
    world.reference(world.tenant.stranger())
    world.assign(applicationId=world.portal.object_id)


def swap_to_no_policy(world: World) -> None:
    world.reference(policy_id := world.tenant.stranger())
    old = {"policyId": policy_id, "policyType": KIND.name, "applicationId": world.portal.object_id}
    slot = f"applications/{world.portal.object_id}/{KIND.collection}"
    world.tenant.run(assignment.update(world.tenant.process, slot, old, {**old, "policyId": NOWHERE}))


def policy_that_others_use(world: World) -> None:
    world.reference(policy_id := world.tenant.stranger())
    world.tenant.run(policy.delete(KIND, world.tenant.process, policy_id, world.outputs()))


def refresh_of_what_has_drifted(world: World) -> None:
    policy_id = world.tenant.stranger("By hand")
    for _ in range(2):  # `up --refresh` may ask twice
        assert world.tenant.run(policy.read(KIND, world.tenant.process, policy_id, world.outputs())) is not None


def refresh_of_what_is_gone(world: World) -> None:
    assert world.tenant.run(policy.read(KIND, world.tenant.process, NOWHERE, world.outputs())) is None


def update_of_what_is_gone(world: World) -> None:
    changed = {**INPUTS, "displayName": "Renamed"}
    world.tenant.run(policy.update(KIND, world.tenant.process, NOWHERE, world.outputs(), changed))


ROWS: dict[str, tuple[Callable[[World], None], float]] = {
    "a client id where an object id belongs": (client_id_for_object_id, 0),
    "an object id where a client id belongs": (object_id_for_client_id, 0),
    "a client id where a unique name belongs": (client_id_for_unique_name, 0),
    "a service principal's id where an application's belongs": (service_principal_for_application, 0),
    "an assignment of a policy that does not exist": (policy_of_no_id, 1),
    "`get` of a policy that does not exist": (get_of_no_policy, 1),
    "`get` of an assignment that does not exist": (get_of_no_assignment, 1),
    "`import_` of a policy that does not exist": (import_of_no_policy, 1),
    "a policy whose name is there": (name_that_is_there, 0),
    "an assignment that is there": (assignment_that_is_there, 0),
    "a slot that another policy has": (slot_that_is_taken, 0),
    "a swap to a policy that does not exist": (swap_to_no_policy, 1),
    "the delete of a policy that others use": (policy_that_others_use, 1),
    "a refresh of what was changed by hand": (refresh_of_what_has_drifted, 0),
    "a refresh of what was deleted by hand": (refresh_of_what_is_gone, 1),
    "a change of what was deleted by hand": (update_of_what_is_gone, 1),
}


@pytest.mark.parametrize("mistake", ROWS)
def test_mistake_is_told_within_three_seconds(tenant: Tenant, portal: Registration, mistake: str) -> None:
    make, seconds = ROWS[mistake]
    world = World(tenant, portal)

    with contextlib.suppress(EntraError):
        make(world)

    assert sum(tenant.waits) == seconds <= 3
    assert tenant.told == []
    assert f"| {mistake} | {seconds} |" in GUARANTEES


def test_target_that_may_be_too_new_is_waited_for_and_that_is_said_at_once(tenant: Tenant) -> None:
    with pytest.raises(EntraError, match=f"there is no application with object id {NOWHERE} in this tenant"):
        World(tenant, Registration("", "")).assign(applicationId=NOWHERE)

    assert sum(tenant.waits) == 30.0
    assert tenant.told[0].startswith(f"Waiting up to 30 s for Graph's replicas to agree: application {NOWHERE}")
