"""The examples, executed as a reader would."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.engine.harness import PROJECT, Stack, installed

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator.server import Registration

pytestmark = pytest.mark.usefixtures("cold")


def test_demo_goes_from_preview_to_destroy_and_checks_itself() -> None:
    path = os.pathsep.join([str(installed()), os.environ["PATH"]])

    done = subprocess.run(
        [installed() / "python", PROJECT / "examples" / "demo.py"],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '~ samlTokenVersion: "2.0" => "1.1"' in done.stdout
    assert "Done: " in done.stdout
    assert not (PROJECT / "Pulumi.demo.yaml").exists()


@pytest.mark.parametrize(
    ("example", "kept"),
    [
        ("token_lifetime", "tokenLifetimePolicies"),
        ("claims_mapping", "claimsMappingPolicies"),
        ("home_realm_discovery", "homeRealmDiscoveryPolicies"),
        ("activity_based_timeout", "activityBasedTimeoutPolicies"),
    ],
)
def test_example_of_a_kind_lives_from_up_to_destroy(
    stack: Stack, portal: Registration, example: str, kept: str
) -> None:
    program = (PROJECT / "examples" / example / "__main__.py").read_text()
    (stack.folder / "project" / "__main__.py").write_text(program)
    stack.configuration["tests:applicationId"] = portal.object_id
    stack.configuration["tests:servicePrincipalId"] = portal.service_principal_id

    stack.up()
    (policy,) = stack.graph.directory.all(kept)
    assert stack.outputs()["policyId"] == policy.id
    assert stack.preview("--refresh") == []

    stack.destroy()
    assert stack.graph.directory.all(kept) == []


def test_every_kind_has_an_example() -> None:
    examples = "".join(path.read_text() for path in (PROJECT / "examples").glob("*/__main__.py"))

    assert [kind for kind in KINDS if f"entra.{kind}(" not in examples] == []
