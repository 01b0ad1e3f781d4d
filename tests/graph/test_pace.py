"""Requests that run side by side while Graph throttles: one waits for all, and each gets through in its turn."""

from __future__ import annotations

import asyncio

import pytest
from tests.graph.session import KIND, Session, asked

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph import policies
from pulumi_entra_policies.graph.connection import Connection
from pulumi_entra_policies.graph.errors import GraphError
from pulumi_entra_policies.graph.policies import Changes, Policy

DEFINITION = '{"TokenIssuancePolicy":{"Version":1}}'
WORKERS = 4


class Workers(Session):
    """Creates side by side. With `late` there is one, and the others begin when it waits."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator.url)
        self.emulator = emulator
        self.enough, self.patience = 100, 20  # a pause ends when so many are answered, or after so many milliseconds
        self.during: list[int] = []
        """How many requests had been answered at the end of each pause."""

    async def _sleep(self, seconds: float) -> None:
        self._waits.set()
        for _ in range(self.patience):
            if len(asked(self.emulator)) >= self.enough:
                break
            await asyncio.sleep(0.001)
        self.during.append(len(asked(self.emulator)))
        await super()._sleep(seconds)

    def create_all(self, *, late: bool = False) -> list[Policy | BaseException]:
        async def one(connection: Connection, number: int) -> Policy:
            if late and number:
                await self._waits.wait()
            return await policies.create(connection, KIND, Changes(str(number), DEFINITION))

        async def every(connection: Connection) -> list[Policy | BaseException]:
            self._waits = asyncio.Event()
            return await asyncio.gather(*(one(connection, n) for n in range(WORKERS)), return_exceptions=True)

        return self.run(every)


@pytest.fixture
def workers(emulator: Emulator) -> Workers:
    return Workers(emulator)


def statuses(emulator: Emulator) -> list[int | None]:
    return [status for _, status in asked(emulator)]


def test_one_waits_for_all_that_are_throttled_and_the_user_hears_it_once(emulator: Emulator, workers: Workers) -> None:
    emulator.fault(status=429, headers={"Retry-After": "10"}, times=WORKERS)
    workers.create_all()
    assert statuses(emulator) == [429] * WORKERS + [201] * WORKERS
    assert workers.slept == [10.0]
    assert workers.told == ["Waiting 10 s before sending POST /v1.0/policies/tokenIssuancePolicies again"]


def test_nobody_else_is_sent_while_one_waits(emulator: Emulator, workers: Workers) -> None:
    emulator.fault(status=429, headers={"Retry-After": "10"})
    workers.create_all(late=True)
    assert (workers.during, workers.slept) == ([1], [10.0])
    assert statuses(emulator) == [429] + [201] * WORKERS


def test_each_that_is_throttled_leads_in_its_turn(emulator: Emulator, workers: Workers) -> None:
    emulator.fault(status=429, headers={"Retry-After": "10"}, times=WORKERS + 2)
    workers.create_all()
    assert statuses(emulator) == [429] * (WORKERS + 2) + [201] * WORKERS
    assert workers.slept == [10.0] * 3


def test_throttling_that_does_not_end_is_given_up_by_all_together(emulator: Emulator, workers: Workers) -> None:
    emulator.fault(status=429, headers={"Retry-After": "300"}, times=100)
    outcomes = workers.create_all()
    assert [type(outcome) for outcome in outcomes] == [GraphError] * WORKERS
    assert workers.slept == [300.0, 300.0]
    assert len(asked(emulator)) == WORKERS + 2 + (WORKERS - 1)  # who has stood behind asks once more


def test_other_failures_hold_nobody_up(emulator: Emulator, workers: Workers) -> None:
    emulator.fault(status=409)
    workers.enough, workers.patience = WORKERS, 10_000
    workers.create_all(late=True)
    assert (workers.during, workers.slept) == ([WORKERS], [1.0])
