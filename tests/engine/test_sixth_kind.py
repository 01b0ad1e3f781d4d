"""A kind that nobody has heard of: one definition and one resource class make it, and nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.harness import Stack, Step

from pulumi_entra_policies.emulator import STS_POLICY_SETS, Directory, Emulator, PolicySet

PACKAGE = Path(__file__).parents[2] / "provider" / "pulumi_entra_policies"
COLLECTION = "consentExpiryPolicies"
DEFINITION = """
from .effect import ORGANIZATION, Effect
from .fields import Field, Shape
from .kinds import Kind

_RULE = Shape("ExpiryRule", (Field("Scope", "string", "Which consent.", required=True),))
KIND = Kind(
    name="ConsentExpiryPolicy",
    collection="consentExpiryPolicies",
    noun="consent expiry policy",
    reference="https://example.com/consent",
    targets=("servicePrincipals",),
    has_default=True,
    effect=Effect(order=(ORGANIZATION,), source="https://example.com/consent", gap="Nobody says more."),
    fields=(
        Field("ExpiresAfter", "duration", "When.", within=("00:10:00", "23:59:59"), required=True),
        Field("Rules", _RULE, "Exceptions.", many=True),
    ),
)
"""
RESOURCE = """
from __future__ import annotations

from typing import Any

import pulumi

from ..definitions.consent_expiry import KIND
from .policy import OrganizationPolicy


class ConsentExpiryPolicy(OrganizationPolicy, module="entra-policies", name="ConsentExpiryPolicy"):
    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[Any]:
        return self._output("definition")

    def __init__(self, resource_name, opts=None, *, display_name, definition, default=None, force_destroy=None) -> None:
        super().__init__(
            resource_name,
            opts,
            display_name=display_name,
            definition=definition,
            if_exists=None,
            force_destroy=force_destroy,
            isOrganizationDefault=default,
        )
"""
PROGRAM = """
import datetime
from pulumi_entra_policies.resources.consent_expiry import ConsentExpiryPolicy
config = pulumi.Config()
definition = {"expires_after": datetime.timedelta(hours=config.require_int("hours")), "rules": [{"Scope": "all"}]}
expiry = ConsentExpiryPolicy("expiry", display_name="Consent", definition=definition, default=True)
entra.PolicyAssignment("portal", policy=expiry, service_principal_id=config.require("principal"))
pulumi.export("found", expiry.id.apply(lambda _: len(entra.get_policies("ConsentExpiryPolicy"))))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package with two files more."""
    copy = tmp_path / "packages" / "pulumi_entra_policies"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "definitions" / "consent_expiry.py").write_text(DEFINITION)
    (copy / "resources" / "consent_expiry.py").write_text(RESOURCE)
    return copy.parent


def explained(package: Path, graph: Emulator) -> tuple[str, list[str]]:
    """What `entra-policies explain` says of the kind: the outcome, and which policies."""
    code = "import sys; from pulumi_entra_policies.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "explain", "Portal", "--json", "--config", f"graphEndpoint={graph.url}"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(package)}, stdout=subprocess.PIPE, check=True)
    kinds = {kind["kind"]: kind for kind in json.loads(done.stdout)["kinds"]}
    found = kinds["ConsentExpiryPolicy"]
    return found["outcome"], [one["id"] for one in found["policies"]]


def test_sixth_kind_takes_one_definition_and_one_resource_class(package: Path, tmp_path: Path) -> None:
    invented = PolicySet(
        COLLECTION,
        "ConsentExpiryPolicy",
        targets=("servicePrincipals",),
        requires_version=False,
        honours_default=True,
    )
    with Emulator(directory=Directory(seed=1, policy_sets=(*STS_POLICY_SETS, invented))) as graph:
        portal = graph.create_application("Portal", with_service_principal=True)
        stack = Stack(tmp_path, graph, packages=package)
        stack.program(PROGRAM)
        stack.configuration.update({"tests:hours": "2", "tests:principal": portal.service_principal_id})

        stack.up()
        (policy,) = graph.directory.all(COLLECTION)
        assert policy.properties == {
            "displayName": "Consent",
            "definition": ['{"ConsentExpiryPolicy":{"ExpiresAfter":"02:00:00","Rules":[{"Scope":"all"}]}}'],
            "isOrganizationDefault": True,
        }
        assert stack.outputs()["found"] == 1
        assert [reference["policyId"] for reference in graph.directory.snapshot()["references"]] == [policy.id]
        assert explained(package, graph) == ("policy", [policy.id])

        stack.configuration["tests:hours"] = "3"
        assert stack.preview() == [Step("update", "expiry", diff=("definition.expiresAfter",))]
        stack.configuration["tests:hours"] = "24"
        assert 'definition.expires_after: "1.00:00:00" is not allowed' in stack.run("preview", ok=False)
        stack.configuration["tests:hours"] = "2"

        graph.directory.update(policy, {"definition": ['{"ConsentExpiryPolicy":{"expiresafter":"2:00:00"}}']})
        assert stack.preview("--refresh") == [Step("update", "expiry", diff=("definition.rules",))]
        stack.destroy()
        assert graph.directory.all(COLLECTION) == []
