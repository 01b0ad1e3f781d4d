"""Which policy of a kind counts: what is declared, and what of a definition is about an application."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_entra_policies.definitions import KINDS, Kind
from pulumi_entra_policies.definitions.effect import ORGANIZATION, words
from pulumi_entra_policies.definitions.paths import in_graph

KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
APPLICATION_POLICIES = [
    {"applicationId": "default", "webSessionIdleTimeout": "01:00:00"},
    {"applicationId": PORTAL.upper(), "webSessionIdleTimeout": "00:15:00"},
]


@KIND
def test_order_ranks_places_that_a_policy_can_have_and_the_gap_tells_of_the_others(kind: Kind) -> None:
    assert set(kind.effect.order) <= set(kind.places)
    assert bool(kind.effect.gap) == bool(set(kind.places) - set(kind.effect.order))


@KIND
def test_everything_that_is_said_names_a_page_of_microsofts(kind: Kind) -> None:
    effect = kind.effect
    said = [*effect.also, *effect.excepted, *([effect.built_in] if effect.built_in else [])]

    sources = [effect.source, *(one.source for one in said)]
    assert [source for source in sources if not source.startswith("https://learn.microsoft.com/")] == []
    assert [one.text for one in said if not one.text.endswith(".")] == []


@KIND
def test_what_is_tenant_wide_is_a_property(kind: Kind) -> None:
    assert [name for name in kind.effect.tenant_wide if not kind.field(name)] == []


def test_place_is_said_as_whose_policy_it_is() -> None:
    assert list(map(words, ("applications", "servicePrincipals", ORGANIZATION))) == [
        "the application's own",
        "the service principal's own",
        "the organisation's default",
    ]


@pytest.mark.parametrize(
    ("name", "bag", "counts"),
    [
        ("TokenLifetimePolicy", {"version": 1, "accessTokenLifetime": "1:00:00", "maxInactiveTime": "1"}, None),
        (
            "TokenLifetimePolicy",
            {"version": 1, "maxAgeSessionMultiFactor": "1", "other": 1},
            {"version": 1, "other": 1},
        ),
        ("HomeRealmDiscoveryPolicy", {"preferredDomain": "a.example"}, {"preferredDomain": "a.example"}),
    ],
)
def test_part_of_a_definition_counts(name: str, bag: dict[str, Any], counts: dict[str, Any] | None) -> None:
    expected = counts or {"version": 1, "accessTokenLifetime": "1:00:00"}

    assert KINDS[name].effect.share(bag, PORTAL) == expected


@pytest.mark.parametrize(
    ("entries", "client_id", "timeout"),
    [
        (APPLICATION_POLICIES, PORTAL, "00:15:00"),
        (APPLICATION_POLICIES, "another", "01:00:00"),
        (APPLICATION_POLICIES[1:], "another", None),
        ([], PORTAL, None),
    ],
    ids=["its own", "that of all", "another's", "none"],
)
def test_timeout_is_that_of_the_applications_entry(entries: Any, client_id: str, timeout: str | None) -> None:
    share = KINDS["ActivityBasedTimeoutPolicy"].effect.share({"version": 1, "applicationPolicies": entries}, client_id)

    found = [entry["webSessionIdleTimeout"] for entry in share["applicationPolicies"]] if share else [None]
    assert found == [timeout]


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("definition.claimsSchema[0].id", "ClaimsSchema[0].ID"),
        ("definition.claimsSchema[0].\x1bnew.id", "ClaimsSchema[0].\\x1bnew.id"),
        ("definition.groupFilter.matchOn", "GroupFilter.MatchOn"),
        ("definition.version.more", "Version.more"),
        ("is\norganizationDefault", "is\\norganizationDefault"),
    ],
)
def test_path_is_spelled_as_graph_does(path: str, spelled: str) -> None:
    assert in_graph(KINDS["ClaimsMappingPolicy"], path) == spelled
