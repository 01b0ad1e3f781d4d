from __future__ import annotations

import pytest
from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.graph.errors import Ambiguous, Missing
from pulumi_entra_policies.lifecycle import lookup


def test_policy_is_found_by_its_exact_name(tenant: Tenant) -> None:
    tenant.policy("portal saml")
    wanted = tenant.policy("Portal SAML", samlTokenVersion="2.0")

    found = tenant.run(lookup.by_name(KIND, tenant.process, "Portal SAML"))

    assert (found.id, found.inputs["definition"]) == (wanted, {"version": 1, "samlTokenVersion": "2.0"})


def test_several_of_one_name_are_listed(tenant: Tenant) -> None:
    one, two = tenant.stranger(), tenant.stranger()

    with pytest.raises(
        Ambiguous, match=rf"2 have this name: {one}, {two}\.\n .* TokenIssuancePolicy\.get\(\), by its id"
    ):
        tenant.run(lookup.by_name(KIND, tenant.process, "Portal SAML"))


def test_name_that_nothing_has_is_missing(tenant: Tenant) -> None:
    with pytest.raises(Missing, match='"Nothing":\n  no token issuance policy in this tenant has that name'):
        tenant.run(lookup.by_name(KIND, tenant.process, "Nothing"))


def test_every_page_is_read(tenant: Tenant) -> None:
    ids = [tenant.stranger(f"Policy {number:04}") for number in range(1000)]

    found = tenant.run(lookup.every(KIND, tenant.process))

    assert [policy.id for policy in found] == ids
    assert tenant.requests() == ["GET", "GET"]


def test_what_no_stack_has_written_was_never_written(tenant: Tenant) -> None:
    tenant.stranger()

    found = tenant.run(lookup.by_name(KIND, tenant.process, "Portal SAML"))

    assert found.outputs == {
        "displayName": "Portal SAML",
        "definition": {"version": 1},
        "definitionJson": '{"TokenIssuancePolicy":{"Version":1}}',
        "tenantId": tenant.graph.tenant_id,
    }
