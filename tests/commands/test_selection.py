"""What is asked for, by kind, name, id and target, and what is mistaken about that."""

from __future__ import annotations

import pytest
from tests.commands.command import Command
from tests.emulator.tenant import NOWHERE, Json

KINDS = ["TokenLifetimePolicy", "tokenlifetimepolicy", "tokenLifetimePolicies"]


@pytest.mark.parametrize("kind", KINDS)
def test_kind_by_any_of_its_names(command: Command, made: dict[str, Json], kind: str) -> None:
    command.run("--kind", kind)

    types = {one["type"].rpartition(":")[2] for one in command.resources}
    assert types == {"TokenLifetimePolicy", "PolicyAssignment"}
    assert [entry["path"].split("?")[0] for entry in command.emulator.journal()][1:] == [
        "/v1.0/policies/tokenLifetimePolicies"
    ]


def test_kind_that_cannot_be_assigned_needs_no_word_of_users(command: Command, made: dict[str, Json]) -> None:
    command.emulator.grant(["Policy.Read.All"])

    command.run("--kind", "ActivityBasedTimeoutPolicy")

    assert command.names == ["idle"]


def test_name_that_two_kinds_have_means_both(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "Portal SAML")

    assert command.names[:2] == ["portal-saml-token-issuance", "portal-saml-token-lifetime"]


def test_name_of_one_kind(command: Command, made: dict[str, Json]) -> None:
    command.run("--name", "Portal SAML", "--kind", "TokenIssuancePolicy")

    assert command.names == ["portal-saml", "portal-saml-portal-application", "portal-saml-portal-service-principal"]


def test_several_of_a_name_are_listed_and_one_is_named_by_its_id(command: Command, made: dict[str, Json]) -> None:
    twin = made["Twins"]["id"]

    error = command.run("--name", "Twins", ok=False)
    assert 'Ambiguous: cannot tell which token issuance policy "Twins" is meant:\n  2 have this name: ' in error
    assert twin in error

    command.run("--id", twin.upper())
    assert [one["id"] for one in command.resources] == [twin]
    assert "2 policies of this kind have this name" in command.program


def test_target_by_its_object_id(command: Command, made: dict[str, Json]) -> None:
    command.run("--target", made["Portal"]["id"])

    assignments = [one["id"] for one in command.resources if one["type"].endswith(":PolicyAssignment")]
    assert [id_.split("/")[:2] for id_ in assignments] == [["applications", made["Portal"]["id"]]] * 2
    assert len(command.resources) == 4


def test_client_id_means_the_application_and_its_service_principal(command: Command, made: dict[str, Json]) -> None:
    command.run("--target", made["Legacy"]["appId"])

    assert command.names == ["refused-today", "said-twice", "refused-today-legacy", "said-twice-legacy"]


@pytest.mark.parametrize("key", ["id", "appId"])
def test_target_that_has_no_policy_has_nothing_to_import(command: Command, key: str) -> None:
    registration = command.emulator.create_application("Bare", with_service_principal=True)
    ids = {"id": registration.service_principal_id, "appId": registration.client_id}

    assert "There is nothing to import" in command.run("--target", str(ids[key]))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ["--kind", "TokenIsuancePolicy"],
            'there is no policy kind "TokenIsuancePolicy".\n  To go on: did you mean Tok',
        ),
        (["--kind", "HomeRealm"], "entra-policies: cannot use --kind:\n  "),
        (["--kind", "?"], "There are ActivityBasedTimeoutPolicy, ClaimsMappingPolicy, "),
        (["--name", "Nothing\n"], 'cannot find a policy named "Nothing\\n"'),
        (["--name", "Portal SAML", "--kind", "ClaimsMappingPolicy"], "the tenant has no such claims mapping policy"),
        (["--id", NOWHERE], f"cannot find a policy with the id {NOWHERE}"),
        (["--id", "Portal"], 'cannot use --id:\n  "Portal" is no id'),
        (["--target", "Portal"], 'cannot use --target:\n  "Portal" is no id'),
        (["--target", NOWHERE], f"no application or service principal with object id or client id {NOWHERE}"),
    ],
)
def test_mistake_is_told_and_nothing_written(
    command: Command, made: dict[str, Json], options: list[str], words: str
) -> None:
    assert words in command.run(*options, ok=False)
    assert not command.out.exists()
