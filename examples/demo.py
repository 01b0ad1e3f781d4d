"""The quickstart from the first preview to destroy, against the emulator, with the real Pulumi engine.

Run by `make demo`. Every step says what the reader is looking at, and checks it: a demo that lies ends with an error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from pulumi_entra_policies.emulator import Emulator

PROJECT = Path(__file__).parents[1]
STACK = "demo"


class Demo:
    """One application in the emulated tenant, and one stack that manages its policy."""

    def __init__(self, graph: Emulator, folder: str) -> None:
        self.graph = graph
        self.application_id = graph.create_application("Portal").object_id
        self.environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": Path(folder).as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",  # of plugins that this program does not use
        }

    def pulumi(self, *arguments: str, show: bool = True) -> None:
        """One command of the engine, shown with what it prints."""
        quiet = arguments[0] in ("stack", "config")
        if show:
            print(f"\n  $ pulumi {' '.join(arguments)}" + ("" if quiet else "\n"), flush=True)
        command = ["pulumi", *arguments, "--non-interactive", *([] if quiet else ["--suppress-progress"])]
        output = subprocess.PIPE if quiet else None
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, stdout=output, stderr=subprocess.STDOUT, text=True, check=False
        )
        check(done.returncode == 0, f"pulumi {arguments[0]} succeeds: {done.stdout or ''}", quiet=True)

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """One request to the emulated Graph, as an administrator's `az rest` would send it."""
        request = urllib.request.Request(
            f"{self.graph.url}/v1.0/{path}",
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer) if answer.status == 200 else None

    def assigned(self) -> list[Any]:
        """The token issuance policies that the application has, as Graph tells it."""
        policies: list[Any] = self.ask(f"applications/{self.application_id}/tokenIssuancePolicies")["value"]
        return policies

    def show_tenant(self, version: str) -> None:
        """Print what Graph says now, and make sure that it is what was declared."""
        print(f"\n  Graph, asked for the policies of application {self.application_id}:")
        for policy in self.assigned():
            print(f'    "{policy["displayName"]}"  {policy["definition"][0]}')
        found = [json.loads(policy["definition"][0])["TokenIssuancePolicy"] for policy in self.assigned()]
        check([definition["SamlTokenVersion"] for definition in found] == [version], "the tenant is as declared")


def main() -> None:
    stack_file = PROJECT / f"Pulumi.{STACK}.yaml"
    stack_file.unlink(missing_ok=True)
    with Emulator(seed="demo") as graph, tempfile.TemporaryDirectory() as folder:  # the same ids every time
        try:
            tour(Demo(graph, folder))
        finally:
            stack_file.unlink(missing_ok=True)


def tour(demo: Demo) -> None:
    """The main job, step by step."""
    say("A tenant", f"A Graph emulator runs at {demo.graph.url}. It has one application, Portal, without any policy.")
    demo.pulumi("stack", "init", STACK, show=False)
    demo.pulumi("config", "set", "entra-policies:graphEndpoint", demo.graph.url)
    demo.pulumi("config", "set", "entra-policies:waits", "1")  # this Graph has no replicas
    demo.pulumi("config", "set", "entra-policies:tenantId", demo.graph.tenant_id)
    demo.pulumi("config", "set", "applicationId", demo.application_id)

    say("Preview", "Nothing is written yet: the policy and its assignment are planned, and ids are unknown.")
    demo.pulumi("preview", "--diff")
    questions = "three questions have been asked: which tenant, is the name taken, what has the application"
    check([sent["method"] for sent in demo.graph.journal()] == ["GET"] * 3, questions)
    demo.graph.clear_journal()

    say("Up", "A look whether the policy's name is taken; then it is created and assigned, with one request each.")
    demo.pulumi("up", "--yes", "--skip-preview")
    check(len(demo.graph.journal()) == 4, "four requests have been sent: which tenant, which names, and the two writes")
    demo.show_tenant("2.0")

    say("A change", "One property of the definition changes; the preview shows it alone, and whom it reaches.")
    demo.pulumi("config", "set", "samlTokenVersion", "1.1")
    demo.pulumi("preview", "--diff")
    demo.pulumi("up", "--yes", "--skip-preview")
    demo.show_tenant("1.1")

    say("No change", "The same program again: nothing to do.")
    demo.pulumi("preview", "--expect-no-changes")

    say("Drift", "Somebody edits the policy by hand, behind Pulumi's back. A refresh finds it, and up repairs it.")
    policy = demo.assigned()[0]
    by_hand = policy["definition"][0].replace('"SamlTokenVersion":"1.1"', '"SamlTokenVersion":"2.0"')
    demo.ask(f"policies/tokenIssuancePolicies/{policy['id']}", "PATCH", {"definition": [by_hand]})
    demo.pulumi("preview", "--refresh", "--diff")
    demo.pulumi("up", "--refresh", "--yes", "--skip-preview")
    demo.show_tenant("1.1")

    say("Destroy", "The assignment is removed first, then the policy. The application stays as it was found.")
    demo.pulumi("destroy", "--yes", "--skip-preview")
    check(demo.assigned() == [], "the application has no policy")
    check(demo.ask("policies/tokenIssuancePolicies")["value"] == [], "the tenant has no policy")
    say("Done", "Everything above was the real engine, the real provider and real HTTP; only the tenant was emulated.")


def say(title: str, text: str) -> None:
    print(f"\n{'─' * 100}\n{title}: {text}", flush=True)


def check(fact: bool, words: str, *, quiet: bool = False) -> None:
    """End the demo as failed unless something is true."""
    if not fact:
        sys.exit(f"The demo failed: it is not true that {words}.")
    if not quiet:
        print(f"  ✓ {words}", flush=True)


if __name__ == "__main__":
    main()
