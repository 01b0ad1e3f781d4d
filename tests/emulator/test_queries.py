"""What may be asked of applications and service principals: $filter, $orderby, $search, $count."""

from datetime import datetime, timezone
from typing import Any

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Tenant, assert_refused

from pulumi_entra_policies.emulator import Clock

EVENTUAL = {"ConsistencyLevel": "eventual"}
MISSING = "is not supported because the 'ConsistencyLevel:eventual' header is missing."


@pytest.fixture
def filled(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """All of one moment."""
    monkeypatch.setattr(tenant.emulator.directory, "now", Clock().date)
    portal = tenant.application(
        displayName="Portal", identifierUris=["api://portal"], tags=["web"], web={"homePageUrl": "https://portal"}
    )
    tenant.application(displayName="Portal two", description="The second one", signInAudience="AzureADMultipleOrgs")
    tenant.application(displayName="shop", tags=["web", "old"], web={"redirectUris": ["https://shop/in"]})
    tenant.created("servicePrincipals", {"appId": portal["appId"], "accountEnabled": False})
    return tenant


def asked(tenant: Tenant, path: str = "applications", *, eventual: bool = True, **options: str) -> httpx.Response:
    named = {f"${name}": value for name, value in options.items()}
    return tenant.http.get(path, params=named, headers=EVENTUAL if eventual else {})


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [one["displayName"] for one in response.json()["value"]]


SIMPLE = [
    ("displayName eq 'portal'", ["Portal"]),
    ("startswith(displayName,'portal')", ["Portal", "Portal two"]),
    ("startsWith(displayName, 'SH') eq true", ["shop"]),
    ("displayName in ('Portal', 'shop')", ["Portal", "shop"]),
    ("displayName eq 'Portal' or displayName eq 'shop'", ["Portal", "shop"]),
    ("(displayName eq 'Portal' or displayName eq 'shop') and tags/any(t:t eq 'old')", ["shop"]),
    ("displayName ge 'portal t'", ["Portal two", "shop"]),
    ("displayName le 'portal'", ["Portal"]),
    ("displayName eq null", []),
    ("identifierUris/any(uri:uri eq 'API://portal')", ["Portal"]),
    ("identifierUris/any(p:startswith(p,'api://'))", ["Portal"]),
    ("tags/any(t:t eq 'web' or t eq 'x')", ["Portal", "shop"]),
    ("uniqueName eq 'portal'", []),
]
ADVANCED = [
    ("displayName ne 'Portal'", ["Portal two", "shop"]),
    ("not startswith(displayName,'portal')", ["shop"]),
    ("not(displayName eq 'Portal') and displayName ne null", ["Portal two", "shop"]),
    ("description eq 'the second one'", ["Portal two"]),
    ("startswith(description,'the')", ["Portal two"]),
    ("createdDateTime ge 2020-01-01T00:00:00Z", ["Portal", "Portal two", "shop"]),
    ("createdDateTime le 2020-01-01T00:00:00Z", []),
    ("web/homePageUrl eq 'https://portal'", ["Portal"]),
    ("web/redirectUris/any(uri:uri eq 'https://shop/in')", ["shop"]),
]


@pytest.mark.parametrize(("condition", "found"), SIMPLE)
def test_simple_filter_needs_no_header(filled: Tenant, condition: str, found: list[str]) -> None:
    assert names(asked(filled, filter=condition, eventual=False)) == found


@pytest.mark.parametrize(("condition", "found"), [*SIMPLE, *ADVANCED])
def test_advanced_query_knows_every_filter(filled: Tenant, condition: str, found: list[str]) -> None:
    assert names(asked(filled, filter=condition, count="true")) == found


@pytest.mark.parametrize(("condition", "_found"), ADVANCED)
@pytest.mark.parametrize(("eventual", "count"), [(False, "true"), (True, "false")])
def test_advanced_filter_needs_header_and_count(
    filled: Tenant, condition: str, _found: list[str], eventual: bool, count: str
) -> None:
    response = asked(filled, filter=condition, count=count, eventual=eventual)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "Request_UnsupportedQuery")
    assert MISSING in error["message"] or "NotEqualsMatch" in error["message"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("servicePrincipalNames/any(n:n eq 'api://portal')", ["Portal"]),
        ("accountEnabled eq false", ["Portal"]),
        ("accountEnabled eq true", []),
        ("servicePrincipalType eq 'Application'", ["Portal"]),
        ("appOwnerOrganizationId eq {tenant}", ["Portal"]),
        ("appOwnerOrganizationId eq '{tenant}'", ["Portal"]),
        (f"appOwnerOrganizationId eq {NOWHERE}", []),
    ],
)
def test_service_principals_are_filtered(filled: Tenant, condition: str, found: list[str]) -> None:
    condition = condition.format(tenant=filled.emulator.tenant_id)
    assert names(asked(filled, "servicePrincipals", filter=condition, count="true")) == found


def test_client_id_finds_both(filled: Tenant) -> None:
    app_id = filled.get("servicePrincipals")["value"][0]["appId"]
    for path in ("applications", "servicePrincipals"):
        assert names(asked(filled, path, filter=f"appId eq '{app_id.upper()}'", eventual=False)) == ["Portal"]


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("notes eq 'x'", "notes"),
        ("displayName eq true", "displayName"),
        ("displayName eq Portal", "displayName"),
        ("displayName has 'x'", "displayName"),
        ("displayName/any(x:x eq 'x')", "displayName"),
        ("identifierUris eq 'x'", "identifierUris"),
        ("identifierUris/all(x:x eq 'x')", "identifierUris"),
        ("tags/any(a:a/any(b:b eq 'x'))", "tags"),
        ("tags/any(t:t ne 'x')", "tags"),
        ("signInAudience in ('x')", "signInAudience"),
        ("startswith(signInAudience,'x')", "signInAudience"),
        ("startswith(displayName,null)", "displayName"),
    ],
)
def test_clause_that_the_property_does_not_know_is_refused(filled: Tenant, condition: str, name: str) -> None:
    message = f"Unsupported or invalid query filter clause specified for property '{name}' of resource 'Application'."
    assert_refused(asked(filled, filter=condition, count="true"), 400, "Request_UnsupportedQuery", message)


@pytest.mark.parametrize("condition", ["colour eq 'x'", "web/colour eq 'x'", "endswith(displayName,'x')"])
def test_property_that_is_none_is_not_filtered_by(filled: Tenant, condition: str) -> None:
    name = "endswith" if "endswith" in condition else "colour"
    message = f"Invalid filter clause: Could not find a property named '{name}' on type 'microsoft.graph.application'."
    assert_refused(asked(filled, filter=condition, count="true"), 400, "BadRequest", message)


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "'x' eq displayName",
        "displayName eq 'x",
        "displayName eq 'x' displayName",
        "(displayName eq 'x'",
        "startswith(displayName 'x')",
        "startswith(displayName,'x') eq false",
        "tags/any(t eq 'x')",
        "tags/any(t:displayName eq 'x')",
    ],
)
def test_filter_that_is_none_is_refused(filled: Tenant, condition: str) -> None:
    message = f"Invalid filter clause: Syntax error in '{condition}'."
    assert_refused(asked(filled, filter=condition), 400, "BadRequest", message)


@pytest.mark.parametrize(("before", "after"), [("(", ")"), ("not ", "")], ids=["parentheses", "not"])
@pytest.mark.parametrize(("depth", "status"), [(100, 200), (101, 400), (5000, 400)])
def test_filter_that_is_too_deep_is_refused(filled: Tenant, before: str, after: str, depth: int, status: int) -> None:
    condition = f"{before * depth}displayName eq 'x'{after * depth}"
    assert asked(filled, filter=condition, count="true").status_code == status


def test_filter_may_be_long(filled: Tenant) -> None:
    condition = " and ".join(["displayName eq 'shop'"] * 1500)
    assert names(asked(filled, filter=condition)) == ["shop"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("ge 2026-01-01T12:00:00Z", True),
        ("ge 2026-01-01T12:30:00+02:00", True),
        ("le 2026-01-01T11:30:00-02:00", True),
        ("eq 2026-01-01T14:00:00.0+02:00", True),
        ("ge 2026-01-01T12:00:01Z", False),
        ("eq null", False),
    ],
)
def test_dates_compare_as_moments(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, condition: str, found: bool) -> None:
    monkeypatch.setattr(tenant.emulator.directory, "now", lambda: datetime(2026, 1, 1, 12, tzinfo=timezone.utc))
    tenant.application()
    answered = names(asked(tenant, filter=f"createdDateTime {condition}", count="true"))
    assert answered == (["Portal"] if found else [])


def test_no_date_is_refused(tenant: Tenant) -> None:
    response = asked(tenant, filter="createdDateTime ge 2026-13-01T00:00:00Z", count="true")
    message = "Unsupported or invalid query filter clause specified for property 'createdDateTime' of resource "
    assert_refused(response, 400, "Request_UnsupportedQuery", f"{message}'Application'.")


# -- $orderby ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("displayName", ["Portal", "Portal two", "shop"]),
        ("displayName asc", ["Portal", "Portal two", "shop"]),
        ("displayName desc", ["shop", "Portal two", "Portal"]),
        ("createdDateTime,displayName desc", ["shop", "Portal two", "Portal"]),
    ],
)
def test_order_is_that_of_the_property(filled: Tenant, order: str, found: list[str]) -> None:
    assert names(asked(filled, orderby=order, count="true")) == found
    paged = asked(filled, orderby=order, count="true", top="1").json()
    pages = [paged["value"][0]["displayName"]]
    while "@odata.nextLink" in paged:
        paged = filled.http.get(paged["@odata.nextLink"], headers=EVENTUAL).json()
        pages.append(paged["value"][0]["displayName"])
    assert pages == found


@pytest.mark.parametrize(("order", "found"), [("createdDateTime", ["b", "a"]), ("createdDateTime desc", ["a", "b"])])
def test_order_by_date_goes_by_the_clock(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, order: str, found: list[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr(tenant.emulator.directory, "now", clock.date)
    for name in ("b", "a"):
        tenant.application(displayName=name)
        clock.advance(1)
    assert names(asked(tenant, orderby=order, count="true")) == found


def test_order_by_name_alone_needs_no_header(filled: Tenant) -> None:
    assert names(asked(filled, orderby="displayName desc", eventual=False)) == ["shop", "Portal two", "Portal"]


@pytest.mark.parametrize(
    ("order", "condition"),
    [
        ("displayName", "startswith(displayName,'p')"),
        ("createdDateTime", ""),
        ("displayName,displayName", ""),
    ],
)
def test_other_orders_are_for_advanced_queries(filled: Tenant, order: str, condition: str) -> None:
    filtered = {"filter": condition} if condition else {}
    options = {f"${name}": value for name, value in {"orderby": order, **filtered}.items()}
    message = "Sorting not supported for current query."
    assert_refused(filled.http.get("applications", params=options), 400, "Request_UnsupportedQuery", message)
    counted = {**options, "$count": "true"}
    assert filled.http.get("applications", params=counted, headers=EVENTUAL).status_code == 200


@pytest.mark.parametrize("order", ["notes", "colour", "displayName up", ""])
def test_order_by_what_does_not_sort_is_refused(filled: Tenant, order: str) -> None:
    message = f"Unsupported sort property '{order}' for 'Application'."
    assert_refused(asked(filled, orderby=order, count="true"), 400, "Request_UnsupportedQuery", message)


# -- $search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"displayName:portal"', ["Portal", "Portal two"]),
        ('"displayName:TWO portal"', ["Portal two"]),
        ('"displayName:ortal"', []),
        ('"description:second"', ["Portal two"]),
        ('"tags:ol"', ["shop"]),
        ('"displayName:portal" AND "description:one"', ["Portal two"]),
        ('"displayName:shop" OR "displayName:portal" AND "description:one"', ["Portal two", "shop"]),
    ],
)
def test_search_needs_the_header_alone(filled: Tenant, text: str, found: list[str]) -> None:
    assert names(asked(filled, search=text)) == found


def test_search_and_filter_narrow_each_other(filled: Tenant) -> None:
    assert names(asked(filled, search='"displayName:portal"', filter="displayName eq 'portal two'")) == ["Portal two"]


def test_search_finds_the_words_of_a_name_written_together(tenant: Tenant) -> None:
    tenant.application(displayName="OneVideo365 HTTPServer")
    for word in ("one", "video", "365", "http", "server"):
        assert len(names(asked(tenant, search=f'"displayName:{word}"'))) == 1


def test_search_without_the_header_is_refused(filled: Tenant) -> None:
    response = asked(filled, search='"displayName:portal"', count="true", eventual=False)
    message = (
        "Request with $search query parameter only works through MSGraph with a special request header: "
        "'ConsistencyLevel: eventual'"
    )
    assert_refused(response, 400, "Request_UnsupportedQuery", message)


@pytest.mark.parametrize("text", ["", "displayName:portal", '"portal"', '"displayName:a" NOT "displayName:b"'])
def test_search_that_is_none_is_refused(filled: Tenant, text: str) -> None:
    message = f"Invalid $search query specified: '{text}'."
    assert_refused(asked(filled, search=text), 400, "BadRequest", message)


@pytest.mark.parametrize("name", ["notes", "colour"])
def test_property_that_is_not_searched_is_refused(filled: Tenant, name: str) -> None:
    message = f"Unsupported search property '{name}' for 'Application'."
    assert_refused(asked(filled, search=f'"{name}:x"'), 400, "Request_UnsupportedQuery", message)


# -- $count ------------------------------------------------------------------------------------------------------------


def test_count_is_told_on_the_first_page(filled: Tenant) -> None:
    first = asked(filled, count="true", top="2").json()
    assert first["@odata.count"] == 3
    second = filled.http.get(first["@odata.nextLink"], headers=EVENTUAL).json()
    assert ("@odata.count" in second, len(second["value"])) == (False, 1)
    assert asked(filled, count="true", filter="startswith(displayName,'p')").json()["@odata.count"] == 2


def test_count_without_the_header_is_ignored(filled: Tenant) -> None:
    response = asked(filled, count="true", eventual=False)
    assert ("@odata.count" in response.json(), len(response.json()["value"])) == (False, 3)


def test_count_that_is_no_truth_is_refused(filled: Tenant) -> None:
    message = "Invalid value 'maybe' for $count query option found."
    assert_refused(asked(filled, count="maybe"), 400, "BadRequest", message)


@pytest.mark.parametrize(
    ("path", "options", "count"),
    [
        ("applications", {}, "3"),
        ("applications", {"filter": "displayName ne 'shop'"}, "2"),
        ("applications", {"search": '"displayName:two"'}, "1"),
        ("servicePrincipals", {}, "1"),
    ],
)
def test_count_of_a_collection_is_plain_text(filled: Tenant, path: str, options: dict[str, Any], count: str) -> None:
    response = asked(filled, f"{path}/$count", **options)
    assert (response.status_code, response.text) == (200, count)
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(("path", "eventual"), [("applications", False), (f"policies/{ISSUANCE}", True)])
def test_count_of_a_collection_is_refused_without_header_and_for_policies(
    filled: Tenant, path: str, eventual: bool
) -> None:
    message = "$count is not currently supported."
    assert_refused(asked(filled, f"{path}/$count", eventual=eventual), 400, "Request_BadRequest", message)


# -- options as such ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["filter", "select", "colour", "Filter", "api-version"])
def test_option_without_dollar_is_refused_in_v1(tenant: Tenant, name: str) -> None:
    message = f"Unrecognized query argument specified: '{name}'."
    assert_refused(tenant.http.get("applications", params={name: "id"}), 400, "Request_BadRequest", message)


def test_option_without_dollar_is_taken_in_beta(beta: Tenant) -> None:
    beta.application(displayName="A")
    beta.application(displayName="B")
    page = beta.get("applications", filter="displayName in ('A','B')", select="displayName", top="1")
    assert page["value"] == [{"displayName": "A"}]
    assert beta.get(page["@odata.nextLink"])["value"] == [{"displayName": "B"}]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"colour": "x"}, ("Request_BadRequest", "Unrecognized query argument specified: 'colour'.")),
        ({"skip": "1"}, ("Request_UnsupportedQuery", "Unsupported Query: $skip")),
    ],
)
def test_unknown_option_is_refused_in_beta_too(beta: Tenant, params: dict[str, str], refusal: tuple[str, str]) -> None:
    assert_refused(beta.http.get("applications", params=params), 400, *refusal)


def test_option_twice_is_refused(tenant: Tenant) -> None:
    message = "Query option '$select' was specified more than once, but it must be specified at most once."
    response = tenant.http.get("applications?$select=id&$select=appId")
    assert_refused(response, 400, "BadRequest", message)


@pytest.mark.parametrize("option", ["$count", "$orderby", "$search", "$skip", "$colour"])
def test_policies_know_no_advanced_options(tenant: Tenant, option: str) -> None:
    response = tenant.http.get(f"policies/{ISSUANCE}", params={option: "true"}, headers=EVENTUAL)
    assert_refused(response, 400, "Request_UnsupportedQuery", f"Unsupported Query: {option}")


def test_property_that_beta_alone_has_is_null(beta: Tenant, tenant: Tenant) -> None:
    target = f"servicePrincipals/{tenant.service_principal()['id']}"
    found = beta.get(target, **{"$select": "samlMetadataUrl"})
    assert found.pop("@odata.context").endswith("(samlMetadataUrl)/$entity")
    assert found == {"samlMetadataUrl": None}
    assert tenant.http.get(target, params={"$select": "samlMetadataUrl"}).status_code == 400
