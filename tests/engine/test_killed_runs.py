"""Runs that are killed at every step on the real engine, and what a user does then: what Pulumi and the errors ask for.

Afterwards the tenant is as declared, with nothing twice, and a preview with a refresh is empty.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

pytestmark = [
    pytest.mark.usefixtures("cold"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc"),
]

# One thing after the other: when a run is killed, exactly one request is under way.
PROGRAM = """
config = pulumi.Config()
definition = {"saml_token_version": config.get("version") or "2.0"}
upcoming = entra.TokenIssuancePolicy("next", display_name="Next", definition={"saml_token_version": "1.1"})
saml = entra.TokenIssuancePolicy(
    "saml",
    display_name="SAML",
    definition=definition,
    opts=pulumi.ResourceOptions(depends_on=[upcoming], import_=config.get("import-saml")),
)
entra.PolicyAssignment(
    "portal",
    policy=upcoming if config.get_bool("swapped") else saml,
    application_id=config.require("application"),
    opts=pulumi.ResourceOptions(import_=config.get("import-portal")),
)
"""
LONGEST = 60.0  # seconds that a request is held, or anything is waited for
SHORT = 2.0  # seconds that a request is held whose answer is to arrive

UP = ("up", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes", "--skip-preview")
POLICIES, REFERENCE = r"/policies/\w+$", r"/\$ref$"
POLICY = r"/policies/\w+/[^/]+$"
LOCKED = "delete the lock file with `pulumi cancel`"
IMPORT = r"as after a run that was killed, take it over\S*.*: opts=pulumi.ResourceOptions\(import_='([^']+)'\)"
NAMED = r'"SAML" \([0-9a-f-]{36}\) with the same definition is already there|exactly this assignment is there already'
PENDING_CREATE = "interrupted while creating"
HOST = "pulumi.dynamic"


class Going:
    """A command under way, and how it can be ended."""

    def __init__(self, stack: Stack, *command: str) -> None:
        self.stack, self._printed = stack, stack.folder / "printed"
        with self._printed.open("w") as output:
            self.process = stack.start(*command, output=output)

    def host(self) -> None:
        """Only the provider's host is killed."""
        (pid,) = hosts(self.stack)
        os.kill(pid, signal.SIGKILL)

    def cli(self) -> None:
        """Pulumi's own process group: the provider's host is in another one, and lives on."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def machine(self) -> None:
        """Everything at once."""
        kill(self.stack)

    def interrupted(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def interrupted_twice(self) -> None:
        self.interrupted()
        eventually(lambda: "press ^C again" in self._printed.read_text())
        self.interrupted()

    def ended(self) -> str:
        """What it printed. An interrupted destroy says that all went well, however much is left."""
        self.process.wait(LONGEST)
        return self._printed.read_text()


End = Callable[[Going], None]


@dataclass(frozen=True)
class Step:
    """One request of a run, and what the tenant has after the whole run: policies, and the one of the portal."""

    request: Mapping[str, Any]
    policies: tuple[str, ...] = ("Next 1.1", "SAML 2.0")
    portal: tuple[str, ...] = ("SAML 2.0",)
    change: tuple[str, str] | None = None
    """In the configuration, after a first `up`."""
    command: tuple[str, ...] = UP
    is_first: bool = False


STEPS = {
    "create policy": Step({"method": "POST", "path": POLICIES, "skip": 1}, is_first=True),
    "create assignment": Step({"method": "POST", "path": REFERENCE}, is_first=True),
    "update": Step({"method": "PATCH"}, ("Next 1.1", "SAML 1.1"), ("SAML 1.1",), ("version", "1.1")),
    "swap: out": Step({"method": "DELETE", "path": REFERENCE}, portal=("Next 1.1",), change=("swapped", "true")),
    "swap: in": Step({"method": "POST", "path": REFERENCE}, portal=("Next 1.1",), change=("swapped", "true")),
    "unassign": Step({"method": "DELETE", "path": REFERENCE}, (), (), command=DESTROY),
    "delete policy": Step({"method": "DELETE", "path": POLICY}, (), (), command=DESTROY),
}
ROWS: list[tuple[str, str, End, list[str]]] = [
    # step, whether the request is carried out, what is killed, what it takes besides running the command again
    ("create policy", "before", Going.machine, ["cancel", "refresh"]),
    ("create policy", "after", Going.host, ["import"]),
    ("create policy", "after", Going.interrupted, []),
    ("create policy", "after", Going.interrupted_twice, ["import", "refresh"]),
    ("create assignment", "before", Going.host, []),
    ("create assignment", "after", Going.host, ["import"]),
    ("create assignment", "after", Going.machine, ["cancel", "import", "refresh"]),
    ("update", "before", Going.interrupted_twice, []),
    ("update", "after", Going.machine, ["cancel"]),
    ("swap: out", "after", Going.machine, ["cancel"]),
    ("swap: out", "after", Going.interrupted, []),
    ("swap: in", "after", Going.cli, ["cancel"]),
    ("unassign", "after", Going.interrupted, []),
    ("delete policy", "before", Going.host, []),
    ("delete policy", "after", Going.machine, ["cancel"]),
]


@pytest.fixture
def job(stack: Stack, portal: Registration) -> Iterator[Stack]:
    stack.configuration["tests:application"] = portal.object_id
    stack.program(PROGRAM)
    yield stack
    kill(stack)


@pytest.mark.parametrize(
    ("step", "moment", "end", "takes"), ROWS, ids=[f"{row[0]}, {row[2].__name__} {row[1]}" for row in ROWS]
)
def test_killed_run_is_continued(job: Stack, step: str, moment: str, end: End, takes: list[str]) -> None:
    done = STEPS[step]
    if not done.is_first:
        job.up()
    if done.change:
        job.configuration[f"tests:{done.change[0]}"] = done.change[1]
    answered = end is Going.interrupted
    job.graph.fault(**done.request, when=moment, **({"delay": SHORT} if answered else {"delay": LONGEST, "drop": True}))

    going = Going(job, *done.command)
    eventually(lambda: held(job.graph))
    end(going)
    printed = going.ended()

    assert "Traceback" not in printed
    assert continued(job, done.command) == takes
    assert tenant(job.graph) == (done.policies, done.portal)
    assert pending(job) == []
    if done.command == UP:
        assert job.preview("--refresh") == []
    else:
        assert job.resources() == {}


def test_host_whose_engine_was_killed_sends_nothing_more(job: Stack) -> None:
    job.graph.fault(method="POST", path=POLICIES, skip=1, status=429, headers={"Retry-After": "12"})
    going = Going(job, *UP)
    eventually(lambda: held(job.graph))
    going.cli()
    going.ended()
    throttled = time.monotonic()

    continued(job, UP)

    eventually(lambda: hosts(job) == [] or time.monotonic() > throttled + 14)
    assert hosts(job) == []
    assert tenant(job.graph) == (("Next 1.1", "SAML 2.0"), ("SAML 2.0",))


def continued(stack: Stack, command: tuple[str, ...]) -> list[str]:
    """Do what the messages ask for until the command succeeds; in words, what that was."""
    took = []
    while not (run := stack.run(*command, ok=None)).ok:
        if LOCKED in run and "cancel" not in took:
            stack.run("cancel", "--yes")
            took.append("cancel")
        elif (line := re.search(IMPORT, run.text)) and re.search(NAMED, run.text) and "import" not in took:
            stack.configuration[f"tests:import-{'portal' if '/' in line[1] else 'saml'}"] = line[1]
            took.append("import")
        else:
            pytest.fail(f"nothing says how to go on:\n{run.text}")
    if PENDING_CREATE in run:
        stack.refresh("--clear-pending-creates")
        took.append("refresh")
    return took


def tenant(graph: Emulator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All policies by name and version, and those of the portal."""
    state = graph.directory.snapshot()
    policies = {one["id"]: _described(one) for one in state["policies"]["tokenIssuancePolicies"]}
    return tuple(sorted(policies.values())), tuple(policies[one["policyId"]] for one in state["references"])


def _described(one: dict[str, Any]) -> str:
    definition = json.loads(one["definition"][0])["TokenIssuancePolicy"]
    return f"{one['displayName']} {definition['SamlTokenVersion']}"


def pending(stack: Stack) -> list[Any]:
    """What the state says was begun and never ended."""
    return list(stack.state().get("pending_operations") or [])


def hosts(stack: Stack) -> list[int]:
    """The process ids of the provider's hosts, without the shells that started them."""
    return [pid for pid, line in stack.processes().items() if "python" in line[0] and HOST in line]


def held(graph: Emulator) -> bool:
    """Whether the request has come in that meets the declared fault."""
    return not graph.pending_faults()


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, f"not within {LONGEST} seconds"
        time.sleep(0.05)


def kill(stack: Stack) -> None:
    """End all processes of the stack, and wait until they are gone."""
    while found := stack.processes():
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
