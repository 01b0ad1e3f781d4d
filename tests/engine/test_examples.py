"""The examples, executed as a reader would."""

from __future__ import annotations

import os

import pytest
from docs import recording
from tests.engine.harness import PROJECT, Stack, installed

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator.server import Registration

pytestmark = pytest.mark.usefixtures("cold")


def test_demo_checks_itself_and_is_as_its_page_and_its_picture_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(installed()), os.environ["PATH"]]))

    output = recording.record(installed() / "python")

    assert "Done: " in output
    # Pulumi reads and refreshes several resources at once, and says so in the order in which it comes.
    assert sorted(recording.page(output).splitlines()) == sorted(recording.PAGE.read_text("utf-8").splitlines())
    assert recording.picture(output) == recording.PICTURE.read_text("utf-8"), "run make recordings"
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
