from __future__ import annotations

from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.graph.errors import AnswerLost, EntraError, WrongTenant
from pulumi_entra_policies.lifecycle import policy

DEFINITION = {"version": 1, "samlTokenVersion": "2.0"}
INPUTS = {"displayName": "Portal SAML", "definition": DEFINITION}
STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
ABSENT = "00000000-0000-0000-0000-00000000000a"


def by_hand(tenant: Tenant, policy_id: str, **properties: Any) -> None:
    """What somebody does in the portal."""
    directory = tenant.graph.directory
    directory.update(directory.any(policy_id), properties)


def test_created_policy_reads_back_as_its_inputs(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.connection, INPUTS))

    read = tenant.run(policy.read(KIND, tenant.connection, created.id, created.outputs))

    assert read == created
    assert created.computed == {"definitionJson": STORED, "tenantId": tenant.graph.tenant_id}
    assert tenant.requests() == ["POST", "GET"]


@pytest.mark.parametrize(
    "typed",
    [
        '{ "TokenIssuancePolicy" : { "SamlTokenVersion":"2.0", "Version":"1" } }',
        '{"TokenIssuancePolicy":{"samltokenversion":"2.0","version":1}}',
    ],
    ids=["spaces, order and text", "letter case"],
)
def test_definition_typed_otherwise_is_no_drift_and_keeps_its_bytes(tenant: Tenant, typed: str) -> None:
    created = tenant.run(policy.create(KIND, tenant.connection, INPUTS))
    by_hand(tenant, created.id, definition=[typed])

    read = tenant.run(policy.read(KIND, tenant.connection, created.id, created.outputs))

    assert read is not None
    assert read.inputs == INPUTS
    assert read.computed["definitionJson"] == typed
    assert not policy.diff(KIND, read.outputs, INPUTS).changed
    tenant.requests()
    renamed = {**INPUTS, "displayName": "Other"}
    assert tenant.run(policy.update(KIND, tenant.connection, created.id, read.outputs, renamed)).computed == {
        "definitionJson": typed,
        "tenantId": tenant.graph.tenant_id,
    }
    assert tenant.graph.journal()[0]["body"].keys() == {"@odata.type", "displayName"}


def test_key_that_only_the_tenant_has_is_drift(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.connection, INPUTS))
    by_hand(tenant, created.id, definition=['{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0","New":{}}}'])

    read = tenant.run(policy.read(KIND, tenant.connection, created.id, created.outputs))

    assert read is not None
    assert read.inputs["definition"] == {**DEFINITION, "New": {}}
    assert policy.diff(KIND, read.outputs, INPUTS).changed


def test_update_without_a_difference_sends_nothing(tenant: Tenant) -> None:
    created = tenant.run(policy.create(KIND, tenant.connection, INPUTS))
    tenant.requests()

    updated = tenant.run(policy.update(KIND, tenant.connection, created.id, created.outputs, INPUTS))

    assert (updated, tenant.requests()) == (created, [])


def test_missing_policy_reads_as_none_and_is_deleted_already(tenant: Tenant) -> None:
    assert tenant.run(policy.read(KIND, tenant.connection, ABSENT, {})) is None
    assert tenant.run(policy.delete(KIND, tenant.connection, ABSENT, {})) is True


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


def test_id_that_is_none_is_refused_before_anything_is_sent(tenant: Tenant) -> None:
    with pytest.raises(EntraError, match='"portal" is not the id of a policy'):
        tenant.run(policy.read(KIND, tenant.connection, "portal", {}))
    assert tenant.requests() == []


@pytest.mark.parametrize("verb", ["read", "update", "delete"])
def test_policy_of_another_tenant_is_left_alone(tenant: Tenant, verb: str) -> None:
    state = {**INPUTS, "tenantId": ABSENT}
    arguments: list[Any] = [state, INPUTS] if verb == "update" else [state]

    with pytest.raises(WrongTenant, match="nothing was sent"):
        tenant.run(getattr(policy, verb)(KIND, tenant.connection, ABSENT, *arguments))
    assert tenant.requests() == []


def test_create_without_an_id_in_the_answer_is_a_lost_answer_and_no_second_post(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", when="after", status=201, body="{}", headers={"Content-Type": "application/json"})

    with pytest.raises(AnswerLost, match="no id"):
        tenant.run(policy.create(KIND, tenant.connection, INPUTS))
    assert tenant.requests() == ["POST"]
