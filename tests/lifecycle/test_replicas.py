"""Replicas that are up to six seconds late: every verb ends right, and nothing is reported that is not so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, Tenant, to

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.targets import WAYS
from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.graph.errors import AlreadyThere, StillUsed
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.outcomes import Live

LIFETIME = KINDS["TokenLifetimePolicy"]
SEEDS = range(6)


@pytest.fixture(params=SEEDS)
def late(request: pytest.FixtureRequest) -> Iterator[Tenant]:
    """Three replicas; which one answers is drawn."""
    with Emulator(seed=request.param, replicas=(0, 3, 6)) as graph, Tenant(graph) as tenant:
        yield tenant


@pytest.fixture
def portal(late: Tenant) -> Registration:
    """Just made, so that not every replica knows it."""
    return late.graph.create_application("Portal", with_service_principal=True)


def inputs(version: str = "2.0", name: str = "Portal SAML", **more: Any) -> dict[str, Any]:
    return {"displayName": name, "definition": {"version": 1, "samlTokenVersion": version}, **more}


def create(late: Tenant, **more: Any) -> Live:
    return late.run(policy.create(KIND, late.process, inputs(**more)))


def update(late: Tenant, live: Live, new: dict[str, Any]) -> Live:
    return late.run(policy.update(KIND, late.process, live.id, live.outputs, new))


def assign(late: Tenant, inputs: dict[str, Any]) -> Live:
    return late.run(assignment.create(late.process, inputs))


def reads_as_it_is(late: Tenant, live: Live, verbs: Any = policy) -> None:
    """Six times, in this process and in the next one: neither gone nor drifted."""
    kind = (KIND,) if verbs is policy else ()
    wanted = {name: value for name, value in live.inputs.items() if name != "ifExists"}
    for _ in range(2):
        for _ in range(6):
            found = late.run(verbs.read(*kind, late.process, live.id, live.outputs))
            assert found == Live(live.id, wanted, live.computed)
        late.process = late.connect()


def gone(late: Tenant) -> bool:
    snapshot = late.graph.directory.snapshot()
    return snapshot["references"] == [] and not any(snapshot["policies"].values())


# -- policies ----------------------------------------------------------------------------------------------------------


def test_created_policy_is_neither_gone_nor_drifted(late: Tenant) -> None:
    reads_as_it_is(late, create(late))


def test_changed_policy_has_not_drifted_back(late: Tenant) -> None:
    live = create(late)
    for number in range(3):
        live = update(late, live, inputs(version=("1.1", "2.0")[number % 2], name=f"Portal SAML {number}"))
        reads_as_it_is(late, live)


def test_policy_that_was_changed_and_deleted_is_gone(late: Tenant) -> None:
    live = update(late, create(late), inputs(version="1.1"))
    late.process = late.connect()

    assert late.run(policy.delete(KIND, late.process, live.id, live.outputs)) is None
    assert gone(late)


def test_policy_deleted_by_somebody_else_is_believed_to_be_gone(late: Tenant) -> None:
    live = create(late)
    late.graph.directory.delete(late.graph.directory.any(live.id))
    late.graph.clock.advance(10)

    assert late.run(policy.read(KIND, late.process, live.id, live.outputs)) is None


def test_policy_changed_by_somebody_else_is_believed_to_have_drifted(late: Tenant) -> None:
    live, directory = create(late), late.graph.directory
    directory.update(directory.any(live.id), {"displayName": "By hand"})
    late.graph.clock.advance(10)

    read = late.run(policy.read(KIND, late.process, live.id, live.outputs))
    assert read is not None
    assert read.inputs == inputs(name="By hand")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("twins", [0, 1])
def test_lost_create_makes_one_policy(late: Tenant, when: str, twins: int) -> None:
    for _ in range(twins):
        late.stranger(definition='{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}')
    late.graph.clock.advance(10)
    late.graph.fault(method="POST", when=when, drop=True)

    live = create(late, ifExists="create")

    assert [found.id for found in late.graph.directory.all(KIND.collection)][twins:] == [live.id]
    reads_as_it_is(late, live)


@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_change_is_made(late: Tenant, when: str) -> None:
    live = create(late)
    late.graph.fault(method="PATCH", when=when, drop=True)

    reads_as_it_is(late, update(late, live, inputs(version="1.1")))


@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_delete_is_made(late: Tenant, when: str) -> None:
    live = create(late)
    late.graph.fault(method="DELETE", when=when, drop=True)

    late.run(policy.delete(KIND, late.process, live.id, live.outputs))
    assert gone(late)


def test_imported_policy_is_as_it_is(late: Tenant) -> None:
    stranger = late.stranger(definition='{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}')
    late.graph.clock.advance(10)
    late.requests()

    live = create(late, importId=stranger)

    assert (live.id, late.requests()) == (stranger, ["GET"])
    reads_as_it_is(late, live)


def test_policy_that_this_run_deleted_can_be_made_anew(late: Tenant) -> None:
    old = create(late)
    late.process = late.connect()
    late.run(policy.delete(KIND, late.process, old.id, old.outputs))

    reads_as_it_is(late, create(late))


def test_policy_that_the_run_before_deleted_can_be_made_anew_by_now_or_soon(late: Tenant) -> None:
    old = create(late)
    late.process = late.connect()
    late.run(policy.delete(KIND, late.process, old.id, old.outputs))
    late.process = late.connect()
    with suppress(AlreadyThere):
        create(late)
    late.graph.clock.advance(10)
    late.process = late.connect()

    if not late.graph.directory.all(KIND.collection):
        create(late)
    assert len(late.graph.directory.all(KIND.collection)) == 1


def test_default_moves_within_one_run(late: Tenant) -> None:
    first, second = (
        late.run(policy.create(LIFETIME, late.process, lifetime(name, isOrganizationDefault=default)))
        for name, default in (("First", True), ("Second", None))
    )
    late.run(policy.update(LIFETIME, late.process, first.id, first.outputs, lifetime("First")))
    wanted = lifetime("Second", isOrganizationDefault=True)
    moved = late.run(policy.update(LIFETIME, late.process, second.id, second.outputs, wanted))

    for _ in range(6):
        assert late.run(policy.read(LIFETIME, late.process, moved.id, moved.outputs)) == moved


def lifetime(name: str, **more: Any) -> dict[str, Any]:
    wanted = {"displayName": name, "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}, **more}
    return {key: value for key, value in wanted.items() if value is not None}


# -- assignments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replace", [{}, {"replaceExisting": True}], ids=["free", "replacing"])
@pytest.mark.parametrize("way", [way.argument for way in WAYS])
def test_new_policy_is_assigned_to_a_new_target(
    late: Tenant, portal: Registration, way: str, replace: dict[str, Any]
) -> None:
    late.name(portal, "portal")
    keys = {
        "applicationId": portal.object_id,
        "applicationUniqueName": "portal",
        "servicePrincipalId": portal.service_principal_id,
    }
    target = {way: keys.get(way, portal.client_id)}
    placed = assign(late, {"policyId": create(late).id, "policyType": KIND.name, **target, **replace})

    assert [one["policyId"] for one in late.graph.directory.snapshot()["references"]] == [placed.inputs["policyId"]]
    assert "replacedPolicyId" not in placed.computed
    reads_as_it_is(late, placed, assignment)


@pytest.mark.parametrize("status", [400, 404])
def test_policy_that_a_replica_does_not_know_is_assigned(late: Tenant, portal: Registration, status: int) -> None:
    late.graph.directory.unreplicated_policy_status = status
    policies = [create(late, name=f"Policy {number}").id for number in range(3)]

    for policy_id in policies:
        application = late.graph.create_application("Another")
        assign(late, to(application, policy_id))
        assert late.assigned(application) == [policy_id]


@pytest.mark.parametrize("status", [400, 404], ids=["NotAssigned", "NotFound"])
def test_swapped_policy_is_the_one_that_is_read(late: Tenant, portal: Registration, status: int) -> None:
    late.graph.directory.absent_reference_status = status
    placed = assign(late, to(portal, create(late, name="Old").id))
    for number in range(3):
        new = {**placed.inputs, "policyId": create(late, name=f"New {number}").id}
        placed = late.run(assignment.update(late.process, placed.id, placed.outputs, new))
        assert late.assigned(portal) == [new["policyId"]]
        reads_as_it_is(late, placed, assignment)


def test_swap_there_and_back_ends_where_it_began(late: Tenant, portal: Registration) -> None:
    one, two = create(late, name="One").id, create(late, name="Two").id
    placed = assign(late, to(portal, one))
    for policy_id in (two, one):
        new = {**placed.inputs, "policyId": policy_id}
        placed = late.run(assignment.update(late.process, placed.id, placed.outputs, new))

    assert late.assigned(portal) == [one]
    reads_as_it_is(late, placed, assignment)


def test_slot_of_somebody_else_is_taken_over(late: Tenant, portal: Registration) -> None:
    legacy, ours = late.stranger("Legacy"), create(late).id
    late.place(portal, legacy)

    placed = assign(late, to(portal, ours, replaceExisting=True))

    assert (late.assigned(portal), placed.computed["replacedPolicyId"]) == ([ours], legacy)
    reads_as_it_is(late, placed, assignment)


@pytest.mark.parametrize("force", [{}, {"forceDestroy": True}], ids=["guarded", "forced"])
def test_everything_is_removed_in_one_run(late: Tenant, portal: Registration, force: dict[str, Any]) -> None:
    live = create(late, **force)
    target = {"applicationId": portal.object_id}, {"servicePrincipalId": portal.service_principal_id}
    placed = [assign(late, {"policyId": live.id, "policyType": KIND.name, **one}) for one in target]
    late.process = late.connect()

    for one in placed:
        late.run(assignment.delete(late.process, one.id, one.outputs))
    assert late.run(policy.delete(KIND, late.process, live.id, live.outputs)) is None
    assert gone(late)


def test_policy_is_deleted_by_the_run_after_the_one_that_unassigned_it_by_now_or_soon(
    late: Tenant, portal: Registration
) -> None:
    live = create(late)
    placed = assign(late, to(portal, live.id))
    late.process = late.connect()
    late.run(assignment.delete(late.process, placed.id, placed.outputs))
    late.process = late.connect()
    with suppress(StillUsed):
        late.run(policy.delete(KIND, late.process, live.id, live.outputs))
    late.graph.clock.advance(10)

    late.run(policy.delete(KIND, late.process, live.id, live.outputs))
    assert gone(late)


def test_reference_that_this_run_removed_can_be_made_anew(late: Tenant, portal: Registration) -> None:
    placed = assign(late, to(portal, create(late).id))
    late.process = late.connect()
    late.run(assignment.delete(late.process, placed.id, placed.outputs))

    again = assign(late, placed.inputs)

    assert late.assigned(portal) == [placed.inputs["policyId"]]
    reads_as_it_is(late, again, assignment)


def test_reference_of_a_run_that_was_killed_is_imported_as_it_is(late: Tenant, portal: Registration) -> None:
    wanted = to(portal, create(late).id)
    placed = assign(late, wanted)
    late.process = late.connect()
    late.graph.clock.advance(10)
    with pytest.raises(AlreadyThere):
        assign(late, wanted)

    live = assign(late, {**wanted, "importId": placed.id})

    assert late.assigned(portal) == [wanted["policyId"]]
    reads_as_it_is(late, live, assignment)


def test_target_named_another_way_is_the_same(late: Tenant, portal: Registration) -> None:
    placed = assign(late, to(portal, create(late).id))
    new = {**placed.inputs, "applicationClientId": portal.client_id}
    del new["applicationId"]

    named = late.run(assignment.update(late.process, placed.id, placed.outputs, new))

    assert named.outputs == {**placed.outputs, "applicationClientId": portal.client_id}
    reads_as_it_is(late, named, assignment)


def test_reference_removed_by_somebody_else_is_believed_to_be_gone(late: Tenant, portal: Registration) -> None:
    placed = assign(late, to(portal, create(late).id))
    late.take_out(portal, placed.inputs["policyId"])
    late.graph.clock.advance(10)

    assert late.run(assignment.read(late.process, placed.id, placed.outputs)) is None


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_swap_with_a_lost_answer_ends_right(late: Tenant, portal: Registration, method: str, when: str) -> None:
    placed = assign(late, to(portal, create(late, name="Old").id))
    new = {**placed.inputs, "policyId": create(late, name="New").id}
    late.graph.fault(method=method, when=when, drop=True)

    placed = late.run(assignment.update(late.process, placed.id, placed.outputs, new))

    assert late.assigned(portal) == [new["policyId"]]
    reads_as_it_is(late, placed, assignment)


@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_removal_is_made(late: Tenant, portal: Registration, when: str) -> None:
    placed = assign(late, to(portal, create(late).id))
    late.process = late.connect()
    late.graph.fault(method="DELETE", when=when, drop=True)

    assert late.run(assignment.delete(late.process, placed.id, placed.outputs)) is None
    assert late.assigned(portal) == []
