"""What is written of a tenant that people have filled by hand."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.commands import handmade
from tests.commands.command import Command
from tests.emulator import large
from tests.emulator.tenant import Json, Tenant

from pulumi_entra_policies import _wire
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.run import Run
from pulumi_entra_policies.settings import Settings


def as_read(emulator: Emulator, resources: list[dict[str, Any]]) -> list[Any]:
    """What a read of this package finds for each resource, with the state that it would have."""

    async def read(run: Run, resource: dict[str, Any]) -> Any:
        kind = KINDS.get(resource["type"].rpartition(":")[2])
        verb = policy.read(kind, run, resource["id"], {}) if kind else assignment.read(run, resource["id"], {})
        live = await verb
        return live and (live.id, live.inputs, live.outputs)

    async def everything() -> list[Any]:
        run = Run(Settings.load({"entra-policies:graphEndpoint": emulator.url}.get, {}))
        try:
            return [await read(run, resource) for resource in resources]
        finally:
            await run.close()

    return asyncio.run(everything())


def without_provider(bag: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in bag.items() if name != _wire.PROVIDER}


def test_file_says_what_a_read_would(command: Command, made: dict[str, Json]) -> None:
    command.run()

    written = [
        (one["id"], without_provider(one["inputs"]), without_provider(one["outputs"])) for one in command.resources
    ]
    assert written == as_read(command.emulator, command.resources)
    assert len(written) == len(handmade.POLICIES) + handmade.ASSIGNMENTS


def test_each_resource_carries_its_provider_twice(command: Command, made: dict[str, Json]) -> None:
    command.run()

    for one in command.resources:
        provider = _wire.written(one["type"].rpartition(":")[2])
        assert one["inputs"][_wire.PROVIDER] == one["outputs"][_wire.PROVIDER] == provider


def test_second_run_writes_the_same(command: Command, made: dict[str, Json]) -> None:
    command.run()
    first = command.program, command.resources
    for path in command.out.iterdir():
        path.unlink()
    command.run()

    assert (command.program, command.resources) == first


def test_what_to_do_next_is_said(command: Command, made: dict[str, Json]) -> None:
    said = command.run()

    assert f"{len(handmade.POLICIES)} policies and {handmade.ASSIGNMENTS} assignments to import" in said
    file = command.out / "imported_policies.json"
    assert f"     pulumi import --file {file} --generate-code=false --protect=false\n" in said
    assert "Pulumi CLI 3.254 or later" in said
    assert "     import imported_policies\n" in said
    assert "  twins-" in said


def test_progress_is_told_aside(command: Command, made: dict[str, Json]) -> None:
    command.run()

    assert "TokenIssuancePolicy: 5 read\n" in command.told


def test_targets_by_client_id(command: Command, made: dict[str, Json]) -> None:
    command.run("--by-client-id", "--kind", "tokenLifetimePolicies")

    (one,) = (one for one in command.resources if one["type"].endswith(":PolicyAssignment"))
    assert one["inputs"]["applicationClientId"] == made["Portal"]["appId"]
    assert one["outputs"]["applicationId"] == made["Portal"]["id"]
    assert f'application_client_id="{made["Portal"]["appId"]}",  # "Portal"' in command.program


def test_client_id_that_graph_does_not_say_is_an_error(command: Command, made: dict[str, Json]) -> None:
    user = {"@odata.type": "#microsoft.graph.application", "id": made["Portal"]["id"], "displayName": "Portal"}
    listed = {**made["Portal SAML"], "appliesTo": [user]}
    command.emulator.fault(method="GET", path="tokenLifetimePolicies", status=200, body=json.dumps({"value": [listed]}))

    error = command.run("--by-client-id", "--kind", "TokenLifetimePolicy", ok=False)

    assert 'cannot name application "Portal"' in error
    assert not command.out.exists()


@pytest.mark.parametrize(
    ("kind", "type_", "policies", "reason"),
    [
        ("TokenLifetimePolicy", "group", 1, "which is neither an application nor a service principal"),
        ("ClaimsMappingPolicy", "application", 1, "which a claims mapping policy cannot be assigned to"),
        ("TokenLifetimePolicy", "application", 2, "which has several policies of this kind"),
    ],
)
def test_assignment_that_no_program_can_say_is_noted(
    command: Command, kind: str, type_: str, policies: int, reason: str
) -> None:
    user = {"@odata.type": f"#microsoft.graph.{type_}", "id": large.guid(9, 1), "displayName": "Sales\n"}
    listed = [
        {"id": large.guid(8, n), "displayName": f"P{n}", "definition": ["?"], "appliesTo": [user]}
        for n in range(policies)
    ]
    command.emulator.fault(method="GET", path="/policies/[^/]+$", status=200, body=json.dumps({"value": listed}))
    command.emulator.fault(method="GET", path="appliesTo$", status=200, body=json.dumps({"value": [user]}), times=2)

    said = command.run("--kind", kind)

    assert f'p0: Also assigned to {type_} "Sales\\n" ({user["id"]}), {reason}: that is left as it is.\n' in said
    assert command.names == [f"p{n}" for n in range(policies)]


def test_many_users_are_all_found(command: Command, tenant: Tenant) -> None:
    command.emulator.load(large.tenant(policies=0, applications=45))
    shared, other = tenant.policy(displayName="Shared"), tenant.policy(displayName="Other")
    for number in range(44):
        tenant.assign(f"applications/{large.guid(large.APPLICATION, number)}", shared)
    tenant.assign(f"applications/{large.guid(large.APPLICATION, 44)}", other)
    command.emulator.clear_journal()

    command.run("--kind", "TokenIssuancePolicy")

    assert len(command.names) == 2 + 45
    asked = [entry["path"].split("?")[0].rpartition("/")[2] for entry in command.emulator.journal()]
    assert asked == ["organization", "tokenIssuancePolicies", "appliesTo"]


def test_large_tenant_is_read_by_the_page(command: Command) -> None:
    command.emulator.load(large.tenant(policies=200, applications=300, references=300))

    command.run("--kind", "TokenIssuancePolicy")

    assert len(command.names) == 500
    assert len(set(command.names)) == 500
    assert len(command.emulator.journal()) == 3
    assert "TokenIssuancePolicy: 100 read, and there are more\n" in command.told


def test_empty_tenant_gives_no_files(command: Command) -> None:
    said = command.run()

    assert said == f"There is nothing to import from tenant {command.emulator.tenant_id}, and nothing was written.\n"
    assert not command.out.exists()


def test_long_list_of_oddities_is_cut(command: Command, tenant: Tenant) -> None:
    for _ in range(25):
        tenant.policy(displayName="Twin")

    said = command.run("--kind", "TokenIssuancePolicy")

    assert said.count("25 policies of this kind have this name") == 20
    assert "  and 5 more\n" in said
    assert command.program.count("# 25 policies of this kind have this name") == 25


@pytest.mark.parametrize(
    ("granted", "missing"),
    [(["Policy.Read.All"], "Application.Read.All and Policy.Read.All"), (["Application.Read.All"], "Policy.Read.All")],
)
def test_what_may_not_be_read_names_the_permission_and_writes_nothing(
    command: Command, made: dict[str, Json], granted: list[str], missing: str
) -> None:
    command.emulator.grant(granted)

    error = command.run(ok=False)

    assert "entra-policies: Forbidden: cannot list every" in error
    assert missing in error
    assert not command.out.exists()


def test_broken_answer_is_no_tenant_without_policies(command: Command, made: dict[str, Json]) -> None:
    command.emulator.fault(method="GET", path="claimsMappingPolicies$", status=200, body='{"error":{"code":"x"}}')

    error = command.run(ok=False)

    assert "entra-policies: Forbidden: cannot list every claims mapping policy" in error
    assert "then try again" in error
    assert not command.out.exists()


def test_file_that_exists_is_never_overwritten_nor_anything_asked(command: Command, made: dict[str, Json]) -> None:
    command.out.mkdir()
    (command.out / "imported_policies.py").write_text("mine")

    error = command.run(ok=False)

    assert "imported_policies.py:\n  it exists, and is not overwritten." in error
    assert command.program == "mine"
    assert command.emulator.journal() == []


@pytest.mark.parametrize("name", ["imported_policies.py", "imported_policies.json"])
def test_link_to_nowhere_is_a_file_that_exists(command: Command, name: str) -> None:
    command.out.mkdir()
    (command.out / name).symlink_to("nowhere")

    assert f"{name}:\n  it exists, and is not overwritten." in command.run(ok=False)
    assert command.emulator.journal() == []


def test_file_that_cannot_be_written_leaves_none(
    command: Command, made: dict[str, Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulumi_entra_policies.commands.files.Files.refuse_existing", lambda self: None)
    command.out.mkdir()
    (command.out / "imported_policies.json").write_text("mine")

    assert "File exists" in command.run(ok=False)
    assert [path.name for path in command.out.iterdir()] == ["imported_policies.json"]
    assert (command.out / "imported_policies.json").read_text() == "mine"


def test_file_that_appears_meanwhile_is_not_overwritten(
    command: Command, made: dict[str, Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulumi_entra_policies.commands.files.Files.refuse_existing", lambda self: None)
    command.out.mkdir()
    (command.out / "imported_policies.py").write_text("mine")

    assert "File exists" in command.run(ok=False)
    assert command.program == "mine"
