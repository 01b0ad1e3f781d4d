"""Taking over what is in the tenant by its id: equal in meaning, or an error that shows every difference."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import AlreadyThere, ImportDiffers, Missing
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.outcomes import Live

LIFETIME = KINDS["TokenLifetimePolicy"]
NOWHERE = "00000000-0000-4000-8000-000000000000"
INPUTS = {"displayName": "Portal SAML", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
STORED = '{ "TokenIssuancePolicy" : { "samltokenversion":"2.0", "Version":"1" } }'


def taken(tenant: Tenant, id_: str, kind: Any = KIND, **more: Any) -> Live:
    return tenant.run(policy.create(kind, tenant.process, {**INPUTS, "importId": id_, **more}))


def place(tenant: Tenant, target: Registration, policy_id: str) -> str:
    """The slot of an assignment that somebody else has made."""
    directory = tenant.graph.directory
    directory.add_reference(directory.any(target.object_id), directory.policy_sets[KIND.collection], policy_id)
    return f"applications/{target.object_id}/{KIND.collection}"


def taken_slot(tenant: Tenant, import_id: str, policy_id: str, **target: Any) -> Live:
    inputs = {"policyId": policy_id, "policyType": KIND.name, "importId": import_id, **target}
    return tenant.run(assignment.create(tenant.process, inputs))


# -- what check says of it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"importId": "saml"}, 'must be the id of a policy, a GUID, not "saml"'),
        ({"importId": 5}, "must be the id of a policy, a GUID, not 5"),
        ({"importId": object()}, "has to be known when the program is previewed: give the id itself"),
        ({"ifExists": "create"}, "takes over what is there; leave out if_exists, which is for what is created"),
    ],
)
def test_bad_import_of_a_policy_is_one_problem(change: dict[str, Any], reason: str) -> None:
    problems = policy.check(KIND, {**INPUTS, "importId": NOWHERE, **change}).problems

    assert [(found.path, found.reason) for found in problems] == [("import_", reason)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"importId": NOWHERE}, f'must be the slot, applications/<object id>/tokenIssuancePolicies, not "{NOWHERE}"'),
        (
            {"importId": f"applications/{NOWHERE}/tokenLifetimePolicies"},
            "must be the slot, applications/<object id>/tokenIssuancePolicies, "
            f'not "applications/{NOWHERE}/tokenLifetimePolicies"',
        ),
        (
            {"replaceExisting": True},
            "takes over what is there; leave out replace_existing, which is for what is created",
        ),
    ],
)
def test_bad_import_of_an_assignment_is_one_problem(change: dict[str, Any], reason: str) -> None:
    slot = f"applications/{NOWHERE}/tokenIssuancePolicies"
    inputs = {"policyId": NOWHERE, "policyType": KIND.name, "applicationId": NOWHERE, "importId": slot, **change}

    assert [(found.path, found.reason) for found in assignment.check(inputs).problems] == [("import_", reason)]


def test_slot_is_judged_though_the_kind_is_not_known_yet() -> None:
    slot = f"applications/{NOWHERE}/tokenLifetimePolicies"
    inputs = {"policyId": NOWHERE, "policyType": object(), "applicationId": NOWHERE, "importId": slot}

    assert not assignment.check(inputs).problems


# -- policies ----------------------------------------------------------------------------------------------------------


def test_policy_that_means_the_same_is_taken_over_and_nothing_is_written(tenant: Tenant) -> None:
    id_ = tenant.stranger(definition=STORED)

    live = taken(tenant, id_.upper(), forceDestroy=True)

    assert live.id == id_
    assert live.inputs == {**INPUTS, "forceDestroy": True}
    assert live.computed == {"definitionJson": STORED, "tenantId": tenant.graph.tenant_id}
    assert (tenant.requests(), tenant.waits) == (["GET"], [])
    assert not policy.diff(KIND, live.outputs, {**INPUTS, "forceDestroy": True}).changed


def test_policy_that_differs_is_refused_with_every_difference(tenant: Tenant) -> None:
    stored = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"1.1","Odd":{"A":[1]}}}'
    id_ = tenant.stranger("Legacy", stored)

    with pytest.raises(ImportDiffers) as refused:
        taken(tenant, id_, definition={"version": 1, "samlTokenVersion": "2.0", "emitSamlNameFormat": True})

    assert str(refused.value).splitlines()[:7] == [
        f"cannot import token issuance policy {id_}:",
        "  it is not what the program says:",
        '    display_name: "Legacy" in the tenant, "Portal SAML" in the program',
        "    definition.Odd.A[0]: 1 in the tenant, nothing in the program",
        '    definition.saml_token_version: "1.1" in the tenant, "2.0" in the program',
        "    definition.emit_saml_name_format: nothing in the tenant, true in the program.",
        "  To go on: make the program say what the tenant has and run pulumi up, which takes it over and writes "
        "nothing; then take import_ out, and change the program to what it should be.",
    ]
    assert (tenant.requests(), len(tenant.graph.directory.all(KIND.collection))) == (["GET"], 1)


@pytest.mark.parametrize("was", [True, False])
def test_default_that_differs_is_a_difference(tenant: Tenant, was: bool) -> None:
    directory = tenant.graph.directory
    body = {
        "displayName": "Short",
        "definition": ['{"TokenLifetimePolicy":{"Version":1}}'],
        "isOrganizationDefault": was,
    }
    id_ = directory.create_policy(directory.policy_sets[LIFETIME.collection], body).id
    wanted = {"displayName": "Short", "definition": {"version": 1}}

    same = {"isOrganizationDefault": True} if was else {}
    assert taken(tenant, id_, LIFETIME, **wanted, **same).id == id_
    tenant.process = tenant.connect()
    words = f"is_organization_default: {str(was).lower()} in the tenant, {str(not was).lower()} in the program"
    with pytest.raises(ImportDiffers, match=words):
        taken(tenant, id_, LIFETIME, **wanted, **({} if was else {"isOrganizationDefault": True}))


def test_policy_that_is_not_there_is_an_error_after_a_second_look(tenant: Tenant) -> None:
    with pytest.raises(Missing, match=rf"{NOWHERE} is not the id of a token issuance policy(?s:.)*take import_ out"):
        taken(tenant, NOWHERE)
    assert tenant.waits == [1.0]


def test_policy_of_another_kind_is_said_to_be_that(tenant: Tenant) -> None:
    id_ = tenant.stranger(definition=STORED)

    with pytest.raises(Missing, match=f"{id_} is a token issuance policy, not a token lifetime policy"):
        taken(tenant, id_, LIFETIME, definition={"version": 1})


def test_policy_that_this_run_has_deleted_is_not_taken_over(tenant: Tenant) -> None:
    id_ = tenant.stranger(definition=STORED)
    tenant.run(policy.delete(KIND, tenant.process, id_, INPUTS))
    tenant.requests()

    with pytest.raises(Missing, match=r"this run has deleted it(?s:.)*take import_ out"):
        taken(tenant, id_)
    assert tenant.requests() == []


def test_policy_is_taken_over_once_in_a_program(tenant: Tenant) -> None:
    id_ = tenant.stranger(definition=STORED)
    taken(tenant, id_)

    with pytest.raises(AlreadyThere, match="another resource of this program has it"):
        taken(tenant, id_)


def test_policy_that_this_run_has_taken_over_survives_the_delete_of_its_old_resource(tenant: Tenant) -> None:
    id_ = tenant.stranger(definition=STORED)
    live = taken(tenant, id_)

    note = tenant.run(policy.delete(KIND, tenant.process, id_, live.outputs))

    assert (
        note == f'Left token issuance policy "Portal SAML" ({id_}) as it is: another resource of this program has it.'
    )
    tenant.process = tenant.connect()
    tenant.run(policy.delete(KIND, tenant.process, id_, live.outputs))
    assert tenant.graph.directory.all(KIND.collection) == []


# -- assignments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["applicationId", "applicationClientId", "applicationUniqueName"])
@pytest.mark.parametrize("with_policy", [False, True])
def test_reference_that_is_there_is_taken_over_and_nothing_is_written(
    tenant: Tenant, portal: Registration, by: str, with_policy: bool
) -> None:
    id_ = tenant.stranger()
    slot = place(tenant, portal, id_)
    tenant.name(portal, "portal")
    target = {by: {"applicationId": portal.object_id, "applicationClientId": portal.client_id}.get(by, "portal")}

    live = taken_slot(tenant, f"{slot}/{id_}" if with_policy else slot, id_, **target)

    assert live.id == slot
    assert live.inputs == {"policyId": id_, "policyType": KIND.name, **target}
    assert live.computed == {"applicationId": portal.object_id, "tenantId": tenant.graph.tenant_id}
    assert set(tenant.requests()) == {"GET"}
    assert not assignment.diff(live.outputs, live.inputs).changed


def test_slot_with_another_policy_is_refused_with_both(tenant: Tenant, portal: Registration) -> None:
    there, wanted = tenant.stranger("There"), tenant.stranger("Wanted")
    slot = place(tenant, portal, there)

    with pytest.raises(ImportDiffers, match=f'policy_id: "{there}" in the tenant, "{wanted}" in the program'):
        taken_slot(tenant, slot, wanted, applicationId=portal.object_id)
    assert tenant.assigned(portal) == [there]


def test_slot_of_another_target_is_refused_with_both(tenant: Tenant, portal: Registration) -> None:
    id_, other = tenant.stranger(), tenant.graph.create_application("Other")
    slot = place(tenant, portal, id_)

    words = f'target: "application {portal.object_id}" in the tenant, "application {other.object_id}" in the program'
    with pytest.raises(ImportDiffers, match=re.escape(words)):
        taken_slot(tenant, slot, id_, applicationId=other.object_id)


@pytest.mark.parametrize("suffix", ["", "/" + NOWHERE])
def test_slot_that_is_empty_is_an_error_after_a_second_look(tenant: Tenant, portal: Registration, suffix: str) -> None:
    slot = f"applications/{portal.object_id}/{KIND.collection}{suffix}"

    with pytest.raises(Missing, match=f"application {portal.object_id} does not have"):
        taken_slot(tenant, slot, tenant.stranger(), applicationId=portal.object_id)
    assert tenant.waits == [1.0]


def test_slot_of_a_target_that_is_not_there_is_an_error(tenant: Tenant) -> None:
    slot = f"applications/{NOWHERE}/{KIND.collection}"

    with pytest.raises(Missing, match=f"application {NOWHERE} does not have any token issuance policy"):
        taken_slot(tenant, slot, NOWHERE, applicationId=NOWHERE)


def test_slot_that_has_other_than_the_id_names_is_an_error(tenant: Tenant, portal: Registration) -> None:
    id_ = tenant.stranger()
    slot = place(tenant, portal, id_)

    with pytest.raises(Missing, match=f"does not have token issuance policy {NOWHERE}"):
        taken_slot(tenant, f"{slot}/{NOWHERE}", id_, applicationId=portal.object_id)


def test_reference_that_this_run_has_removed_is_not_taken_over(tenant: Tenant, portal: Registration) -> None:
    id_ = tenant.stranger()
    slot = place(tenant, portal, id_)
    tenant.run(assignment.delete(tenant.process, slot, {"policyId": id_}))

    with pytest.raises(Missing, match=r"this run has removed it(?s:.)*take import_ out"):
        taken_slot(tenant, slot, id_, applicationId=portal.object_id)


def test_reference_that_this_run_has_taken_over_survives_the_delete_of_its_old_resource(
    tenant: Tenant, portal: Registration
) -> None:
    id_ = tenant.stranger()
    slot = place(tenant, portal, id_)
    live = taken_slot(tenant, slot, id_, applicationId=portal.object_id)

    note = tenant.run(assignment.delete(tenant.process, slot, live.outputs))

    assert note == f"Left {slot} as it is: another resource of this program has it."
    assert tenant.assigned(portal) == [id_]
