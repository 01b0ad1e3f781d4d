"""Drift made behind Pulumi's back, on the real engine: shown by a refresh, repaired by up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

COLLECTION = "tokenIssuancePolicies"
PROGRAM = """
saml = entra.TokenIssuancePolicy("saml", display_name="SAML", definition={"saml_token_version": "2.0"})
entra.PolicyAssignment("portal", policy=saml, application_id=pulumi.Config().require("application"))
"""


@dataclass
class Administrator:
    """Somebody who works in the portal."""

    graph: Emulator
    application_id: str

    @property
    def policy_id(self) -> str:
        (found,) = (one for one in self.graph.directory.all(COLLECTION) if one.properties["displayName"] != "Theirs")
        return found.id

    def remove(self) -> None:
        directory = self.graph.directory
        directory.remove_reference(
            directory.any(self.application_id), directory.policy_sets[COLLECTION], self.policy_id
        )

    def swap(self) -> None:
        directory, policies = self.graph.directory, self.graph.directory.policy_sets[COLLECTION]
        self.remove()
        theirs = {"displayName": "Theirs", "definition": ['{"TokenIssuancePolicy":{"Version":1}}']}
        made = directory.create_policy(policies, theirs)
        directory.add_reference(directory.any(self.application_id), policies, made.id)

    def rename(self) -> None:
        self.graph.directory.update(self.graph.directory.any(self.policy_id), {"displayName": "Renamed"})

    def define(self, definition: str) -> None:
        self.graph.directory.update(self.graph.directory.any(self.policy_id), {"definition": [definition]})

    def retype(self) -> None:
        self.define('{ "TokenIssuancePolicy": { "SamlTokenVersion": "2.0", "Version": "1" } }')

    def change(self) -> None:
        self.define('{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"1.1"}}')

    def add_key(self) -> None:
        self.define('{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0","EmitSamlNameFormat":true}}')

    def delete_policy(self) -> None:
        self.graph.directory.delete(self.graph.directory.any(self.policy_id))


@pytest.fixture
def job(stack: Stack, portal: Registration) -> Stack:
    stack.configuration["tests:application"] = portal.object_id
    stack.program(PROGRAM)
    stack.up()
    return stack


@pytest.fixture
def administrator(graph: Emulator, portal: Registration) -> Administrator:
    return Administrator(graph, portal.object_id)


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        (Administrator.remove, [("create", "portal", ())]),
        (Administrator.swap, [("update", "portal", ("policyId",))]),
        (Administrator.rename, [("update", "saml", ("displayName",))]),
        (Administrator.retype, []),
        (Administrator.change, [("update", "saml", ("definition.samlTokenVersion",))]),
        (Administrator.add_key, [("update", "saml", ("definition.emitSamlNameFormat",))]),
        (Administrator.delete_policy, [("create", "saml", ()), ("create", "portal", ())]),
    ],
)
def test_drift_is_shown_and_repaired(
    job: Stack,
    administrator: Administrator,
    act: Callable[[Administrator], None],
    shown: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    act(administrator)

    job.refresh()
    assert [(step.op, step.name, step.diff) for step in job.preview()] == shown
    job.up()

    assert job.preview("--refresh") == []
    directory = job.graph.directory
    (assigned,) = directory.assigned(directory.any(administrator.application_id), directory.policy_sets[COLLECTION])
    assert assigned.properties["displayName"] == "SAML"
    assert assigned.id == job.resources()["saml"]["id"]


def test_deleted_target_is_shown_and_the_error_says_that_it_is_not_there(
    job: Stack, administrator: Administrator
) -> None:
    job.graph.directory.delete(job.graph.directory.any(administrator.application_id))

    job.refresh()

    for refused in (job.run("preview", ok=False), job.up(ok=False)):
        assert f"there is no application with object id {administrator.application_id} in this tenant" in refused


def test_get_reads_both_and_changes_nothing(job: Stack, administrator: Administrator) -> None:
    slot = f"applications/{administrator.application_id}/{COLLECTION}"
    job.program(
        PROGRAM
        + f"""
policy = entra.TokenIssuancePolicy.get("there", {administrator.policy_id!r})
assigned = entra.PolicyAssignment.get("theirs", {slot!r})
pulumi.export("name", policy.display_name)
pulumi.export("version", policy.definition.apply(lambda definition: definition.saml_token_version))
pulumi.export("assigned", assigned.policy_id)
"""
    )
    job.requests()

    job.up()

    assert {request.split()[0] for request in job.requests()} == {"GET"}
    assert job.outputs() == {"name": "SAML", "version": "2.0", "assigned": administrator.policy_id}
    assert job.preview() == []


@pytest.mark.parametrize("what", ["entra.TokenIssuancePolicy", "entra.PolicyAssignment"])
def test_get_of_a_missing_id_is_an_error(stack: Stack, portal: Registration, what: str) -> None:
    slot = f"applications/{portal.object_id}/{COLLECTION}"
    stack.program(f"{what}.get('there', {portal.object_id if 'Issuance' in what else slot!r})")

    refused = stack.run("preview", ok=False)

    assert "does not exist in this tenant" in refused
    assert "Traceback" not in refused
