"""What docs/leaving.md promises to those who stop using this package: the tenant keeps what they want to keep."""

from __future__ import annotations

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator.server import Registration

PROGRAM = """
kept = pulumi.ResourceOptions(retain_on_delete=pulumi.Config().get_bool("kept"))
saml = entra.TokenIssuancePolicy("saml", kept, display_name="SAML", definition={"saml_token_version": "2.0"})
entra.PolicyAssignment("portal", kept, policy=saml, application_id=pulumi.Config().require("application"))
"""


@pytest.fixture
def job(stack: Stack, portal: Registration) -> Stack:
    stack.configuration["tests:application"] = portal.object_id
    stack.program(PROGRAM)
    stack.up()
    return stack


def test_what_the_state_forgets_stays_in_the_tenant_and_is_not_made_twice(job: Stack) -> None:
    tenant = job.graph.directory.snapshot()

    for name in ("portal", "saml"):
        job.run("state", "delete", job.urn(name), "--yes")
    assert job.resources() == {}

    assert "AlreadyThere" in job.up(ok=False)
    job.program("")
    job.up()
    assert job.graph.directory.snapshot() == tenant


def test_stack_that_is_removed_leaves_the_tenant_alone(job: Stack) -> None:
    tenant = job.graph.directory.snapshot()

    job.run("stack", "rm", job.name, "--force", "--yes")

    assert job.graph.directory.snapshot() == tenant


def test_retained_resources_that_leave_the_program_stay_in_the_tenant(job: Stack) -> None:
    tenant = job.graph.directory.snapshot()
    job.configuration["tests:kept"] = "true"
    job.up()

    job.program("")
    job.up()

    assert job.resources() == {}
    assert job.graph.directory.snapshot() == tenant
