from __future__ import annotations

from typing import Any

import pytest
from tests.lifecycle.tenant import Tenant

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import GraphError, NotFound
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
    assert lines[0] == f'cannot assign token issuance policy {saml} to application "Portal" ({portal.object_id}):'
    assert lines[1] == (
        f'  it already has token issuance policy "Legacy SAML" ({legacy}), and Graph allows one per application.'
    )
    assert lines[2].startswith(f"  Graph answered {status} Request_MultipleObjectsWithSameKeyValue (request-id ")
    assert lines[3].startswith("  To go on: remove that assignment")
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
    assert tenant.requests() == ["DELETE", "POST", "POST"]


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

    with pytest.raises(SwapFailed, match=f"has kept token issuance policy {old['policyId']}"):
        tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, new)))


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

    assert tenant.run(assignment.delete(tenant.connection, slot(portal), old)) is True
    assert tenant.run(assignment.delete(tenant.connection, slot(portal), old)) is True
    assert tenant.run(assignment.read(tenant.connection, slot(portal), old)) is None


def test_swapped_reference_reads_as_the_policy_that_is_there(tenant: Tenant, portal: Registration) -> None:
    old, other = place(tenant, portal, tenant.policy("Old")), tenant.policy("Other")
    tenant.run(assignment.update(tenant.connection, slot(portal), old, to(portal, other)))

    read = tenant.run(assignment.read(tenant.connection, slot(portal), old))

    assert read is not None
    assert read.inputs == to(portal, other)


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
