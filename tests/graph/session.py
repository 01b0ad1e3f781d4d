"""A connection to the emulator for one verb: its own loop, and a clock that only records."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeVar

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.targets import TARGETS, Slot, Way
from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph import policies, references, targets
from pulumi_entra_policies.graph.connection import Connection
from pulumi_entra_policies.graph.policies import Changes, Policy, User
from pulumi_entra_policies.graph.references import Assigned
from pulumi_entra_policies.graph.targets import Found
from pulumi_entra_policies.settings import Settings

Result = TypeVar("Result")

KIND = KINDS["TokenIssuancePolicy"]
POLICIES = "/v1.0/policies/tokenIssuancePolicies"
DEFINITION = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
OTHER_DEFINITION = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"1.1"}}'
NOWHERE = "00000000-0000-4000-8000-000000000000"
APPLICATION, SERVICE_PRINCIPAL = TARGETS


class Session:
    """`slept` holds the seconds that retries would have waited, `told` what the user hears of it.

    Further options are configuration keys of ours; the environment has nothing, unless a subclass says otherwise.
    """

    environment: Mapping[str, str] = {}

    def __init__(self, url: str, **options: str) -> None:
        given = {"graphEndpoint": url, **options}
        config = {f"entra-policies:{key}": value for key, value in given.items()}
        self.settings = Settings.load(config.get, self.environment)
        self.slept: list[float] = []
        self.told: list[str] = []

    def run(self, verb: Callable[[Connection], Awaitable[Result]]) -> Result:
        async def call() -> Result:
            connection = Connection(self.settings, self._sleep, tell=self.told.append)
            try:
                return await verb(connection)
            finally:
                await connection.close()

        return asyncio.run(call())

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def tenant_id(self, expected: str | None = None) -> str:
        return self.run(lambda connection: connection.tenant_id(expected))

    def create(self, display_name: str = "Portal SAML", definition: str = DEFINITION) -> Policy:
        return self.run(lambda connection: policies.create(connection, KIND, Changes(display_name, definition)))

    def get(self, policy_id: str = NOWHERE) -> Policy:
        return self.run(lambda connection: policies.get(connection, KIND, policy_id))

    def pages(self, *, with_users: bool = False) -> list[policies.ListingPage]:
        """Every page of the listing of all policies."""

        async def turned(connection: Connection) -> list[policies.ListingPage]:
            found = [await policies.page(connection, KIND, with_users=with_users)]
            while found[-1].next:
                found.append(await policies.page(connection, KIND, found[-1].next, with_users=with_users))
            return found

        return self.run(turned)

    def listed(self) -> list[Policy]:
        return [listed.policy for page in self.pages() for listed in page.listed]

    def users(self, policy_id: str) -> list[User]:
        return self.run(lambda connection: policies.users(connection, KIND, policy_id))

    def update(self, policy_id: str = NOWHERE, **changes: Any) -> datetime:
        return self.run(lambda connection: policies.update(connection, KIND, policy_id, Changes(**changes)))

    def delete(self, policy_id: str = NOWHERE) -> None:
        self.run(lambda connection: policies.delete(connection, KIND, policy_id))

    def add(self, slot: Slot, policy_id: str = NOWHERE) -> datetime:
        return self.run(lambda connection: references.add(connection, KIND, slot, policy_id))

    def assigned(self, slot: Slot) -> Assigned:
        return self.run(lambda connection: references.assigned(connection, KIND, slot))

    def remove(self, slot: Slot, policy_id: str = NOWHERE) -> None:
        self.run(lambda connection: references.remove(connection, KIND, slot, policy_id))

    def look_up(self, way: Way, value: str = NOWHERE) -> Found:
        return self.run(lambda connection: targets.look_up(connection, way, value))

    def target_name(self, slot: Slot) -> str | None:
        return self.run(lambda connection: targets.name(connection, slot))

    def maps_claims(self, found: Found) -> bool:
        return self.run(lambda connection: targets.maps_claims(connection, found))


class Here(Session):
    """One that looks into the environment of this process."""

    environment = os.environ


def slot(object_id: str = NOWHERE, target: Any = APPLICATION) -> Slot:
    return Slot(target, object_id, KIND.collection)


def asked(emulator: Emulator) -> list[tuple[str, int | None]]:
    """What was asked of Graph: method and status, None where the connection was dropped."""
    return [(entry["method"], entry["status"]) for entry in emulator.journal()]


def at(date: datetime) -> dict[str, str]:
    """The header of an answer given then."""
    return {"Date": format_datetime(date, usegmt=True)}
