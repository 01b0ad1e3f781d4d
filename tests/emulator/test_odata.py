import pytest
from tests.emulator.tenant import ISSUANCE, Tenant, assert_refused

POLICIES = f"policies/{ISSUANCE}"


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("displayName eq 'A'", ["A"]),
        ("displayName eq 'a'", ["A"]),
        ("displayName eq 'O''Hara'", ["O'Hara"]),
        ("displayName eq 'x and y'", ["x and y"]),
        ("displayName eq 'nobody'", []),
        ("isOrganizationDefault eq true", ["A"]),
        ("isOrganizationDefault eq false and displayName eq 'A'", []),
        ("  displayName eq 'A'  and  isOrganizationDefault eq true ", ["A"]),
    ],
)
def test_filter_keeps_what_fits(tenant: Tenant, condition: str, names: list[str]) -> None:
    tenant.policy(displayName="A", isOrganizationDefault=True)
    tenant.policy(displayName="O'Hara")
    tenant.policy(displayName="x and y")
    assert tenant.names(POLICIES, **{"$filter": condition}) == names


def test_filter_finds_an_application_by_client_id(tenant: Tenant) -> None:
    app_id = tenant.application(displayName="One")["appId"]
    tenant.application(displayName="Two")
    assert tenant.names("applications", **{"$filter": f"appId eq '{app_id}'"}) == ["One"]


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "startswith(displayName,'A')",
        "displayName ne 'A'",
        "displayName eq 'A' or displayName eq 'B'",
        "displayName eq 'A' and",
        "displayName eq 'A' and displayName eq 'B'",
        "displayName eq A",
        "displayName eq true",
        "isOrganizationDefault eq 'true'",
        "definition eq 'x'",
        "appId eq 'x'",
        "displayName eq null",
        "(displayName eq 'A')",
        "not displayName eq 'A'",
        "displayName in ('A')",
        "displayName eq 'A' 7",
        "displayName eq 'A",
    ],
)
def test_other_filter_is_refused(tenant: Tenant, condition: str) -> None:
    response = tenant.http.get(POLICIES, params={"$filter": condition})
    assert_refused(response, 400, "Request_UnsupportedQuery", f"Unsupported Query: {condition}")


def test_select_keeps_the_named_properties_and_the_context_names_them(tenant: Tenant) -> None:
    policy = tenant.policy()
    selected = tenant.get(f"{POLICIES}/{policy['id']}", **{"$select": "id, displayName"})
    assert selected.pop("@odata.context").endswith(f"/v1.0/$metadata#{POLICIES}(id,displayName)/$entity")
    assert selected == {"id": policy["id"], "displayName": "Portal SAML"}
    page = tenant.get(POLICIES, **{"$select": "displayName"})
    assert page["@odata.context"].endswith(f"/v1.0/$metadata#{POLICIES}(displayName)")
    assert page["value"] == [{"displayName": "Portal SAML"}]


@pytest.mark.parametrize(
    ("path", "type_name"),
    [
        (POLICIES, "tokenIssuancePolicy"),
        ("applications", "application"),
        ("servicePrincipals", "servicePrincipal"),
        ("organization", "organization"),
    ],
)
def test_unknown_property_is_not_selected(tenant: Tenant, path: str, type_name: str) -> None:
    response = tenant.http.get(path, params={"$select": "id,nothing"})
    message = (
        "Parsing OData Select and Expand failed: "
        f"Could not find a property named 'nothing' on type 'microsoft.graph.{type_name}'."
    )
    assert_refused(response, 400, "BadRequest", message)


def test_top_pages_through_next_links(tenant: Tenant) -> None:
    for number in range(5):
        tenant.policy(displayName=f"P{number}")
    pages, page = [], tenant.get(POLICIES, **{"$top": "2", "$select": "displayName"})
    while True:
        pages.append([one["displayName"] for one in page["value"]])
        if "@odata.nextLink" not in page:
            break
        assert "$skiptoken=" in page["@odata.nextLink"]
        page = tenant.get(page["@odata.nextLink"])
    assert pages == [["P0", "P1"], ["P2", "P3"], ["P4"]]


def test_next_link_keeps_the_filter(tenant: Tenant) -> None:
    for name in ("A & B", "C", "A & B"):
        tenant.policy(displayName=name)
    page = tenant.get(POLICIES, **{"$filter": "displayName eq 'A & B'", "$top": "1"})
    last = tenant.get(page["@odata.nextLink"])
    assert [one["displayName"] for one in last["value"]] == ["A & B"]
    assert "@odata.nextLink" not in last


def test_page_without_top_holds_100(tenant: Tenant) -> None:
    fill(tenant, 101)
    assert len(tenant.get("applications")["value"]) == 100
    assert len(tenant.get("applications", **{"$top": "999"})["value"]) == 101


def test_expand_holds_20_items_and_shrinks_the_page_to_100(tenant: Tenant) -> None:
    policy = tenant.policy()
    for target in fill(tenant, 21):
        tenant.assign(f"applications/{target}", policy)
    for _ in range(100):
        tenant.policy()
    page = tenant.get(POLICIES, **{"$expand": "appliesTo", "$top": "999"})
    assert (len(page["value"]), len(page["value"][0]["appliesTo"])) == (100, 20)
    assert page["value"][0]["appliesTo"][0]["@odata.type"] == "#microsoft.graph.application"
    assert page["value"][1]["appliesTo"] == []
    assert len(tenant.get(f"{POLICIES}/{policy['id']}/appliesTo")["value"]) == 21


def test_expand_of_one_policy_stays_beside_select(tenant: Tenant) -> None:
    found = tenant.get(f"{POLICIES}/{tenant.policy()['id']}", **{"$expand": "appliesTo", "$select": "displayName"})
    assert found.keys() == {"@odata.context", "displayName", "appliesTo"}


@pytest.mark.parametrize("top", ["0", "\u0663", "1000", "-1", "x", ""])
def test_wrong_page_size_is_refused(tenant: Tenant, top: str) -> None:
    message = f"Unsupported Query: Invalid page size specified: '{top}'. Must be between 1 and 999 inclusive."
    assert_refused(tenant.http.get(POLICIES, params={"$top": top}), 400, "Request_UnsupportedQuery", message)


@pytest.mark.parametrize(
    ("path", "options", "detail"),
    [
        (POLICIES, {"$orderby": "displayName"}, "$orderby"),
        (POLICIES, {"$expand": "owners"}, "$expand=owners"),
        ("applications", {"$expand": "appliesTo"}, "$expand=appliesTo"),
    ],
)
def test_option_that_is_not_emulated_is_refused(
    tenant: Tenant, path: str, options: dict[str, str], detail: str
) -> None:
    response = tenant.http.get(path, params=options)
    assert_refused(response, 400, "Request_UnsupportedQuery", f"Unsupported Query: {detail}")


def test_made_up_skip_token_is_refused(tenant: Tenant) -> None:
    response = tenant.http.get(POLICIES, params={"$skiptoken": "7"})
    message = (
        "The specified page token value has expired and can no longer be included in your request. "
        "To continue, please submit a new query."
    )
    assert_refused(response, 400, "Directory_ExpiredPageToken", message)


def fill(tenant: Tenant, number: int) -> list[str]:
    return [tenant.emulator.create_application(f"App {n}").object_id for n in range(number)]


# -- options where they do not belong ----------------------------------------------------------------------------------

OF_COLLECTIONS = ["$filter=id eq 'x'", "$top=1", "$orderby=displayName", "$count=true", "$skiptoken=x"]


@pytest.mark.parametrize(
    ("method", "path", "option"),
    [
        *(("GET", "applications/{id}", option) for option in OF_COLLECTIONS),
        ("GET", "applications/{id}/owners/$ref", "$filter=id eq 'x'"),
        ("POST", "applications", "$select=id"),
        ("PATCH", "applications/{id}", "$filter=id eq 'x'"),
        ("PATCH", "applications/{id}", "@id=x"),
        ("DELETE", "applications/{id}", "$top=1"),
        ("POST", "$batch", "$top=1"),
    ],
)
def test_option_of_collections_is_refused_elsewhere(tenant: Tenant, method: str, path: str, option: str) -> None:
    one = tenant.application()["id"]
    headers = {"ConsistencyLevel": "eventual"}
    response = tenant.http.request(method, f"{path.format(id=one)}?{option}", headers=headers)
    message = (
        "The following query options are not supported by this request method or cannot be applied to the requested "
        f"resource: {option.partition('=')[0]}"
    )
    assert_refused(response, 400, "Request_BadRequest", message)
    assert tenant.names("applications") == ["Portal"]


def test_reference_to_an_owner_takes_no_option(tenant: Tenant) -> None:
    owner, target = tenant.service_principal()["id"], tenant.target("applications")
    reference = {"@odata.id": f"{tenant.http.base_url}directoryObjects/{owner}"}
    assert tenant.http.post(f"{target}/owners/$ref", json=reference).status_code == 204
    refused = tenant.http.get(f"{target}/owners/{owner}/$ref", params={"$select": "id"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Request_BadRequest")
