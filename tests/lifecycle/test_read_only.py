"""A refresh by a token that may only read, as a pipeline's nightly look should have: Graph does not list for it what a
target has, but says of each policy who has it."""

from __future__ import annotations

import pytest
from tests.lifecycle.tenant import KIND, Tenant, slot

from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.lifecycle import assignment
from pulumi_entra_policies.lifecycle.outcomes import Live
from pulumi_entra_policies.lifecycle.run import Run

READS = ("Policy.Read.All", "Application.Read.All")


class ReadOnly:
    """A credential whose token may only read."""

    permissions = READS

    async def close(self) -> None:
        """It holds nothing."""


@pytest.fixture
def reader(tenant: Tenant) -> Run:
    run = tenant.connect()
    run.connection._credential = ReadOnly()  # type: ignore[assignment]
    tenant.graph.grant(READS)
    return run


def read(tenant: Tenant, reader: Run, portal: Registration, policy_id: str) -> Live | None:
    state = {
        "policyId": policy_id,
        "policyType": KIND.name,
        "applicationId": portal.object_id,
        "tenantId": tenant.graph.tenant_id,
    }
    return tenant.run(assignment.read(reader, slot(portal), state))


def test_assignment_that_is_there_is_read(tenant: Tenant, reader: Run, portal: Registration) -> None:
    policy_id = tenant.stranger()
    tenant.place(portal, policy_id)
    found = read(tenant, reader, portal, policy_id)
    assert found
    assert found.inputs["policyId"] == policy_id


def test_policy_that_took_the_place_is_drift(tenant: Tenant, reader: Run, portal: Registration) -> None:
    other = tenant.stranger("Other")
    tenant.place(portal, other)
    found = read(tenant, reader, portal, tenant.stranger())
    assert found
    assert found.inputs["policyId"] == other


def test_assignment_that_is_gone_is_gone(tenant: Tenant, reader: Run, portal: Registration) -> None:
    assert read(tenant, reader, portal, tenant.stranger()) is None


def test_assignment_is_found_on_any_page_and_among_any_number_of_users(
    tenant: Tenant, reader: Run, portal: Registration
) -> None:
    policies = [tenant.stranger(f"Policy {number}") for number in range(105)]
    for policy_id in policies[:100:99]:
        for number in range(20):
            tenant.place(tenant.graph.create_application(f"App {number}"), policy_id)
    tenant.place(portal, policies[99])
    found = read(tenant, reader, portal, policies[104])
    assert found
    assert found.inputs["policyId"] == policies[99]
