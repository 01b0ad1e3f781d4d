from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.consistency import stamp
from pulumi_entra_policies.graph.errors import (
    AlreadyThere,
    EntraError,
    Forbidden,
    GraphError,
    NotFound,
    ReplicaBehind,
    StillUsed,
    WrongTenant,
)
from pulumi_entra_policies.lifecycle import assignment, policy

DEFINITION = {"version": 1, "samlTokenVersion": "2.0"}
INPUTS = {"displayName": "Portal SAML", "definition": DEFINITION}
STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
ABSENT = "00000000-0000-0000-0000-00000000000a"


def by_hand_deleted(tenant: Tenant, policy_id: str) -> None:
    tenant.graph.directory.delete(tenant.graph.directory.any(policy_id))


def by_hand(tenant: Tenant, policy_id: str, **properties: Any) -> None:
    """What somebody does in the portal."""
    directory = tenant.graph.directory
    directory.update(directory.any(policy_id), properties)


def test_created_policy_reads_back_as_its_inputs(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))

    read = tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs))

    assert read == created
    assert created.computed.pop("writtenAt")
    assert created.computed == {"definitionJson": STORED, "tenantId": tenant.graph.tenant_id}
    assert tenant.requests() == ["GET", "POST", "GET"]


@pytest.mark.parametrize(
    "typed",
    [
        '{ "TokenIssuancePolicy" : { "SamlTokenVersion":"2.0", "Version":"1" } }',
        '{"TokenIssuancePolicy":{"samltokenversion":"2.0","version":1}}',
    ],
    ids=["spaces, order and text", "letter case"],
)
def test_definition_typed_otherwise_is_no_drift_and_keeps_its_bytes(tenant: Tenant, typed: str) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    by_hand(tenant, created.id, definition=[typed])

    read = tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs))

    assert read is not None
    assert read.inputs == INPUTS
    assert read.computed["definitionJson"] == typed
    assert not policy.diff(KIND, read.outputs, INPUTS).changed
    tenant.requests()
    renamed = {**INPUTS, "displayName": "Other"}
    updated = tenant.run(policy.update(KIND, tenant.process, created.id, read.outputs, renamed))
    assert updated.computed["definitionJson"] == typed
    assert tenant.graph.journal()[0]["body"].keys() == {"@odata.type", "displayName"}


def test_key_that_only_the_tenant_has_is_drift(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    by_hand(tenant, created.id, definition=['{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0","New":{}}}'])

    read = tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs))

    assert read is not None
    assert read.inputs["definition"] == {**DEFINITION, "New": {}}
    assert policy.diff(KIND, read.outputs, INPUTS).changed


def test_update_without_a_difference_sends_nothing(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.requests()

    updated = tenant.run(policy.update(KIND, tenant.process, created.id, created.outputs, INPUTS))

    assert (updated, tenant.requests()) == (created, [])


def test_missing_policy_reads_as_none_and_is_deleted_already(tenant: Tenant) -> None:
    assert tenant.run(policy.read(KIND, tenant.process, ABSENT, {})) is None
    assert tenant.run(policy.delete(KIND, tenant.process, ABSENT, {})) is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"displayName": None}, "displayName"),
        ({"displayName": " "}, "displayName"),
        ({"displayName": 1}, "displayName"),
        ({"definition": None}, "definition"),
        ({"definition": {"samlTokenVersion": "3"}}, "definition.samlTokenVersion"),
    ],
)
def test_bad_argument_is_one_problem_with_its_path(change: dict[str, Any], path: str) -> None:
    assert [problem.path for problem in policy.check(KIND, {**INPUTS, **change}).problems] == [path]


TWICE = '{"TokenIssuancePolicy":{"Version":1,"Version":1}}'
GRAPHS_OWN = {"TokenIssuancePolicy": {"Version": 7}}


@pytest.mark.parametrize(
    ("found", "declared"),
    [
        ({"unreadable": TWICE}, TWICE),
        ({"unreadable": TWICE}, [TWICE]),
        ({"unreadable": TWICE}, {"unreadable": TWICE}),
        ({"version": 7}, {"version": 7}),
        ({"version": 7}, GRAPHS_OWN),
        ({"version": 7}, json.dumps(GRAPHS_OWN)),
        ({"TokenIssuancePolicy": {}}, {"TokenIssuancePolicy": {}}),
    ],
)
def test_definition_that_the_state_has_is_not_judged_anew(found: Any, declared: Any) -> None:
    inputs = {**INPUTS, "definition": declared}

    checked = policy.check(KIND, inputs, {**INPUTS, "definition": found})

    assert (checked.problems, checked.inputs) == ((), {**INPUTS, "definition": found})
    assert not policy.diff(KIND, {**INPUTS, "definition": found}, checked.inputs).changed
    assert policy.check(KIND, inputs).problems
    assert policy.check(KIND, inputs, INPUTS).problems


def test_definition_that_is_left_out_is_missed_whatever_the_state_has() -> None:
    (problem,) = policy.check(KIND, {"displayName": "Portal SAML"}, {}).problems

    assert (problem.path, problem.reason) == ("definition", "is required")


def test_id_that_is_none_is_refused_before_anything_is_sent(tenant: Tenant) -> None:
    with pytest.raises(EntraError, match='"portal" is not the id of a policy'):
        tenant.run(policy.read(KIND, tenant.process, "portal", {}))
    assert tenant.requests() == []


@pytest.mark.parametrize("verb", ["read", "update", "delete"])
def test_policy_of_another_tenant_is_left_alone(tenant: Tenant, verb: str) -> None:
    state = {**INPUTS, "tenantId": ABSENT}
    arguments: list[Any] = [state, INPUTS] if verb == "update" else [state]

    with pytest.raises(WrongTenant, match=f"is tenant {tenant.graph.tenant_id}; nothing was written"):
        tenant.run(getattr(policy, verb)(KIND, tenant.process, ABSENT, *arguments))
    assert tenant.requests() == []


def test_create_without_an_id_in_the_answer_finds_its_policy_and_makes_no_second_post(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", when="after", status=201, body="{}", headers={"Content-Type": "application/json"})

    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))

    assert [found.id for found in tenant.graph.directory.all(KIND.collection)] == [created.id]
    assert tenant.requests() == ["GET", "POST", "GET", "GET"]


# -- late answers ------------------------------------------------------------------------------------------------------

NOT_THERE: dict[str, Any] = {"status": 404, "code": "Request_ResourceNotFound"}


def test_policy_that_a_replica_does_not_know_yet_is_not_gone(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.graph.fault(method="GET", **NOT_THERE, times=3)

    assert tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs)) == created
    assert tenant.waits == [1.0, 2.0, 4.0]
    assert tenant.told[0].endswith(f"token issuance policy {created.id} is not as the state has it")


def test_policy_that_a_replica_shows_as_it_was_has_not_drifted(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    body = json.dumps({"id": created.id, "displayName": "Old", "definition": [STORED]})
    tenant.graph.fault(method="GET", status=200, body=body, headers={"Content-Type": "application/json"}, times=2)

    assert tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs)) == created
    assert tenant.waits == [1.0, 2.0]


@pytest.mark.parametrize(("age", "waited"), [(31, 0.0), (3600, 0.0), (20, 10.0), (0, 30.0), (-3600, 30.0)])
def test_drift_is_believed_when_what_it_contradicts_is_everywhere(tenant: Tenant, age: int, waited: float) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    by_hand(tenant, created.id, displayName="By hand")
    state = {**created.outputs, "writtenAt": stamp(tenant.graph.clock.date() - timedelta(seconds=age))}

    read = tenant.run(policy.read(KIND, tenant.process, created.id, state))

    assert read is not None
    assert read.inputs["displayName"] == "By hand"
    assert sum(tenant.waits) == pytest.approx(waited, abs=1.5)  # dates are whole seconds
    assert read.computed["writtenAt"] == state["writtenAt"]


@pytest.mark.parametrize("written_at", [None, "", "yesterday", 5])
def test_write_whose_time_nobody_knows_is_old(tenant: Tenant, written_at: Any) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    by_hand(tenant, created.id, displayName="By hand")
    tenant.process = tenant.connect()

    read = tenant.run(policy.read(KIND, tenant.process, created.id, {**created.outputs, "writtenAt": written_at}))

    assert read is not None
    assert (read.inputs["displayName"], tenant.waits) == ("By hand", [])


def test_miss_of_what_is_old_is_believed_at_the_second_look(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    by_hand_deleted(tenant, created.id)
    tenant.pass_time(60)

    assert tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs)) is None
    assert tenant.waits == [1.0]


@pytest.mark.parametrize("code", ["UnknownError", "Request_ResourceNotFound"])
def test_replica_that_is_behind_is_never_proof_that_a_policy_is_gone(tenant: Tenant, code: str) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    behind = {"status": 404, "code": code, "message": "Unable to read the company information from the directory."}
    tenant.graph.fault(method="GET", **behind, times=100)
    tenant.pass_time(3600)

    with pytest.raises(ReplicaBehind, match="cannot read token issuance policy"):
        tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs))
    assert tenant.waits == WAITED


def test_404_of_any_other_code_proves_nothing(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.graph.fault(method="GET", status=404, code="UnknownError")

    with pytest.raises(GraphError, match="cannot read token issuance policy"):
        tenant.run(policy.read(KIND, tenant.process, created.id, created.outputs))


def test_policy_that_this_run_has_made_may_be_too_new_for_get(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.graph.fault(method="GET", **NOT_THERE, times=3)

    assert tenant.run(policy.read(KIND, tenant.process, created.id, {})) is not None
    assert tenant.waits == [1.0, 2.0, 4.0]


def test_time_of_the_write_is_graphs(tenant: Tenant) -> None:
    tenant.pass_time(86400)
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.pass_time(100)
    renamed = {**INPUTS, "displayName": "Renamed"}
    updated = tenant.run(policy.update(KIND, tenant.process, created.id, created.outputs, renamed))
    forced = tenant.run(
        policy.update(KIND, tenant.process, created.id, updated.outputs, {**renamed, "forceDestroy": True})
    )

    times = [datetime.fromisoformat(live.computed["writtenAt"].rstrip("Z")) for live in (created, updated, forced)]
    assert abs((times[0] - tenant.graph.clock.date().replace(tzinfo=None)).total_seconds() + 100) < 2
    assert times[1] - times[0] >= timedelta(seconds=100)
    assert times[2] == times[1]


def test_update_of_a_policy_that_is_not_known_everywhere_yet_is_repeated(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.graph.fault(method="PATCH", **NOT_THERE, times=2)
    tenant.requests()

    renamed = {**INPUTS, "displayName": "Renamed"}
    tenant.run(policy.update(KIND, tenant.process, created.id, created.outputs, renamed))

    assert tenant.graph.directory.any(created.id).properties["displayName"] == "Renamed"
    assert (tenant.requests(), tenant.waits) == (["PATCH"] * 3, [1.0, 2.0])


def test_update_of_a_policy_that_is_gone_is_an_error(tenant: Tenant) -> None:
    renamed = {**INPUTS, "displayName": "Renamed"}

    with pytest.raises(NotFound, match=f"cannot update token issuance policy {ABSENT}(?s:.)*run pulumi refresh"):
        tenant.run(policy.update(KIND, tenant.process, ABSENT, INPUTS, renamed))
    assert (tenant.requests(), tenant.waits) == (["PATCH"] * 2, [1.0])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}], ids=["dropped", "500"])
def test_lost_update_is_read_back(tenant: Tenant, fault: dict[str, Any], when: str) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.graph.fault(method="PATCH", when=when, **fault)
    tenant.requests()

    renamed = {**INPUTS, "displayName": "Renamed"}
    tenant.run(policy.update(KIND, tenant.process, created.id, created.outputs, renamed))

    assert tenant.graph.directory.any(created.id).properties["displayName"] == "Renamed"
    assert tenant.requests() == ["PATCH", "GET", *(["PATCH"] if when == "before" else [])]


def test_who_does_not_wait_believes_the_first_answer(tenant: Tenant, portal: Registration) -> None:
    tenant.settings = dataclasses.replace(tenant.settings, waits=0.0)
    tenant.process = tenant.connect()
    policy_id = used(tenant, portal)

    with pytest.raises(StillUsed):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))
    assert tenant.run(policy.read(KIND, tenant.process, ABSENT, {})) is None
    assert (tenant.requests(), tenant.waits) == (["GET", "GET"], [])


# -- deleting what others use ------------------------------------------------------------------------------------------


def listing(object_id: str) -> dict[str, Any]:
    """A fault: `appliesTo` still lists an application."""
    late = {"value": [{"@odata.type": "#microsoft.graph.application", "id": object_id}]}
    return answer_of(json.dumps(late))


def answer_of(body: str) -> dict[str, Any]:
    return {"path": "appliesTo", "status": 200, "body": body, "headers": {"Content-Type": "application/json"}}


def used(tenant: Tenant, portal: Registration) -> str:
    """A policy that somebody has assigned to the application and its service principal."""
    policy_id, directory = tenant.policy("Shared"), tenant.graph.directory
    for object_id in (portal.object_id, portal.service_principal_id):
        directory.add_reference(directory.any(object_id), directory.policy_sets[KIND.collection], policy_id)
    tenant.requests()
    return policy_id


def test_unused_policy_is_deleted_after_one_question(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.requests()

    assert tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS)) is None
    assert tenant.requests() == ["GET", "DELETE"]


def test_policy_that_others_use_is_kept_and_the_error_lists_them(tenant: Tenant, portal: Registration) -> None:
    policy_id = used(tenant, portal)

    with pytest.raises(StillUsed) as refused:
        tenant.run(policy.delete(KIND, tenant.process, policy_id, {"displayName": "Shared"}))

    assert f'cannot delete token issuance policy "Shared" ({policy_id}):' in str(refused.value)
    assert f'application "Portal" ({portal.object_id}), service principal "Portal" (' in str(refused.value)
    assert "force_destroy=True" in str(refused.value)
    assert (tenant.requests(), tenant.waits) == (["GET"] * 2, [1.0])
    assert tenant.assigned(portal) == [policy_id]


def test_long_list_of_users_is_cut(tenant: Tenant) -> None:
    policy_id, directory = tenant.policy("Shared"), tenant.graph.directory
    for number in range(12):
        application = directory.any(tenant.graph.create_application(f"App {number}").object_id)
        directory.add_reference(application, directory.policy_sets[KIND.collection], policy_id)

    with pytest.raises(StillUsed, match="and 2 more, which would silently lose it"):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))


def test_force_destroy_says_from_whom_it_was_taken(tenant: Tenant, portal: Registration) -> None:
    policy_id = used(tenant, portal)

    note = tenant.run(policy.delete(KIND, tenant.process, policy_id, {**INPUTS, "forceDestroy": True}))

    assert note == (
        f'Deleted token issuance policy "Portal SAML" ({policy_id}), as force_destroy says; it was taken from '
        f'application "Portal" ({portal.object_id}), service principal "Portal" ({portal.service_principal_id}).'
    )
    assert tenant.requests() == ["GET", "DELETE"]
    assert tenant.assigned(portal) == []


@pytest.mark.parametrize("status", [403, 404, 500])
def test_force_destroy_goes_on_where_that_cannot_be_asked(tenant: Tenant, portal: Registration, status: int) -> None:
    policy_id = used(tenant, portal)
    tenant.graph.fault(path="appliesTo", status=status, times=8)

    assert tenant.run(policy.delete(KIND, tenant.process, policy_id, {**INPUTS, "forceDestroy": True})) is None
    assert tenant.assigned(portal) == []
    tenant.graph.reset_faults()


def test_late_answer_about_what_this_run_removed_is_not_believed(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    state = {"policyId": policy_id, "policyType": KIND.name, "applicationId": portal.object_id}
    placed = tenant.run(assignment.create(tenant.process, state))
    tenant.run(assignment.delete(tenant.process, placed.id, placed.outputs))
    tenant.graph.fault(**listing(portal.object_id))
    tenant.requests()

    assert tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS)) is None
    assert (tenant.requests(), tenant.waits) == (["GET", "DELETE"], [])


def test_late_answer_about_what_another_process_removed_is_looked_at_twice(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**listing(ABSENT))

    assert tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS)) is None
    assert tenant.waits == [1.0]


def test_later_answer_about_what_another_process_removed_is_a_refusal_that_the_next_run_heals(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**listing(ABSENT), times=2)

    with pytest.raises(StillUsed):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))
    assert tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS)) is None


def test_policy_that_is_gone_is_deleted_already(tenant: Tenant) -> None:
    assert tenant.run(policy.delete(KIND, tenant.process, ABSENT, INPUTS)) is None
    assert (tenant.requests(), tenant.waits) == (["GET", "GET", "DELETE", "DELETE"], [1.0, 1.0])


def test_policy_that_two_late_answers_do_not_know_is_deleted_all_the_same(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.pass_time(3600)
    tenant.graph.fault(path="appliesTo", **NOT_THERE, times=2)

    tenant.run(policy.delete(KIND, tenant.connect(), policy_id, INPUTS))
    assert tenant.graph.directory.all(KIND.collection) == []


def test_error_beside_an_empty_list_of_users_lets_nothing_go(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**answer_of('{"value":[],"error":{"code":"Authorization_RequestDenied"}}'), times=2)

    with pytest.raises(Forbidden, match="nothing was deleted"):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))


@pytest.mark.parametrize("first", ["update", "create"])
def test_rename_to_the_name_of_a_create_of_the_same_run_makes_no_twin(tenant: Tenant, first: str) -> None:
    made = tenant.run(policy.create(KIND, tenant.process, {**INPUTS, "displayName": "Old"}))
    tenant.process = tenant.connect()
    verbs: dict[str, Any] = {
        "update": lambda: policy.update(KIND, tenant.process, made.id, made.outputs, INPUTS),
        "create": lambda: policy.create(KIND, tenant.process, INPUTS),
    }
    tenant.run(tenant.process.listing(KIND))
    tenant.run(verbs.pop(first)())

    (second,) = verbs.values()
    with pytest.raises(AlreadyThere):
        tenant.run(second())
    names = [found.properties["displayName"] for found in tenant.graph.directory.all(KIND.collection)]
    assert names.count(INPUTS["displayName"]) == 1


def test_get_of_what_this_program_has_managed_until_now_is_not_deleted(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.run(policy.read(KIND, tenant.process, policy_id.upper(), {}))

    note = tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))
    assert note
    assert tenant.graph.directory.any(policy_id)


@pytest.mark.parametrize("state", [{}, {"forceDestroy": True}], ids=["asks", "forced"])
def test_policy_that_another_resource_of_the_program_has_is_left_alone(tenant: Tenant, state: dict[str, Any]) -> None:
    policy_id = tenant.policy()
    tenant.process.keep(policy_id, {})
    tenant.requests()

    note = tenant.run(policy.delete(KIND, tenant.process, policy_id, {**INPUTS, **state}))

    assert note == (
        f'Left token issuance policy "Portal SAML" ({policy_id}) as it is: another resource of this program has it.'
    )
    assert tenant.requests() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"path": "appliesTo", "status": 403, "code": "Authorization_RequestDenied"},
        answer_of('{"value":[{"error":'),
        answer_of('{"error":{"code":"x"}}'),
    ],
    ids=["refused", "broken JSON", "error inside"],
)
@pytest.mark.parametrize("times", [2, 100])
def test_question_that_is_not_answered_is_a_no(tenant: Tenant, answer: Any, times: int) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**answer, times=times)

    with pytest.raises(Forbidden) as refused:
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))

    assert str(refused.value).startswith(
        f'cannot delete token issuance policy "Portal SAML" ({policy_id}):\n'
        "  nothing was deleted, since Graph does not say what still uses it: "
    )
    assert "Application.Read.All" in str(refused.value)
    assert "or set force_destroy=True on the policy, run pulumi up, and delete it then" in str(refused.value)
    assert tenant.graph.directory.any(policy_id)
    assert tenant.waits == [1.0]


def test_force_destroy_is_kept_in_the_state_and_sends_nothing(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.process, INPUTS))
    tenant.requests()
    forced = {**INPUTS, "forceDestroy": True}

    assert policy.diff(KIND, created.outputs, forced).changed
    updated = tenant.run(policy.update(KIND, tenant.process, created.id, created.outputs, forced))
    assert tenant.requests() == []
    assert tenant.run(policy.read(KIND, tenant.process, created.id, updated.outputs)) == updated


@pytest.mark.parametrize("used", [True, False])
@pytest.mark.parametrize(
    "answer",
    [
        {"path": "appliesTo", "status": 404, "code": "Request_ResourceNotFound"},
        answer_of("<html>"),
        answer_of('{"value":[{"error":'),
        {"path": "appliesTo", "status": 503},
        {"path": "appliesTo", "drop": True},
    ],
    ids=["late", "page", "broken", "503", "dropped"],
)
def test_one_bad_answer_to_the_question_lets_nothing_go(
    tenant: Tenant, portal: Registration, answer: Any, used: bool
) -> None:
    policy_id = tenant.policy()
    if used:
        directory = tenant.graph.directory
        directory.add_reference(directory.any(portal.object_id), directory.policy_sets[KIND.collection], policy_id)
    tenant.graph.fault(**answer)

    with pytest.raises(StillUsed) if used else contextlib.nullcontext():
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))

    assert len(tenant.graph.directory.all(KIND.collection)) == used


def test_users_on_a_later_page_count(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    first = {"value": [], "@odata.nextLink": f"{tenant.graph.url}/v1.0/next?$skiptoken=a,b"}
    tenant.graph.fault(**answer_of(json.dumps(first)), times=7)
    tenant.graph.fault(**{**listing(ABSENT), "path": "/next$"}, times=7)

    with pytest.raises(StillUsed, match=ABSENT):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))
    assert tenant.graph.journal()[-1]["path"] == "/v1.0/next?$skiptoken=a,b"


def test_reference_that_is_back_counts_as_a_user(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    state = {"policyId": policy_id, "policyType": KIND.name, "applicationId": portal.object_id}
    for _ in range(2):
        placed = tenant.run(assignment.create(tenant.process, state))
        tenant.run(assignment.delete(tenant.process, placed.id, placed.outputs))
    tenant.run(assignment.create(tenant.process, state))

    with pytest.raises(StillUsed):
        tenant.run(policy.delete(KIND, tenant.process, policy_id, INPUTS))
