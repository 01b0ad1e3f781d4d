"""One stack of one provider in one tenant, from `up` to `destroy`, and what each command took."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tests.benchmark import imported
from tests.benchmark.graph import Graph
from tests.benchmark.processes import Usage, watched
from tests.emulator import large
from tests.engine.harness import PROJECT, Stack

from pulumi_entra_policies.emulator import Emulator

PROVIDERS = ("idle", "bare", "ours")
LARGEST_MADE = 1000  # resources; the engine's own `up` is quadratic, so a larger stack's state is imported

PROGRAM = """
from tests.benchmark.peers.{provider} import assignment, policy

policies = [policy(f"policy-{{n:04}}", f"Policy {{n:04}}") for n in range({changed:d}, {policies})]
if {changed:d}:
    policies.insert(0, policy("policy-0000", "Changed"))
for n, application in enumerate({applications}):
    assignment(f"assignment-{{n:04}}", policies[min(n // 4, len(policies) - 1)], application)
"""


@dataclass(frozen=True)
class Case:
    size: int
    """Resources: one policy and four assignments, and so on."""
    tenant: int
    """Policies and applications that are there besides."""
    latency: int
    """Milliseconds."""

    @property
    def policies(self) -> int:
        return max(1, self.size // 5)

    @property
    def assignments(self) -> int:
        return self.size - self.policies

    @property
    def made(self) -> bool:
        return self.size <= LARGEST_MADE


class Scene:
    """A case with one of the providers."""

    def __init__(self, case: Case, provider: str, folder: Path, graph: Graph) -> None:
        self.case, self.provider, self.graph = case, provider, graph
        self.stack = Stack(folder, cast(Emulator, graph), PROJECT)  # of its kind, in another process
        self.graph.load(large.tenant(case.tenant, case.tenant + case.assignments))
        if not case.made:
            self.write(policies=1, assignments=imported.GROUP)
            self.stack.up()
            imported.fill(self.stack, graph, case.policies, case.tenant)
        self.write()

    def write(self, *, policies: int = 0, assignments: int = 0, changed: bool = False) -> None:
        """The program; of other numbers than the case's if they are given."""
        first = self.case.tenant
        ids = [large.guid(large.APPLICATION, first + n) for n in range(assignments or self.case.assignments)]
        values = {"provider": self.provider, "policies": policies or self.case.policies, "changed": changed}
        self.stack.program(PROGRAM.format(applications=ids, **values))

    def look(self, preflight: str) -> None:
        """How far previews look from now on."""
        self.stack.configuration["entra-policies:preflight"] = preflight

    def drift(self) -> None:
        """One policy of the stack has another name now. The do-nothing provider has none."""
        policies = self.graph.state()["policies"]["tokenIssuancePolicies"]
        for policy in policies:
            if policy["displayName"] == "Policy 0000":
                self.graph.rename(policy["id"], "Drifted")

    def measured(self, *arguments: str) -> tuple[Usage, int]:
        """One command of the engine, and how many requests it sent."""
        self.graph.clear_journal()
        with open(self.stack.folder / "output", "w+") as output:
            usage = watched(process := self.stack.start(*arguments, output=output))
            output.seek(0)
            assert process.returncode == 0, output.read()
        return usage, len(self.graph.journal())


@dataclass(frozen=True)
class Operation:
    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Scene], object] = lambda scene: None
    writes: bool = False


def _first_preview(preflight: str) -> Operation:
    return Operation(f"first preview: {preflight}", ("preview",), lambda scene: scene.look(preflight))


DONE = ("--yes", "--skip-preview")
OPERATIONS = (
    *(_first_preview(preflight) for preflight in ("none", "sign-in", "tenant")),
    Operation("up", ("up", *DONE), writes=True),
    Operation("preview", ("preview", "--expect-no-changes")),
    Operation("refresh", ("refresh", "--expect-no-changes", *DONE)),
    Operation("refresh with one drift", ("refresh", *DONE), Scene.drift),
    Operation("up with one change", ("up", *DONE), lambda scene: scene.write(changed=True), writes=True),
    Operation("destroy", ("destroy", *DONE), writes=True),
)

Row = dict[str, Any]


def measured(case: Case, providers: Iterable[str], operations: Iterable[Operation]) -> Iterator[Row]:
    """Each provider in turn."""
    for provider in providers:
        with tempfile.TemporaryDirectory() as folder, Graph(case.latency / 1000) as graph:
            scene = Scene(case, provider, Path(folder), graph)
            for operation in operations:
                if case.made or not operation.writes:
                    operation.prepare(scene)
                    usage, requests = scene.measured(*operation.arguments)
                    yield _row(case, operation, provider, usage, requests)


def _row(case: Case, operation: Operation, provider: str, usage: Usage, requests: int) -> Row:
    return {
        "size": case.size,
        "tenant": case.tenant,
        "latency": case.latency,
        "operation": operation.name,
        "provider": provider,
        "requests": requests,
        "seconds": round(usage.seconds, 2),
        "cpu": {role: round(seconds, 2) for role, seconds in usage.cpu.items()},
        "peak": round(usage.peak),
    }
