"""What type checkers are told, and what a program is told that uses none.

mypy reads this file too: a wrong call that it let pass would be an unused `type: ignore`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pulumi
import pytest
from tests.test_resources import GUID, registered
from tests.test_subclasses import ShortLifetime
from typing_extensions import assert_type

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.resources.policy import IfExists, PolicyType

TARGET = (
    "give exactly one of application_id, application_client_id, application_unique_name, service_principal_id, "
    "service_principal_client_id"
)
POLICY = "give either policy, or policy_id with policy_type"
KIND: PolicyType = "TokenLifetimePolicy"


def lifetime() -> entra.TokenLifetimePolicy:
    return entra.TokenLifetimePolicy("short", display_name="P", definition={})


def test_every_kind_is_a_policy_type() -> None:
    assert sorted(get_args(PolicyType)) == sorted(KINDS)
    assert get_args(IfExists) == ("fail", "create")


def test_outputs_have_types() -> None:
    def program() -> Any:
        policy = lifetime()
        assigned = entra.PolicyAssignment("portal", policy=policy, application_id=GUID)
        assert_type(policy.definition, pulumi.Output[entra.TokenLifetimeDefinition])
        assert_type(assigned.policy_type, pulumi.Output[PolicyType])
        assert_type(entra.PolicyAssignment.get("read", GUID), entra.PolicyAssignment)
        again = entra.PolicyAssignment(
            "again", policy_id=assigned.policy_id, policy_type=assigned.policy_type, service_principal_id=GUID
        )
        return again.policy_type.apply(lambda found: assert_type(found, PolicyType))

    assert registered(program)["policyType"] == KIND


@pytest.mark.parametrize(
    "kind",
    [lambda: entra.TokenLifetimePolicy, lambda: ShortLifetime, lambda: KIND, lambda: pulumi.Output.from_input(KIND)],
    ids=["class", "user's class", "name", "output"],
)
def test_policy_type_is_a_class_or_its_name(kind: Callable[[], Any]) -> None:
    def program() -> Any:
        return entra.PolicyAssignment("p", policy_id=GUID, policy_type=kind(), application_id=GUID).id

    assert registered(program)["policyType"] == KIND


def test_words_are_checked() -> None:
    def program() -> Any:
        entra.TokenLifetimePolicy("a", display_name="P", definition={}, if_exists="fail")
        entra.TokenLifetimePolicy("b", display_name="P", definition={}, if_exists=pulumi.Output.from_input("create"))
        entra.TokenLifetimePolicy("c", display_name="P", definition={}, if_exists="adopt")  # type: ignore[arg-type]
        entra.PolicyAssignment("d", policy_id=GUID, policy_type="Saml", application_id=GUID)  # type: ignore[arg-type]

    registered(program)


def test_policy_by_its_id_alone_is_an_error() -> None:
    with pytest.raises(pulumi.RunError, match=r"'p': policy is a policy of this program, .*, not a str; to give an id"):
        entra.PolicyAssignment("p", policy=GUID, application_id=GUID)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"policy_id": GUID},
        {"policy_type": KIND},
        {"policy": lifetime, "policy_id": GUID, "policy_type": KIND},
        {"policy": lifetime, "policy_type": KIND},
    ],
    ids=["none", "no type", "no id", "twice", "type twice"],
)
def test_policy_that_is_missing_or_doubled_is_an_error(policy: dict[str, Any]) -> None:
    def program() -> Any:
        given = {name: value() if callable(value) else value for name, value in policy.items()}
        return entra.PolicyAssignment("portal", application_id=GUID, **given).id

    with pytest.raises(pulumi.RunError, match=f"PolicyAssignment 'portal': {POLICY}"):
        registered(program)


@pytest.mark.parametrize(
    ("targets", "given"),
    [
        ({}, "none"),
        ({"application_id": GUID, "service_principal_id": GUID}, "application_id and service_principal_id"),
        (
            {"application_client_id": GUID, "service_principal_client_id": pulumi.Output.from_input(GUID)},
            "application_client_id and service_principal_client_id",
        ),
        (
            {"application_unique_name": "portal", "service_principal_id": GUID},
            "application_unique_name and service_principal_id",
        ),
    ],
)
def test_target_that_is_missing_or_doubled_is_an_error(targets: dict[str, Any], given: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"PolicyAssignment 'portal': {TARGET}; given are {given}"):
        entra.PolicyAssignment("portal", policy_id=GUID, policy_type=KIND, **targets)
