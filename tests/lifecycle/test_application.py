"""Which application is meant, in few requests; what cannot be told apart is listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.lifecycle.tenant import Tenant

from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.emulator.contents import DirectoryObject
from pulumi_entra_policies.graph.errors import Ambiguous, Forbidden, TargetMissing
from pulumi_entra_policies.lifecycle import application
from pulumi_entra_policies.lifecycle.application import Application

NOWHERE = "00000000-0000-4000-8000-000000000000"
OWNER = "11111111-1111-4111-8111-111111111111"


def instantiate(graph: Emulator, name: str = "Gallery", **properties: Any) -> DirectoryObject:
    """The service principal of another tenant's application."""
    directory = graph.directory
    about = {"appId": directory.new_id(), "displayName": name, "appOwnerOrganizationId": OWNER} | properties
    made = DirectoryObject(directory.new_id(), "servicePrincipals", "#microsoft.graph.servicePrincipal", about)
    directory.become(directory.contents.with_object(made))
    return made


def change(graph: Emulator, object_id: str, **properties: Any) -> None:
    graph.directory.update(graph.directory.any(object_id), properties)


def find(tenant: Tenant, text: str) -> Application:
    return tenant.run(application.find(tenant.process, text))


@pytest.fixture(autouse=True)
def everything_granted(tenant: Tenant) -> Iterator[None]:
    yield
    tenant.graph.grant(None)


@pytest.fixture
def both(tenant: Tenant) -> Registration:
    made = tenant.graph.create_application("Portal", with_service_principal=True)
    change(tenant.graph, made.object_id, uniqueName="portal-1")
    return made


@pytest.mark.parametrize(
    ("named", "requests"),
    [
        ("client_id", 2),
        ("object_id", 4),
        ("service_principal_id", 5),
        ("Portal", 3),
        ("portal", 3),
        ("portal-1", 4),
    ],
)
def test_application_is_found_with_both_halves(tenant: Tenant, both: Registration, named: str, requests: int) -> None:
    tenant.requests()

    found = find(tenant, getattr(both, named, named))

    assert (found.client_id, found.name) == (both.client_id, "Portal")
    halves = found.half("applications"), found.half("servicePrincipals")
    assert [half and half.id for half in halves] == [both.object_id, both.service_principal_id]
    assert len(tenant.requests()) == requests


def test_id_is_taken_in_any_letter_case(tenant: Tenant, both: Registration) -> None:
    assert find(tenant, both.client_id.upper()).client_id == both.client_id


def test_application_without_service_principal_is_half(tenant: Tenant) -> None:
    made = tenant.graph.create_application("Portal")

    for text in ("Portal", made.client_id, made.object_id):
        found = find(tenant, text)
        assert found.half("servicePrincipals") is None
        assert found.half("applications") is not None


def test_service_principal_of_another_tenants_application_is_half(tenant: Tenant) -> None:
    made = instantiate(tenant.graph)

    for text in ("Gallery", made.id, made.properties["appId"]):
        found = find(tenant, text)
        assert found.half("applications") is None
        assert found.half("servicePrincipals").facts["appOwnerOrganizationId"] == OWNER  # type: ignore[union-attr]


def test_name_of_a_half_alone_finds_the_other(tenant: Tenant, both: Registration) -> None:
    change(tenant.graph, both.service_principal_id, displayName="Portal (prod)")

    found = find(tenant, "Portal (prod)")
    assert (found.client_id, found.name) == (both.client_id, "Portal")


def test_name_of_several_is_ambiguous_and_they_are_listed(tenant: Tenant, both: Registration) -> None:
    other, foreign = tenant.graph.create_application("Portal"), instantiate(tenant.graph, "Portal")

    with pytest.raises(Ambiguous, match='which application "Portal" is:\n  3 have this name:') as caught:
        find(tenant, "Portal")
    for line in (
        f'"Portal" (client id {both.client_id}): application {both.object_id}, '
        f"service principal {both.service_principal_id}\n",
        f'"Portal" (client id {other.client_id}): application {other.object_id}\n',
        f'"Portal" (client id {foreign.properties["appId"]}): service principal {foreign.id}.\n',
    ):
        assert line in str(caught.value)


def test_unique_name_of_one_that_is_the_name_of_another_is_ambiguous(tenant: Tenant, both: Registration) -> None:
    other = tenant.graph.create_application("portal-1")

    with pytest.raises(Ambiguous) as caught:
        find(tenant, "portal-1")
    assert both.client_id in str(caught.value)
    assert other.client_id in str(caught.value)


def test_exact_name_comes_before_one_in_other_letters(tenant: Tenant, both: Registration) -> None:
    tenant.graph.create_application("PORTAL")

    assert find(tenant, "Portal").client_id == both.client_id
    with pytest.raises(Ambiguous):
        find(tenant, "pOrTaL")


def test_name_that_looks_like_an_id_is_found(tenant: Tenant) -> None:
    made = tenant.graph.create_application(NOWHERE)

    assert find(tenant, NOWHERE).client_id == made.client_id


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (NOWHERE, "client id or object id, unique name or display name"),
        ("Po\x1brtal", "unique name or display name"),
        ("", "unique name or display name"),
    ],
)
def test_no_such_application_says_what_was_looked_for(tenant: Tenant, text: str, ways: str) -> None:
    with pytest.raises(TargetMissing, match=f"no application and no service principal with this {ways}") as caught:
        find(tenant, text)
    assert "\x1b" not in str(caught.value)


def test_nothing_that_may_not_be_read_is_absent(tenant: Tenant, both: Registration) -> None:
    tenant.graph.grant({"Policy.Read.All"})

    for text in ("Portal", both.client_id):
        with pytest.raises(Forbidden, match=r"Application\.Read\.All"):
            find(tenant, text)
