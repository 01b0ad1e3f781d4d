"""An assignment's six verbs: what a reference is given, made, read, named and removed by."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant, slot, to

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.consistency import stamp
from pulumi_entra_policies.graph.errors import (
    AlreadyThere,
    AnswerLost,
    EntraError,
    Forbidden,
    GraphError,
    OtherTarget,
    PolicyConflict,
)
from pulumi_entra_policies.lifecycle import assignment

README = Path(__file__).parents[2] / "README.md"
GUID = "00000000-0000-0000-0000-00000000000a"
OTHER = "00000000-0000-0000-0000-00000000000b"
GOOD = {"policyId": GUID, "policyType": KIND.name, "applicationId": GUID}
LATE: dict[str, Any] = {"status": 404, "code": "Request_ResourceNotFound"}
TAKEN: dict[str, Any] = {"method": "POST", "status": 409, "code": "Request_MultipleObjectsWithSameKeyValue"}
EMPTY: dict[str, Any] = {
    "method": "GET",
    "status": 200,
    "body": '{"value":[]}',
    "headers": {"Content-Type": "application/json"},
}
THERE: dict[str, Any] = {
    "method": "POST",
    "status": 400,
    "code": "Request_BadRequest",
    "message": "One or more added object references already exist for the following modified properties",
}


# -- check -------------------------------------------------------------------------------------------------------------


def test_ids_are_taken_bare_or_as_azuread_gives_them() -> None:
    given = {**GOOD, "policyId": GUID.upper(), "applicationId": f"/applications/{GUID}"}

    assert assignment.check(given).inputs == GOOD


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"policyType": "Nonsense"}, "policyType"),
        ({"policyType": None}, "policyType"),
        ({"policyType": ["x"]}, "policyType"),
        ({"policyId": "portal"}, "policyId"),
        ({"policyId": None}, "policyId"),
        ({"applicationId": "portal"}, "applicationId"),
        ({"applicationId": f"/servicePrincipals/{GUID}"}, "applicationId"),
        ({"applicationId": None}, "applicationId"),
        ({"applicationId": None, "applicationUniqueName": ""}, "applicationUniqueName"),
        ({"applicationId": None, "applicationUniqueName": 5}, "applicationUniqueName"),
        ({"applicationUniqueName": "portal"}, "applicationId"),
        ({"servicePrincipalId": GUID}, "applicationId"),
        ({"replaceExisting": "yes"}, "replaceExisting"),
        ({"replaceExisting": 1}, "replaceExisting"),
    ],
)
def test_bad_argument_is_one_problem_with_its_path(change: dict[str, Any], path: str) -> None:
    assert [problem.path for problem in assignment.check({**GOOD, **change}).problems] == [path]


def test_policy_type_that_is_not_known_yet_passes() -> None:
    assert assignment.check({**GOOD, "policyType": object()}).problems == []


def test_switch_that_is_off_is_left_out() -> None:
    assert assignment.check({**GOOD, "replaceExisting": False}).inputs == GOOD


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
        ("HomeRealmDiscoveryPolicy", "applicationUniqueName", f"a home realm discovery policy {ELSEWHERE}"),
        ("HomeRealmDiscoveryPolicy", "servicePrincipalClientId", None),
        ("ActivityBasedTimeoutPolicy", "applicationId", f"{NOWHERE}is_organization_default=True"),
        ("ActivityBasedTimeoutPolicy", "servicePrincipalId", f"{NOWHERE}is_organization_default=True"),
    ],
)
def test_kind_is_assigned_only_where_graph_has_it(kind: str, way: str, reason: str | None) -> None:
    checked = assignment.check({"policyId": GUID, "policyType": kind, way: GUID})

    assert [(problem.path, problem.reason) for problem in checked.problems] == ([(way, reason)] if reason else [])


# -- diff --------------------------------------------------------------------------------------------------------------

BY_OBJECT_ID = {"policyId": GUID, "policyType": KIND.name, "applicationId": GUID, "tenantId": GUID, "writtenAt": "then"}
BY_CLIENT_ID = {**BY_OBJECT_ID, "applicationClientId": GUID}
BY_UNIQUE_NAME = {**BY_OBJECT_ID, "applicationUniqueName": "portal"}


def named(**target: str) -> dict[str, Any]:
    return {"policyId": GUID, "policyType": KIND.name, **target}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BY_OBJECT_ID, named(applicationId=GUID)),
        (BY_CLIENT_ID, named(applicationClientId=GUID)),
        (BY_UNIQUE_NAME, named(applicationUniqueName="portal")),
    ],
)
def test_same_arguments_change_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not assignment.diff(old, new).changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BY_OBJECT_ID, {**GOOD, "policyId": OTHER}),
        (BY_OBJECT_ID, {**GOOD, "replaceExisting": True}),
        (BY_OBJECT_ID, named(applicationClientId=OTHER)),
        (BY_OBJECT_ID, named(applicationUniqueName="portal")),
        (BY_CLIENT_ID, named(applicationId=GUID)),
        (BY_CLIENT_ID, named(applicationUniqueName="portal")),
        (BY_UNIQUE_NAME, named(applicationId=GUID)),
        (BY_UNIQUE_NAME, named(applicationClientId=GUID)),
    ],
)
def test_what_leaves_the_slot_as_it_is_is_an_update(old: dict[str, Any], new: dict[str, Any]) -> None:
    plan = assignment.diff(old, new)

    assert (plan.changed, plan.replaces) == (True, [])


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (BY_OBJECT_ID, {**GOOD, "policyType": "TokenLifetimePolicy"}, "policyType"),
        (BY_OBJECT_ID, named(applicationId=OTHER), "applicationId"),
        (BY_CLIENT_ID, named(applicationId=OTHER), "applicationId"),
        (BY_CLIENT_ID, named(applicationClientId=OTHER), "applicationClientId"),
        (BY_OBJECT_ID, named(servicePrincipalId=GUID), "servicePrincipalId"),
        (BY_OBJECT_ID, named(servicePrincipalClientId=GUID), "servicePrincipalClientId"),
        (BY_CLIENT_ID, named(servicePrincipalClientId=GUID), "servicePrincipalClientId"),
        (BY_UNIQUE_NAME, named(applicationId=OTHER), "applicationId"),
        (BY_UNIQUE_NAME, named(applicationUniqueName="Portal"), "applicationUniqueName"),
        (BY_UNIQUE_NAME, named(servicePrincipalClientId=GUID), "servicePrincipalClientId"),
    ],
)
def test_another_slot_is_a_replacement_that_creates_first(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    plan = assignment.diff(old, new)

    assert (plan.changed, plan.replaces) == (True, [name])


# -- create ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["applicationId", "servicePrincipalId"])
def test_policy_is_assigned_to_either_kind_of_target(tenant: Tenant, portal: Registration, target: str) -> None:
    object_id = portal.object_id if target == "applicationId" else portal.service_principal_id
    inputs = {"policyId": tenant.policy(), "policyType": KIND.name, target: object_id}
    tenant.requests()

    created = tenant.run(assignment.create(tenant.process, inputs))

    assert created.computed["writtenAt"] == stamp(tenant.graph.clock.date())
    assert tenant.run(assignment.read(tenant.process, created.id, created.outputs)) == created
    assert tenant.requests() == ["POST", "GET"]


@pytest.mark.parametrize(
    ("more", "fault", "sent"),
    [
        ({}, None, ["GET"]),
        ({}, EMPTY, ["GET", "POST"]),
        ({"replaceExisting": True}, None, ["GET"]),
        ({"replaceExisting": True}, EMPTY, ["GET", "POST"]),
    ],
    ids=["seen", "refused", "seen, taking", "refused, taking"],
)
def test_reference_that_is_there_already_is_not_shared(
    tenant: Tenant, portal: Registration, more: dict[str, Any], fault: dict[str, Any] | None, sent: list[str]
) -> None:
    policy_id = tenant.assignment(portal, tenant.policy())["policyId"]
    if fault:
        tenant.graph.fault(**fault)

    with pytest.raises(AlreadyThere, match="this create has not put it there") as there:
        tenant.run(assignment.create(tenant.process, to(portal, policy_id, **more)))

    assert f"without replace_existing: opts=pulumi.ResourceOptions(import_='{slot(portal)}')" in str(there.value)
    assert (tenant.requests(), tenant.waits, tenant.assigned(portal)) == (sent, [], [policy_id])


def test_reference_of_a_resource_of_this_run_is_called_so(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.process.keep(slot(portal), old)  # as a diff does that finds it unchanged

    with pytest.raises(AlreadyThere, match="another resource of this program has the slot"):
        tenant.run(assignment.create(tenant.process, to(portal, tenant.policy("Other"), replaceExisting=True)))
    assert tenant.assigned(portal) == [old["policyId"]]


def test_resource_that_was_deleted_first_and_not_made_again_is_made_by_the_next_run(
    tenant: Tenant, portal: Registration
) -> None:
    inputs = to(portal, tenant.policy())
    tenant.process.keep(slot(portal), inputs)  # its own diff, since the engine keeps it as to be replaced

    tenant.run(assignment.create(tenant.process, inputs))
    assert tenant.assigned(portal) == [inputs["policyId"]]


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 504}, {"drop": True}], ids=["503", "504", "dropped"])
@pytest.mark.parametrize("more", [{}, {"replaceExisting": True}], ids=["plain", "taking"])
def test_lost_answer_does_not_make_ours_what_was_there_before(
    tenant: Tenant, portal: Registration, fault: dict[str, Any], more: dict[str, Any]
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.process = tenant.connect()
    tenant.graph.fault(method="POST", path=r"\$ref$", **fault)

    with pytest.raises(AlreadyThere):
        tenant.run(assignment.create(tenant.process, to(portal, old["policyId"], **more)))
    assert tenant.assigned(portal) == [old["policyId"]]


def test_two_creates_side_by_side_cannot_share_a_slot(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    by_client_id = {"policyId": policy_id, "policyType": KIND.name, "applicationClientId": portal.client_id}

    async def both() -> list[Any]:
        creates = (assignment.create(tenant.process, inputs) for inputs in (to(portal, policy_id), by_client_id))
        return await asyncio.gather(*creates, return_exceptions=True)

    assert sorted(type(result).__name__ for result in tenant.run(both())) == ["AlreadyThere", "Live"]


@pytest.mark.parametrize(
    ("faults", "sent"),
    [
        ([THERE, THERE], ["GET", "POST", "POST", "POST"]),
        ([TAKEN, TAKEN], ["GET", "POST", "GET", "POST", "GET", "POST"]),
    ],
    ids=["as the same", "as another"],
)
def test_reference_that_this_run_has_removed_is_made_anew_once_graph_knows(
    tenant: Tenant, portal: Registration, faults: list[dict[str, Any]], sent: list[str]
) -> None:
    old = removed(tenant, portal)
    for fault in faults:
        tenant.graph.fault(**fault)

    tenant.run(assignment.create(tenant.process, to(portal, old["policyId"])))

    assert (tenant.assigned(portal), tenant.requests(), tenant.waits) == ([old["policyId"]], sent, [1.0, 2.0])


@pytest.mark.parametrize("fault", [THERE, TAKEN], ids=["as the same", "as another"])
def test_reference_that_this_run_has_removed_and_that_stays_is_an_error(
    tenant: Tenant, portal: Registration, fault: dict[str, Any]
) -> None:
    old = removed(tenant, portal)
    tenant.graph.fault(**fault, times=100)

    with pytest.raises(AlreadyThere if fault is THERE else PolicyConflict):
        tenant.run(assignment.create(tenant.process, to(portal, old["policyId"])))
    assert (tenant.assigned(portal), tenant.waits) == ([], WAITED)


def removed(tenant: Tenant, portal: Registration) -> dict[str, Any]:
    """The outputs of an assignment that this run has removed."""
    old = tenant.assignment(portal, tenant.policy())
    tenant.run(assignment.delete(tenant.process, slot(portal), old))
    tenant.requests()
    return old


@pytest.mark.parametrize("status", [400, 409])
def test_other_policy_in_the_slot_is_a_conflict_that_names_everything(
    tenant: Tenant, portal: Registration, status: int
) -> None:
    legacy, saml = tenant.policy("Legacy SAML"), tenant.policy("Portal SAML")
    tenant.place(portal, legacy)
    tenant.requests()
    tenant.graph.directory.second_policy_status = status

    with pytest.raises(PolicyConflict) as conflict:
        tenant.run(assignment.create(tenant.process, to(portal, saml)))

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
    assert (tenant.assigned(portal), tenant.requests(), tenant.waits) == ([legacy], ["POST", "GET", "GET"], [])


def test_conflict_reads_as_readme_shows_it(tenant: Tenant, portal: Registration) -> None:
    tenant.place(portal, tenant.policy("Legacy SAML"))

    with pytest.raises(PolicyConflict) as conflict:
        tenant.run(assignment.create(tenant.process, to(portal, tenant.policy("Portal SAML tokens"))))

    (shown,) = re.findall(r"^```text\n(.*?)\n```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    said = f"PolicyConflict: {conflict.value}"
    assert re.sub(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", "id", said) == re.sub(r"[\da-f]{4}…", "id", shown)


def test_conflict_without_permission_to_read_the_name_still_tells_the_id(tenant: Tenant, portal: Registration) -> None:
    tenant.place(portal, tenant.stranger("Legacy"))
    tenant.graph.fault(method="GET", path=f"{portal.object_id}$", status=403)

    with pytest.raises(PolicyConflict, match=rf"to application {portal.object_id}:\s+it already has"):
        tenant.run(assignment.create(tenant.process, to(portal, tenant.policy())))


def test_conflict_that_may_not_list_still_says_that_the_slot_is_taken(tenant: Tenant, portal: Registration) -> None:
    legacy, policy_id = tenant.stranger("Legacy"), tenant.policy()
    tenant.place(portal, legacy)
    tenant.graph.fault(method="GET", status=403, times=100)

    with pytest.raises(PolicyConflict, match="it already has another token issuance policy, and Graph allows one"):
        tenant.run(assignment.create(tenant.process, to(portal, policy_id)))
    assert tenant.assigned(portal) == [legacy]


def test_slot_that_another_run_empties_late_is_tried_again(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(**TAKEN, times=2)

    tenant.run(assignment.create(tenant.process, to(portal, policy_id)))
    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0])


# -- create: answers that are lost, runs that are killed ---------------------------------------------------------------

LOST = pytest.mark.parametrize("fault", [{"drop": True}, {"status": 504}], ids=["dropped", "504"])


@LOST
@pytest.mark.parametrize("second", [{}, TAKEN], ids=["refused as the same", "refused as another"])
def test_lost_answer_to_an_assignment_that_was_carried_out_is_success(
    tenant: Tenant, portal: Registration, fault: dict[str, Any], second: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.requests()
    tenant.graph.fault(method="POST", when="after", **fault)
    if second:
        tenant.graph.fault(**second)

    created = tenant.run(assignment.create(tenant.process, to(portal, policy_id)))

    assert (tenant.assigned(portal), tenant.requests()) == ([policy_id], ["POST", "POST", "GET"][: 3 if second else 2])
    assert created.computed["writtenAt"] == stamp(tenant.graph.clock.date())


@LOST
def test_lost_answer_to_an_assignment_that_was_not_carried_out_is_followed_by_another_try(
    tenant: Tenant, portal: Registration, fault: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.requests()
    tenant.graph.fault(method="POST", **fault, times=2)

    tenant.run(assignment.create(tenant.process, to(portal, policy_id)))

    assert (tenant.assigned(portal), tenant.requests()) == ([policy_id], ["POST"] * 3)


def test_assignment_whose_answers_are_all_lost_is_an_error_and_the_slot_stays_free(
    tenant: Tenant, portal: Registration
) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", drop=True, times=7)

    with pytest.raises(AnswerLost, match="run pulumi refresh, then pulumi up again"):
        tenant.run(assignment.create(tenant.process, to(portal, policy_id)))
    tenant.run(assignment.create(tenant.process, to(portal, policy_id)))
    assert tenant.assigned(portal) == [policy_id]


def test_assignment_of_a_run_that_was_killed_is_taken_over_by_the_line_of_the_error(
    tenant: Tenant, portal: Registration
) -> None:
    inputs = to(portal, tenant.policy())
    tenant.assignment(portal, inputs["policyId"])
    with pytest.raises(AlreadyThere) as there:
        tenant.run(assignment.create(tenant.process, inputs))
    (id_,) = re.findall(r"import_='(.+?)'", str(there.value))
    tenant.process = tenant.connect()
    tenant.requests()

    live = tenant.run(assignment.create(tenant.process, {**inputs, "importId": id_}))

    assert (live.id, live.outputs) == (slot(portal), {**inputs, "tenantId": tenant.graph.tenant_id})
    assert not assignment.diff(live.outputs, inputs).changed
    assert (tenant.requests(), tenant.assigned(portal)) == (["GET"], [inputs["policyId"]])


@pytest.mark.parametrize("replace", [{}, {"replaceExisting": True}], ids=["plain", "replace_existing"])
def test_two_creates_of_one_run_never_share_a_slot(
    tenant: Tenant, portal: Registration, replace: dict[str, Any]
) -> None:
    one, two = tenant.policy("One"), tenant.policy("Two")
    tenant.run(assignment.create(tenant.process, {**to(portal, one), **replace}))

    by_client = {"policyId": two, "policyType": KIND.name, "applicationClientId": portal.client_id, **replace}
    with pytest.raises(AlreadyThere, match="another resource of this program has the slot"):
        tenant.run(assignment.create(tenant.process, by_client))
    assert tenant.assigned(portal) == [one]


def test_reference_that_graph_denies_and_lists_is_not_dropped_from_the_state(
    tenant: Tenant, portal: Registration
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.graph.fault(method="DELETE", status=404, code="Request_ResourceNotFound", times=2)
    tenant.pass_time(3600)

    with pytest.raises(EntraError, match=r"its replicas disagree(?s:.)*run the command again"):
        tenant.run(assignment.delete(tenant.process, slot(portal), old))
    assert tenant.assigned(portal) == [old["policyId"]]


def test_slot_whose_create_failed_is_free_again(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", path=r"\$ref$", status=403)
    with pytest.raises(Forbidden):
        tenant.run(assignment.create(tenant.process, to(portal, policy_id)))

    tenant.run(assignment.create(tenant.process, to(portal, policy_id)))
    assert tenant.assigned(portal) == [policy_id]


def test_two_imports_side_by_side_cannot_share_a_slot(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    inputs = to(portal, old["policyId"], importId=slot(portal))

    async def both() -> list[Any]:
        creates = (assignment.create(tenant.process, inputs) for _ in range(2))
        return await asyncio.gather(*creates, return_exceptions=True)

    assert sorted(type(result).__name__ for result in tenant.run(both())) == ["AlreadyThere", "Live"]


# -- read --------------------------------------------------------------------------------------------------------------


def test_reference_that_somebody_has_removed_reads_as_none_at_the_second_look(
    tenant: Tenant, portal: Registration
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.take_out(portal, old["policyId"])
    tenant.pass_time(tenant.settings.waits)

    assert tenant.run(assignment.read(tenant.process, slot(portal), old)) is None
    assert (tenant.requests(), tenant.waits, tenant.told) == (["GET"] * 2, [1.0], [])


def test_young_reference_that_is_not_shown_reads_as_none_when_the_time_is_up(
    tenant: Tenant, portal: Registration
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.take_out(portal, old["policyId"])
    tenant.pass_time(20)

    assert tenant.run(assignment.read(tenant.process, slot(portal), old)) is None
    assert tenant.waits == [1.0, 2.0, 4.0, 3.0]
    (told,) = tenant.told
    assert told.endswith(f"application {portal.object_id} does not have token issuance policy {old['policyId']}")
    assert told.startswith("Waiting up to 10 s")


def test_policy_that_somebody_has_swapped_is_read_at_once(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    other = swapped_by_hand(tenant, portal, old)
    tenant.pass_time(tenant.settings.waits)

    read = tenant.run(assignment.read(tenant.process, slot(portal), old))

    assert read is not None
    assert (read.inputs, read.computed["writtenAt"]) == (to(portal, other), old["writtenAt"])
    assert (tenant.requests(), tenant.waits) == (["GET"], [])


def test_policy_that_somebody_has_swapped_just_now_is_doubted_while_ours_is_young(
    tenant: Tenant, portal: Registration
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    other = swapped_by_hand(tenant, portal, old)

    read = tenant.run(assignment.read(tenant.process, slot(portal), old))

    assert read is not None
    assert (read.inputs["policyId"], tenant.waits) == (other, WAITED)


def swapped_by_hand(tenant: Tenant, portal: Registration, old: dict[str, Any]) -> str:
    other = tenant.stranger("Other")
    tenant.take_out(portal, old["policyId"])
    tenant.place(portal, other)
    return other


def test_reference_that_a_replica_does_not_show_yet_is_not_gone(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    nothing = {"status": 200, "body": '{"value":[]}', "headers": {"Content-Type": "application/json"}}
    tenant.graph.fault(path=f"{slot(portal)}$", **nothing, times=2)
    tenant.graph.fault(path=f"{slot(portal)}$", **LATE)

    read = tenant.run(assignment.read(tenant.process, slot(portal), old))

    assert read is not None
    assert (read.outputs, tenant.waits) == (old, [1.0, 2.0, 4.0])


def test_read_without_a_state_takes_what_is_there_at_once(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())

    read = tenant.run(assignment.read(tenant.process, slot(portal), {}))

    assert read is not None
    assert (read.inputs["policyId"], tenant.waits) == (old["policyId"], [])


def test_get_of_a_free_slot_is_none_at_the_second_look(tenant: Tenant, portal: Registration) -> None:
    assert tenant.run(assignment.read(tenant.process, slot(portal), {})) is None
    assert (tenant.requests(), tenant.waits) == (["GET"] * 2, [1.0])


def test_get_with_a_policy_reads_that_one_only(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())

    found = tenant.run(assignment.read(tenant.process, f"{slot(portal)}/{old['policyId']}", {}))

    assert found is not None
    assert found.id == slot(portal)
    assert tenant.run(assignment.read(tenant.process, f"{slot(portal)}/{GUID}", {})) is None
    assert tenant.waits == [1.0]


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("portal", "portal"),
        (f"applications/{GUID}/whateverPolicies", "names a collection that is none of .*tokenIssuancePolicies"),
    ],
)
def test_id_that_names_no_slot_is_refused(tenant: Tenant, id_: str, words: str) -> None:
    with pytest.raises(
        EntraError, match=rf"cannot use the assignment's id:\s+.*{words}(?s:.)*check the id given to get"
    ):
        tenant.run(assignment.read(tenant.process, id_, {}))
    assert tenant.requests() == []


def test_deleted_target_reads_as_none(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    directory = tenant.graph.directory
    directory.delete(directory.any(portal.object_id))
    tenant.pass_time(tenant.settings.waits)

    assert tenant.run(assignment.read(tenant.process, slot(portal), old)) is None
    assert tenant.waits == [1.0]


# -- update: the target named another way; for another policy see test_exchange ----------------------------------------


BY = pytest.mark.parametrize("way", ["applicationClientId", "applicationUniqueName"])
"""What has to be looked up."""


def by(way: str, tenant: Tenant, target: Registration, policy_id: str) -> dict[str, Any]:
    """Its unique name is its object id: any text will do."""
    tenant.name(target, target.object_id)
    value = {"applicationClientId": target.client_id, "applicationUniqueName": target.object_id}[way]
    return {"policyId": policy_id, "policyType": KIND.name, way: value}


def test_update_without_another_policy_sends_nothing(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    new = to(portal, old["policyId"], replaceExisting=True)

    updated = tenant.run(assignment.update(tenant.process, slot(portal), old, new))

    assert (updated.outputs, tenant.requests()) == ({**old, "replaceExisting": True}, [])


@BY
def test_target_named_by_another_key_from_now_on_is_looked_up_and_nothing_is_sent(
    tenant: Tenant, portal: Registration, way: str
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.pass_time(5)
    new = by(way, tenant, portal, old["policyId"])

    updated = tenant.run(assignment.update(tenant.process, slot(portal), old, new))

    assert updated.outputs == {**old, way: new[way]}
    assert (tenant.requests(), tenant.assigned(portal)) == (["GET"], [old["policyId"]])
    assert not assignment.diff(updated.outputs, new).changed
    assert tenant.run(assignment.read(tenant.process, slot(portal), updated.outputs)) == updated


@BY
def test_target_named_by_object_id_from_now_on_sends_nothing(tenant: Tenant, portal: Registration, way: str) -> None:
    policy_id = tenant.policy()
    inputs = by(way, tenant, portal, policy_id)
    old = tenant.run(assignment.create(tenant.process, inputs)).outputs
    tenant.requests()

    updated = tenant.run(assignment.update(tenant.process, slot(portal), old, to(portal, policy_id)))

    assert {**updated.outputs, way: inputs[way]} == old
    assert tenant.requests() == []


@BY
def test_target_named_another_way_with_another_policy_is_a_swap(tenant: Tenant, portal: Registration, way: str) -> None:
    old, new = tenant.assignment(portal, tenant.policy("Old")), tenant.policy("New")
    tenant.requests()

    tenant.run(assignment.update(tenant.process, slot(portal), old, by(way, tenant, portal, new)))

    assert (tenant.requests(), tenant.assigned(portal)) == (["GET", "DELETE", "POST"], [new])


@pytest.mark.parametrize(
    ("way", "words"),
    [("applicationClientId", "client id {0.client_id}"), ("applicationUniqueName", 'unique name "{0.object_id}"')],
)
def test_key_of_another_object_is_refused(tenant: Tenant, portal: Registration, way: str, words: str) -> None:
    old, other = tenant.assignment(portal, tenant.policy()), tenant.graph.create_application("Other")
    new = by(way, tenant, other, tenant.policy("New"))
    tenant.requests()

    with pytest.raises(OtherTarget) as refused:
        tenant.run(assignment.update(tenant.process, slot(portal), old, new))

    assert f"{words.format(other)} is that of application {other.object_id}" in str(refused.value)
    assert "pulumi up --replace" in str(refused.value)
    assert (tenant.requests(), tenant.assigned(portal)) == (["GET"], [old["policyId"]])


def test_application_made_anew_under_its_unique_name_is_another_target(tenant: Tenant, portal: Registration) -> None:
    """As a service principal is that was made anew for its client id: a refresh finds the old reference gone."""
    inputs = by("applicationUniqueName", tenant, portal, tenant.policy())
    old = tenant.run(assignment.create(tenant.process, inputs))
    directory, again = tenant.graph.directory, tenant.graph.create_application("Portal")
    directory.delete(directory.any(portal.object_id))
    tenant.name(again, portal.object_id)
    tenant.pass_time(tenant.settings.waits)
    tenant.process = tenant.connect()

    assert not assignment.diff(old.outputs, inputs).changed
    assert tenant.run(assignment.read(tenant.process, old.id, old.outputs)) is None
    assert tenant.run(assignment.create(tenant.process, inputs)).id == slot(again)


# -- delete ------------------------------------------------------------------------------------------------------------


def test_removed_reference_is_deleted_already(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())

    for _ in range(2):
        assert tenant.run(assignment.delete(tenant.process, slot(portal), old)) is None
    assert (tenant.requests(), tenant.assigned(portal)) == (["DELETE"], [])


def test_reference_that_somebody_has_removed_is_deleted_at_the_second_look(
    tenant: Tenant, portal: Registration
) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.take_out(portal, old["policyId"])
    tenant.pass_time(tenant.settings.waits)

    assert tenant.run(assignment.delete(tenant.process, slot(portal), old)) is None
    assert (tenant.requests(), tenant.waits) == (["DELETE", "DELETE", "GET"], [1.0])


def test_policy_that_somebody_has_swapped_is_left_and_named(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    other = swapped_by_hand(tenant, portal, old)
    tenant.pass_time(tenant.settings.waits)

    note = tenant.run(assignment.delete(tenant.process, slot(portal), old))

    assert f'no longer had token issuance policy {old["policyId"]}, but has "Other" ({other})' in (note or "")
    assert tenant.assigned(portal) == [other]


def test_reference_that_this_run_has_imported_is_left_alone(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.run(assignment.create(tenant.process, to(portal, old["policyId"], importId=slot(portal))))
    tenant.requests()

    note = tenant.run(assignment.delete(tenant.process, slot(portal), old))

    assert (note or "").startswith(f"Left {slot(portal)} as it is: ")
    assert (tenant.assigned(portal), tenant.requests()) == ([old["policyId"]], [])


def test_refused_delete_is_an_error_with_the_permission(tenant: Tenant, portal: Registration) -> None:
    old = tenant.assignment(portal, tenant.policy())
    tenant.graph.fault(method="DELETE", status=403, code="Authorization_RequestDenied")

    with pytest.raises(GraphError, match=r"Application\.ReadWrite\.OwnedBy"):
        tenant.run(assignment.delete(tenant.process, slot(portal), old))
