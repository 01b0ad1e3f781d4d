from typing import Any

import httpx
import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, Tenant, assert_refused

HONOURING = ["tokenLifetimePolicies", "homeRealmDiscoveryPolicies", "activityBasedTimeoutPolicies"]
HONOURED = pytest.mark.parametrize("collection", HONOURING)
IGNORED = pytest.mark.parametrize("collection", sorted(set(DEFINITIONS) - set(HONOURING)))
SECOND = (
    400,
    "Request_MultipleObjectsWithSameKeyValue",
    "Request contains property changes that would result in property-uniqueness violation(s). "
    "Please retry your request with corrected values.",
)


def post(tenant: Tenant, collection: str) -> httpx.Response:
    body = {"displayName": "Second", "definition": [DEFINITIONS[collection]], "isOrganizationDefault": True}
    return tenant.http.post(f"policies/{collection}", json=body)


def patch(tenant: Tenant, collection: str, policy: dict[str, Any], **changes: Any) -> httpx.Response:
    return tenant.http.patch(f"policies/{collection}/{policy['id']}", json=changes)


@HONOURED
def test_second_default_is_refused(tenant: Tenant, collection: str) -> None:
    tenant.policy(collection, isOrganizationDefault=True)
    other = tenant.policy(collection)
    assert_refused(post(tenant, collection), *SECOND)
    assert_refused(patch(tenant, collection, other, isOrganizationDefault=True, displayName="New"), *SECOND)
    assert tenant.names(f"policies/{collection}") == ["Portal SAML", "Portal SAML"]


@HONOURED
def test_default_set_again_where_it_is_is_taken(tenant: Tenant, collection: str) -> None:
    policy = tenant.policy(collection, isOrganizationDefault=True)
    assert patch(tenant, collection, policy, isOrganizationDefault=True).status_code == 204


@HONOURED
def test_default_is_free_once_it_is_given_up(tenant: Tenant, collection: str) -> None:
    first, second = tenant.policy(collection, isOrganizationDefault=True), tenant.policy(collection)
    assert patch(tenant, collection, first, isOrganizationDefault=False).status_code == 204
    assert patch(tenant, collection, second, isOrganizationDefault=True).status_code == 204
    assert tenant.http.delete(f"policies/{collection}/{second['id']}").status_code == 204
    assert post(tenant, collection).status_code == 201


@IGNORED
def test_default_that_nothing_follows_is_only_stored(tenant: Tenant, collection: str) -> None:
    for _ in range(2):
        assert tenant.policy(collection, isOrganizationDefault=True)["isOrganizationDefault"] is True


def test_default_patch_fails_without_effect_if_so_told(tenant: Tenant) -> None:
    tenant.emulator.directory.default_patch_status = 500
    policy = tenant.policy()
    response = patch(tenant, ISSUANCE, policy, isOrganizationDefault=False, displayName="New")
    assert_refused(response, 500, "InternalServerError", "An internal server error has occurred.")
    assert tenant.names(f"policies/{ISSUANCE}") == ["Portal SAML"]
    assert patch(tenant, ISSUANCE, policy, displayName="New").status_code == 204
