"""The lifecycle's verbs against the emulator, on one event loop, with what they sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.run import Run
from pulumi_entra_policies.settings import Settings

Result = TypeVar("Result")
KIND = KINDS["TokenIssuancePolicy"]
WAITED = [1.0, 2.0, 4.0, 8.0, 8.0, 7.0]
"""The pauses of a question that is asked to the end: 30 seconds."""
TENANT = "/v1.0/organization"
"""What every process asks the emulator over http first: which tenant it is."""


def slot(target: Registration) -> str:
    """The id of an assignment to the application."""
    return f"applications/{target.object_id}/{KIND.collection}"


def to(target: Registration, policy_id: str, **more: Any) -> dict[str, Any]:
    """What an assignment to the application is given."""
    return {"policyId": policy_id, "policyType": KIND.name, "applicationId": target.object_id, **more}


class Tenant:
    """One process at work in the emulator. Waiting is recorded in `waits`, and moves the clock instead of taking time.

    What the user is told stands in `told`.
    """

    def __init__(self, graph: Emulator) -> None:
        self.graph = graph
        self.waits: list[float] = []
        self.told: list[str] = []
        self.now = 0.0
        self._loop = asyncio.new_event_loop()
        self._runs: list[Run] = []
        configuration = {"entra-policies:graphEndpoint": graph.url, "entra-policies:tenantId": graph.tenant_id}
        self.settings = Settings.load(configuration.get, {})
        self.process = self.connect()

    def __enter__(self) -> Tenant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for run in self._runs:
            self.run(run.close())
        self._loop.close()

    def connect(self) -> Run:
        """As a new process would, which has signed in: here, by asking the emulator which tenant it is."""
        run = Run(self.settings, self._sleep, lambda: self.now, self.told.append)
        self._runs.append(run)
        self.run(run.connection.tenant_id())
        return run

    def run(self, verb: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(verb)

    def policy(self, name: str = "Portal SAML", **definition: Any) -> str:
        """A new policy's id."""
        inputs = {"displayName": name, "definition": {"version": 1, **definition}}
        return self.run(policy.create(KIND, self.process, inputs)).id

    def stranger(self, name: str = "Portal SAML", definition: str = '{"TokenIssuancePolicy":{"Version":1}}') -> str:
        """The id of a policy that somebody else has made."""
        directory = self.graph.directory
        body = {"displayName": name, "definition": [definition]}
        return directory.create_policy(directory.policy_sets[KIND.collection], body).id

    def assignment(self, target: Registration, policy_id: str) -> dict[str, Any]:
        """An assignment's outputs, made by an earlier process; the journal is empty after it."""
        outputs = self.run(assignment.create(self.process, to(target, policy_id))).outputs
        self.process = self.connect()
        self.requests()
        return outputs

    def place(self, target: Registration, policy_id: str) -> None:
        """Somebody else assigns the policy."""
        directory = self.graph.directory
        directory.add_reference(directory.any(target.object_id), directory.policy_sets[KIND.collection], policy_id)

    def name(self, target: Registration, unique_name: str) -> None:
        """Somebody gives the application a unique name."""
        directory = self.graph.directory
        directory.update(directory.any(target.object_id), {"uniqueName": unique_name})

    def take_out(self, target: Registration, policy_id: str) -> None:
        """Somebody else removes the policy."""
        directory = self.graph.directory
        directory.remove_reference(directory.any(target.object_id), directory.policy_sets[KIND.collection], policy_id)

    def assigned(self, target: Registration) -> list[str]:
        """The ids of the policies that the application has, from the emulator itself."""
        directory = self.graph.directory
        found = directory.assigned(directory.any(target.object_id), directory.policy_sets[KIND.collection])
        return [one.id for one in found]

    def requests(self) -> list[str]:
        """The verbs sent since the last call."""
        sent = [entry["method"] for entry in self.graph.journal() if not entry["path"].startswith(TENANT)]
        self.graph.clear_journal()
        return sent

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.graph.clock.advance(seconds)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.pass_time(seconds)
