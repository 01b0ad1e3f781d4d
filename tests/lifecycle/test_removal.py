"""What may be gone already: a policy and a reference, each removed with the same patience."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import AnswerLost, EntraError, GraphError
from pulumi_entra_policies.lifecycle import assignment, policy

INPUTS: dict[str, Any] = {"displayName": "Portal SAML", "definition": {"version": 1}, "forceDestroy": True}
LOST = pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}], ids=["dropped", "504"])


@pytest.fixture(params=["policy", "reference"])
def thing(request: pytest.FixtureRequest, tenant: Tenant, portal: Registration) -> Thing:
    return Thing(tenant, portal, request.param)


class Thing:
    """A policy to delete without a question, or one to remove from an application."""

    def __init__(self, tenant: Tenant, portal: Registration, what: str) -> None:
        self.tenant, self.portal, self.what = tenant, portal, what
        self.policy_id, directory = tenant.stranger(), tenant.graph.directory
        directory.add_reference(directory.any(portal.object_id), directory.policy_sets[KIND.collection], self.policy_id)

    def remove(self) -> str | None:
        connection = self.tenant.connection
        if self.what == "policy":
            return self.tenant.run(policy.delete(KIND, connection, self.policy_id, INPUTS))
        slot = f"applications/{self.portal.object_id}/{KIND.collection}"
        return self.tenant.run(assignment.delete(connection, slot, {"policyId": self.policy_id}))

    def is_there(self) -> bool:
        if self.what == "reference":
            return bool(self.tenant.assigned(self.portal))
        return bool(self.tenant.graph.directory.all(KIND.collection))

    def noted(self) -> bool:
        """Whether the process knows that it took this away."""
        connection = self.tenant.connection
        return self.policy_id in connection.deleted or (self.portal.object_id, self.policy_id) in connection.removed


def test_what_is_there_is_removed_with_one_request(tenant: Tenant, thing: Thing) -> None:
    assert thing.remove() is None
    assert (thing.is_there(), tenant.requests(), tenant.waits) == (False, ["DELETE"], [])
    assert thing.noted()


def test_what_is_gone_is_believed_when_graph_has_had_its_time(tenant: Tenant, thing: Thing) -> None:
    thing.remove()
    tenant.connection.removed.clear()  # by somebody else
    tenant.requests()

    assert thing.remove() is None
    assert (tenant.requests()[:7], tenant.waits) == (["DELETE"] * 7, WAITED)


def test_what_is_gone_for_long_is_believed_at_a_second_look(tenant: Tenant, thing: Thing) -> None:
    thing.remove()
    tenant.connection.removed.clear()
    tenant.now += tenant.settings.waits
    tenant.requests()

    thing.remove()
    assert (tenant.requests()[:2], tenant.waits) == (["DELETE", "DELETE"], [1.0])


def test_replica_that_does_not_know_it_yet_is_not_believed(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound", times=3)

    thing.remove()

    assert (thing.is_there(), tenant.requests(), tenant.waits) == (False, ["DELETE"] * 4, [1.0, 2.0, 4.0])
    assert len(tenant.told) == 1


def test_reference_that_graph_calls_absent_with_a_400_is_not_believed_either(
    tenant: Tenant, portal: Registration
) -> None:
    thing = Thing(tenant, portal, "reference")
    message = "One or more removed object references do not exist for the following modified properties: 'x'."
    tenant.graph.fault(method="DELETE", status=400, code="Request_BadRequest", message=message)

    thing.remove()

    assert (thing.is_there(), tenant.waits) == (False, [1.0])


@LOST
@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_answer_is_followed_by_another_try(tenant: Tenant, thing: Thing, fault: Any, when: str) -> None:
    tenant.now += tenant.settings.waits
    tenant.graph.fault(method="DELETE", when=when, **fault)

    assert thing.remove() is None
    assert (thing.is_there(), tenant.requests(), tenant.waits) == (False, ["DELETE"] * 2, [1.0])
    assert thing.noted()


@LOST
def test_absence_after_a_lost_answer_is_ours(tenant: Tenant, thing: Thing, fault: Any) -> None:
    tenant.now += tenant.settings.waits
    tenant.graph.fault(method="DELETE", when="after", **fault, times=3)

    thing.remove()
    assert (tenant.requests(), tenant.waits) == (["DELETE"] * 4, [1.0, 2.0, 4.0])
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
    assert (tenant.requests(), tenant.waits) == (["DELETE"] * 7, WAITED)


def test_answer_lost_after_an_absence_that_was_not_believed_is_settled_too(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound")
    tenant.graph.fault(method="DELETE", drop=True)

    thing.remove()
    assert (thing.is_there(), tenant.requests()) == (False, ["DELETE"] * 3)


@pytest.mark.parametrize("before", [0, 1], ids=["at once", "after a lost answer"])
def test_refusal_is_an_error_at_once(tenant: Tenant, thing: Thing, before: int) -> None:
    tenant.graph.fault(method="DELETE", drop=True, times=before) if before else None
    tenant.graph.fault(method="DELETE", status=403)

    with pytest.raises(GraphError, match="with admin consent"):
        thing.remove()
    assert (thing.is_there(), tenant.requests()) == (True, ["DELETE"] * (before + 1))


def test_404_of_a_proxy_is_no_absence(tenant: Tenant, thing: Thing) -> None:
    tenant.graph.fault(method="DELETE", status=404, body="<html>", headers={"Content-Type": "text/html"})

    with pytest.raises(EntraError):
        thing.remove()
    assert thing.is_there()


@LOST
def test_absence_after_a_lost_answer_is_not_believed_before_its_time(tenant: Tenant, thing: Thing, fault: Any) -> None:
    tenant.graph.fault(method="DELETE", **fault)
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound", times=2)

    thing.remove()
    assert (thing.is_there(), thing.noted(), tenant.requests()) == (False, True, ["DELETE"] * 4)


def test_reference_that_this_process_has_taken_out_is_not_removed_again(tenant: Tenant, portal: Registration) -> None:
    one, two = tenant.policy("One"), tenant.policy("Two")
    named = {"policyType": KIND.name, "applicationId": portal.object_id}
    old = tenant.run(assignment.create(tenant.connection, {"policyId": one, **named}))
    tenant.connection.placed.clear()
    taking = {"policyId": two, "replaceExisting": True, **named}
    tenant.run(assignment.create(tenant.connection, taking))
    tenant.requests()

    tenant.run(assignment.delete(tenant.connection, old.id, old.outputs))
    assert (tenant.requests(), tenant.assigned(portal)) == ([], [two])
