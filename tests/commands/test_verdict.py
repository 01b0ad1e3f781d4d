"""Which policy takes effect, for every situation that a tenant can be in."""

from __future__ import annotations

import pytest

from pulumi_entra_policies.commands import verdict
from pulumi_entra_policies.commands.verdict import Verdict
from pulumi_entra_policies.definitions import KINDS, Kind
from pulumi_entra_policies.definitions.effect import ORGANIZATION
from pulumi_entra_policies.graph.policies import Policy
from pulumi_entra_policies.lifecycle.holdings import Holding

APP, SP, ORG = "applications", "servicePrincipals", ORGANIZATION
ISSUANCE, LIFETIME, CLAIMS, REALM, TIMEOUT = (
    KINDS[name]
    for name in (
        "TokenIssuancePolicy",
        "TokenLifetimePolicy",
        "ClaimsMappingPolicy",
        "HomeRealmDiscoveryPolicy",
        "ActivityBasedTimeoutPolicy",
    )
)
CLIENT = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
HINTS = '{"HomeRealmDiscoveryPolicy":{"AlternateIdLogin":{"Enabled":true},"DomainHintPolicy":{}}}'
FOR_ALL = '{"ActivityBasedTimeoutPolicy":{"ApplicationPolicies":[{"ApplicationId":"default"}]}}'
FOR_OTHERS = '{"ActivityBasedTimeoutPolicy":{"ApplicationPolicies":[{"ApplicationId":"1"}]}}'


def held(place: str, name: str, definition: str = "{}") -> Holding:
    return Holding(place, Policy(name, name, definition))


def judged(kind: Kind, *policies: str, unseen: tuple[str, ...] = ()) -> Verdict:
    """Of policies said as `place name`."""
    holdings = [held(*policy.split(" ", 1)) for policy in policies]
    return verdict.judged(kind, holdings, CLIENT, unseen)


@pytest.mark.parametrize(
    ("kind", "policies", "effective", "beaten"),
    [
        (LIFETIME, [f"{ORG} A", f"{APP} B"], "A", "B"),
        (LIFETIME, [f"{APP} A"], "A", ""),
        (LIFETIME, [f"{SP} A"], "A", ""),
        (LIFETIME, [f"{ORG} A", f"{SP} A", f"{APP} B"], "A", "B"),
        (REALM, [f"{ORG} A", f"{SP} B"], "B", "A"),
        (REALM, [f"{ORG} A"], "A", ""),
        (REALM, [f"{APP} A"], "", "A"),
        (ISSUANCE, [f"{APP} A"], "A", ""),
        (ISSUANCE, [f"{SP} A", f"{ORG} B"], "A", "B"),
        (ISSUANCE, [f"{APP} A", f"{SP} A"], "A", ""),
        (CLAIMS, [f"{SP} A", f"{ORG} B"], "A", "B"),
        (CLAIMS, [f"{ORG} A"], "", "A"),
        (TIMEOUT, [f"{ORG} A {FOR_ALL}"], "A", ""),
        *((kind, [], "", "") for kind in KINDS.values()),
    ],
)
def test_documented_order_decides(kind: Kind, policies: list[str], effective: str, beaten: str) -> None:
    holdings = [held(*policy.split(" ", 2)) for policy in policies]

    found = verdict.judged(kind, holdings, CLIENT)

    assert found.outcome == ("policy" if effective else "built-in")
    assert {one.policy.id for one in found.candidates} == set(effective)
    assert {one.holding.policy.id for one in found.beaten} == set(beaten)


@pytest.mark.parametrize(
    ("kind", "policies", "unseen", "candidates", "beaten", "why"),
    [
        (LIFETIME, [f"{ORG} A", f"{SP} B", f"{APP} C"], (), "AB", "C", "earlier versions of the page"),
        (LIFETIME, [f"{APP} A", f"{SP} B"], (), "AB", "", "does not document where"),
        (ISSUANCE, [f"{APP} A", f"{SP} B"], (), "AB", "", "does not document which token issuance policy"),
        (
            LIFETIME,
            [f"{ORG} A", f"{ORG} B"],
            (),
            "AB",
            "",
            "which of several counts that are the organisation's default",
        ),
        (CLAIMS, [f"{SP} A", f"{SP} B"], (), "AB", "", "which of several counts that are the service principal's own"),
        (LIFETIME, [], (APP,), "", "", "Whether there is the application's own cannot be seen"),
        (LIFETIME, [f"{SP} A"], (APP,), "A", "", "does not document where"),
        (ISSUANCE, [f"{SP} A"], (APP,), "A", "", "Whether there is the application's own cannot be seen"),
    ],
)
def test_what_is_not_documented_or_not_seen_is_not_guessed(
    kind: Kind, policies: list[str], unseen: tuple[str, ...], candidates: str, beaten: str, why: str
) -> None:
    found = judged(kind, *policies, unseen=unseen)

    assert found.outcome == "undetermined"
    assert {one.policy.id for one in found.candidates} == set(candidates)
    assert {one.holding.policy.id for one in found.beaten} == set(beaten)
    assert any(why in reason for reason in found.why)
    assert list(found.unseen) == list(unseen)


def test_unseen_policy_that_would_lose_or_cannot_be_is_no_doubt() -> None:
    assert judged(LIFETIME, f"{ORG} A", unseen=(APP,)).outcome == "policy"
    assert judged(REALM, unseen=(APP,)).outcome == "built-in"


@pytest.mark.parametrize(
    ("kind", "policies", "why"),
    [
        (LIFETIME, [f"{ORG} A", f"{APP} B"], "the organisation's default comes first"),
        (CLAIMS, [f"{ORG} A"], "of a claims mapping policy, the service ignores isOrganizationDefault"),
        (REALM, [f"{APP} A"], "a home realm discovery policy counts for nothing on an application"),
        (TIMEOUT, [f"{ORG} A {FOR_OTHERS}"], "its definition has nothing for this application"),
        (
            REALM,
            [f"{SP} A", f"{ORG} B {HINTS}"],
            "the service principal's own comes first, but for its AlternateIdLogin and DomainHintPolicy, decided for "
            "the whole tenant",
        ),
    ],
)
def test_policy_without_effect_says_why(kind: Kind, policies: list[str], why: str) -> None:
    found = verdict.judged(kind, [held(*policy.split(" ", 2)) for policy in policies], CLIENT)

    assert [one.why for one in found.beaten] == [why]


@pytest.mark.parametrize(
    ("kind", "policies", "why"),
    [
        (LIFETIME, [f"{ORG} A"], ["Microsoft's order: the organisation's default, then the application's own."]),
        (LIFETIME, [f"{SP} A"], ["It is the only one.", LIFETIME.effect.gap]),
        (CLAIMS, [f"{SP} A"], ["Only the service principal's own counts."]),
        (ISSUANCE, [f"{APP} A", f"{SP} A"], ["It is both the application's own and the service principal's own."]),
        (CLAIMS, [], ["There is none that counts as the service principal's own."]),
        (
            LIFETIME,
            [],
            [
                "There is none that counts as the application's own, the service principal's own or the "
                "organisation's default."
            ],
        ),
    ],
)
def test_answer_has_its_reason(kind: Kind, policies: list[str], why: list[str]) -> None:
    assert judged(kind, *policies).why == why


def test_definition_without_a_reading_may_be_about_anything() -> None:
    assert judged(TIMEOUT, f"{ORG} A").outcome == "built-in"
    assert verdict.judged(TIMEOUT, [held(ORG, "A", "no JSON")], CLIENT).outcome == "policy"


def test_several_in_one_place_are_told_where_they_count() -> None:
    several = [held(place, name) for place in (ORG, SP) for name in "AB"]

    assert [said.text for said in verdict.crowds(LIFETIME, [*several, held(APP, "C"), held(APP, "C")])] == [
        "2 of the kind are the service principal's own, and Graph allows one.",
        "2 of the kind are the organisation's default, and Graph allows one.",
    ]
    assert [said.text for said in verdict.crowds(CLAIMS, several[:2])] == []
