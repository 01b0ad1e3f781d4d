"""A program under Pulumi's mocks, as its own tests run it: what is wrong is told, and the mocks are the tenant."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockCallArgs
from tests.test_docs import EXAMPLE
from tests.test_resources import GUID, Monitor, monitored

import pulumi_entra_policies as entra

FOUND = {"id": GUID, "displayName": "Company", "definition": {"version": 1}, "isOrganizationDefault": True}


class Mocks(Monitor):
    """What a user writes: with an answer, or a failure, for every lookup."""

    def __init__(self, answer: Any = None) -> None:
        super().__init__()
        self.answer = answer
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def call(self, args: MockCallArgs) -> Any:
        self.calls.append((args.token, args.args))
        return self.answer


def told(program: Callable[[], Any]) -> str:
    """Why a program is refused."""
    with pytest.raises(pulumi.RunError) as refused:
        monitored(program, Mocks())
    return str(refused.value)


def test_invalid_arguments_of_a_policy_raise_all_at_once() -> None:
    definition = {"saml_token_version": "3.0", "emit_saml_name_format": "perhaps"}
    word: Any = "adopt it"

    reasons = told(lambda: entra.TokenIssuancePolicy("saml", display_name="", definition=definition, if_exists=word))

    assert [line.rsplit(":", 1)[0] for line in re.findall("^.*? has a problem: .*?: ", reasons, re.MULTILINE)] == [
        f"TokenIssuancePolicy 'saml' has a problem: {path}"
        for path in ("display_name", "definition.saml_token_version", "definition.emit_saml_name_format", "if_exists")
    ]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"policy_id": "portal", "policy_type": "TokenIssuancePolicy", "application_id": GUID}, "policy_id"),
        ({"policy_id": GUID, "policy_type": "TokenIssuancePolicy", "application_id": "portal"}, "application_id"),
        (
            {"policy_id": GUID, "policy_type": "TokenIssuancePolicy", "application_unique_name": ""},
            "application_unique_name",
        ),
        ({"policy_id": GUID, "policy_type": "SamlPolicy", "application_id": GUID}, "policy_type"),
        ({"policy_id": GUID, "policy_type": entra.ClaimsMappingPolicy, "application_id": GUID}, "application_id"),
    ],
)
def test_invalid_arguments_of_an_assignment_raise(arguments: dict[str, Any], path: str) -> None:
    assert told(lambda: entra.PolicyAssignment("portal", **arguments)).startswith(
        f"PolicyAssignment 'portal' has a problem: {path}: "
    )


def test_targets_that_mocks_leave_out_are_not_one_slot() -> None:
    def program() -> Any:
        left_out: Any = pulumi.Output.from_input(None)
        given: dict[str, Any] = {"policy_id": GUID, "policy_type": "TokenIssuancePolicy", "application_id": left_out}
        return pulumi.Output.all(*(entra.PolicyAssignment(name, **given).policy_id for name in ("one", "two")))

    assert [made.name for made in monitored(program, Mocks()).registrations] == ["one", "two"]


def test_what_mocks_make_up_is_not_judged() -> None:
    def program() -> Any:
        made_up = pulumi.Output.from_input("portal_id")
        policy = entra.TokenIssuancePolicy("saml", display_name=made_up, definition={"saml_token_version": made_up})
        return entra.PolicyAssignment("portal", policy_id=made_up, policy_type=type(policy), application_id=made_up).id

    assert monitored(program, Mocks()).inputs["applicationId"] == "portal_id"


@pytest.mark.parametrize("resource", [entra.TokenIssuancePolicy, entra.PolicyAssignment])
def test_resource_that_is_read_has_no_arguments_to_judge(resource: Any) -> None:
    assert monitored(lambda: resource.get("read", GUID).id, Mocks()).registrations[-1].resource_id == GUID


@pytest.mark.parametrize("answer", [FOUND, (FOUND, []), (FOUND, None)], ids=["alone", "no failures", "None"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda: entra.get_policy(entra.TokenLifetimePolicy, display_name="Company"),
        lambda: entra.get_policy_output("TokenLifetimePolicy", display_name="Company"),
    ],
    ids=["plain", "output"],
)
def test_lookup_asks_the_mocks(ask: Callable[[], Any], answer: Any) -> None:
    found: list[Any] = []
    mocks = Mocks(answer)
    monitored(lambda: pulumi.Output.from_input(ask()).apply(lambda one: found.append(vars(one))), mocks)

    assert mocks.calls == [
        ("entra-policies:index:getPolicy", {"policyType": "TokenLifetimePolicy", "displayName": "Company"})
    ]
    assert found == [
        {
            "id": GUID,
            "policy_type": "TokenLifetimePolicy",
            "display_name": "Company",
            "definition": {"version": 1},
            "definition_json": "",
            "is_organization_default": True,
            "tenant_id": "",
        }
    ]


def test_lookup_of_all_asks_the_mocks() -> None:
    found: list[str] = []
    mocks = Mocks({"policies": [FOUND, {"id": "another"}]})

    monitored(lambda: found.extend(one.id for one in entra.get_policies(entra.ClaimsMappingPolicy)), mocks)

    assert mocks.calls == [("entra-policies:index:getPolicies", {"policyType": "ClaimsMappingPolicy"})]
    assert found == [GUID, "another"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "answers a lookup of policies without 'id'; see docs/testing.md"),
        (None, "without 'id'"),
        (({}, [("displayName", "there is none")]), "entra-policies:index:getPolicy: there is none"),
    ],
    ids=["empty", "nothing", "a failure"],
)
def test_lookup_that_the_mocks_do_not_answer_is_an_error(answer: Any, message: str) -> None:
    with pytest.raises(pulumi.RunError, match=message):
        monitored(lambda: entra.get_policy(entra.TokenLifetimePolicy, display_name="Company"), Mocks(answer))


def test_mocked_tests_of_the_example_run(tmp_path: Path) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")

    pytest_ = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_declared.py"]
    done = subprocess.run(pytest_, cwd=project, env=os.environ, capture_output=True, text=True, check=False)

    assert "3 passed" in done.stdout, done.stdout
