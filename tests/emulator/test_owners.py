"""Owners of applications and service principals."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.emulator.signing import CLIENT, SCOPE, SECRET
from tests.emulator.tenant import NOWHERE, Json, Tenant, absent, assert_refused

from pulumi_entra_policies.emulator import Emulator

TARGETS = pytest.mark.parametrize("targets", ["applications", "servicePrincipals"])
INVALID = (400, "Request_BadRequest", "Not a valid reference update")


@pytest.fixture
def owner(tenant: Tenant) -> str:
    return str(tenant.service_principal()["id"])


def authorized(http: httpx.Client, emulator: Emulator) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": SCOPE}
    answer = http.post(f"/{emulator.tenant_id}/oauth2/v2.0/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def add(tenant: Tenant, target: str, owner: str, form: str = "{root}/directoryObjects/{id}") -> httpx.Response:
    address = form.format(root=str(tenant.http.base_url).rstrip("/"), id=owner, tenant=tenant.emulator.tenant_id)
    return tenant.http.post(f"{target}/owners/$ref", json={"@odata.id": address})


def owners(tenant: Tenant, target: str) -> list[str]:
    return [one["id"] for one in tenant.get(f"{target}/owners")["value"]]


@TARGETS
def test_added_owner_is_listed_and_can_be_removed(tenant: Tenant, owner: str, targets: str) -> None:
    target = tenant.target(targets)
    response = add(tenant, target, owner)
    assert (response.status_code, response.content) == (204, b"")
    [found] = tenant.get(f"{target}/owners")["value"]
    assert (found["@odata.type"], found["id"]) == ("#microsoft.graph.servicePrincipal", owner)
    assert tenant.http.delete(f"{target}/owners/{owner}/$ref").status_code == 204
    assert owners(tenant, target) == []


@pytest.mark.parametrize(
    "form",
    [
        "{root}/servicePrincipals/{id}",
        "https://graph.microsoft.com/beta/directoryObjects/{id}",
        "https://graph.microsoft.com/v1.0/{tenant}/directoryObjects/{id}",
        "directoryObjects/{id}",
    ],
)
def test_owner_in_any_form_that_clients_send_is_taken(tenant: Tenant, owner: str, form: str) -> None:
    target = tenant.target("applications")
    assert add(tenant, target, owner, form).status_code == 204
    assert owners(tenant, target) == [owner]


@pytest.mark.parametrize("body", [{}, {"@odata.id": 7}, {"@odata.id": "{id}"}, {"@odata.id": "groups/{id}"}])
def test_owner_that_is_no_reference_is_refused(tenant: Tenant, owner: str, body: Json) -> None:
    filled = {name: value.format(id=owner) if isinstance(value, str) else value for name, value in body.items()}
    target = tenant.target("applications")
    assert_refused(tenant.http.post(f"{target}/owners/$ref", json=filled), *INVALID)


def test_application_or_nobody_is_no_owner(tenant: Tenant) -> None:
    target = tenant.target("applications")
    assert_refused(add(tenant, target, target.partition("/")[2]), *INVALID)
    assert_refused(add(tenant, target, NOWHERE), *absent(NOWHERE))


def test_same_owner_again_is_refused(tenant: Tenant, owner: str) -> None:
    target = tenant.target("applications")
    add(tenant, target, owner)
    message = "One or more added object references already exist for the following modified properties: 'owners'."
    assert_refused(add(tenant, target, owner), 400, "Request_BadRequest", message)


def test_removing_who_owns_nothing_is_404(tenant: Tenant, owner: str) -> None:
    response = tenant.http.delete(f"{tenant.target('applications')}/owners/{owner}/$ref")
    assert_refused(response, *absent(owner))


def test_owner_is_removed_by_its_address_too(tenant: Tenant, owner: str) -> None:
    target = tenant.target("applications")
    add(tenant, target, owner)
    [reference] = tenant.get(f"{target}/owners/$ref")["value"]
    assert tenant.get(f"{target}/owners/{owner}/$ref")["@odata.id"] == reference["@odata.id"]
    response = tenant.http.delete(f"{target}/owners/$ref", params={"@id": reference["@odata.id"]})
    assert (response.status_code, owners(tenant, target)) == (204, [])


@pytest.mark.parametrize("prefix", ["graph.", "microsoft.graph."])
def test_cast_keeps_the_owners_of_its_type(tenant: Tenant, owner: str, prefix: str) -> None:
    target = tenant.target("applications")
    add(tenant, target, owner)
    everyone = owners(tenant, target)
    assert [one["id"] for one in tenant.get(f"{target}/owners/{prefix}servicePrincipal")["value"]] == everyone
    assert tenant.get(f"{target}/owners/{prefix}user")["value"] == []
    assert tenant.get(f"{target}/owners/{owner}/{prefix}servicePrincipal")["id"] == owner
    assert_refused(tenant.http.get(f"{target}/owners/{owner}/{prefix}user"), *absent(owner))


def test_service_principal_may_own_itself_and_goes_with_what_it_owns(tenant: Tenant, owner: str) -> None:
    application = tenant.target("applications")
    for target in (f"servicePrincipals/{owner}", application):
        add(tenant, target, owner)
    assert owners(tenant, f"servicePrincipals/{owner}") == [owner]
    assert tenant.http.delete(f"servicePrincipals/{owner}").status_code == 204
    assert owners(tenant, application) == []


@TARGETS
def test_bound_owners_are_there_from_the_start(tenant: Tenant, owner: str, targets: str) -> None:
    body: dict[str, Any] = {"displayName": "New", "owners@odata.bind": [f"x/v1.0/directoryObjects/{owner}"] * 2}
    if targets == "servicePrincipals":
        body["appId"] = tenant.application()["appId"]
    assert owners(tenant, f"{targets}/{tenant.created(targets, body)['id']}") == [owner]


@pytest.mark.parametrize(
    ("bound", "refusal"),
    [
        ("directoryObjects/x", (400, "Request_BadRequest", "Property owners@odata.bind has an invalid value.")),
        (["x"], INVALID),
        ([f"directoryObjects/{NOWHERE}"], absent(NOWHERE)),
    ],
)
def test_wrong_bound_owner_makes_nothing(tenant: Tenant, bound: object, refusal: tuple[int, str, str]) -> None:
    response = tenant.http.post("applications", json={"displayName": "New", "owners@odata.bind": bound})
    assert_refused(response, *refusal)
    assert tenant.names("applications") == []


@pytest.mark.parametrize("name", ["owners", "tokenIssuancePolicies"])
def test_nothing_is_bound_to_an_object_that_is_there(tenant: Tenant, owner: str, name: str) -> None:
    body = {f"{name}@odata.bind": [f"directoryObjects/{owner}"]}
    response = tenant.http.patch(tenant.target("applications"), json=body)
    assert_refused(response, 400, "Request_BadRequest", f"Invalid property '{name}'.")


def test_only_owners_are_bound_to_a_new_object(tenant: Tenant) -> None:
    body = {"displayName": "New", "tokenIssuancePolicies@odata.bind": []}
    response = tenant.http.post("applications", json=body)
    assert_refused(response, 400, "Request_BadRequest", "Invalid property 'tokenIssuancePolicies'.")


@pytest.fixture
def signed_in(http: httpx.Client, secured: Emulator) -> Iterator[Callable[[str, Json], list[str]]]:
    """Makes an object of a collection as a client whose service principal is in the tenant; tells its owners."""
    secured.reset()
    directory = secured.directory
    directory.create_application({"displayName": "Pipeline"}, app_id=CLIENT)
    directory.create_service_principal({"appId": CLIENT})
    headers = authorized(http, secured)

    def made(collection: str, body: Json) -> list[str]:
        created = http.post(f"/v1.0/{collection}", json=body, headers=headers).json()
        owners = http.get(f"/v1.0/{collection}/{created['id']}/owners", headers=headers).json()["value"]
        return [one["appId"] for one in owners]

    yield made
    directory.creator_owns = True


def test_who_creates_an_object_owns_it(signed_in: Callable[[str, Json], list[str]], secured: Emulator) -> None:
    other = secured.create_application("Other")
    assert signed_in("applications", {"displayName": "New"}) == [CLIENT]
    assert signed_in("servicePrincipals", {"appId": other.client_id}) == [CLIENT]


def test_who_creates_an_object_does_not_own_it_if_so_told(
    signed_in: Callable[[str, Json], list[str]], secured: Emulator
) -> None:
    secured.directory.creator_owns = False
    assert signed_in("applications", {"displayName": "New"}) == []


def test_bound_owners_are_the_only_ones(signed_in: Callable[[str, Json], list[str]]) -> None:
    assert signed_in("applications", {"displayName": "New", "owners@odata.bind": []}) == []


def test_client_that_is_not_in_the_tenant_owns_nothing(http: httpx.Client, secured: Emulator) -> None:
    secured.reset()
    headers = authorized(http, secured)
    created = http.post("/v1.0/applications", json={"displayName": "New"}, headers=headers).json()
    assert http.get(f"/v1.0/applications/{created['id']}/owners", headers=headers).json()["value"] == []
