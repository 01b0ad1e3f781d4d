"""Pages while objects come and go."""

import pytest
from tests.emulator.tenant import ISSUANCE, Tenant, assert_refused

EVENTUAL = {"ConsistencyLevel": "eventual"}
QUERIES = [
    ("applications", {}),
    ("applications", {"$filter": "startswith(displayName,'A')"}),
    ("applications", {"$orderby": "displayName"}),
    ("applications", {"$orderby": "displayName desc"}),
]
START = "RFNwdAoAAQ"
FOREIGN = [
    *("x", START, f"{START}.x", f"{START}.e30=", f"{START}.WzEsMl0="),
    *(f"{START}{'9' * 5000}", f"{START}.{'W1tb' * 9000}"),
]
EXPIRED = (
    "The specified page token value has expired and can no longer be included in your request. "
    "To continue, please submit a new query."
)


def delete(tenant: Tenant, name: str) -> None:
    [one] = tenant.get("applications", **{"$filter": f"displayName eq '{name}'"})["value"]
    assert tenant.http.delete(f"applications/{one['id']}").status_code == 204


@pytest.mark.parametrize(("path", "options"), QUERIES)
@pytest.mark.parametrize("gone", [["A0"], ["A1"], ["A2"], ["A3"], ["A0", "A1"], ["A2", "A3"], ["A0", "A1", "A2"]])
def test_nothing_is_lost_or_twice_when_objects_go_between_pages(
    tenant: Tenant, path: str, options: dict[str, str], gone: list[str]
) -> None:
    for number in range(6):
        tenant.application(displayName=f"A{number}")
    page = tenant.get(path, **options, **{"$top": "2"})
    seen = [one["displayName"] for one in page["value"]]
    for name in gone:
        delete(tenant, name)
    while "@odata.nextLink" in page:
        page = tenant.get(page["@odata.nextLink"])
        seen += [one["displayName"] for one in page["value"]]
    assert len(set(seen)) == len(seen)
    assert {f"A{number}" for number in range(6)} - set(gone) <= set(seen)


def test_what_comes_between_pages_is_on_the_last(tenant: Tenant) -> None:
    for number in range(3):
        tenant.policy(displayName=f"P{number}")
    page = tenant.get(f"policies/{ISSUANCE}", **{"$top": "2"})
    tenant.policy(displayName="New")
    assert tenant.names(page["@odata.nextLink"]) == ["P2", "New"]


def test_users_of_a_policy_that_go_between_pages_take_no_other_along(tenant: Tenant) -> None:
    policy = tenant.policy()
    targets = [tenant.target("applications") for _ in range(4)]
    for target in targets:
        tenant.assign(target, policy)
    page = tenant.get(f"policies/{ISSUANCE}/{policy['id']}/appliesTo", **{"$top": "2"})
    tenant.http.delete(f"{targets[0]}/{ISSUANCE}/{policy['id']}/$ref")
    rest = tenant.get(page["@odata.nextLink"])["value"]
    assert [one["id"] for one in rest] == [target.partition("/")[2] for target in targets[2:]]


@pytest.mark.parametrize("token", FOREIGN, ids=range(len(FOREIGN)))
@pytest.mark.parametrize("options", [{}, {"$orderby": "displayName"}])
def test_token_of_another_making_is_refused(tenant: Tenant, token: str, options: dict[str, str]) -> None:
    response = tenant.http.get("applications", params={**options, "$skiptoken": token})
    assert_refused(response, 400, "Directory_ExpiredPageToken", EXPIRED)


def test_token_of_another_order_is_refused(tenant: Tenant) -> None:
    for name in "AB":
        tenant.application(displayName=name)
    plain = tenant.get("applications", **{"$top": "1"})["@odata.nextLink"]
    ordered = tenant.get("applications", **{"$top": "1", "$orderby": "displayName"})["@odata.nextLink"]
    for address in (f"{plain}&$orderby=displayName", ordered.replace("$orderby=displayName&", "")):
        assert_refused(tenant.http.get(address), 400, "Directory_ExpiredPageToken", EXPIRED)


@pytest.mark.parametrize(
    ("targets", "sets"),
    [("applications", [ISSUANCE, "tokenLifetimePolicies"]), ("servicePrincipals", [ISSUANCE, "claimsMappingPolicies"])],
)
def test_policies_of_a_target_are_expanded(tenant: Tenant, targets: str, sets: list[str]) -> None:
    target = tenant.target(targets)
    assigned = [tenant.policy(collection) for collection in sets]
    for collection, policy in zip(sets, assigned, strict=True):
        tenant.assign(target, policy, collection)
    found = tenant.get(target, **{"$expand": f"{sets[0]}($select=id),{sets[1]}", "$select": "id"})
    assert found["@odata.context"].endswith(f"#{targets}(id,{sets[0]}(id),{sets[1]}())/$entity")
    assert found[sets[0]] == [{"id": assigned[0]["id"]}]
    assert [one["displayName"] for one in found[sets[1]]] == ["Portal SAML"]
    listed = tenant.get(targets, **{"$expand": sets[0]})
    assert listed["@odata.context"].endswith(f"#{targets}({sets[0]}())")
    assert [one["id"] for one in listed["value"][0][sets[0]]] == [assigned[0]["id"]]


def test_expanded_targets_come_in_pages_of_100(tenant: Tenant) -> None:
    for number in range(101):
        tenant.emulator.create_application(f"App {number}")
    page = tenant.get("applications", **{"$expand": ISSUANCE, "$top": "999"})
    assert (len(page["value"]), page["value"][0][ISSUANCE]) == (100, [])
    assert len(tenant.get(page["@odata.nextLink"])["value"]) == 1


def test_expanding_takes_what_the_policies_themselves_take(tenant: Tenant) -> None:
    target = tenant.target("servicePrincipals")
    tenant.emulator.grant({"Application.Read.All"})
    assert tenant.http.get(target).status_code == 200
    assert tenant.http.get(target, params={"$expand": "claimsMappingPolicies"}).status_code == 403
    tenant.emulator.grant({"Application.ReadWrite.OwnedBy", "Policy.Read.All"})
    assert tenant.http.get(target, params={"$expand": "claimsMappingPolicies"}).status_code == 200
