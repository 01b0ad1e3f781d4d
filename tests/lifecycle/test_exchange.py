"""A slot that has a policy and gets another: by a swap or with `replaceExisting`, and back again if that fails."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant, slot, to

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.consistency import stamp
from pulumi_entra_policies.graph.errors import AlreadyThere, GraphError, PolicyConflict, StillUsed, SwapFailed, WrongId
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.outcomes import Live

GUID = "00000000-0000-0000-0000-00000000000a"
TAKEN: dict[str, Any] = {"method": "POST", "status": 400, "code": "Request_MultipleObjectsWithSameKeyValue"}
THERE: dict[str, Any] = {
    "method": "POST",
    "status": 400,
    "code": "Request_BadRequest",
    "message": "One or more added object references already exist for the following modified properties",
}
REFUSED: dict[str, Any] = {"method": "POST", "status": 403, "code": "Authorization_RequestDenied"}
LOST = pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}], ids=["dropped", "504"])
WHEN = pytest.mark.parametrize("when", ["before", "after"])


def lists(portal: Registration, *policy_ids: str) -> dict[str, Any]:
    """A fault: a replica lists these policies in the slot."""
    body = json.dumps({"value": [{"id": id_, "displayName": "Late"} for id_ in policy_ids]})
    return {"path": f"{slot(portal)}$", "status": 200, "body": body, "headers": {"Content-Type": "application/json"}}


class Swap:
    """The policy Old in the portal's slot, put there by an earlier run; New is made by this one."""

    def __init__(self, tenant: Tenant, portal: Registration) -> None:
        self.tenant, self.portal = tenant, portal
        self.outputs = tenant.assignment(portal, tenant.policy("Old"))
        self.old, self.new = self.outputs["policyId"], tenant.policy("New")
        tenant.requests()

    def to(self, policy_id: str, **more: Any) -> Live:
        new = to(self.portal, policy_id, **more)
        return self.tenant.run(assignment.update(self.tenant.process, slot(self.portal), self.outputs, new))

    def run(self) -> Live:
        return self.to(self.new)


@pytest.fixture
def swap(tenant: Tenant, portal: Registration) -> Swap:
    return Swap(tenant, portal)


# -- swap --------------------------------------------------------------------------------------------------------------


def test_swap_takes_two_requests_and_is_dated(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    tenant.pass_time(5)

    swapped = swap.run()

    written_at = stamp(tenant.graph.clock.date())
    assert written_at != swap.outputs["writtenAt"]
    assert swapped.outputs == {**swap.outputs, "policyId": swap.new, "writtenAt": written_at}
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.new], ["DELETE", "POST"])


def test_swap_to_a_policy_that_the_run_does_not_know_asks_for_it_first(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    other = tenant.stranger("Other")

    swap.to(other)
    assert (tenant.assigned(portal), tenant.requests()) == ([other], ["GET", "DELETE", "POST"])


def test_swap_to_a_policy_that_does_not_exist_leaves_the_slot_as_it_is(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    with pytest.raises(WrongId, match=f"{GUID} is not the id of a token issuance policy in this tenant"):
        swap.to(GUID)
    assert (tenant.assigned(portal), tenant.waits) == ([swap.old], [1.0])
    assert set(tenant.requests()) == {"GET"}


def test_swap_to_a_policy_that_this_run_has_deleted_leaves_the_slot_as_it_is(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    other = tenant.stranger("Other")
    tenant.run(policy.delete(KIND, tenant.process, other, {"displayName": "Other", "forceDestroy": True}))
    tenant.requests()

    with pytest.raises(WrongId, match=f"{other} is not the id of a token issuance policy"):
        swap.to(other)
    assert (tenant.assigned(portal), tenant.waits) == ([swap.old], [])
    assert set(tenant.requests()) == {"GET"}


def test_swap_to_a_policy_of_another_kind_leaves_the_slot_as_it_is(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    directory = tenant.graph.directory
    body = {"displayName": "L", "definition": ['{"TokenLifetimePolicy":{"Version":1}}']}
    lifetime = directory.create_policy(directory.policy_sets["tokenLifetimePolicies"], body).id

    with pytest.raises(WrongId, match=f"{lifetime} is a token lifetime policy, not a token issuance policy"):
        swap.to(lifetime)
    assert tenant.assigned(portal) == [swap.old]
    assert set(tenant.requests()) == {"GET"}


def test_swap_to_this_runs_own_policy_of_another_kind_leaves_the_slot_as_it_is(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    inputs = {"displayName": "L", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}
    lifetime = tenant.run(policy.create(KINDS["TokenLifetimePolicy"], tenant.process, inputs)).id
    tenant.requests()

    with pytest.raises(WrongId, match=f"{lifetime} is a token lifetime policy, not a token issuance policy"):
        swap.to(lifetime)
    assert tenant.assigned(portal) == [swap.old]
    assert set(tenant.requests()) == {"GET"}


def test_swap_after_this_run_has_deleted_the_old_policy_removes_nothing(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.run(policy.delete(KIND, tenant.process, swap.old, {"displayName": "Old", "forceDestroy": True}))
    tenant.requests()

    swap.run()
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.new], ["POST"])


def test_swap_that_an_earlier_run_has_made_already_is_success(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    swap.run()
    tenant.process = tenant.connect()
    tenant.pass_time(tenant.settings.waits)
    tenant.requests()

    swap.run()
    assert (tenant.assigned(portal), tenant.waits) == ([swap.new], [1.0])
    assert tenant.requests() == ["GET", "DELETE", "DELETE", "POST"]


@pytest.mark.parametrize("more", [{}, {"replaceExisting": True}], ids=["plain", "replacing"])
def test_swap_there_and_back_in_one_run_ends_where_it_began(
    tenant: Tenant, portal: Registration, swap: Swap, more: dict[str, Any]
) -> None:
    swap.outputs = swap.to(swap.new, **more).outputs

    swap.to(swap.old, **more)
    assert (tenant.assigned(portal), tenant.waits) == ([swap.old], [])


def test_slot_that_still_shows_what_this_run_took_out_is_tried_again(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.graph.fault(**TAKEN, times=2)
    tenant.graph.fault(**lists(portal, swap.old), times=2)

    swap.run()

    assert (tenant.assigned(portal), tenant.waits) == ([swap.new], [1.0, 2.0])
    assert tenant.requests() == ["DELETE", "POST", "GET", "POST", "GET", "POST"]


# -- swap that is refused ----------------------------------------------------------------------------------------------


def test_refused_swap_puts_the_old_policy_back_and_says_so(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    tenant.graph.fault(**REFUSED)

    with pytest.raises(SwapFailed, match=f"{swap.old} has been put back, so application .* is as it was"):
        swap.run()
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.old], ["DELETE", "POST", "POST"])


def test_refused_swap_and_refused_roll_back_say_what_is_left(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    tenant.graph.fault(**REFUSED, times=2)

    with pytest.raises(SwapFailed, match=r"putting token issuance policy .* back failed too, so application"):
        swap.run()
    assert tenant.assigned(portal) == []


def test_policy_that_a_lost_roll_back_may_have_put_back_is_not_deleted(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.graph.fault(**REFUSED)
    tenant.graph.fault(method="POST", status=504, when="after")
    tenant.graph.fault(**REFUSED)
    with pytest.raises(SwapFailed, match="back failed too"):
        swap.run()

    with pytest.raises(StillUsed, match="Portal"):
        tenant.run(policy.delete(KIND, tenant.process, swap.old, {"displayName": "Old"}))
    assert tenant.assigned(portal) == [swap.old]


def test_refused_swap_whose_removal_did_nothing_says_that_the_old_policy_is_kept(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.graph.fault(method="DELETE", status=204, body="")

    with pytest.raises(SwapFailed, match=f"{swap.old} has been put back, so application .* is as it was"):
        swap.run()
    assert tenant.assigned(portal) == [swap.old]


def test_roll_back_that_a_late_replica_takes_for_done_is_tried_again(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.graph.fault(**REFUSED)
    tenant.graph.fault(**THERE, times=2)

    with pytest.raises(SwapFailed, match="has been put back"):
        swap.run()
    assert (tenant.assigned(portal), tenant.waits) == ([swap.old], [1.0, 2.0])


def test_refused_swap_of_what_was_gone_has_nothing_to_put_back(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.take_out(portal, swap.old)
    tenant.graph.fault(**REFUSED)

    with pytest.raises(GraphError, match=r"Application\.ReadWrite\.OwnedBy"):
        swap.run()
    assert tenant.assigned(portal) == []


def test_refused_removal_leaves_the_slot_as_it_is(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    tenant.graph.fault(method="DELETE", status=403)

    with pytest.raises(GraphError, match=f"cannot remove token issuance policy {swap.old}"):
        swap.run()
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.old], ["DELETE"])


def test_slot_that_a_third_policy_has_taken_meanwhile_is_not_put_back(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.graph.fault(**TAKEN, times=100)

    with pytest.raises(SwapFailed, match="has another token issuance policy now"):
        swap.run()
    assert tenant.assigned(portal) == []


def test_swap_of_what_somebody_has_swapped_is_a_conflict(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    other = tenant.stranger("Other")
    tenant.take_out(portal, swap.old)
    tenant.place(portal, other)
    tenant.pass_time(tenant.settings.waits)

    with pytest.raises(PolicyConflict, match=rf'it already has token issuance policy "Other" \({other}\)'):
        swap.run()
    assert (tenant.assigned(portal), tenant.waits) == ([other], [1.0])


# -- swap whose answers are lost ---------------------------------------------------------------------------------------


@LOST
@WHEN
def test_lost_answer_to_a_swap_is_followed_by_another_try(
    tenant: Tenant, portal: Registration, swap: Swap, fault: dict[str, Any], when: str
) -> None:
    tenant.graph.fault(method="POST", when=when, **fault)

    swap.run()
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.new], ["DELETE", "POST", "POST"])


@LOST
@WHEN
@pytest.mark.parametrize("age", [0, 30])
def test_lost_answer_to_a_removal_is_followed_by_another_try(
    tenant: Tenant, portal: Registration, swap: Swap, fault: dict[str, Any], when: str, age: int
) -> None:
    tenant.pass_time(age)
    tenant.graph.fault(method="DELETE", when=when, **fault)

    swap.run()

    sent = tenant.requests()
    assert (tenant.assigned(portal), sent[:2], sent[-1]) == ([swap.new], ["DELETE", "DELETE"], "POST")


@WHEN
def test_removal_whose_answers_are_all_lost_puts_the_old_policy_back(
    tenant: Tenant, portal: Registration, swap: Swap, when: str
) -> None:
    tenant.graph.fault(method="DELETE", when=when, drop=True, times=100)

    with pytest.raises(SwapFailed, match=r"run pulumi refresh(?s:.)* has been put back"):
        swap.run()
    assert tenant.assigned(portal) == [swap.old]


# -- taking a slot that is taken ---------------------------------------------------------------------------------------


class Taking:
    """The policy Legacy in the portal's slot, put there by somebody else; SAML is made by this run, which takes it."""

    def __init__(self, tenant: Tenant, portal: Registration) -> None:
        self.tenant, self.portal, self.saml = tenant, portal, tenant.policy("SAML")
        self.legacy = tenant.stranger("Legacy")
        tenant.place(portal, self.legacy)
        tenant.requests()

    def by(self, policy_id: str) -> Live:
        inputs = to(self.portal, policy_id, replaceExisting=True)
        return self.tenant.run(assignment.create(self.tenant.process, inputs))

    def run(self) -> Live:
        return self.by(self.saml)


@pytest.fixture
def taking(tenant: Tenant, portal: Registration) -> Taking:
    return Taking(tenant, portal)


def test_replace_existing_takes_the_slot_and_notes_whose_it_was(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    created = taking.run()

    assert tenant.requests() == ["GET", "DELETE", "POST"]
    assert created.computed["replacedPolicyId"] == taking.legacy
    assert tenant.assigned(portal) == [taking.saml]
    assert tenant.run(assignment.read(tenant.process, created.id, created.outputs)) == created


def test_replace_existing_by_a_policy_that_the_run_does_not_know_asks_for_it_first(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    other = tenant.stranger("Other")

    taking.by(other)
    assert (tenant.assigned(portal), tenant.requests()) == ([other], ["GET", "GET", "DELETE", "POST"])


def test_replace_existing_by_a_policy_that_does_not_exist_leaves_the_slot_as_it_is(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    with pytest.raises(WrongId, match=f"{GUID} is not the id of a token issuance policy"):
        taking.by(GUID)
    assert (tenant.assigned(portal), tenant.waits) == ([taking.legacy], [1.0])
    assert set(tenant.requests()) == {"GET"}


def test_replace_existing_does_not_take_the_slot_from_the_very_same_policy(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    with pytest.raises(AlreadyThere, match=f"import_='{slot(portal)}'"):
        taking.by(taking.legacy)
    assert (tenant.assigned(portal), tenant.requests()) == ([taking.legacy], ["GET"])


def test_replace_existing_of_a_free_slot_replaces_nothing(tenant: Tenant, portal: Registration, taking: Taking) -> None:
    tenant.take_out(portal, taking.legacy)

    assert "replacedPolicyId" not in taking.run().computed
    assert tenant.requests() == ["GET", "POST"]


def test_replace_existing_of_what_this_run_has_removed_but_is_still_listed_makes_it_anew(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.run(assignment.delete(tenant.process, slot(portal), swap.outputs))
    tenant.requests()
    tenant.graph.fault(**lists(portal, swap.old))

    created = tenant.run(assignment.create(tenant.process, to(portal, swap.old, replaceExisting=True)))

    assert "replacedPolicyId" not in created.computed
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.old], ["GET", "POST"])


def test_refused_take_over_puts_the_other_policy_back(tenant: Tenant, portal: Registration, taking: Taking) -> None:
    tenant.graph.fault(**REFUSED)

    with pytest.raises(SwapFailed, match=f"{taking.legacy} has been put back"):
        taking.run()
    assert tenant.assigned(portal) == [taking.legacy]


def test_swap_with_replace_existing_takes_out_a_stranger(tenant: Tenant, portal: Registration, swap: Swap) -> None:
    stranger = tenant.stranger("Stranger")
    tenant.take_out(portal, swap.old)
    tenant.place(portal, stranger)

    swapped = swap.to(swap.new, replaceExisting=True)

    assert tenant.requests() == ["GET", "DELETE", "POST"]
    assert swapped.computed["replacedPolicyId"] == stranger
    assert tenant.assigned(portal) == [swap.new]


def test_swap_with_replace_existing_that_finds_its_policy_is_success(
    tenant: Tenant, portal: Registration, swap: Swap
) -> None:
    tenant.take_out(portal, swap.old)
    tenant.place(portal, swap.new)

    swap.to(swap.new, replaceExisting=True)
    assert (tenant.assigned(portal), tenant.requests()) == ([swap.new], ["GET", "POST"])


def test_policy_that_the_list_does_not_show_yet_is_replaced_too(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    tenant.graph.fault(**lists(portal))

    created = taking.run()

    assert tenant.requests() == ["GET", "POST", "GET", "GET", "GET", "DELETE", "POST"]
    assert (tenant.assigned(portal), created.computed["replacedPolicyId"]) == ([taking.saml], taking.legacy)


def test_policy_that_the_list_never_shows_is_a_conflict(tenant: Tenant, portal: Registration, taking: Taking) -> None:
    tenant.graph.fault(**lists(portal), times=100)

    with pytest.raises(PolicyConflict, match="it already has another token issuance policy, and Graph allows one"):
        taking.run()
    assert (tenant.assigned(portal), tenant.waits) == ([taking.legacy], WAITED)


def test_target_that_is_not_known_everywhere_yet_is_taken_over(
    tenant: Tenant, portal: Registration, taking: Taking
) -> None:
    tenant.take_out(portal, taking.legacy)
    tenant.graph.fault(path=f"{slot(portal)}$", status=404, code="Request_ResourceNotFound")

    taking.run()
    assert tenant.assigned(portal) == [taking.saml]
