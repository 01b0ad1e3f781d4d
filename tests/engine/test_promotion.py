"""examples/promotion: one program in three tenants that want a sign-in, taken there by its own pipelines."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from docs import terminal
from tests.engine.harness import PROJECT, Stack, hurry, installed
from tests.engine.pipelines import Workspace, read

from pulumi_entra_policies.emulator import GITHUB_WORKFLOW, Client, Emulator, service_connection
from pulumi_entra_policies.emulator.directory import Directory

EXAMPLE = PROJECT / "examples" / "promotion"
PAYROLL = "5c2ab1f0-1111-4c8e-8f5a-7b1d2e3f4a00"
STACKS = ("dev", "staging", "prod")
DEPLOYER, READER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
CONNECTION = "33333333-3333-4333-8333-333333333333"
READS = {"Policy.Read.All", "Application.Read.All"}


class Company:
    """Three tenants, each with both applications, and a repository with the example in it."""

    def __init__(self, folder: Path, tenants: dict[str, Emulator], bundle: Path) -> None:
        self.tenants = tenants
        stack = Stack(folder, tenants["dev"])
        shutil.copytree(EXAMPLE, folder / "repository")
        variables = {name: value for name, value in stack.variables().items() if name != "PULUMI_STACK"}
        self.repository = Workspace(folder / "repository", variables)
        self.backend = variables["PULUMI_BACKEND_URL"]
        self.summary = folder / "summary.md"
        for name, tenant in tenants.items():
            path = self.repository.folder / f"Pulumi.{name}.yaml"
            own = f"  entra-policies:graphEndpoint: {tenant.url}\n  entra-policies:caBundle: {bundle}\n"
            path.write_text(path.read_text() + own)
            assert self.repository.shell(f"pulumi stack init {name}", PULUMI_CONFIG_PASSPHRASE="")[0]

    def github(self, workflow: str, job: str, stack: str, client: str) -> tuple[bool, str]:
        """One job, where GitHub would run it."""
        self.repository.variables |= {**self.tenants[stack].places.github, "GITHUB_STEP_SUMMARY": str(self.summary)}
        return self.repository.github_job(
            workflow,
            job,
            matrix_stack=stack,
            inputs_stack=stack,
            vars_PULUMI_BACKEND_URL=self.backend,
            vars_ARM_CLIENT_ID=client,
            vars_BACKEND_CLIENT_ID="00000000-0000-0000-0000-000000000000",
            vars_BACKEND_TENANT_ID="00000000-0000-0000-0000-000000000000",
        )

    def deploy(self) -> dict[str, bool]:
        """What a merge starts, in the order that the workflow asks for; what needs a failed job is not run."""
        done: dict[str, bool] = {}
        for job in read(self.repository.folder / ".github" / "workflows" / "deploy.yml")["jobs"].values():
            if "needs" not in job or done.get(job["needs"]):
                stack = job["with"]["stack"]
                done[stack], self.log = self.github(Path(job["uses"]).name, "deploy", stack, DEPLOYER)
        return done

    def held(self, stack: str) -> dict[str, Any]:
        """The definitions in a tenant, by name."""
        directory = self.tenants[stack].directory
        kinds = ("tokenIssuancePolicies", "tokenLifetimePolicies", "claimsMappingPolicies")
        return {
            policy.properties["displayName"]: json.loads(policy.properties["definition"][0])
            for kind in kinds
            for policy in directory.all(kind)
        }


@pytest.fixture
def company(tmp_path: Path, certificates: Path) -> Iterator[Company]:
    server, federated = certificates / "server.pem", [GITHUB_WORKFLOW, service_connection(CONNECTION)]
    clients = {DEPLOYER: Client(federated=federated), READER: Client(federated=federated, permissions=READS)}
    with ExitStack() as running:
        tenants = {}
        for name in STACKS:
            directory = tenant_of(name)
            tenant = Emulator(directory=directory, certificate=server, key=server, clients=clients)
            tenants[name] = running.enter_context(tenant)
        yield Company(tmp_path, tenants, certificates / "ca.pem")


def tenant_of(stack: str) -> Directory:
    """A tenant with both applications, as the stack's own file knows it."""
    configuration = read(EXAMPLE / f"Pulumi.{stack}.yaml")["config"]
    directory = Directory(seed=stack, tenant_id=configuration["entra-policies:tenantId"])
    with directory.lock:
        directory.create_application({"displayName": "Portal", "uniqueName": "portal"})
        directory.create_application({"displayName": "Payroll"}, app_id=PAYROLL)
        directory.create_service_principal({"appId": PAYROLL})
    return directory


def change(tenant: Emulator) -> None:
    """By hand, as in the portal."""
    (policy,) = tenant.directory.all("tokenIssuancePolicies")
    (definition,) = policy.properties["definition"]
    with tenant.directory.lock:
        tenant.directory.update(policy, {"definition": [definition.replace('"2.0"', '"1.1"')]})


def test_github_takes_a_change_from_its_pull_request_to_production(company: Company) -> None:
    ok, log = company.github("preview.yml", "preview", "dev", READER)
    assert ok, log
    assert "+ 9 to create" in log
    assert "Nothing was compared" in company.summary.read_text()

    # What production refuses goes no further than staging.
    file = company.repository.folder / "Pulumi.prod.yaml"
    meant = file.read_text()
    file.write_text(meant.replace('"01:00:00"', '"08:00:00"'))
    assert company.deploy() == {"dev": True, "staging": True, "prod": False}
    assert "ApplicationPolicies 'portal': access tokens live 1:00:00 here at most, not 8:00:00" in company.log
    assert company.held("prod") == {}

    file.write_text(meant)
    assert company.deploy() == {"dev": True, "staging": True, "prod": True}, company.log
    assert company.held("prod")["Portal access tokens"]["TokenLifetimePolicy"]["AccessTokenLifetime"] == "01:00:00"

    # A night's look, after somebody's hand in the portal; the next deployment repairs it.
    change(company.tenants["prod"])
    ok, log = company.github("drift.yml", "drift", "dev", READER)
    assert ok, log
    ok, log = company.github("drift.yml", "drift", "prod", READER)
    assert not ok
    assert '~ samlTokenVersion: "1.1" => "2.0"' in log
    ok, log = company.github("deploy-stack.yml", "deploy", "prod", DEPLOYER)
    assert ok, log
    assert company.held("prod")["Portal SAML tokens"]["TokenIssuancePolicy"]["SamlTokenVersion"] == "2.0"

    # The next pull request shows what it would change, and changes nothing.
    program = company.repository.folder / "__main__.py"
    program.write_text(program.read_text().replace('"employee_id": "employeeid"', '"staff_id": "employeeid"'))
    ok, log = company.github("preview.yml", "preview", "dev", READER)
    assert ok, log
    assert re.search(r'~ jwtClaimType: "employee_id" => "staff_id"', log)
    assert "accessTokenLifetime" in company.summary.read_text()
    assert "staff_id" not in str(company.held("dev"))


def test_azure_devops_does_the_same(company: Company) -> None:
    dev = company.tenants["dev"]
    job = {
        **dev.places.azure_devops,
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": CONNECTION,
        "PULUMI_CONFIG_PASSPHRASE": "",
    }

    for stage, client in (("preview", READER), ("dev", DEPLOYER), ("drift", READER)):
        ok, log = company.repository.azure_job(stage, "dev", **job, servicePrincipalId=client)
        assert ok, log

    assert len(company.held("dev")) == 3


def test_page_shows_what_the_terminal_shows(tmp_path: Path) -> None:
    page = tmp_path / "promotion.md"
    page.write_text((PROJECT / "docs" / "promotion.md").read_text())

    path = os.pathsep.join([str(installed()), os.environ["PATH"]])
    terminal.run(page, **hurry(), PATH=path)

    assert page.read_text() == (PROJECT / "docs" / "promotion.md").read_text()


PACK = """#!/bin/sh
exec "$PACK_PYTHON" -u -m pulumi.policy "$1" "$2"
"""


def test_policy_pack_refuses_what_it_should_however_it_is_written(stack: Stack, tmp_path: Path) -> None:
    """The language host that is built from Go modules is too old to start a pack, so it is started by its other way."""
    pack = shutil.copytree(EXAMPLE / "policy_pack", tmp_path / "pack")
    (pack / "PulumiPolicy.yaml").write_text("runtime: started-by-a-test\n")
    starter = tmp_path / "bin" / "pulumi-analyzer-policy-started-by-a-test"
    starter.parent.mkdir()
    starter.write_text(PACK)
    starter.chmod(0o755)
    stack.environment = {
        "PATH": os.pathsep.join([str(starter.parent), stack.variables()["PATH"]]),
        "PACK_PYTHON": sys.executable,
    }
    stack.program("""
        sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
        as_json = '{"TokenIssuancePolicy":{"Version":1,"SigningAlgorithm":"%s"}}' % sha1
        entra.TokenIssuancePolicy("saml", display_name="SAML", definition=as_json)
        entra.TokenIssuancePolicy("good", display_name="Good", definition={"saml_token_version": "2.0"})
        entra.TokenLifetimePolicy("long", display_name="Long", definition={"access_token_lifetime": "13:00:00"})
    """)

    refused = stack.run("up", "--yes", "--policy-pack", str(pack), ok=False)

    broken = re.findall(r"\[mandatory\]  (\S+)  \(\S+: (\S+)\)", refused.text)
    assert sorted(broken) == [("no-rsa-sha1", "saml"), ("short-lifetime", "long")]
    assert "access tokens live 12:00:00 at most, not 13:00:00" in refused
    assert stack.graph.directory.all("tokenIssuancePolicies") == []
