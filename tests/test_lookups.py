"""Lookups as a program does them: inside Pulumi's event loop, with the stack's configuration."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from tests.test_resources import registered
from tests.test_subclasses import ShortLifetime

import pulumi_entra_policies as entra
from pulumi_entra_policies.emulator import Emulator

COLLECTION = "tokenLifetimePolicies"
DEFINITION = '{"TokenLifetimePolicy": {"Version": "1", "AccessTokenLifetime": "2:00:00"}}'
BAG = {"version": 1, "accessTokenLifetime": "02:00:00"}


@pytest.fixture
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1) as running:
        pulumi.runtime.set_all_config({"entra-policies:graphEndpoint": running.url})
        yield running
    pulumi.runtime.set_all_config({})


def made(graph: Emulator, name: str, default: bool = False) -> str:
    directory = graph.directory
    body = {"displayName": name, "definition": [DEFINITION], "isOrganizationDefault": default}
    with directory.lock:
        return directory.create_policy(directory.policy_sets[COLLECTION], body).id


def asked(question: Callable[[], Any]) -> Any:
    """What a program got, from inside it."""
    answers: list[Any] = []

    def program() -> Any:
        return pulumi.Output.from_input(question()).apply(answers.append)

    registered(program)
    return answers[0]


@pytest.mark.parametrize("kind", [entra.TokenLifetimePolicy, ShortLifetime, "TokenLifetimePolicy"])
def test_policy_is_found_by_kind_and_name(graph: Emulator, kind: Any) -> None:
    made(graph, "Other")
    policy_id = made(graph, "Short", default=True)

    found = asked(lambda: json.dumps(vars(entra.get_policy(kind, display_name="Short"))))

    assert json.loads(found) == {
        "id": policy_id,
        "policy_type": "TokenLifetimePolicy",
        "display_name": "Short",
        "definition": BAG,
        "definition_json": DEFINITION,
        "is_organization_default": True,
        "tenant_id": graph.tenant_id,
    }


def test_every_policy_of_a_kind_is_found(graph: Emulator) -> None:
    ids = [made(graph, "Same"), made(graph, "Same")]

    assert asked(lambda: [found.id for found in entra.get_policies("TokenLifetimePolicy")]) == ids
    assert asked(lambda: len(entra.get_policies(entra.ClaimsMappingPolicy))) == 0


def test_output_forms_take_outputs(graph: Emulator) -> None:
    policy_id = made(graph, "Short")
    later: Any = pulumi.Output.from_input
    kind = "TokenLifetimePolicy"

    assert asked(lambda: entra.get_policy_output(later(kind), display_name=later("Short")).id) == policy_id
    assert asked(lambda: entra.get_policies_output(later(kind)).apply(len)) == 1
    assert asked(lambda: entra.get_policies_output(entra.TokenLifetimePolicy)[0].id) == policy_id


def test_definition_found_can_be_given_to_another_policy(graph: Emulator) -> None:
    made(graph, "Short")

    def program() -> Any:
        found = entra.get_policy(entra.TokenLifetimePolicy, display_name="Short")
        return entra.TokenLifetimePolicy("copy", display_name="Copy", definition=found.definition).id

    assert registered(program)["definition"] == BAG


def test_unknown_key_of_a_definition_found_is_sent_without_a_word(
    graph: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource: said.append(text))
    directory = graph.directory
    with directory.lock:
        policies = directory.policy_sets["tokenIssuancePolicies"]
        definition = '{"TokenIssuancePolicy":{"Version":1,"Colour":{"Deep":1}}}'
        directory.create_policy(policies, {"displayName": "Theirs", "definition": [definition]})

    def program() -> Any:
        found = entra.get_policy_output("TokenIssuancePolicy", display_name="Theirs")
        return entra.TokenIssuancePolicy("copy", display_name="Copy", definition=found.definition).id

    assert registered(program)["definition"] == {"version": 1, "Colour": {"Deep": 1}}
    assert said == []


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            lambda: entra.get_policy("TokenLifetimePolicy", display_name="No"),
            'Missing: cannot find token lifetime policy "No"',
        ),
        (lambda: entra.get_policy("TokenLifetimePolicy", display_name="Same"), "Ambiguous: .*\n  2 have this name"),
        (
            lambda: entra.get_policies("Policy"),  # type: ignore[arg-type]
            "there is no policy kind 'Policy'; there are ActivityBasedTimeoutPolicy, ",
        ),
        (lambda: entra.get_policies(entra.Policy), "there is no policy kind <class .*Policy'>; there are"),
        (lambda: entra.get_policy_output("TokenLifetimePolicy", display_name="No"), "Missing: cannot find"),
        (
            lambda: entra.get_policy("TokenLifetimePolicy", display_name=pulumi.Output.from_input("No")),  # type: ignore[arg-type]
            "display_name is no string; for one that is an output there is get_policy_output",
        ),
    ],
    ids=["missing", "several", "no kind", "base of the kinds", "output", "an output for a name"],
)
def test_failed_lookup_is_one_message(graph: Emulator, question: Any, message: str) -> None:
    made(graph, "Same"), made(graph, "Same")

    with pytest.raises(pulumi.RunError, match=message):
        asked(question)


def test_configuration_that_cannot_be_used_is_one_message() -> None:
    pulumi.runtime.set_all_config({"entra-policies:graphEndpoint": "https://example.com"})

    with pytest.raises(pulumi.RunError, match="SettingsError: entra-policies:graphEndpoint"):
        entra.get_policies("TokenLifetimePolicy")
