from typing import Any

import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, NOWHERE, Tenant, absent, assert_refused

SETS = pytest.mark.parametrize("collection", DEFINITIONS)


@SETS
def test_create_answers_201_with_the_policy(tenant: Tenant, collection: str) -> None:
    created = tenant.policy(collection)
    assert created.pop("@odata.context").endswith(f"/v1.0/$metadata#policies/{collection}/$entity")
    assert created == {
        "id": created["id"],
        "deletedDateTime": None,
        "displayName": "Portal SAML",
        "definition": [DEFINITIONS[collection]],
        "isOrganizationDefault": False,
    }


@SETS
def test_created_policy_is_read_and_listed(tenant: Tenant, collection: str) -> None:
    created = tenant.policy(collection)
    assert tenant.get(f"policies/{collection}/{created['id']}") == created
    del created["@odata.context"]
    assert tenant.get(f"policies/{collection}")["value"] == [created]


@SETS
def test_patch_answers_204_and_changes_only_what_it_names(tenant: Tenant, collection: str) -> None:
    created = tenant.policy(collection)
    address = f"policies/{collection}/{created['id']}"
    response = tenant.http.patch(address, json={"displayName": "New", "isOrganizationDefault": True})
    assert (response.status_code, response.content) == (204, b"")
    assert tenant.get(address) == created | {"displayName": "New", "isOrganizationDefault": True}


@SETS
def test_deleted_policy_is_gone(tenant: Tenant, collection: str) -> None:
    address = f"policies/{collection}/{(policy := tenant.policy(collection))['id']}"
    response = tenant.http.delete(address)
    assert (response.status_code, response.content) == (204, b"")
    assert_refused(tenant.http.get(address), *absent(policy["id"]))
    assert_refused(tenant.http.delete(address), *absent(policy["id"]))


def test_create_answers_with_its_location(tenant: Tenant) -> None:
    body = {"displayName": "Portal", "definition": [DEFINITIONS[ISSUANCE]]}
    response = tenant.http.post(f"policies/{ISSUANCE}", json=body)
    assert tenant.http.get(response.headers["location"]).json() == response.json()


def test_same_name_twice_makes_a_twin(tenant: Tenant) -> None:
    assert tenant.policy()["id"] != tenant.policy()["id"]
    assert tenant.names(f"policies/{ISSUANCE}") == ["Portal SAML", "Portal SAML"]


def test_policy_under_another_set_is_not_there(tenant: Tenant) -> None:
    policy = tenant.policy("tokenLifetimePolicies")
    assert_refused(tenant.http.get(f"policies/{ISSUANCE}/{policy['id']}"), *absent(policy["id"]))


def test_id_in_capitals_is_the_same_id(tenant: Tenant) -> None:
    policy = tenant.policy()
    assert tenant.get(f"policies/{ISSUANCE}/{policy['id'].upper()}") == policy


def test_type_annotation_is_taken_and_not_kept(tenant: Tenant) -> None:
    created = tenant.policy(**{"@odata.type": "#microsoft.graph.tokenIssuancePolicy"})
    assert "@odata.type" not in created


def test_display_name_outside_unicode_comes_back(tenant: Tenant) -> None:
    content = b'{"displayName": "\\ud800", "definition": ["%s"]}' % DEFINITIONS[ISSUANCE].replace('"', '\\"').encode()
    headers = {"content-type": "application/json"}
    response = tenant.http.post(f"policies/{ISSUANCE}", content=content, headers=headers)
    assert response.json()["displayName"] == "\ud800"
    assert tenant.emulator.journal()[0]["body"]["displayName"] == "\ud800"
    assert tenant.http.get(f"{tenant.emulator.url}/emulator/journal").status_code == 200


@pytest.mark.parametrize("value", ["About", "", None])
def test_description_gets_the_misleading_404(tenant: Tenant, value: str | None) -> None:
    policy = tenant.policy()
    body = {"displayName": "Portal", "definition": policy["definition"], "description": value}
    assert_refused(tenant.http.post(f"policies/{ISSUANCE}", json=body), *absent(""))
    changed = tenant.http.patch(f"policies/{ISSUANCE}/{policy['id']}", json={"description": value})
    assert_refused(changed, *absent(""))
    assert tenant.names(f"policies/{ISSUANCE}") == ["Portal SAML"]


@pytest.mark.parametrize("name", ["displayName", "definition"])
def test_create_without_what_is_required_is_refused(tenant: Tenant, name: str) -> None:
    body = {"displayName": "Portal", "definition": [DEFINITIONS[ISSUANCE]]}
    del body[name]
    message = f"A value is required for property '{name}' of resource 'Policy'."
    assert_refused(tenant.http.post(f"policies/{ISSUANCE}", json=body), 400, "Request_BadRequest", message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"displayName": ""}, "Property displayName has an invalid value."),
        ({"displayName": 7}, "Property displayName has an invalid value."),
        ({"displayName": None}, "Property displayName has an invalid value."),
        ({"isOrganizationDefault": "true"}, "Property isOrganizationDefault has an invalid value."),
        ({"definition": []}, "Property definition has an invalid value."),
        ({"colour": "red"}, "Invalid property 'colour'."),
        ({"id": NOWHERE}, "Property 'id' is read-only and cannot be set."),
        ({"appliesTo": []}, "Property 'appliesTo' is read-only and cannot be set."),
    ],
)
def test_wrong_property_is_refused_and_changes_nothing(tenant: Tenant, changes: dict[str, Any], message: str) -> None:
    policy = tenant.policy()
    body = {"displayName": "Portal", "definition": policy["definition"]} | changes
    created = tenant.http.post(f"policies/{ISSUANCE}", json=body)
    assert_refused(created, 400, "Request_BadRequest", message)
    changed = tenant.http.patch(f"policies/{ISSUANCE}/{policy['id']}", json=changes)
    assert_refused(changed, 400, "Request_BadRequest", message)
    del policy["@odata.context"]
    assert tenant.get(f"policies/{ISSUANCE}")["value"] == [policy]


def test_unknown_set_is_refused(tenant: Tenant) -> None:
    response = tenant.http.get("policies/colourPolicies")
    message = "Resource not found for the segment 'colourPolicies'."
    assert_refused(response, 400, "Request_BadRequest", message)
