"""What a preview says of the tenant on the real engine, and what `up` then says of the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import automation
from tests.engine.harness import Run, Stack

from pulumi_entra_policies.emulator import Emulator, Registration

NOWHERE = "00000000-0000-4000-8000-000000000000"
SAML = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
LIFETIME = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}'


class Tenant:
    """What somebody else has made."""

    def __init__(self, graph: Emulator) -> None:
        self.directory = graph.directory

    def policy(self, name: str, definition: str = SAML, **more: Any) -> str:
        body = {"displayName": name, "definition": [definition], **more}
        kind = next(iter(json.loads(definition)))
        collection = f"{kind[0].lower()}{kind[1:-1]}ies"
        return self.directory.create_policy(self.directory.policy_sets[collection], body).id

    def assign(self, target: Registration, policy_id: str) -> None:
        policy_set = self.directory.policy_sets["tokenIssuancePolicies"]
        self.directory.add_reference(self.directory.any(target.object_id), policy_set, policy_id)


@pytest.fixture
def tenant(graph: Emulator) -> Tenant:
    return Tenant(graph)


@pytest.fixture
def lines(graph: Emulator, tenant: Tenant) -> dict[str, str]:
    """A line of a program for each resource, by its name: the tenant has something against all of them."""
    portal, shop, news = (
        graph.create_application(name, with_service_principal=True) for name in ("Portal", "Shop", "News")
    )
    old, default = tenant.policy("Old"), tenant.policy("Default", LIFETIME, isOrganizationDefault=True)
    for application in (portal, shop):
        tenant.assign(application, old)
    issuance = "entra.TokenIssuancePolicy('{0}', display_name='{0}', definition={{}})"

    def assignment(name: str, policy: str, target: str, kind: str = "TokenIssuancePolicy") -> str:
        return f"entra.PolicyAssignment({name!r}, policy_id={policy}, policy_type={kind!r}, application_id={target!r})"

    return {
        "Old": issuance.format("Old"),
        "default": "entra.TokenLifetimePolicy('default', display_name='D', "
        "definition={'access_token_lifetime': '08:00:00'}, is_organization_default=True, "
        "accept_warnings=['is_organization_default'])",
        "taken": assignment("taken", f"{issuance.format('New')}.id", portal.object_id),
        "there": assignment("there", repr(old), shop.object_id),
        "imported": issuance.format("imported")[:-1] + f", opts=pulumi.ResourceOptions(import_={old!r}))",
        "nowhere": assignment("nowhere", repr(old), NOWHERE),
        "mistaken": assignment("mistaken", repr(old), news.service_principal_id),
        "kind": assignment("kind", repr(default), news.object_id),
        "mapped": "claims = entra.ClaimsMappingPolicy('claims', display_name='C', definition={})\n"
        f"entra.PolicyAssignment('mapped', policy=claims, service_principal_id={portal.service_principal_id!r})",
    }


WARNINGS = {"Old": "AlreadyThere", "default": "DefaultTaken", "taken": "PolicyConflict", "there": "AlreadyThere"}
ERRORS = {"imported": "ImportDiffers", "nowhere": "TargetMissing", "mistaken": "WrongId", "kind": "WrongId"}


def diagnostics(run: Run) -> dict[str, list[str]]:
    """What `preview --json` says of each resource, by its name; of none of them under an empty one."""
    said: dict[str, list[str]] = {}
    for one in run.document().get("diagnostics", ()):
        said.setdefault(one.get("urn", "").split("::")[-1], []).append(one["message"].strip())
    return said


def test_preview_says_what_up_is_refused_with(stack: Stack, lines: dict[str, str]) -> None:
    stack.requests()
    stack.program("\n".join(lines[name] for name in [*WARNINGS, "mapped"]))
    said = diagnostics(stack.run("preview", "--json"))
    for name, error in WARNINGS.items():
        (text,) = said.pop(name)
        assert text.startswith("warning: ")
        assert f' "{name}": as the tenant is now, pulumi up ends in {error}: cannot ' in text
    (text,) = said.pop("mapped")
    assert text.startswith('warning: PolicyAssignment "mapped": a claims mapping policy works only if ')
    assert said == {}
    for name, error in ERRORS.items():
        stack.program(lines[name])
        said = diagnostics(stack.run("preview", "--json", ok=False))
        assert f"{error}: cannot " in said[name][-1]
    assert {request.split()[0] for request in stack.requests()} == {"GET"}

    stack.program("\n".join(lines.values()))
    refused = stack.run("up", "--yes", "--skip-preview", "--continue-on-error", ok=False)
    ended = refused.text.partition("Diagnostics:")[2]
    for name, error in (WARNINGS | ERRORS).items():
        assert f"({name}):" in ended
        assert ended.count(f": {error}: cannot ") == [*WARNINGS.values(), *ERRORS.values()].count(error)
    assert "as the tenant is now" not in refused


def test_preview_that_may_not_look_says_so_once(stack: Stack, lines: dict[str, str]) -> None:
    stack.graph.grant({"Policy.Read.All"})
    stack.program("\n".join(lines[name] for name in [*WARNINGS, "nowhere", "mapped"]))
    said = diagnostics(stack.run("preview", "--json"))
    assert said.keys() == {"", "Old", "default", "mapped"}
    (note,) = said[""]
    assert "so this preview tells nothing that takes the permission Application.Read.All" in note

    stack.graph.grant(set())
    said = diagnostics(stack.run("preview", "--json"))
    assert said.keys() == {"", "mapped"}
    permissions = {note.partition("permission ")[2].split()[0] for note in said[""]}
    assert (len(said[""]), permissions) == (2, {"Application.Read.All", "Policy.Read.All"})


def test_preview_of_a_change_says_whom_it_reaches(
    stack: Stack, tenant: Tenant, graph: Emulator, portal: Registration
) -> None:
    program = """
saml = entra.TokenIssuancePolicy("saml", display_name="SAML", definition={"saml_token_version": "%s"})
entra.PolicyAssignment("portal", policy=saml, application_id=pulumi.Config().require("portal"))


class Site(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("tests:index:Site", "site")
        inside = pulumi.ResourceOptions(parent=self)
        entra.TokenLifetimePolicy(
            "short", inside, display_name="Short", definition={"access_token_lifetime": "0%s:00:00"}
        )


Site()
"""
    stack.configuration["tests:portal"] = portal.object_id
    stack.program(program % ("2.0", 1))
    stack.run("preview", "--save-plan", "plan.json")
    planned = stack.up("--plan", "plan.json")
    assert "used by" not in planned
    assert "_preview" not in stack.run("stack", "export").text
    saml = stack.resources()["saml"]["id"]
    for number in range(2):
        tenant.assign(graph.create_application(f"App {number}"), saml)

    stack.program(program % ("1.1", 2))
    reached = 'TokenIssuancePolicy "saml": used by 3 applications; this program assigns it once'
    inside = 'TokenLifetimePolicy "short": used by nobody'
    said = diagnostics(stack.run("preview", "--json"))
    assert said == {"saml": [reached], "short": [inside]}
    for arguments in ((), ("--diff",)):
        shown = stack.run("preview", *arguments)
        assert reached in shown
        assert 'application "App 1"' not in shown
    assert 'application "App 1"' in stack.run("preview", "--debug")
    stack.configure()  # what pulumi/actions writes to a pull request is what the Automation API says was printed
    options = automation.LocalWorkspaceOptions(env_vars=stack.variables())
    automated = automation.select_stack("dev", work_dir=str(stack.folder / "project"), opts=options)
    assert reached in automated.preview().stdout
    assert "used by" not in stack.up()
    assert diagnostics(stack.run("preview", "--json")) == {}
