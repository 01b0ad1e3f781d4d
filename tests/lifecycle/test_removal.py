"""What may be gone already: a policy and a reference, each removed with the same patience."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant

from pulumi_entra_policies.emulator import Clock, Emulator, Registration
from pulumi_entra_policies.graph.consistency import stamp
from pulumi_entra_policies.graph.errors import AnswerLost, EntraError, GraphError
from pulumi_entra_policies.lifecycle import assignment, policy

INPUTS: dict[str, Any] = {"displayName": "Portal SAML", "definition": {"version": 1}, "forceDestroy": True}
LOST = pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}], ids=["dropped", "504"])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """In a time that only the pauses move, so that ages are exact."""
    with Emulator(seed=1, clock=Clock()) as running:
        yield running


@pytest.fixture(params=["policy", "reference"])
def thing(request: pytest.FixtureRequest, tenant: Tenant, portal: Registration) -> Thing:
    return Thing(tenant, portal, request.param)


def sent(tenant: Tenant) -> list[str]:
    """What was sent, but for the question from whom a policy is taken."""
    return [method for method in tenant.requests() if method != "GET"]


class Thing:
    """A policy to delete, whoever has it, or one to remove from an application."""

    def __init__(self, tenant: Tenant, portal: Registration, what: str) -> None:
        self.tenant, self.portal, self.what = tenant, portal, what
        self.policy_id, directory = tenant.stranger(), tenant.graph.directory
        directory.add_reference(directory.any(portal.object_id), directory.policy_sets[KIND.collection], self.policy_id)

    def remove(self, written_at: str | None = None) -> str | None:
        run, written = self.tenant.process, {"writtenAt": written_at} if written_at else {}
        if self.what == "policy":
            return self.tenant.run(policy.delete(KIND, run, self.policy_id, {**INPUTS, **written}))
        slot = f"applications/{self.portal.object_id}/{KIND.collection}"
        return self.tenant.run(assignment.delete(run, slot, {"policyId": self.policy_id, **written}))

    def take_away(self) -> None:
        """Somebody else does."""
        directory = self.tenant.graph.directory
        if self.what == "policy":
            directory.delete(directory.any(self.policy_id))
        else:
            target, policies = directory.any(self.portal.object_id), directory.policy_sets[KIND.collection]
            directory.remove_reference(target, policies, self.policy_id)

    def is_there(self) -> bool:
        if self.what == "reference":
            return bool(self.tenant.assigned(self.portal))
        return bool(self.tenant.graph.directory.all(KIND.collection))

    def noted(self) -> bool:
        """Whether the run knows that it took this away."""
        return self.tenant.process.is_gone(self.portal.object_id, self.policy_id)


def test_what_is_there_is_removed_with_one_request(tenant: Tenant, thing: Thing) -> None:
    assert (thing.remove() is None) == (thing.what == "reference")
    assert (thing.is_there(), sent(tenant), tenant.waits) == (False, ["DELETE"], [])
    assert thing.noted()


@pytest.mark.parametrize(
    ("age", "waited"),
    [(0.0, WAITED), (12.0, [1.0, 2.0, 4.0, 8.0, 3.0]), (30.0, [1.0]), (500.0, [1.0]), (None, [1.0])],
    ids=["just written", "young", "as old as replicas take", "old", "of unknown age"],
)
def test_what_is_gone_is_believed_when_every_replica_has_had_its_time(
    tenant: Tenant, thing: Thing, age: float | None, waited: list[float]
) -> None:
    written_at = None if age is None else stamp(tenant.graph.clock.date())
    thing.take_away()
    tenant.pass_time(age or 0.0)
    sent(tenant)

    assert thing.remove(written_at) is None
    assert tenant.waits == waited
    assert sent(tenant)[: len(waited) + 1] == ["DELETE"] * (len(waited) + 1)
    assert len(tenant.told) == (sum(waited) > 1)


@pytest.mark.parametrize("times", [1, 3])
def test_replica_that_does_not_know_it_yet_is_not_believed(tenant: Tenant, thing: Thing, times: int) -> None:
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound", times=times)

    thing.remove(stamp(tenant.graph.clock.date()))

    assert (thing.is_there(), sent(tenant), tenant.waits) == (False, ["DELETE"] * (times + 1), WAITED[:times])
    assert len(tenant.told) == 1


def test_one_replica_that_has_lost_sight_of_it_is_not_believed(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound")

    thing.remove()

    assert (thing.is_there(), sent(tenant), tenant.waits) == (False, ["DELETE"] * 2, [1.0])
    assert tenant.told == []


def test_replica_that_does_not_know_the_tenant_is_waited_for(tenant: Tenant, thing: Thing) -> None:
    message = "Unable to read the company information from the directory."
    tenant.graph.fault(method="DELETE", status=404, code="Directory_ObjectNotFound", message=message, times=5)

    thing.remove()

    assert (thing.is_there(), sent(tenant), tenant.waits) == (False, ["DELETE"] * 6, WAITED[:5])


def test_reference_that_graph_calls_absent_with_a_400_is_not_believed_either(
    tenant: Tenant, portal: Registration
) -> None:
    thing = Thing(tenant, portal, "reference")
    message = "One or more removed object references do not exist for the following modified properties: 'x'."
    tenant.graph.fault(method="DELETE", status=400, code="Request_BadRequest", message=message)

    thing.remove()

    assert (thing.is_there(), tenant.waits) == (False, [1.0])


@LOST
@pytest.mark.parametrize(
    ("when", "waited"), [("before", [1.0]), ("after", [1.0, 1.0])], ids=["not carried out", "carried out"]
)
def test_lost_answer_is_followed_by_another_try(
    tenant: Tenant, thing: Thing, fault: Any, when: str, waited: list[float]
) -> None:
    tenant.graph.fault(method="DELETE", when=when, **fault)

    thing.remove()
    assert (thing.is_there(), tenant.waits) == (False, waited)
    assert sent(tenant) == ["DELETE"] * (len(waited) + 1)
    assert thing.noted()


@LOST
def test_absence_after_lost_answers_is_ours(tenant: Tenant, thing: Thing, fault: Any) -> None:
    tenant.graph.fault(method="DELETE", when="after", **fault, times=3)

    thing.remove()
    assert (sent(tenant), tenant.waits) == (["DELETE"] * 5, [1.0, 2.0, 4.0, 1.0])
    assert thing.noted()


@LOST
@pytest.mark.parametrize(("when", "left"), [("before", True), ("after", False)])
def test_answers_that_are_all_lost_are_an_error(
    tenant: Tenant, thing: Thing, fault: Any, when: str, left: bool
) -> None:
    tenant.graph.fault(method="DELETE", when=when, **fault, times=100)

    with pytest.raises(AnswerLost, match="run pulumi refresh, then pulumi up again"):
        thing.remove()
    assert (thing.is_there(), thing.noted()) == (left, False)
    assert (sent(tenant), tenant.waits) == (["DELETE"] * 7, WAITED)


def test_answer_lost_after_an_absence_that_was_not_believed_is_settled_too(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound")
    tenant.graph.fault(method="DELETE", drop=True)

    thing.remove()
    assert (thing.is_there(), sent(tenant)) == (False, ["DELETE"] * 3)


@pytest.mark.parametrize("before", [0, 1], ids=["at once", "after a lost answer"])
def test_refusal_is_an_error_at_once(tenant: Tenant, thing: Thing, before: int) -> None:
    tenant.graph.fault(method="DELETE", drop=True, times=before) if before else None
    tenant.graph.fault(method="DELETE", status=403)

    with pytest.raises(GraphError, match="with admin consent"):
        thing.remove()
    assert (thing.is_there(), sent(tenant)) == (True, ["DELETE"] * (before + 1))


def test_404_of_a_proxy_is_no_absence(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, body="<html>", headers={"Content-Type": "text/html"})

    with pytest.raises(EntraError):
        thing.remove()
    assert thing.is_there()


@LOST
def test_absence_after_a_lost_answer_is_not_believed_before_its_time(tenant: Tenant, thing: Thing, fault: Any) -> None:
    tenant.graph.fault(method="DELETE", **fault)
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound", times=2)

    thing.remove(stamp(tenant.graph.clock.date()))
    assert (thing.is_there(), thing.noted(), sent(tenant)) == (False, True, ["DELETE"] * 4)


def test_reference_that_this_run_has_replaced_is_not_removed_again(tenant: Tenant, portal: Registration) -> None:
    one, two = tenant.policy("One"), tenant.policy("Two")
    named = {"policyType": KIND.name, "applicationId": portal.object_id}
    old = tenant.run(assignment.create(tenant.process, {"policyId": one, **named}))
    next_run = tenant.connect()
    tenant.run(assignment.create(next_run, {"policyId": two, "replaceExisting": True, **named}))
    sent(tenant)

    assert tenant.run(assignment.delete(next_run, old.id, old.outputs)) is None
    assert (sent(tenant), tenant.assigned(portal)) == ([], [two])


def test_reference_that_has_gone_with_its_policy_is_not_removed_again(tenant: Tenant, portal: Registration) -> None:
    thing = Thing(tenant, portal, "policy")
    thing.remove()
    thing.what = "reference"
    sent(tenant)

    thing.remove()
    assert sent(tenant) == []
