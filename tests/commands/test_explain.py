"""`entra-policies explain` on tenants that were filled over HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.commands import handmade
from tests.commands.command import Command
from tests.commands.handmade import CLAIMS, ISSUANCE, LIFETIME, REALM, TIMEOUT
from tests.emulator.tenant import Json, Tenant
from tests.lifecycle.test_application import OWNER, instantiate

from pulumi_entra_policies.cli import TROUBLE, main
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.contents import Reference

NAMES = {kind.collection: kind.name for kind in KINDS.values()}
EVIL = "Evil \x1b[2J\n\u202eeman"


class Explain:
    """The command in this process, on one emulator."""

    def __init__(self, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
        self.emulator, self._capsys = emulator, capsys

    def run(self, *options: str, code: int = 0) -> str:
        """What it printed; the error, if nothing."""
        found = main(["explain", *options, "--config", f"graphEndpoint={self.emulator.url}"])
        said, told = self._capsys.readouterr()
        assert found == code, said + told
        return str(said or told)

    def json(self, *options: str, code: int = 0) -> Json:
        return dict(json.loads(self.run(*options, "--json", code=code)))

    def kind(self, collection: str, application: str = "Portal", code: int = 0) -> Json:
        kinds = self.json(application, code=code)["kinds"]
        return next(dict(kind) for kind in kinds if kind["kind"] == NAMES[collection])

    def block(self, collection: str, application: str = "Portal", code: int = 0) -> str:
        """What the terminal shows of a kind, in one line."""
        noun = KINDS[NAMES[collection]].noun
        blocks = self.run(application, code=code).split("\n\n")
        return " ".join(next(block for block in blocks if block.startswith(f"{noun}: ")).split())


@pytest.fixture
def explain(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Explain:
    return Explain(emulator, capsys)


class Portal:
    """An application with a service principal, made over HTTP."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.application = tenant.application()
        self.principal = tenant.created("servicePrincipals", {"appId": self.application["appId"]})

    def change(self, half: str, **properties: Any) -> None:
        one = {"applications": self.application, "servicePrincipals": self.principal}[half]
        answer = self.tenant.http.patch(f"{half}/{one['id']}", json=properties)
        assert answer.status_code == 204, answer.text

    def become(self, half: str, **properties: Any) -> None:
        """What is Graph's to say."""
        one, directory = getattr(self, half), self.tenant.emulator.directory
        with directory.lock:
            there = directory.contents.objects[one["id"]]
            directory.become(directory.contents.with_object(replace(there, properties=there.properties | properties)))

    def has(self, half: str, collection: str, **changes: Any) -> Json:
        """A new policy on that half."""
        one = {"applications": self.application, "servicePrincipals": self.principal}[half]
        policy = self.tenant.policy(collection, **changes)
        answer = self.tenant.assign(f"{half}/{one['id']}", policy, collection)
        assert answer.status_code == 204, answer.text
        return policy


@pytest.fixture
def portal(tenant: Tenant) -> Portal:
    return Portal(tenant)


@pytest.mark.parametrize(
    ("application", "effective", "not_in_effect"),
    [
        (
            "Portal",
            {
                TIMEOUT: "Idle",
                CLAIMS: "1st claims",
                REALM: "entra",
                ISSUANCE: "Portal SAML",
                LIFETIME: "Größe 大きさ",
            },
            {REALM: ["???"], LIFETIME: [handmade.INJECTION]},
        ),
        (
            "Legacy",
            {TIMEOUT: "Idle", CLAIMS: "Refused today", REALM: "???", ISSUANCE: "Said twice", LIFETIME: "Größe 大きさ"},
            {},
        ),
    ],
)
def test_what_takes_effect_of_each_kind(
    explain: Explain,
    made: dict[str, Json],
    application: str,
    effective: dict[str, str],
    not_in_effect: dict[str, list[str]],
) -> None:
    kinds = explain.json(application)["kinds"]

    assert {kind["kind"]: [one["displayName"] for one in kind["policies"]] for kind in kinds} == {
        NAMES[collection]: [name] for collection, name in effective.items()
    }
    assert {
        kind["kind"]: [one["displayName"] for one in kind["notInEffect"]] for kind in kinds if kind["notInEffect"]
    } == {NAMES[collection]: names for collection, names in not_in_effect.items()}
    assert {kind["outcome"] for kind in kinds} == {"policy"}


def test_few_requests_are_enough(explain: Explain, made: dict[str, Json]) -> None:
    ids = made["Portal"]["appId"], made["Portal principal"]["id"], "Portal"

    def requests(name: str) -> int:
        explain.emulator.clear_journal()
        explain.run(name)
        return len(
            [entry for entry in explain.emulator.journal() if not entry["path"].startswith("/v1.0/organization")]
        )

    assert list(map(requests, ids)) == [2 + 5 + 2, 5 + 5 + 2, 3 + 5 + 2]


def test_two_permissions_to_read_are_enough(explain: Explain, made: dict[str, Json]) -> None:
    explain.emulator.grant({"Policy.Read.All", "Application.Read.All"})

    assert "could not be read" not in explain.run("Portal")


def test_empty_tenant_gets_what_the_service_does_by_itself(explain: Explain, portal: Portal) -> None:
    found = explain.json("Portal")

    assert {kind["outcome"] for kind in found["kinds"]} == {"built-in"}
    assert [(kind["kind"], kind["builtIn"]) for kind in found["kinds"] if not kind["builtIn"]] == [
        ("ActivityBasedTimeoutPolicy", None)
    ]
    assert explain.block(LIFETIME).startswith(
        "token lifetime policy: none, so the service's built-in behaviour does: Access tokens live 60 to 90 minutes, "
        "at random, 75 on average; ID and SAML tokens one hour. why: There is none that counts as"
    )
    assert "does: Microsoft does not document it." in explain.block(TIMEOUT)


def test_answer_stands_in_the_first_line(explain: Explain, portal: Portal) -> None:
    own = portal.has("applications", LIFETIME, displayName="Own")
    default = portal.tenant.policy(LIFETIME, displayName="Company", isOrganizationDefault=True)

    assert explain.block(LIFETIME).startswith(
        f'token lifetime policy: "Company" ({default["id"]}), the organisation\'s default '
        'sets: AccessTokenLifetime "08:00:00" '
        "why: Microsoft's order: the organisation's default, then the application's own. "
        f"not: \"Own\" ({own['id']}), the application's own: the organisation's default comes first "
        "also: "
    )


def test_what_is_not_documented_is_said_to_be(explain: Explain, portal: Portal) -> None:
    one, other = (portal.has(half, ISSUANCE, displayName=half) for half in ("applications", "servicePrincipals"))

    block = explain.block(ISSUANCE)
    assert block.startswith(
        f'token issuance policy: cannot be told: "applications" ({one["id"]}), the application\'s own, or '
        f'"servicePrincipals" ({other["id"]}), the service principal\'s own '
        'sets: "applications": SamlTokenVersion "2.0" sets: "servicePrincipals": SamlTokenVersion "2.0" '
        "why: Microsoft does not document which token issuance policy comes first"
    )
    assert explain.kind(ISSUANCE)["outcome"] == "undetermined"


@pytest.mark.parametrize(
    ("half", "properties", "warning"),
    [
        ("applications", {}, "AADSTS50146. This one has neither."),
        ("applications", {"api": {"acceptMappedClaims": True}}, ""),
        ("servicePrincipals", {"keyCredentials": [{"usage": "Sign"}]}, ""),
    ],
)
def test_claims_mapping_says_whether_sign_in_fails(
    explain: Explain, portal: Portal, half: str, properties: Json, warning: str
) -> None:
    portal.change(half, **properties)
    portal.has("servicePrincipals", CLAIMS)

    assert warning in explain.block(CLAIMS)
    assert ["AADSTS50146" in said["text"] for said in explain.kind(CLAIMS)["warnings"]] == [True] * bool(warning)


@pytest.mark.parametrize(
    ("half", "properties", "warning"),
    [
        ("principal", {"servicePrincipalType": "ManagedIdentity"}, "for managed identities"),
        ("application", {"signInAudience": "PersonalMicrosoftAccount"}, "with personal Microsoft accounts"),
        ("application", {"signInAudience": "AzureADMyOrg"}, None),
    ],
)
def test_applications_that_microsoft_excepts_are_told(
    explain: Explain, portal: Portal, half: str, properties: Json, warning: str | None
) -> None:
    portal.become(half, **properties)
    assert explain.kind(LIFETIME)["warnings"] == []

    portal.has("applications", LIFETIME)
    assert [warning in said["text"] for said in explain.kind(LIFETIME)["warnings"]] == [True] * bool(warning)


def test_what_the_service_ignores_is_told(explain: Explain, portal: Portal) -> None:
    text = '{"TokenLifetimePolicy":{"Version":1,"MaxInactiveTime":"90.00:00:00","Colour":"red"}}'
    portal.has("applications", LIFETIME, definition=[text])

    block = explain.block(LIFETIME)
    assert 'sets: Colour "red" why:' in block
    assert "note: MaxInactiveTime is ignored by the service since 2021-01-30" in block
    assert "note: Colour is not known here: whether the service heeds it, nobody here can tell." in block


def test_policy_that_sets_nothing_leaves_it_to_the_service(explain: Explain, portal: Portal) -> None:
    text = '{"TokenLifetimePolicy":{"Version":1,"MaxInactiveTime":"90.00:00:00"}}'
    portal.has("applications", LIFETIME, definition=[text])

    assert "sets: nothing that counts does: Access tokens live 60 to 90 minutes" in explain.block(LIFETIME)


def test_default_without_an_entry_for_it_is_not_in_effect(explain: Explain, portal: Portal) -> None:
    portal.tenant.policy(TIMEOUT, displayName="Idle", isOrganizationDefault=True)

    block = explain.block(TIMEOUT)
    assert block.startswith("activity-based timeout policy: none")
    assert "the organisation's default: its definition has nothing for this application" in block


def test_of_a_timeout_the_entry_of_the_application_is_shown(explain: Explain, portal: Portal) -> None:
    entries = [
        {"ApplicationId": "default", "WebSessionIdleTimeout": "01:00:00"},
        {"ApplicationId": portal.application["appId"], "WebSessionIdleTimeout": "00:15:00"},
    ]
    text = json.dumps({"ActivityBasedTimeoutPolicy": {"Version": 1, "ApplicationPolicies": entries}})
    portal.tenant.policy(TIMEOUT, definition=[text], isOrganizationDefault=True)

    (policy,) = explain.kind(TIMEOUT)["policies"]
    assert policy["settings"] == {"Version": 1, "ApplicationPolicies": entries[1:]}
    assert policy["definition"] == {"Version": 1, "ApplicationPolicies": entries}


def test_definition_without_a_reading_is_shown_as_it_is(explain: Explain, portal: Portal) -> None:
    portal.has("applications", ISSUANCE, definition=[handmade.TWICE])

    assert f'sets: "{handmade.TWICE}"' in explain.block(ISSUANCE)
    (policy,) = explain.kind(ISSUANCE)["policies"]
    assert (policy["definition"], policy["settings"]) == (handmade.TWICE, {})
    assert policy["notes"] == [
        "Its definition has no reading here: what the service makes of it, nobody here can tell."
    ]


def test_long_values_are_cut_for_the_terminal(explain: Explain, portal: Portal) -> None:
    text = json.dumps({"ClaimsMappingPolicy": {"Version": 1, "ClaimsSchema": [{"Value": "x" * 200}]}})
    portal.has("servicePrincipals", CLAIMS, definition=[text])

    assert f'ClaimsSchema [{{"Value": "{"x" * 85}...' in explain.block(CLAIMS)


def test_many_policies_that_are_not_in_effect_are_counted(explain: Explain, portal: Portal) -> None:
    for number in range(12):
        portal.tenant.policy(CLAIMS, displayName=f"{number:02}", isOrganizationDefault=True)

    block = explain.block(CLAIMS)
    assert block.count(" not: ") == 11
    assert "not: and 2 more" in block
    assert len(explain.kind(CLAIMS)["notInEffect"]) == 12


# -- what is not as it should be ---------------------------------------------------------------------------------------


def test_two_defaults_and_two_policies_on_one_object_are_told(explain: Explain, portal: Portal) -> None:
    first = portal.tenant.policy(LIFETIME, displayName="A", isOrganizationDefault=True)
    second = portal.tenant.policy(LIFETIME, displayName="B")
    own = [portal.has("servicePrincipals", REALM), portal.tenant.policy(REALM)]
    directory = portal.tenant.emulator.directory
    with directory.lock:  # what Graph refuses, it may have let in before
        there = directory.contents.objects[second["id"]]
        default = replace(there, properties=there.properties | {"isOrganizationDefault": True})
        reference = Reference(portal.principal["id"], REALM, own[1]["id"])
        directory.become(directory.contents.with_object(default).with_reference(reference))

    kinds = {collection: explain.kind(collection) for collection in (LIFETIME, REALM)}
    assert {one["id"] for one in kinds[LIFETIME]["policies"]} == {first["id"], second["id"]}
    assert {one["id"] for one in kinds[REALM]["policies"]} == {one["id"] for one in own}
    assert [kind["warnings"][0]["text"] for kind in kinds.values()] == [
        "2 of the kind are the organisation's default, and Graph allows one.",
        "2 of the kind are the service principal's own, and Graph allows one.",
    ]
    assert {kind["outcome"] for kind in kinds.values()} == {"undetermined"}


def test_application_without_service_principal_is_told_that_nobody_can_sign_in(
    explain: Explain, tenant: Tenant
) -> None:
    made = tenant.application()

    found = explain.json("Portal")
    assert (found["applicationId"], found["servicePrincipalId"]) == (made["id"], None)
    assert "BUT:  Nobody can sign in to it in this tenant, which has no service principal" in explain.run("Portal")
    assert f"az ad sp create --id {made['appId']}" in found["warnings"][0]["text"]


def test_disabled_service_principal_is_told(explain: Explain, portal: Portal) -> None:
    portal.change("servicePrincipals", accountEnabled=False)

    assert "its service principal is disabled" in explain.run("Portal")


@pytest.mark.parametrize(
    ("properties", "where"),
    [
        ({}, f"registered in tenant {OWNER}"),
        ({"appOwnerOrganizationId": None}, "not found in this tenant"),
    ],
)
def test_application_of_another_tenant_leaves_open_what_it_has_there(
    explain: Explain, emulator: Emulator, tenant: Tenant, properties: Json, where: str
) -> None:
    made = instantiate(emulator, **properties)

    found = explain.json("Gallery")
    assert (found["applicationId"], found["servicePrincipalId"]) == (None, made.id)
    assert where in found["warnings"][0]["text"]
    assert {kind["kind"]: kind["unseen"] for kind in found["kinds"] if kind["outcome"] == "undetermined"} == {
        "TokenIssuancePolicy": ["applications"],
        "TokenLifetimePolicy": ["applications"],
    }
    assert explain.block(LIFETIME, "Gallery").startswith(
        "token lifetime policy: cannot be told: the application's own, which cannot be seen, or none does: Access "
    )

    tenant.policy(LIFETIME, isOrganizationDefault=True)
    assert explain.kind(LIFETIME, "Gallery")["outcome"] == "policy"


def test_whether_another_tenants_application_maps_claims_cannot_be_seen(
    explain: Explain, emulator: Emulator, tenant: Tenant
) -> None:
    made = instantiate(emulator)
    assert tenant.assign(f"servicePrincipals/{made.id}", tenant.policy(CLAIMS), CLAIMS).status_code == 204

    assert "Whether it has the former cannot be seen from this tenant" in explain.block(CLAIMS, "Gallery")


@pytest.mark.parametrize("kind", ["ManagedIdentity", "Legacy"])
def test_service_principal_without_application_leaves_nothing_open(
    explain: Explain, emulator: Emulator, kind: str
) -> None:
    instantiate(emulator, servicePrincipalType=kind)

    found = explain.json("Gallery")
    assert found["warnings"] == []
    assert {one["outcome"] for one in found["kinds"]} == {"built-in"}


def test_kind_that_may_not_be_read_is_told_and_the_exit_code_says_so(explain: Explain, portal: Portal) -> None:
    portal.has("applications", LIFETIME)

    def refuse() -> None:
        explain.emulator.reset_faults()
        explain.emulator.fault(path=CLAIMS, status=403)

    refuse()
    block = explain.block(CLAIMS, code=TROUBLE)
    assert block.startswith(
        "claims mapping policy: could not be read Forbidden: cannot list every claims mapping policy"
    )
    assert "grant the application that signs in the Microsoft Graph permission" in block
    refuse()
    kind = explain.kind(CLAIMS, code=TROUBLE)
    assert (kind["outcome"], kind["policies"]) == ("unread", [])
    assert "Forbidden" in kind["error"]
    refuse()
    assert explain.kind(LIFETIME, code=TROUBLE)["outcome"] == "policy"


def test_tenant_of_which_nothing_may_be_read_is_an_error(explain: Explain, portal: Portal) -> None:
    explain.emulator.grant({"Application.Read.All"})

    said = explain.run("Portal", "--json", code=TROUBLE)
    assert said.startswith("entra-policies: Forbidden: cannot list every activity-based timeout policy")


@pytest.mark.parametrize("application", ["nobody", "00000000-0000-4000-8000-000000000000"])
def test_no_such_application_is_an_error(explain: Explain, portal: Portal, application: str) -> None:
    said = explain.run(application, code=TROUBLE)

    assert said.startswith(f'entra-policies: TargetMissing: cannot tell which application "{application}" is')


def test_ambiguous_name_is_an_error_with_the_candidates(explain: Explain, portal: Portal) -> None:
    other = portal.tenant.application()

    said = explain.run("Portal", code=TROUBLE)
    assert portal.application["appId"] in said
    assert other["appId"] in said


def test_names_bring_no_control_characters_to_a_terminal(explain: Explain, portal: Portal) -> None:
    portal.change("applications", displayName=EVIL)
    text = json.dumps({"TokenLifetimePolicy": {"Version": 1, EVIL: EVIL}})
    portal.has("applications", LIFETIME, displayName=EVIL, definition=[text])
    portal.tenant.policy(CLAIMS, displayName=EVIL, isOrganizationDefault=True)

    for options in ((), ("--json",)):
        said = explain.run(portal.application["appId"], *options)
        assert [char for char in said.replace("\n", "") if not char.isprintable()] == []
        assert "eman\n" not in said


# -- signing in --------------------------------------------------------------------------------------------------------


def test_stack_says_how_to_sign_in(command: Command, portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    configuration = {"entra-policies:graphEndpoint": {"value": command.emulator.url}}
    command.pulumi(("config", json.dumps(configuration)))

    assert main(["explain", "Portal", "--stack", "dev"]) == 0
    assert capsys.readouterr().out.startswith('"Portal" (client id ')


def test_stack_that_is_not_there_is_an_error(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    command.pulumi()

    assert main(["explain", "Portal", "--stack", "other"]) == TROUBLE
    assert "cannot read the configuration of the stack other" in capsys.readouterr().err
