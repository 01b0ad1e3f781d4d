"""The lifecycle's verbs against the emulator, on one event loop, with what they sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.graph.connection import Connection
from pulumi_entra_policies.lifecycle import policy
from pulumi_entra_policies.settings import Settings

Result = TypeVar("Result")
KIND = KINDS["TokenIssuancePolicy"]
WAITED = [1.0, 2.0, 4.0, 8.0, 8.0, 7.0]
"""The pauses of a question that is asked to the end: 30 seconds."""


class Tenant:
    """One connection to the emulator. Waiting is recorded in `waits`, and moves the clock instead of taking time.

    What the user is told stands in `told`.
    """

    def __init__(self, graph: Emulator) -> None:
        self.graph = graph
        self.waits: list[float] = []
        self.told: list[str] = []
        self.now = 0.0
        self._loop = asyncio.new_event_loop()
        self._connections: list[Connection] = []
        configuration = {"entra-policies:graphEndpoint": graph.url, "entra-policies:tenantId": graph.tenant_id}
        self.settings = Settings.load(configuration.get, {})
        self.connection = self.connect()

    def __enter__(self) -> Tenant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            self.run(connection.close())
        self._loop.close()

    def connect(self) -> Connection:
        """As a new process would."""
        self._connections.append(Connection(self.settings, self._sleep, lambda: self.now, self.told.append))
        return self._connections[-1]

    def run(self, verb: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(verb)

    def policy(self, name: str = "Portal SAML", **definition: Any) -> str:
        """A new policy's id."""
        inputs = {"displayName": name, "definition": {"version": 1, **definition}}
        return self.run(policy.create(KIND, self.connection, inputs)).id

    def stranger(self, name: str = "Portal SAML", definition: str = '{"TokenIssuancePolicy":{"Version":1}}') -> str:
        """The id of a policy that somebody else has made."""
        directory = self.graph.directory
        body = {"displayName": name, "definition": [definition]}
        return directory.create_policy(directory.policy_sets[KIND.collection], body).id

    def assigned(self, target: Registration) -> list[str]:
        """The ids of the policies that the application has, from the emulator itself."""
        directory = self.graph.directory
        found = directory.assigned(directory.any(target.object_id), directory.policy_sets[KIND.collection])
        return [one.id for one in found]

    def requests(self) -> list[str]:
        """The verbs sent since the last call."""
        sent = [entry["method"] for entry in self.graph.journal()]
        self.graph.clear_journal()
        return sent

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        self.graph.clock.advance(seconds)
