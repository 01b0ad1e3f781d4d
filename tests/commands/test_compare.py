"""What differs between the states of two stacks of one program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.commands.states import DEV, ISSUANCE, LEGACY, LIFETIME, PORTAL, PROD, Compare, State, closed, in_clear


def both() -> tuple[State, State]:
    return State("dev", DEV), State("prod", PROD)


def results(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Of everything that is shown, with the properties that differ."""
    entries = [*found["policies"], *found["assignments"]]
    return [(one["result"], [difference["property"] for difference in one["differences"]]) for one in entries]


def test_ids_tenants_times_and_spelling_never_differ(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    other = prod.policy(definitionJson='{ "TokenIssuancePolicy": {"version":"1","samltokenversion":"2.0"} }')
    prod.assignment(other, "elsewhere", applicationClientId=PORTAL)
    other["outputs"]["definition"] = {"samlTokenVersion": "2.0", "version": 1.0}
    other["outputs"]["writtenAt"] = "2027-01-01T00:00:00Z"

    assert results(compare.states(dev, prod, "--all")) == [("same", []), ("same", [])]


def test_definition_differs_property_by_property(compare: Compare) -> None:
    dev, prod = both()
    dev.policy(definition={"version": 1, "samlTokenVersion": "2.0", "unknown": {"a": [1]}})
    prod.policy(definition={"version": 1, "samlTokenVersion": "1.1", "tokenResponseSigningPolicy": "TokenOnly"})

    (one,) = compare.states(dev, prod, code=1)["policies"]

    assert one["differences"] == [
        {"property": "definition.samlTokenVersion", "values": ["2.0", "1.1"]},
        {"property": "definition.unknown.a[0]", "values": [1, None]},
        {"property": "definition.tokenResponseSigningPolicy", "values": [None, "TokenOnly"]},
    ]


def test_organizations_default_left_out_is_off(compare: Compare) -> None:
    dev, prod = both()
    for state, default in ((dev, {}), (prod, {"isOrganizationDefault": True})):
        state.policy("a", LIFETIME, definition={"version": 1}, **default)
    dev.policy("b", LIFETIME, displayName="b", definition={"version": 1})
    prod.policy("b", LIFETIME, displayName="b", definition={"version": 1}, isOrganizationDefault=False)

    (one,) = compare.states(dev, prod, code=1)["policies"]

    assert one["differences"] == [{"property": "isOrganizationDefault", "values": [False, True]}]


def test_missing_on_either_side(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(displayName="Dev only"), "dev-only", applicationClientId=PORTAL)
    prod.policy("other", displayName="Prod only")

    found = compare.states(dev, prod, code=1)

    assert [(one["displayName"], one["result"], one["there"]) for one in found["policies"]] == [
        ("Dev only", "missing", [True, False]),
        ("Prod only", "missing", [False, True]),
    ]
    assert [(one["result"], one["there"]) for one in found["assignments"]] == [("missing", [True, False])]
    assert found["counts"] == {"same": 0, "different": 0, "missing": 3, "notCompared": 0}


def test_target_that_is_named_in_two_ways_is_not_said_to_be_named_by_an_id(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy(), applicationUniqueName="portal")

    assert "target not compared: it has no name that is good on both sides;" in compare(
        compare.file("dev.json", dev), compare.file("prod.json", prod)
    )


@pytest.mark.parametrize("mark", ["external", "delete", "pendingReplacement"])
def test_what_a_stack_does_not_have_is_missing(compare: Compare, mark: str) -> None:
    """A run that ended between a delete and a create leaves a resource in the state that is nowhere else."""
    dev, prod = both()
    dev.policy()
    prod.policy(**{f"of_{mark}": True})

    assert results(compare.states(dev, prod, code=1)) == [("missing", [])]


def test_assignment_of_one_of_several_policies_of_a_name_is_not_said_to_be_the_same(compare: Compare) -> None:
    dev, prod = both()
    for state, versions, which in ((dev, ("1.1", "2.0"), 0), (prod, ("", "3"), 1)):
        policies = [
            state.policy(f"{state.stack}-{version}", definition={"version": 1, "samlTokenVersion": version})
            for version in versions
        ]
        state.assignment(policies[which], applicationClientId=PORTAL, name=state.stack)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["result"] == "notCompared"


@pytest.mark.parametrize("hide", [in_clear, closed])
@pytest.mark.parametrize("name", ["applicationClientId", "policyId"])
def test_assignment_that_is_named_by_a_secret_is_not_said_to_be_the_same(
    compare: Compare, hide: Callable[[str], Any], name: str
) -> None:
    dev, prod = both()
    for state, client in ((dev, PORTAL), (prod, LEGACY)):
        names = {"applicationClientId": PORTAL, name: hide(client)}
        state.assignment(state.policy(), **names)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["result"] == "notCompared"
    assert "what names it is a secret" in one["notes"][0]


def test_kinds_of_one_name_are_told_apart(compare: Compare) -> None:
    dev, prod = both()
    dev.policy()
    prod.policy("saml", LIFETIME, definition={"version": 1})

    assert results(compare.states(dev, prod, code=1)) == [("missing", []), ("missing", [])]


def test_what_was_renamed_is_known_by_its_resource(compare: Compare) -> None:
    dev, prod = both()
    for state, name in ((dev, "Portal SAML"), (prod, "Portal SAML (production)")):
        policy = state.policy(displayName=name, parent="app:index:Bundle$")
        state.assignment(policy, applicationClientId=PORTAL)

    assert results(compare.states(dev, prod, "--all", code=1)) == [("different", ["displayName"]), ("same", [])]


@pytest.mark.parametrize("parent", ["app:index:Other$", ""])
def test_resource_elsewhere_in_the_program_is_another_one(compare: Compare, parent: str) -> None:
    dev, prod = both()
    dev.policy(displayName="A", parent="app:index:Bundle$")
    prod.policy(displayName="B", parent=parent)

    assert results(compare.states(dev, prod, code=1)) == [("missing", []), ("missing", [])]


def test_what_a_program_only_reads_or_is_deleting_is_not_compared(compare: Compare) -> None:
    dev, prod = both()
    dev.policy()
    dev.policy("got", displayName="Read only", of_external=True)
    prod.policy()
    prod.policy("old", displayName="Going", of_delete=True)

    assert results(compare.states(dev, prod, "--all")) == [("same", [])]


def test_policy_that_one_stack_only_reads_is_still_the_one_that_is_assigned(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy(of_external=True), applicationClientId=PORTAL)

    assert results(compare.states(dev, prod, "--all", code=1)) == [("missing", []), ("same", [])]


def test_class_of_a_users_own_type_is_compared(compare: Compare) -> None:
    dev, prod = both()
    for state in (dev, prod):
        state.policy()["type"] = "pulumi-python:dynamic/own:Mine"
    prod.resources[-1]["outputs"]["forceDestroy"] = True
    prod.add("x", "x", "x")["type"] = "pulumi-python:dynamic/others:Thing"

    assert results(compare.states(dev, prod, "--all")) == [("same", [])]


# Several of one name.


def named_alike(state: State, *versions: str) -> None:
    for number, version in enumerate(versions):
        definition = {"version": 1, "samlTokenVersion": version}
        state.policy(f"{state.stack}-{number}", displayName="Twins", definition=definition)


@pytest.mark.parametrize(
    ("dev_has", "prod_has", "expected"),
    [
        (("1.1", "2.0"), ("2.0", "1.1"), ["same", "same"]),
        (("1.1", "2.0"), ("2.0",), ["same", "missing"]),
        (("2.0", "2.0"), ("2.0", "2.0"), ["same", "same"]),
        (("2.0", "2.0", "2.0"), ("2.0", "2.0"), ["same", "same", "missing"]),
        (("1.1", "2.0"), ("2.0", "3.0"), ["same", "different"]),
        (("1.1", "1.2"), ("2.0",), ["notCompared"] * 3),
    ],
)
def test_several_of_one_name_are_told_apart_by_meaning(
    compare: Compare, dev_has: tuple[str, ...], prod_has: tuple[str, ...], expected: list[str]
) -> None:
    dev, prod = both()
    named_alike(dev, *dev_has)
    named_alike(prod, *prod_has)

    found = compare.states(dev, prod, "--all", code=0 if set(expected) == {"same"} else 1)

    assert sorted(one["result"] for one in found["policies"]) == sorted(expected)
    label = found["sides"][0]["name"]
    assert all(f"{len(dev_has)} of this name in {label}" in one["notes"][0] for one in found["policies"])
    assert ("which of them is which cannot be told" in str(found)) == ("notCompared" in expected)


def test_several_of_one_name_are_told_apart_by_resource_first(compare: Compare) -> None:
    dev, prod = both()
    for state, versions in ((dev, "12"), (prod, "21")):
        for name, version in zip("ab", versions, strict=True):
            state.policy(name, displayName="Twins", definition={"version": 1, "samlTokenVersion": version})

    assert [one for one, _ in results(compare.states(dev, prod, code=1))] == ["different", "different"]


# Targets.


def test_target_by_object_id_is_matched_by_resource_and_said(compare: Compare) -> None:
    dev, prod = both()
    for state in (dev, prod):
        state.assignment(state.policy())

    (one,) = compare.states(dev, prod, "--all")["assignments"]

    assert one["result"] == "same"
    assert one["target"]["objectIds"] == [dev.id("portal"), prod.id("portal")]
    assert one["notes"][0].startswith("target not compared: it has no name that is good on both sides")


def test_target_by_object_id_that_may_be_another_one_is_not_guessed(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), "portal")
    prod.assignment(prod.policy(), "the-portal", applicationClientId=PORTAL)

    found = compare.states(dev, prod, code=1)

    assert results(found) == [("notCompared", []), ("notCompared", [])]
    assert {one["notes"][0] for one in found["assignments"]} == {
        "target or policy not compared: it has no name that is good on both sides"
    }


def test_target_by_object_id_is_missing_where_nothing_is_like_it(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), "portal")
    policy = prod.policy()
    prod.assignment(policy, "principal", "servicePrincipal")

    assert [one for one, _ in results(compare.states(dev, prod, code=1))] == ["missing", "missing"]


def test_object_id_says_enough_within_one_tenant(compare: Compare) -> None:
    dev, later = State("dev", DEV), State("later", DEV)
    dev.assignment(dev.policy(), "a", object_id=LEGACY)
    dev.assignment(dev.policy("b", displayName="b"), "b", object_id=PORTAL)
    later.assignment(later.policy(), "c", object_id=LEGACY)

    found = compare.states(dev, later, "--all", code=1)

    assert [one for one, _ in results(found)] == ["same", "missing", "same", "missing"]


def test_other_policy_on_a_target_is_a_difference(compare: Compare) -> None:
    dev, prod = both()
    for state, name in ((dev, "strict"), (prod, "lax")):
        policies = {one: state.policy(one, displayName=one) for one in ("strict", "lax")}
        state.assignment(policies[name], f"{state.stack}-portal", applicationClientId=PORTAL)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["differences"] == [{"property": "policy", "values": ["strict", "lax"]}]


def test_other_policy_of_the_same_name_on_a_target_is_a_difference(compare: Compare) -> None:
    dev, prod = both()
    for state, assigned in ((dev, "a"), (prod, "b")):
        twins = {one: state.policy(one, definition={"version": 1, "x": one}) for one in "ab"}
        state.assignment(twins[assigned], applicationClientId=PORTAL)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["differences"] == [
        {"property": "policy", "values": [dev.id(f"{ISSUANCE} a"), prod.id(f"{ISSUANCE} b")]},
    ]


def test_other_target_of_a_resource_is_a_difference(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy(), applicationClientId=LEGACY)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["differences"] == [
        {"property": "target", "values": [f"application {PORTAL}", f"application {LEGACY}"]},
    ]


def test_application_and_its_service_principal_are_two(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy(), target="servicePrincipal", servicePrincipalClientId=PORTAL)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert one["differences"][0]["values"] == [f"application {PORTAL}", f"service principal {PORTAL}"]


def test_resource_of_another_kind_is_a_difference(compare: Compare) -> None:
    dev, prod = both()
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy("saml", LIFETIME, definition={"version": 1}), applicationClientId=PORTAL)

    (one,) = compare.states(dev, prod, code=1)["assignments"]

    assert [difference["property"] for difference in one["differences"]] == ["policyType", "policy"]


@pytest.mark.parametrize(("name", "result"), [("portal", "same"), ("portal-of-prod", "notCompared")])
def test_policy_that_only_an_id_names_is_not_compared(compare: Compare, name: str, result: str) -> None:
    dev, prod = both()
    dev.assignment(State("dev", DEV).policy("elsewhere"), "portal", applicationClientId=PORTAL)
    prod.assignment(State("prod", PROD).policy("elsewhere"), name, applicationClientId=PORTAL)

    (one,) = compare.states(dev, prod, "--all", code=0 if result == "same" else 1)["assignments"]

    assert (one["result"], one["policy"]) == (result, None)
    assert one["notes"][0].startswith("policy not compared: it has no name that is good on both sides")


# Switches of the program alone.


def guarded() -> tuple[State, State]:
    dev, prod = both()
    dev.assignment(dev.policy(forceDestroy=True, ifExists="create"), applicationClientId=PORTAL, replaceExisting=True)
    prod.assignment(prod.policy(of_protect=True), applicationClientId=PORTAL)
    return dev, prod


def test_switches_of_the_program_alone_are_counted(compare: Compare) -> None:
    found = compare.states(*guarded(), "--all")

    assert (found["switchesDiffer"], found["counts"]["same"]) == (2, 2)
    assert "2 of these differ in switches of their programs: --switches shows them." in compare(
        "file:dev.json", "file:prod.json"
    )


def test_switches_are_compared_where_that_is_wanted(compare: Compare) -> None:
    found = compare.states(*guarded(), "--switches", code=1)

    assert results(found) == [("different", ["forceDestroy", "protect"]), ("different", ["replaceExisting"])]
    assert found["policies"][0]["differences"][1]["values"] == [False, True]
    assert found["switchesDiffer"] == 0


# Secrets.


@pytest.mark.parametrize("secret", [closed(), {"version": 1, "samlTokenVersion": closed()}])
def test_secret_that_is_closed_is_not_compared(compare: Compare, secret: Any) -> None:
    dev, prod = both()
    dev.policy(definition=secret)
    prod.policy()

    (one,) = compare.states(dev, prod, code=1)["policies"]

    assert (one["result"], one["differences"]) == ("notCompared", [])
    assert one["notes"][0].startswith("definition not compared: a secret;")


@pytest.mark.parametrize(
    ("secret", "differs"),
    [
        (in_clear({"version": 1, "samlTokenVersion": "2.0"}), []),
        (in_clear({"version": 1, "samlTokenVersion": "hunter2"}), ["definition.samlTokenVersion"]),
        ({"version": 1, "samlTokenVersion": in_clear("2.0"), "x": [1]}, ["definition.x[0]"]),
        ([in_clear("hunter2")], ["definition"]),
    ],
)
def test_secret_in_clear_is_compared_and_never_shown(compare: Compare, secret: Any, differs: list[str]) -> None:
    dev, prod = both()
    dev.policy(definition=secret)
    prod.policy()

    found = compare.states(dev, prod, "--all", code=1 if differs else 0)

    assert results(found) == [("different" if differs else "same", differs)]
    assert "hunter2" not in compare.said
    assert all(one["values"] == ["[secret]", "[secret]"] for one in found["policies"][0]["differences"])


def test_policy_whose_name_is_secret_is_known_by_its_resource(compare: Compare) -> None:
    dev, prod = both()
    for state in (dev, prod):
        policy = state.policy(displayName=closed())
        state.assignment(policy, applicationClientId=closed(), policyId=closed(), policyType=closed())

    assert results(compare.states(dev, prod, "--all", code=1)) == [("notCompared", []), ("notCompared", [])]
    sides = "file:dev.json", "file:prod.json"
    assert "token issuance policy of resource saml" in compare(*sides, code=1)
    assert "token issuance policy [secret] on the target of resource portal" in compare.said


def test_policy_whose_name_is_secret_may_be_any(compare: Compare) -> None:
    dev, prod = both()
    dev.policy(displayName=closed())
    prod.policy("other")

    found = compare.states(dev, prod, code=1)

    assert results(found) == [("notCompared", []), ("notCompared", [])]
    assert all("its name or that of another one is a secret" in one["notes"][0] for one in found["policies"])


def test_policy_whose_name_is_secret_is_missing_where_there_is_none_of_its_kind(compare: Compare) -> None:
    dev, prod = both()
    dev.policy(displayName=closed())
    prod.policy("other", LIFETIME, definition={"version": 1})

    assert [one for one, _ in results(compare.states(dev, prod, code=1))] == ["missing", "missing"]


def test_twins_whose_definition_is_secret_are_not_told_apart_by_it(compare: Compare) -> None:
    dev, prod = both()
    for name in ("a", "b"):
        dev.policy(name, definition=closed())
    prod.policy("c", definition=closed())

    assert {one for one, _ in results(compare.states(dev, prod, code=1))} == {"notCompared"}


@pytest.mark.parametrize("switches", [(), ("--switches",)])
def test_switch_that_is_secret(compare: Compare, switches: tuple[str, ...]) -> None:
    dev, prod = both()
    dev.policy(forceDestroy=closed())
    prod.policy(isOrganizationDefault=in_clear(True))

    assert results(compare.states(dev, prod, *switches, code=1)) == [("different", ["isOrganizationDefault"])]
