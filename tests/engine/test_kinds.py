"""Every policy kind through its whole life on the real engine: a table of kinds, one test each, step by step."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from tests.engine.harness import Stack, Step

from pulumi_entra_policies.emulator import Directory, Emulator
from pulumi_entra_policies.emulator.server import Registration

PROGRAM = """
config = pulumi.Config()
arguments = {"display_name": "Portal", "definition": config.require_object("definition")}
if config.get_bool("default"):
    arguments["is_organization_default"] = True
kind = getattr(entra, config.require("kind"))
policy = kind("portal", **arguments)
for way in config.get_object("targets") or []:
    entra.PolicyAssignment(way, policy=policy, **{way: config.require(way)})
if config.get_bool("existing"):
    existing = kind.get("existing", policy.id)
    pulumi.export("same", pulumi.Output.all(existing.definition_json, policy.definition_json))
pulumi.export("id", policy.id)
"""


@dataclass(frozen=True)
class Row:
    """One kind: a definition, the one change made to it, how it drifts, what is refused, where it can be assigned."""

    kind: str
    collection: str
    definition: dict[str, Any]
    sent: dict[str, Any]
    change: dict[str, Any]
    changed: str
    retyped: str
    drift: str
    drifted: str
    bad: dict[str, Any]
    refused: str
    targets: tuple[str, ...] = ()
    has_default: bool = False

    @property
    def impossible(self) -> tuple[str, ...]:
        return tuple(way for way in ("application_id", "service_principal_id") if way not in self.targets)


NIGHTLY = ("refresh", "--preview-only", "--expect-no-changes", "--diff")
VERSION = {"Version": 1}
IDLE = {"application_id": "default", "web_session_idle_timeout": "01:00:00"}
EMPLOYEE = {"source": "user", "id": "employeeid", "jwt_claim_type": "employee"}
ROWS = [
    Row(
        "TokenIssuancePolicy",
        "tokenIssuancePolicies",
        {"saml_token_version": "2.0"},
        {**VERSION, "SamlTokenVersion": "2.0"},
        {"saml_token_version": "1.1"},
        "definition.samlTokenVersion",
        '{"TokenIssuancePolicy": {"samltokenversion": 2.0, "Version": "1"}}',
        '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0","EmitSamlNameFormat":true}}',
        "definition.emitSamlNameFormat",
        {"saml_token_version": "3.0"},
        'definition.saml_token_version: "3.0" is not allowed; allowed are "1.1", "2.0"; see https://learn.microsoft.com/',
        targets=("application_id", "service_principal_id"),
    ),
    Row(
        "TokenLifetimePolicy",
        "tokenLifetimePolicies",
        {"access_token_lifetime": "02:00:00"},
        {**VERSION, "AccessTokenLifetime": "02:00:00"},
        {"access_token_lifetime": "08:00:00"},
        "definition.accessTokenLifetime",
        '{"TokenLifetimePolicy": {"Version": "1", "AccessTokenLifetime": "2:00:00"}}',
        '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}',
        "definition.accessTokenLifetime",
        {"access_token_lifetime": "24:00:00"},
        "definition.access_token_lifetime: must be a duration hh:mm:ss from 00:10:00 to 23:59:59",
        targets=("application_id", "service_principal_id"),
        has_default=True,
    ),
    Row(
        "ClaimsMappingPolicy",
        "claimsMappingPolicies",
        {"include_basic_claim_set": True, "claims_schema": [EMPLOYEE]},
        {
            **VERSION,
            "IncludeBasicClaimSet": True,
            "ClaimsSchema": [{"Source": "user", "ID": "employeeid", "JwtClaimType": "employee"}],
        },
        {"include_basic_claim_set": True, "claims_schema": [{**EMPLOYEE, "jwt_claim_type": "number"}]},
        "definition.claimsSchema[0].jwtClaimType",
        '{"ClaimsMappingPolicy": {"Version": 1, "IncludeBasicClaimSet": "true",'
        ' "ClaimsSchema": [{"JwtClaimType": "employee", "Id": "employeeid", "Source": "user"}]}}',
        '{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":true,"ClaimsSchema":[]}}',
        "definition.claimsSchema[0]",
        {"claims_schema": [{"source": "transformation", "id": "crater"}]},
        'definition.claims_schema[0].transformation_id: is required where source is "transformation"; see https://',
        targets=("service_principal_id",),
    ),
    Row(
        "HomeRealmDiscoveryPolicy",
        "homeRealmDiscoveryPolicies",
        {"accelerate_to_federated_domain": True, "preferred_domain": "federated.example.edu"},
        {"AccelerateToFederatedDomain": True, "PreferredDomain": "federated.example.edu"},
        {"accelerate_to_federated_domain": True, "preferred_domain": "other.example.edu"},
        "definition.preferredDomain",
        '{"HomeRealmDiscoveryPolicy": {"PreferredDomain": "federated.example.edu",'
        ' "accelerateToFederatedDomain": "True"}}',
        '{"HomeRealmDiscoveryPolicy":{"AccelerateToFederatedDomain":true,"PreferredDomain":"evil.example.com"}}',
        "definition.preferredDomain",
        {"domain_hint_policy": {"ignore_domain_hint_for_domains": "example.edu"}},
        "definition.domain_hint_policy.ignore_domain_hint_for_domains: must be a list",
        targets=("service_principal_id",),
        has_default=True,
    ),
    Row(
        "ActivityBasedTimeoutPolicy",
        "activityBasedTimeoutPolicies",
        {"application_policies": [IDLE]},
        {**VERSION, "ApplicationPolicies": [{"ApplicationId": "default", "WebSessionIdleTimeout": "01:00:00"}]},
        {"application_policies": [{**IDLE, "web_session_idle_timeout": "00:15:00"}]},
        "definition.applicationPolicies[0].webSessionIdleTimeout",
        '{"ActivityBasedTimeoutPolicy": {"version": "1",'
        ' "ApplicationPolicies": [{"WebSessionIdleTimeout": "1:00:00", "ApplicationId": "default"}]}}',
        '{"ActivityBasedTimeoutPolicy":{"Version":1,"ApplicationPolicies":'
        '[{"ApplicationId":"default","WebSessionIdleTimeout":"23:00:00"}]}}',
        "definition.applicationPolicies[0].webSessionIdleTimeout",
        {"application_policies": [{**IDLE, "web_session_idle_timeout": "00:01:00"}]},
        'definition.application_policies[0].web_session_idle_timeout: "00:01:00" is not allowed; allowed are 00',
        has_default=True,
    ),
]
COLUMNS = {"application_id": "applications", "service_principal_id": "servicePrincipals"}


class Job:
    """The program of one row, and what the tenant holds."""

    def __init__(self, stack: Stack, row: Row, portal: Registration) -> None:
        self.stack, self.row = stack, row
        stack.program(PROGRAM)
        self.configure(kind=row.kind, definition=row.definition, targets=row.targets)
        self.configure(application_id=portal.object_id, service_principal_id=portal.service_principal_id)

    def configure(self, **values: Any) -> None:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        self.stack.configuration.update({f"tests:{name}": text for name, text in texts.items()})

    @property
    def stored(self) -> Any:
        (found,) = self.stack.graph.directory.all(self.row.collection)
        return found

    def is_default(self) -> bool:
        return bool(self.stored.properties["isOrganizationDefault"])

    def definition(self) -> dict[str, Any]:
        (text,) = self.stored.properties["definition"]
        definition: dict[str, Any] = json.loads(text)[self.row.kind]
        return definition

    def define(self, text: str) -> None:
        self.stack.graph.directory.update(self.stored, {"definition": [text]})


@pytest.fixture(params=ROWS, ids=lambda row: row.kind)
def job(request: pytest.FixtureRequest, stack: Stack, portal: Registration) -> Job:
    return Job(stack, request.param, portal)


def test_kind_is_created_assigned_read_updated_and_destroyed(job: Job) -> None:
    row, stack = job.row, job.stack
    stack.up()
    assert job.definition() == row.sent
    assigned = stack.graph.directory.snapshot()["references"]
    assert sorted(reference["target"].split("/")[0] for reference in assigned) == sorted(
        COLUMNS[way] for way in row.targets
    )
    assert stack.preview() == []

    job.configure(existing=True)
    stack.up()
    one, other = stack.outputs()["same"]
    assert one == other

    job.configure(definition=row.change)
    assert stack.preview() == [Step("update", "portal", diff=(row.changed,))]
    stack.up()
    assert job.definition() != row.sent
    assert stack.preview("--refresh") == []

    stack.destroy()
    assert stack.graph.directory.all(row.collection) == []


def test_kind_is_compared_by_meaning_and_its_drift_repaired(job: Job) -> None:
    row, stack = job.row, job.stack
    stack.up()

    job.define(row.retyped)
    assert stack.preview("--refresh") == []
    stack.run(*NIGHTLY)
    stack.up("--refresh")
    assert job.stored.properties["definition"] == [row.retyped]

    job.define(row.drift)
    drifted = stack.run(*NIGHTLY, ok=False)
    assert "no changes were expected for refresh but changes were proposed" in drifted
    assert re.split(r"[.[]", row.drifted)[1] in drifted
    assert stack.preview("--refresh") == [Step("update", "portal", diff=(row.drifted,))]
    stack.up("--refresh")
    assert job.definition() == row.sent
    stack.run(*NIGHTLY)


def test_kind_is_refused_before_anything_is_sent(job: Job) -> None:
    row, stack = job.row, job.stack
    job.configure(definition=row.bad)

    assert row.refused in stack.run("preview", ok=False)

    for way in row.impossible:
        job.configure(definition=row.definition, targets=[way])
        text = stack.run("preview", ok=False).text
        assert re.search(rf"{way}: an? .* can(not be assigned| be assigned to service principals only)", text)
    assert {request.split()[0] for request in stack.requests()} <= {"GET"}


def test_kind_has_an_organisations_default_or_none(job: Job, graph: Emulator) -> None:
    row, stack = job.row, job.stack
    job.configure(default=True, targets=[])
    if not row.has_default:
        assert "unexpected keyword argument 'is_organization_default'" in stack.up(ok=False)
        return
    body = {"displayName": "Theirs", "definition": [row.retyped], "isOrganizationDefault": True}
    theirs = graph.directory.create_policy(graph.directory.policy_sets[row.collection], body)
    refused = stack.up(ok=False)
    assert f'"Theirs" ({theirs.id}) is it, and a tenant has one of a kind' in refused
    assert graph.directory.all(row.collection) == [theirs]
    graph.directory.delete(theirs)

    stack.up()
    assert job.is_default()
    job.configure(default=False)
    assert stack.preview() == [Step("update", "portal", diff=("isOrganizationDefault",))]
    stack.up()
    assert not job.is_default()
    assert stack.preview("--refresh") == []


STUBBORN = """
lifetime = entra.TokenLifetimePolicy(
    "lifetime",
    display_name="Lifetime",
    definition={"access_token_lifetime": "02:00:00"},
    is_organization_default=pulumi.Config().get_bool("default"),
    if_exists="create",
)
entra.PolicyAssignment("portal", policy=lifetime, application_id=pulumi.Config().require("application"))
"""


def test_default_that_graph_refuses_to_change_is_replaced_without_losing_the_assignment(tmp_path: Any) -> None:
    with Emulator(directory=Directory(seed=1, default_patch_status=500)) as graph:
        portal, stack = graph.create_application("Portal"), Stack(tmp_path, graph)
        stack.program(STUBBORN)
        stack.configuration["tests:application"] = portal.object_id
        stack.up()
        stack.configuration["tests:default"] = "true"

        assert "run pulumi up --replace with this resource's URN" in stack.up(ok=False)
        stack.up("--replace", stack.urn("lifetime"))

        (policy,) = graph.directory.all("tokenLifetimePolicies")
        (reference,) = graph.directory.snapshot()["references"]
        assert policy.properties["isOrganizationDefault"] is True
        assert reference["policyId"] == policy.id
        assert stack.preview("--refresh") == []
