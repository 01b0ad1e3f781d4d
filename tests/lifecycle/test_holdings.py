"""Which policies reach an application, read in few requests; what cannot be read is no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.lifecycle.tenant import KIND, Tenant
from tests.lifecycle.test_picture import Permitted

from pulumi_entra_policies.definitions import KINDS, Kind
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import Forbidden
from pulumi_entra_policies.lifecycle import application, holdings

REALM, TIMEOUT = KINDS["HomeRealmDiscoveryPolicy"], KINDS["ActivityBasedTimeoutPolicy"]


def held(tenant: Tenant, of: Registration, kind: Kind = KIND) -> list[tuple[str, str]]:
    """Place and policy's id; with the requests it took alone in the journal."""
    found = tenant.run(application.find(tenant.process, of.client_id))
    tenant.requests()
    return [(one.place, one.policy.id) for one in tenant.run(holdings.of_kind(tenant.process, kind, found))]


@pytest.fixture(autouse=True)
def everything_granted(tenant: Tenant) -> Iterator[None]:
    yield
    tenant.graph.grant(None)


@pytest.fixture
def both(tenant: Tenant) -> Registration:
    return tenant.graph.create_application("Portal", with_service_principal=True)


def default(tenant: Tenant, policy_id: str) -> None:
    directory = tenant.graph.directory
    directory.update(directory.any(policy_id), {"isOrganizationDefault": True})


def principal(both: Registration) -> Registration:
    return Registration(both.service_principal_id, both.client_id)


def test_policies_of_both_halves_and_the_default_are_found_in_one_request(tenant: Tenant, both: Registration) -> None:
    ids = [tenant.stranger(name) for name in "DCBA"]
    tenant.place(both, ids[0])
    tenant.place(principal(both), ids[1])
    default(tenant, ids[2])

    assert held(tenant, both) == [("organization", ids[2]), ("servicePrincipals", ids[1]), ("applications", ids[0])]
    assert tenant.requests() == ["GET"]


def test_kind_that_nobody_has_is_asked_for_defaults_alone(tenant: Tenant, both: Registration) -> None:
    assert held(tenant, both, TIMEOUT) == []
    (asked,) = tenant.graph.journal()
    assert "appliesTo" not in asked["path"]


def test_policy_of_more_than_are_shown_is_asked_who_has_it(tenant: Tenant, both: Registration) -> None:
    crowded = tenant.stranger()
    others = [tenant.graph.create_application(f"Portal {number}") for number in range(25)]
    for one in (*others, both):
        tenant.place(one, crowded)

    assert held(tenant, both) == [("applications", crowded)]
    assert len(tenant.requests()) == 2
    assert held(tenant, others[0]) == [("applications", crowded)]
    assert len(tenant.requests()) == 1


def test_every_page_is_read(tenant: Tenant, both: Registration) -> None:
    ids = [tenant.stranger(f"{number:03}") for number in range(101)]
    tenant.place(both, ids[-1])

    assert held(tenant, both) == [("applications", ids[-1])]
    assert len(tenant.requests()) == 2


def test_token_that_may_assign_but_not_read_users_asks_each_half(tenant: Tenant, both: Registration) -> None:
    policy_id = tenant.stranger()
    tenant.place(both, policy_id)
    tenant.process.connection._credential = Permitted()  # type: ignore[assignment]

    assert held(tenant, both) == [("applications", policy_id)]
    assert len(tenant.requests()) == 3
    assert held(tenant, both, REALM) == []
    assert len(tenant.requests()) == 2


def test_token_that_may_do_neither_is_refused_before_anything_is_asked(tenant: Tenant, both: Registration) -> None:
    found = tenant.run(application.find(tenant.process, both.client_id))
    tenant.requests()
    credential = Permitted()
    credential.permissions = ("Policy.Read.All",)  # type: ignore[assignment]
    tenant.process.connection._credential = credential  # type: ignore[assignment]

    with pytest.raises(Forbidden, match=r"permission Application\.Read\.All and Policy\.Read\.All, with admin consent"):
        tenant.run(holdings.of_kind(tenant.process, KIND, found))
    assert tenant.requests() == []
    assert tenant.run(holdings.of_kind(tenant.process, TIMEOUT, found)) == []


def test_what_may_not_be_read_is_an_error(tenant: Tenant, both: Registration) -> None:
    found = tenant.run(application.find(tenant.process, both.client_id))
    tenant.graph.grant({"Application.Read.All"})

    with pytest.raises(Forbidden, match=r"Policy\.Read\.All"):
        tenant.run(holdings.of_kind(tenant.process, KIND, found))
