"""What an assignment names is not there: which of the two it is, whose id it is, and whether waiting is of any use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant, to

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.targets import APPLICATION, CLIENT_ID, UNIQUE_NAME, WAYS, Way
from pulumi_entra_policies.definitions.values import snake
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import TargetMissing, WrongId
from pulumi_entra_policies.lifecycle import assignment, policy

GUID = "00000000-0000-0000-0000-00000000000a"
NOT_THERE: dict[str, Any] = {"status": 404, "code": "Request_ResourceNotFound"}
NOT_YET: dict[str, Any] = {"status": 400, "code": "Request_BadRequest", "message": "Not a valid reference update"}
BEHIND: dict[str, Any] = {
    "status": 404,
    "code": "Request_ResourceNotFound",
    "message": "Unable to read the company information from the directory.",
}
NO_POLICY_THERE = ["GET"] * 2 + ["GET"] * (len(KINDS) - 1)
"""Two looks at the policy, and one for each other kind."""


def assign(tenant: Tenant, inputs: dict[str, Any]) -> dict[str, Any]:
    tenant.requests()
    return tenant.run(assignment.create(tenant.process, inputs)).outputs


def named(policy_id: str, **target: str) -> dict[str, Any]:
    return {"policyId": policy_id, "policyType": KIND.name, **target}


# -- the target --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [way for way in WAYS if way.is_looked_up], ids=lambda way: way.argument)
def test_key_is_resolved_with_one_more_request(tenant: Tenant, portal: Registration, way: Way) -> None:
    tenant.name(portal, "it's")
    inputs = named(tenant.policy(), **{way.argument: {CLIENT_ID: portal.client_id, UNIQUE_NAME: "it's"}[way.key]})
    object_id = portal.object_id if way.target == APPLICATION else portal.service_principal_id

    outputs = assign(tenant, inputs)

    assert outputs[way.target.object_id] == object_id
    assert tenant.requests() == ["GET", "POST"]
    id_ = f"{way.target.collection}/{object_id}/{KIND.collection}"
    read = tenant.run(assignment.read(tenant.process, id_, outputs))
    assert read is not None
    assert (read.inputs, read.outputs) == (inputs, outputs)


@pytest.mark.parametrize(
    ("way", "id_", "words", "right", "sent"),
    [
        (
            "applicationId",
            "client_id",
            "client id of an application, not the object id of an application",
            "applicationClientId",
            ["POST", "GET", "GET"],
        ),
        (
            "applicationId",
            "service_principal_id",
            "object id of a service principal, not the object id of an application",
            "servicePrincipalId",
            ["POST", *["GET"] * 4],
        ),
        (
            "servicePrincipalId",
            "object_id",
            "object id of an application, not the object id of a service principal",
            "applicationId",
            ["POST", "GET", "GET"],
        ),
        (
            "applicationClientId",
            "object_id",
            "object id of an application, not the client id of an application",
            "applicationId",
            ["GET", "GET"],
        ),
        (
            "servicePrincipalClientId",
            "service_principal_id",
            "object id of a service principal, not the client id of a service principal",
            "servicePrincipalId",
            ["GET"] * 5,
        ),
        (
            "applicationUniqueName",
            "client_id",
            "client id of an application, not the unique name of an application",
            "applicationClientId",
            ["GET"] * 3,
        ),
        (
            "applicationUniqueName",
            "service_principal_id",
            "object id of a service principal, not the unique name of an application",
            "servicePrincipalId",
            ["GET"] * 4,
        ),
    ],
)
def test_id_of_something_else_is_told_at_once(
    tenant: Tenant, portal: Registration, way: str, id_: str, words: str, right: str, sent: list[str]
) -> None:
    value = getattr(portal, id_)
    inputs = named(tenant.policy(), **{way: value})

    with pytest.raises(WrongId, match=rf"{value} is the {words}\.(?s:.)*To go on: name it with {snake(right)}\.$"):
        assign(tenant, inputs)

    assert (tenant.requests(), tenant.waits) == (sent, [])
    assign(tenant, named(inputs["policyId"], **{right: value}))


def test_client_id_that_is_an_objects_is_told_with_replace_existing_too(tenant: Tenant, portal: Registration) -> None:
    inputs = named(tenant.policy(), applicationId=portal.client_id)

    with pytest.raises(WrongId, match="name it with application_client_id"):
        assign(tenant, {**inputs, "replaceExisting": True})
    assert tenant.waits == []


def test_unique_name_that_looks_like_an_id_is_told(tenant: Tenant, portal: Registration) -> None:
    tenant.name(portal, GUID)

    with pytest.raises(WrongId, match=f"{GUID} is the unique name of an application, not the client id of a service"):
        assign(tenant, named(GUID, servicePrincipalClientId=GUID))
    assert tenant.waits == []


@pytest.mark.parametrize(
    ("arrange", "told"),
    [
        pytest.param(lambda tenant, portal: None, "", id="nothing of that name"),
        pytest.param(
            lambda tenant, portal: tenant.graph.create_application("it's"),
            r'application "it\'s" \([0-9a-f-]{36}\) has that as display name, and no unique name; ',
            id="display name",
        ),
        pytest.param(
            lambda tenant, portal: tenant.name(tenant.graph.create_application("it's"), "its"),
            r'application "it\'s" \([0-9a-f-]{36}\) has that as display name, and unique name "its"; ',
            id="display name of one that has another",
        ),
        pytest.param(
            lambda tenant, portal: tenant.graph.fault(path="/applications$", status=403, times=2),
            "",
            id="may not be asked",
        ),
    ],
)
def test_unique_name_that_nothing_has_is_waited_for_and_told_how_to_set(
    tenant: Tenant, portal: Registration, arrange: Callable[[Tenant, Registration], object], told: str
) -> None:
    arrange(tenant, portal)

    with pytest.raises(
        TargetMissing,
        match=r"there is no application with unique name \"it's\" in this tenant(?s:.)*check the unique name and the "
        rf"tenant; {told}an application gets one by PATCH applications/<object id> {{\"uniqueName\": \"it's\"}}, once ",
    ):
        assign(tenant, named(GUID, applicationUniqueName="it's"))
    assert (tenant.requests(), tenant.waits) == (["GET"] * 9, WAITED)


def test_object_id_that_exists_nowhere_is_waited_for_and_told(tenant: Tenant) -> None:
    inputs = named(tenant.policy(), applicationId=GUID)

    with pytest.raises(TargetMissing, match=f"there is no application with object id {GUID} in this tenant"):
        assign(tenant, inputs)
    assert (tenant.requests(), tenant.waits) == (["POST", *["GET"] * 5, *["POST"] * 6, *["GET"] * 5], WAITED)
    assert len(tenant.told) == 1


def test_client_id_that_exists_nowhere_is_waited_for_and_told(tenant: Tenant) -> None:
    inputs = named(GUID, servicePrincipalClientId=GUID)

    with pytest.raises(TargetMissing, match=rf"no service principal with client id {GUID} (?s:.)*az ad sp create --id"):
        assign(tenant, inputs)
    assert (tenant.requests(), tenant.waits) == (["GET"] * 15, WAITED)


def test_client_id_of_an_application_is_not_believed_to_have_no_service_principal_yet(
    tenant: Tenant, portal: Registration
) -> None:
    inputs = named(tenant.policy(), servicePrincipalClientId=portal.client_id)
    tenant.graph.fault(path=r"servicePrincipals\(appId=", **NOT_THERE, times=2)

    assert assign(tenant, inputs)["servicePrincipalId"] == portal.service_principal_id
    assert tenant.waits == [1.0, 2.0]


def test_application_without_a_service_principal_is_told_how_to_make_one(tenant: Tenant) -> None:
    lonely = tenant.graph.create_application("Lonely")
    inputs = named(tenant.policy(), servicePrincipalClientId=lonely.client_id)

    with pytest.raises(TargetMissing, match=f"az ad sp create --id {lonely.client_id}"):
        assign(tenant, inputs)


def test_client_id_that_is_not_known_everywhere_yet_is_waited_for(tenant: Tenant) -> None:
    lonely = tenant.graph.create_application("Lonely")
    inputs = named(tenant.policy(), applicationClientId=lonely.client_id)
    tenant.graph.fault(path="appId=", **NOT_THERE, times=3)

    assert assign(tenant, inputs)["applicationId"] == lonely.object_id
    assert tenant.waits == [1.0, 2.0]


# -- the policy --------------------------------------------------------------------------------------------------------


def test_policy_that_does_not_exist_is_told_at_the_second_look(tenant: Tenant, portal: Registration) -> None:
    with pytest.raises(WrongId, match=f"{GUID} is not the id of a token issuance policy in this tenant"):
        assign(tenant, to(portal, GUID))
    assert (tenant.requests(), tenant.waits) == (["GET", "POST", "GET", *NO_POLICY_THERE], [1.0])


def test_policy_of_another_kind_is_told_at_the_second_look(tenant: Tenant, portal: Registration) -> None:
    directory = tenant.graph.directory
    body = {"displayName": "L", "definition": ['{"TokenLifetimePolicy":{"Version":1}}']}
    lifetime = directory.create_policy(directory.policy_sets["tokenLifetimePolicies"], body).id

    with pytest.raises(WrongId, match=f"{lifetime} is a token lifetime policy, (?s:.)*say TokenLifetimePolicy"):
        assign(tenant, to(portal, lifetime))
    assert tenant.waits == [1.0]


def test_policy_of_another_kind_of_this_run_is_told_as_soon(tenant: Tenant, portal: Registration) -> None:
    inputs = {"displayName": "L", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}
    lifetime = tenant.run(policy.create(KINDS["TokenLifetimePolicy"], tenant.process, inputs)).id

    with pytest.raises(WrongId, match=f"{lifetime} is a token lifetime policy, (?s:.)*say TokenLifetimePolicy"):
        assign(tenant, to(portal, lifetime))
    assert sum(tenant.waits) <= 1.0


def test_policy_that_does_not_exist_is_told_of_a_target_that_is_too_new_as_well(
    tenant: Tenant, portal: Registration
) -> None:
    tenant.graph.fault(method="POST", **NOT_THERE)
    tenant.graph.fault(path=f"applications/{portal.object_id}$", **NOT_THERE)

    with pytest.raises(WrongId, match=f"{GUID} is not the id of a token issuance policy in this tenant"):
        assign(tenant, to(portal, GUID))


# -- not yet -----------------------------------------------------------------------------------------------------------

REFUSALS = pytest.mark.parametrize("refusal", [NOT_YET, NOT_THERE], ids=["not valid", "404"])


@REFUSALS
def test_policy_that_graph_soon_knows_is_waited_for(
    tenant: Tenant, portal: Registration, refusal: dict[str, Any]
) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", **refusal, times=3)

    assign(tenant, to(portal, policy_id))

    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0, 4.0])
    assert tenant.requests() == ["POST", "GET", "POST", "POST", "POST"]
    assert tenant.told[0].endswith(f"{portal.object_id} and token issuance policy {policy_id} are not known everywhere")


@REFUSALS
def test_policy_of_somebody_else_is_looked_for_once_and_waited_for(
    tenant: Tenant, portal: Registration, refusal: dict[str, Any]
) -> None:
    policy_id = tenant.stranger()
    tenant.graph.fault(method="POST", **refusal, times=2)

    assign(tenant, to(portal, policy_id))

    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0])
    assert tenant.requests() == ["GET", "POST", "GET", "GET", "POST", "POST"]


def test_policy_that_graph_never_knows_everywhere_is_told(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", **NOT_YET, times=100)

    with pytest.raises(TargetMissing, match=r"does not know both everywhere yet(?s:.)*wait a little"):
        assign(tenant, to(portal, policy_id))
    assert (tenant.assigned(portal), tenant.waits) == ([], WAITED)


def test_replica_that_does_not_know_the_tenant_proves_nothing(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.stranger()
    tenant.graph.fault(method="POST", **NOT_YET, times=3)
    tenant.graph.fault(method="GET", **BEHIND, times=2)

    assign(tenant, to(portal, policy_id))
    assert tenant.assigned(portal) == [policy_id]


@pytest.mark.parametrize("path", ["", r"policies/", r"(applications|servicePrincipals)"])
@pytest.mark.parametrize("status", [403, 400])
def test_explanation_that_may_not_be_had_does_not_hide_the_refusal(
    tenant: Tenant, portal: Registration, path: str, status: int
) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", **NOT_THERE, times=2)
    tenant.graph.fault(method="GET", path=path, status=status, times=100)

    assign(tenant, to(portal, policy_id))
    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0])


def test_target_whose_other_names_may_not_be_asked_for_is_waited_for(tenant: Tenant, portal: Registration) -> None:
    policy_id = tenant.policy()
    tenant.graph.fault(method="POST", **NOT_THERE, times=2)
    tenant.graph.fault(path=rf"applications/{portal.object_id}$", **NOT_THERE)
    tenant.graph.fault(method="GET", status=403, times=3)

    assign(tenant, to(portal, policy_id))
    assert (tenant.assigned(portal), tenant.waits) == ([policy_id], [1.0, 2.0])
