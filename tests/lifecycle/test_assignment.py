from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.lifecycle.tenant import WAITED, Tenant

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import AnswerLost, EntraError, GraphError, NotFound
from pulumi_entra_policies.lifecycle import assignment
from pulumi_entra_policies.lifecycle.outcomes import PolicyConflict, SwapFailed

GUID = "00000000-0000-0000-0000-00000000000a"


def to(portal: Registration, policy_id: str) -> dict[str, Any]:
    return {"policyId": policy_id, "policyType": "TokenIssuancePolicy", "applicationId": portal.object_id}


def slot(portal: Registration) -> str:
    return f"applications/{portal.object_id}/tokenIssuancePolicies"


def place(tenant: Tenant, portal: Registration, policy_id: str) -> dict[str, Any]:
    """An assignment's outputs, put in place by an earlier run, the journal empty after it."""
    outputs = tenant.run(assignment.create(tenant.connection, to(portal, policy_id))).outputs
    tenant.connection.placed.clear()
    tenant.requests()
    return outputs


def test_ids_are_taken_bare_or_as_azuread_gives_them() -> None:
    given = {"policyId": GUID.upper(), "policyType": "TokenIssuancePolicy", "applicationId": f"/applications/{GUID}"}

    assert assignment.check(given).inputs == {**given, "policyId": GUID, "applicationId": GUID}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"policyType": "Nonsense"}, "policyType"),
        ({"policyType": None}, "policyType"),
        ({"policyId": "portal"}, "policyId"),
        ({"policyId": None}, "policyId"),
        ({"applicationId": "portal"}, "applicationId"),
        ({"applicationId": f"/servicePrincipals/{GUID}"}, "applicationId"),
        ({"applicationId": None}, "applicationId"),
        ({"servicePrincipalId": GUID}, "applicationId"),
    ],
)
def test_bad_argument_is_one_problem_with_its_path(change: dict[str, Any], path: str) -> None:
    good = {"policyId": GUID, "policyType": "TokenIssuancePolicy", "applicationId": GUID}

    assert [problem.path for problem in assignment.check({**good, **change}).problems] == [path]


@pytest.mark.parametrize("target", ["applicationId", "servicePrincipalId"])
def test_policy_is_assigned_to_either_kind_of_target(tenant: Tenant, portal: Registration, target: str) -> None:
    policy_id = tenant.policy()
    object_id = portal.object_id if target == "applicationId" else portal.service_principal_id
    inputs = {"policyId": policy_id, "policyType": "TokenIssuancePolicy", target: object_id}
    tenant.requests()

    created = tenant.run(assignment.create(tenant.connection, inputs))

    assert tenant.run(assignment.read(tenant.connection, created.id, created.outputs)) == created
    assert tenant.requests() == ["POST", "GET"]


def test_reference_that_is_there_already_is_success(tenant: Tenant, portal: Registration) -> None:
    outputs = place(tenant, portal, tenant.policy())

    again = tenant.run(assignment.create(tenant.connection, to(portal, outputs["policyId"])))

    assert again.outputs == outputs
    assert tenant.requests() == ["POST"]


@pytest.mark.parametrize("status", [400, 409])
def test_other_policy_in_the_slot_is_a_conflict_that_names_everything(
    tenant: Tenant, portal: Registration, status: int
) -> None:
    legacy, saml = tenant.policy("Legacy SAML"), tenant.policy("Portal SAML")
    place(tenant, portal, legacy)
    tenant.graph.directory.second_policy_status = status

    with pytest.raises(PolicyConflict) as conflict:
        tenant.run(assignment.create(tenant.connection, to(portal, saml)))

    tenant.graph.directory.second_policy_status = 400
    lines = str(conflict.value).splitlines()
    assert (
        lines[0]
        == f'cannot assign token issuance policy "Portal SAML" ({saml}) to application "Portal" ({portal.object_id}):'
    )
    assert lines[1] == (
        f'  it already has token issuance policy "Legacy SAML" ({legacy}), and Graph allows one per application.'
    )
    assert lines[2].startswith(f"  Graph answered {status} Request_MultipleObjectsWithSameKeyValue (request-id ")
    assert lines[3].endswith("or let this one take the place with replace_existing=True")
    assert tenant.assigned(portal) == [legacy]
    assert tenant.requests() == ["POST", "GET", "GET"]


def test_conflict_without_permission_to_read_the_name_still_tells_the_id(tenant: Tenant, portal: Registration) -> None:
    place(tenant, portal, tenant.policy("Legacy"))
    tenant.graph.fault(method="GET", path=f"{portal.object_id}$", status=403)

    with pytest.raises(PolicyConflict, match=rf"to application {portal.object_id}:\s+it already has"):
        tenant.run(assignment.create(tenant.connection, to(portal, tenant.policy())))


def test_slot_taken_by_the_very_same_policy_is_success(tenant: Tenant, portal: Registration) -> None:
    """Which of its two answers Graph gives to the same reference again is not known for every kind."""
    outputs = place(tenant, portal, tenant.policy())
    tenant.graph.fault(method="POST", status=409, code="Request_MultipleObjectsWithSameKeyValue")

    assert tenant.run(assignment.create(tenant.connection, to(portal, outputs["policyId"]))).outputs == outputs


def test_swap_takes_two_requests(tenant: Tenant, portal: Registration) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.requests()

    swapped = tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))

    assert swapped.outputs == {**old, "policyId": new}
    assert tenant.assigned(portal) == [new]
    assert tenant.requests() == ["DELETE", "POST"]


def test_refused_swap_puts_the_old_policy_back_and_says_so(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy("Old"))

    with pytest.raises(SwapFailed, match=f"{old['policyId']} has been put back, so application .* is as it was"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, GUID)))
    assert tenant.assigned(portal) == [old["policyId"]]
    assert tenant.requests() == ["DELETE", "POST", "GET", *["POST"] * 6, "POST", "GET", "GET"]
    assert tenant.waits == WAITED


def test_refused_swap_and_refused_roll_back_say_what_is_left(tenant: Tenant, portal: Registration) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.graph.fault(method="POST", status=403, code="Authorization_RequestDenied", times=2)

    with pytest.raises(SwapFailed, match=r"putting token issuance policy .* back failed too, so application"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))
    assert tenant.assigned(portal) == []


def test_refused_swap_whose_removal_did_nothing_says_that_the_old_policy_is_kept(
    tenant: Tenant, portal: Registration
) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.graph.fault(method="DELETE", status=204, body="")

    with pytest.raises(SwapFailed, match=f"{old['policyId']} has been put back, so application .* is as it was"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))
    assert tenant.assigned(portal) == [old["policyId"]]


def test_refused_swap_of_what_was_gone_has_nothing_to_put_back(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy("Old"))
    tenant.run(assignment.delete(tenant.connection, slot(portal), old))

    with pytest.raises(NotFound):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, GUID)))
    assert tenant.assigned(portal) == []


def test_update_without_another_policy_sends_nothing(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())

    assert (
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, old["policyId"]))).outputs == old
    )
    assert tenant.requests() == []


def test_removed_reference_reads_as_none_and_is_deleted_already(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())

    for _ in range(2):
        assert tenant.run(assignment.delete(tenant.connection, slot(portal), old)) is None
    assert tenant.run(assignment.read(tenant.connection, slot(portal), old)) is None


def test_swapped_reference_reads_as_the_policy_that_is_there(tenant: Tenant, portal: Registration) -> None:
    old, other = place(tenant, portal, tenant.policy("Old")), tenant.policy("Other")
    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, other)))

    read = tenant.run(assignment.read(tenant.connection, slot(portal), old))

    assert read is not None
    assert read.inputs == to(portal, other)


def test_reference_that_a_replica_does_not_show_yet_is_not_gone(tenant: Tenant, portal: Registration) -> None:
    old, other = place(tenant, portal, tenant.policy("Old")), tenant.policy("Other")
    tenant.graph.fault(**lists(portal), times=2)
    tenant.graph.fault(**lists(portal, other))
    tenant.graph.fault(path=f"{slot(portal)}$", status=404, code="Request_ResourceNotFound")

    read = tenant.run(assignment.read(tenant.connection, slot(portal), old))

    assert read is not None
    assert (read.outputs, tenant.waits) == (old, [1.0, 2.0, 4.0, 8.0])


def test_read_without_a_state_takes_what_is_there_at_once(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())

    read = tenant.run(assignment.read(tenant.connection, slot(portal), {}))

    assert read is not None
    assert (read.inputs["policyId"], tenant.waits) == (old["policyId"], [])


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("portal", "portal"),
        (f"applications/{GUID}/whateverPolicies", "names a collection that is none of .*tokenIssuancePolicies"),
    ],
)
def test_id_that_names_no_slot_is_refused(tenant: Tenant, id_: str, words: str) -> None:
    with pytest.raises(EntraError, match=f"cannot use the assignment's id: .*{words}(?s:.)*check the id given to get"):
        tenant.run(assignment.read(tenant.connection, id_, {}))
    assert tenant.requests() == []


def test_assignment_that_this_run_has_put_in_place_is_left_alone(tenant: Tenant, portal: Registration) -> None:
    live = tenant.run(assignment.create(tenant.connection, to(portal, tenant.policy())))

    note = tenant.run(assignment.delete(tenant.connection, live.id, live.outputs))

    assert note == f"Left {live.id} as it is: this run has put the same assignment in place for another resource."
    assert tenant.assigned(portal) == [live.inputs["policyId"]]


@pytest.mark.parametrize(("gone", "stands"), [({"policyId": GUID}, True), ({"policyId": "other"}, False)])
def test_assignment_that_is_kept_stands_for_one_with_the_same_policy(gone: dict[str, str], stands: bool) -> None:
    assert assignment.stands_for({"policyId": GUID}, gone) is stands


def test_deleted_target_reads_as_none(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())
    directory = tenant.graph.directory
    directory.delete(directory.any(portal.object_id))

    assert tenant.run(assignment.read(tenant.connection, slot(portal), old)) is None


def test_get_with_a_policy_reads_that_one_only(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())

    found = tenant.run(assignment.read(tenant.connection, f"{slot(portal)}/{old['policyId']}", {}))

    assert found is not None
    assert found.id == slot(portal)
    assert tenant.run(assignment.read(tenant.connection, f"{slot(portal)}/{GUID}", {})) is None


def test_refused_delete_is_an_error_with_the_permission(tenant: Tenant, portal: Registration) -> None:
    old = place(tenant, portal, tenant.policy())
    tenant.graph.fault(method="DELETE", status=403, code="Authorization_RequestDenied")

    with pytest.raises(GraphError, match=r"Application\.ReadWrite\.OwnedBy"):
        tenant.run(assignment.delete(tenant.connection, slot(portal), old))


# -- other ways to name a target ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "noun"), [("applicationClientId", "application"), ("servicePrincipalClientId", "service principal")]
)
def test_client_id_is_resolved_with_one_more_request(tenant: Tenant, portal: Registration, way: str, noun: str) -> None:
    inputs = {"policyId": tenant.policy(), "policyType": "TokenIssuancePolicy", way: portal.client_id}
    object_id = portal.object_id if noun == "application" else portal.service_principal_id
    tenant.requests()

    created = tenant.run(assignment.create(tenant.connection, inputs))

    assert created.outputs[way.replace("Client", "")] == object_id
    assert tenant.requests() == ["GET", "POST"]
    assert tenant.run(assignment.read(tenant.connection, created.id, created.outputs)) == created
    by_object_id = to(portal, inputs["policyId"])
    plan = assignment.diff(created.outputs, by_object_id)
    assert (plan.changed, bool(plan.replaces)) == (True, noun == "service principal")


def test_client_id_that_exists_nowhere_says_so(tenant: Tenant) -> None:
    inputs = {"policyId": GUID, "policyType": "TokenIssuancePolicy", "servicePrincipalClientId": GUID}

    with pytest.raises(NotFound, match=rf"there is no service principal with client id {GUID} (?s:.)*az ad sp create"):
        tenant.run(assignment.create(tenant.connection, inputs))
    assert (tenant.requests(), tenant.waits) == (["GET"] * 7, WAITED)


def test_client_id_that_is_not_known_everywhere_yet_is_waited_for(tenant: Tenant, portal: Registration) -> None:
    inputs = {"policyId": tenant.policy(), "policyType": "TokenIssuancePolicy", "applicationClientId": portal.client_id}
    tenant.graph.fault(path="appId=", status=404, code="Request_ResourceNotFound", times=2)

    assert tenant.run(assignment.create(tenant.connection, inputs)).outputs["applicationId"] == portal.object_id
    assert tenant.waits == [1.0, 2.0]


ASKED_TO_THE_END = ["POST", "GET", *["POST"] * 6, "GET", "GET"]


@pytest.mark.parametrize(
    ("target", "words", "sent"),
    [
        (
            "service_principal_id",
            "is the object id of a service principal, not of an application",
            ["POST", "GET", "GET", "GET"],
        ),
        (
            "client_id",
            "there is no application with object id (?s:.)*name it with applicationClientId",
            ASKED_TO_THE_END,
        ),
    ],
)
def test_target_of_the_wrong_type_is_explained(
    tenant: Tenant, portal: Registration, target: str, words: str, sent: list[str]
) -> None:
    inputs = {**to(portal, tenant.policy()), "applicationId": getattr(portal, target)}
    tenant.requests()

    with pytest.raises(NotFound, match=words):
        tenant.run(assignment.create(tenant.connection, inputs))
    assert tenant.requests() == sent


def test_policy_of_another_kind_is_explained(tenant: Tenant, portal: Registration) -> None:
    directory = tenant.graph.directory
    lifetime = directory.create_policy(
        directory.policy_sets["tokenLifetimePolicies"],
        {"displayName": "L", "definition": ['{"TokenLifetimePolicy":{"Version":1}}']},
    )

    with pytest.raises(NotFound, match=f"{lifetime.id} is not the id of a token issuance policy in this tenant"):
        tenant.run(assignment.create(tenant.connection, to(portal, lifetime.id)))
    assert (tenant.requests(), tenant.waits) == (ASKED_TO_THE_END, WAITED)


NOT_YET: dict[str, Any] = {
    "method": "POST",
    "status": 400,
    "code": "Request_BadRequest",
    "message": "Not a valid reference update",
}
NOT_THERE: dict[str, Any] = {"method": "POST", "status": 404, "code": "Request_ResourceNotFound"}


@pytest.mark.parametrize("refusal", [NOT_YET, NOT_THERE], ids=["not valid", "404"])
def test_policy_that_graph_soon_knows_is_waited_for(
    tenant: Tenant, portal: Registration, refusal: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.requests()
    tenant.graph.fault(**refusal, times=3)

    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))

    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0, 4.0])
    assert tenant.requests() == ["POST", "GET", "POST", "POST", "POST"]
    assert tenant.told[0].endswith(f"{portal.object_id} and token issuance policy {policy_id} are not known everywhere")


def test_policy_that_graph_does_not_know_everywhere_yet_is_explained(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**NOT_YET, times=100)

    with pytest.raises(NotFound, match="does not know the policy everywhere yet"):
        tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    assert tenant.assigned(portal) == []


def test_explanation_that_cannot_be_had_leaves_graphs_own_words(tenant: Tenant, portal: Registration) -> None:
    tenant.graph.fault(method="GET", status=403, times=100)

    with pytest.raises(NotFound, match="check the id and the tenant"):
        tenant.run(assignment.create(tenant.connection, to(portal, GUID)))


# -- taking a slot that is taken ---------------------------------------------------------------------------------------


def test_replace_existing_takes_the_slot_and_notes_whose_it_was(tenant: Tenant, portal: Registration) -> None:
    legacy, saml = tenant.policy("Legacy"), tenant.policy("SAML")
    place(tenant, portal, legacy)
    inputs = {**to(portal, saml), "replaceExisting": True}

    created = tenant.run(assignment.create(tenant.connection, inputs))

    assert tenant.requests() == ["GET", "DELETE", "POST"]
    assert created.computed["replacedPolicyId"] == legacy
    assert tenant.assigned(portal) == [saml]
    assert tenant.run(assignment.read(tenant.connection, created.id, created.outputs)) == created


def test_replace_existing_of_a_free_slot_replaces_nothing(tenant: Tenant, portal: Registration) -> None:
    inputs = {**to(portal, tenant.policy()), "replaceExisting": True}
    tenant.requests()

    created = tenant.run(assignment.create(tenant.connection, inputs))

    assert "replacedPolicyId" not in created.computed
    assert tenant.requests() == ["GET", "POST"]


def test_refused_take_over_puts_the_other_policy_back(tenant: Tenant, portal: Registration) -> None:
    legacy = tenant.policy("Legacy")
    place(tenant, portal, legacy)

    with pytest.raises(SwapFailed, match=f"{legacy} has been put back"):
        tenant.run(assignment.create(tenant.connection, {**to(portal, GUID), "replaceExisting": True}))
    assert tenant.assigned(portal) == [legacy]


def test_swap_with_replace_existing_takes_out_a_stranger(tenant: Tenant, portal: Registration) -> None:
    old, stranger, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("Stranger"), tenant.policy("New")
    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, stranger)))
    tenant.requests()
    inputs = {**to(portal, new), "replaceExisting": True}

    swapped = tenant.run(assignment.update(tenant.connection, slot(portal), old, inputs))

    assert tenant.requests() == ["GET", "DELETE", "POST"]
    assert swapped.computed["replacedPolicyId"] == stranger
    assert tenant.assigned(portal) == [new]


def lists(portal: Registration, *policy_ids: str) -> dict[str, Any]:
    """A fault: a replica lists these policies in the slot."""
    body = json.dumps({"value": [{"id": id_, "displayName": "Late"} for id_ in policy_ids]})
    return {"path": f"{slot(portal)}$", "status": 200, "body": body, "headers": {"Content-Type": "application/json"}}


TAKEN: dict[str, Any] = {"method": "POST", "status": 400, "code": "Request_MultipleObjectsWithSameKeyValue"}


def test_policy_that_the_list_does_not_show_yet_is_replaced_too(tenant: Tenant, portal: Registration) -> None:
    legacy, saml = tenant.policy("Legacy"), tenant.policy("SAML")
    place(tenant, portal, legacy)
    tenant.graph.fault(**lists(portal))

    created = tenant.run(assignment.create(tenant.connection, {**to(portal, saml), "replaceExisting": True}))

    assert tenant.requests() == ["GET", "POST", "GET", "GET", "GET", "DELETE", "POST"]
    assert (tenant.assigned(portal), created.computed["replacedPolicyId"]) == ([saml], legacy)


def test_policy_that_the_list_never_shows_is_a_conflict(tenant: Tenant, portal: Registration) -> None:
    legacy, saml = tenant.policy("Legacy"), tenant.policy("SAML")
    place(tenant, portal, legacy)
    tenant.graph.fault(**lists(portal), times=100)

    with pytest.raises(PolicyConflict, match="it already has another token issuance policy, and Graph allows one"):
        tenant.run(assignment.create(tenant.connection, {**to(portal, saml), "replaceExisting": True}))
    assert (tenant.assigned(portal), tenant.waits) == ([legacy], WAITED)


def test_target_that_is_not_known_everywhere_yet_is_taken_over(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(path=f"{slot(portal)}$", status=404, code="Request_ResourceNotFound")

    tenant.run(assignment.create(tenant.connection, {**to(portal, policy_id), "replaceExisting": True}))
    assert tenant.assigned(portal) == [policy_id]


def test_slot_that_still_shows_what_this_run_took_out_is_tried_again(tenant: Tenant, portal: Registration) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.requests()
    tenant.graph.fault(**TAKEN, times=2)
    tenant.graph.fault(**lists(portal, old["policyId"]), times=2)

    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))

    assert (tenant.assigned(portal), tenant.waits) == ([new], [1.0, 2.0])
    assert tenant.requests() == ["DELETE", "POST", "GET", "POST", "GET", "POST"]


def test_slot_that_another_run_empties_late_is_tried_again(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**TAKEN, times=2)

    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0])


def test_conflict_with_a_stranger_is_not_waited_out(tenant: Tenant, portal: Registration) -> None:
    place(tenant, portal, tenant.policy("Legacy"))

    with pytest.raises(PolicyConflict):
        tenant.run(assignment.create(tenant.connection, to(portal, tenant.policy())))
    assert tenant.waits == []


@pytest.mark.parametrize("status", [403, 400])
def test_other_kind_of_target_that_may_not_be_asked_for_is_not_known(
    tenant: Tenant, portal: Registration, status: int
) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**NOT_THERE, times=2)
    tenant.graph.fault(path=r"servicePrincipals/[^/]+$", status=status)

    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    assert tenant.assigned(portal) == [policy_id]


@pytest.mark.parametrize("switch", ["yes", 1])
def test_replace_existing_is_a_switch(switch: Any) -> None:
    inputs = {"policyId": GUID, "policyType": "TokenIssuancePolicy", "applicationId": GUID, "replaceExisting": switch}

    assert [problem.path for problem in assignment.check(inputs).problems] == ["replaceExisting"]
    assert "replaceExisting" not in assignment.check({**inputs, "replaceExisting": False}).inputs


# -- answers that are lost ---------------------------------------------------------------------------------------------

LOST: list[Any] = [{"drop": True}, {"status": 504}]


@pytest.mark.parametrize("fault", LOST, ids=["dropped", "504"])
def test_lost_answer_to_an_assignment_that_was_carried_out_is_success(
    tenant: Tenant, portal: Registration, fault: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.requests()
    tenant.graph.fault(method="POST", when="after", **fault)

    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))

    assert (tenant.assigned(portal), tenant.requests()) == ([policy_id], ["POST", "POST"])


@pytest.mark.parametrize("fault", LOST, ids=["dropped", "504"])
def test_lost_answer_to_an_assignment_that_was_not_carried_out_is_followed_by_another_try(
    tenant: Tenant, portal: Registration, fault: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.requests()
    tenant.graph.fault(method="POST", **fault, times=2)

    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))

    assert (tenant.assigned(portal), tenant.requests()) == ([policy_id], ["POST"] * 3)


@pytest.mark.parametrize("fault", LOST, ids=["dropped", "504"])
def test_lost_answer_to_a_swap_that_was_carried_out_is_success(
    tenant: Tenant, portal: Registration, fault: dict[str, Any]
) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.graph.fault(method="POST", when="after", **fault)

    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))

    assert tenant.assigned(portal) == [new]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=["dropped", "504"])
def test_lost_answer_to_a_removal_is_followed_by_another_try(
    tenant: Tenant, portal: Registration, fault: dict[str, Any], when: str
) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.requests()
    tenant.now += tenant.settings.waits
    tenant.graph.fault(method="DELETE", when=when, **fault)

    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))
    assert (tenant.assigned(portal), tenant.requests()) == ([new], ["DELETE", "DELETE", "POST"])


@pytest.mark.parametrize("when", ["before", "after"])
def test_removal_whose_answers_are_all_lost_puts_the_old_policy_back(
    tenant: Tenant, portal: Registration, when: str
) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.graph.fault(method="DELETE", when=when, drop=True, times=100)

    with pytest.raises(SwapFailed, match=r"run pulumi refresh(?s:.)* has been put back"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))
    assert tenant.assigned(portal) == [old["policyId"]]


def test_assignment_whose_answers_are_all_lost_is_an_error_and_the_slot_stays_free(
    tenant: Tenant, portal: Registration
) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", drop=True, times=7)

    with pytest.raises(AnswerLost, match="run pulumi refresh, then pulumi up again"):
        tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    assert tenant.assigned(portal) == [policy_id]


def test_slot_that_a_third_policy_has_taken_meanwhile_is_not_put_back(tenant: Tenant, portal: Registration) -> None:
    old, new = place(tenant, portal, tenant.policy("Old")), tenant.policy("New")
    tenant.graph.fault(method="POST", status=400, code="Request_MultipleObjectsWithSameKeyValue", times=100)

    with pytest.raises(SwapFailed, match="has another token issuance policy now"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))
    assert tenant.assigned(portal) == []


def test_conflict_that_may_not_list_still_says_that_the_slot_is_taken(tenant: Tenant, portal: Registration) -> None:
    legacy, policy_id = tenant.policy("Legacy"), tenant.policy()
    place(tenant, portal, legacy)
    tenant.graph.fault(method="GET", status=403, times=100)

    with pytest.raises(PolicyConflict, match="it already has another token issuance policy, and Graph allows one"):
        tenant.run(assignment.create(tenant.connection, to(portal, policy_id)))
    assert tenant.assigned(portal) == [legacy]


def test_two_creates_side_by_side_cannot_share_a_slot(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    by_client_id = {"policyId": policy_id, "policyType": "TokenIssuancePolicy", "applicationClientId": portal.client_id}

    async def both() -> list[Any]:
        creates = (assignment.create(tenant.connection, inputs) for inputs in (to(portal, policy_id), by_client_id))
        return await asyncio.gather(*creates, return_exceptions=True)

    assert sorted(type(result).__name__ for result in tenant.run(both())) == ["Live", "SlotShared"]


def test_policy_type_that_is_not_known_yet_passes() -> None:
    unknown = object()
    inputs = {"policyId": GUID, "policyType": unknown, "applicationId": GUID}

    assert assignment.check(inputs).problems == []
    assert [problem.path for problem in assignment.check({**inputs, "policyType": ["x"]}).problems] == ["policyType"]


NOWHERE = "an activity-based timeout policy cannot be assigned: it is for the whole tenant, with "
ELSEWHERE = "can be assigned to service principals only"


@pytest.mark.parametrize(
    ("kind", "way", "reason"),
    [
        ("TokenIssuancePolicy", "applicationId", None),
        ("TokenIssuancePolicy", "servicePrincipalId", None),
        ("TokenLifetimePolicy", "applicationClientId", None),
        ("TokenLifetimePolicy", "servicePrincipalClientId", None),
        ("ClaimsMappingPolicy", "applicationId", f"a claims mapping policy {ELSEWHERE}"),
        ("ClaimsMappingPolicy", "servicePrincipalId", None),
        ("HomeRealmDiscoveryPolicy", "applicationClientId", f"a home realm discovery policy {ELSEWHERE}"),
        ("HomeRealmDiscoveryPolicy", "servicePrincipalClientId", None),
        ("ActivityBasedTimeoutPolicy", "applicationId", f"{NOWHERE}is_organization_default=True"),
        ("ActivityBasedTimeoutPolicy", "servicePrincipalId", f"{NOWHERE}is_organization_default=True"),
    ],
)
def test_kind_is_assigned_only_where_graph_has_it(kind: str, way: str, reason: str | None) -> None:
    checked = assignment.check({"policyId": GUID, "policyType": kind, way: GUID})

    assert [(problem.path, problem.reason) for problem in checked.problems] == ([(way, reason)] if reason else [])
