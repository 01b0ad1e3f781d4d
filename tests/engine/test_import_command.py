"""`entra-policies import`, then Pulumi's own: of a tenant that was filled over HTTP, by others than this package."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.commands import handmade
from tests.emulator import large
from tests.engine.harness import Run, Stack

from pulumi_entra_policies import _wire
from pulumi_entra_policies.emulator import Emulator

FILE, PROGRAM = "imported_policies.json", "imported_policies.py"
CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "hunter2 is the secret"


def write(stack: Stack, *options: str, ok: bool = True) -> Run:
    """The command, as a user runs it in the project's folder."""
    stack.configure()
    done = subprocess.run(
        ["entra-policies", "import", "--stack", stack.name, *options],
        executable=stack.bin / "entra-policies",
        cwd=stack.folder / "project",
        env=stack.variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return Run(done.stdout if ok else done.stderr, ok)


def take_over(stack: Stack, *options: str) -> None:
    """All the steps that the command prints, up to the preview."""
    said = write(stack, *options)
    arguments = ("import", "--file", FILE, "--generate-code=false", "--protect=false")
    assert f"     pulumi {' '.join(arguments)} --stack dev\n" in said
    stack.program("import imported_policies")
    stack.run(*arguments, "--yes", "--skip-preview")


def program(stack: Stack) -> Path:
    return stack.folder / "project" / PROGRAM


def written(graph: Emulator) -> list[str]:
    """What was sent that is no question."""
    return [entry["method"] for entry in graph.journal() if entry["method"] != "GET"]


def test_tenant_that_people_have_filled_by_hand(stack: Stack, graph: Emulator) -> None:
    made = handmade.fill(graph)
    before = graph.directory.snapshot()

    take_over(stack)

    assert len(stack.resources()) == len(handmade.POLICIES) + handmade.ASSIGNMENTS
    assert stack.preview() == []
    assert stack.preview("--refresh") == []
    stack.up("--expect-no-changes")
    assert written(graph) == []
    assert graph.directory.snapshot() == before
    assert "There is nothing to import" in write(stack, "--out", "again")

    text = program(stack).read_text("utf-8").replace('saml_token_version="2.0"', 'saml_token_version="1.1"')
    unread = next(line for line in text.splitlines() if "SamlTokenVersion" in line and "definition=" in line)
    program(stack).write_text(text.replace(unread, "    definition=entra.TokenIssuanceDefinitionArgs(),"), "utf-8")
    steps = stack.preview()
    assert {(step.op, step.name) for step in steps} == {
        ("update", "portal-saml-token-issuance"),
        ("update", "said-twice"),
    }
    stack.up()
    assert written(graph) == ["PATCH", "PATCH"]
    changed = {
        one.properties["displayName"]: one.properties["definition"] for one in graph.directory.all(handmade.ISSUANCE)
    }
    assert changed["Said twice"] == ['{"TokenIssuancePolicy":{"Version":1}}']
    assert stack.preview() == []

    stack.destroy()
    after = graph.directory.snapshot()
    assert (after["references"], [one for kept in after["policies"].values() for one in kept]) == ([], [])
    assert {one["displayName"] for one in after["applications"]} == {"Portal", "Legacy"}
    assert made["Portal"]["id"] in {one["id"] for one in after["applications"]}


def test_five_hundred_objects_in_one_go(stack: Stack, graph: Emulator) -> None:
    graph.load(large.tenant(policies=200, applications=300, references=300))

    take_over(stack, "--by-client-id")

    assert len(stack.resources()) == 500
    graph.clear_journal()
    assert stack.preview() == []
    assert stack.requests() == []


def test_stack_says_how_to_sign_in_and_pulumi_whether_it_can_import(certificates: Path, tmp_path: Path) -> None:
    server, bundle = certificates / "server.pem", certificates / "ca.pem"
    with Emulator(seed=1, certificate=server, key=server, clients={CLIENT: SECRET}) as graph:
        stack = Stack(tmp_path, graph)
        portal = graph.create_application("Portal")
        directory = graph.directory
        body = {"displayName": "Portal SAML", "definition": ['{"TokenIssuancePolicy":{"Version":1}}']}
        policy = directory.create_policy(directory.policy_sets[handmade.ISSUANCE], body)
        directory.add_reference(directory.any(portal.object_id), directory.policy_sets[handmade.ISSUANCE], policy.id)
        project = stack.folder / "project" / "Pulumi.yaml"
        project.write_text(f"{project.read_text()}config:\n  entra-policies:clientId:\n    value: {CLIENT}\n")
        named = {"tenantId": graph.tenant_id, "caBundle": str(bundle)}
        stack.configuration |= {f"entra-policies:{key}": value for key, value in named.items()}
        stack.secret("entra-policies:clientSecret", SECRET)

        assert "error: no stack named 'nope' found" in write(stack, "--stack", "nope", ok=False)
        graph.grant(["Policy.Read.All"])
        refused = write(stack, ok=False)
        assert "permission Application.Read.All and Policy.Read.All, with admin consent" in refused
        assert not program(stack).exists()

        graph.grant(None)
        one_by_one = ("import", _wire.type_token("TokenIssuancePolicy"), "saml", policy.id)
        assert "KeyError: '__provider'" in stack.run(*one_by_one, "--yes", ok=False)
        take_over(stack)
        assert SECRET not in program(stack).read_text() + (program(stack).parent / FILE).read_text()
        assert stack.preview() == []

        (kept,) = (tmp_path / "backend").glob(".pulumi/stacks/**/dev.json")  # `stack import` would forget them
        state = json.loads(kept.read_text())
        latest = state["checkpoint"]["latest"]
        latest["pending_operations"] = [{"type": "creating", "resource": {**latest["resources"][-1], "id": ""}}]
        kept.write_text(json.dumps(state))
        pending = write(stack, "--out", "again", ok=False)
        assert "cannot read the stack dev:\n  an earlier run ended while it was at work on portal-saml" in pending
