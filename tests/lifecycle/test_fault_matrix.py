"""The whole matrix, and that the chapter on guarantees tells its true counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lifecycle.matrix import FAULTS, OPERATIONS, Operation, World, cells
from tests.lifecycle.tenant import Tenant

from pulumi_entra_policies.emulator import Clock, Emulator

GUARANTEES = (Path(__file__).parents[2] / "docs" / "guarantees.md").read_text()


pytestmark = pytest.mark.usefixtures("untraced")


@pytest.fixture(scope="module")
def emulator(untraced: None) -> Iterator[Emulator]:
    with Emulator(seed=1, clock=Clock()) as running:
        yield running


@pytest.fixture
def tenant(emulator: Emulator) -> Iterator[Tenant]:
    with Tenant(emulator) as fresh:
        yield fresh


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_no_single_fault_loses_doubles_or_misreports_anything(tenant: Tenant, operation: Operation) -> None:
    def world() -> World:
        tenant.graph.reset()
        tenant.run(tenant.process.close())
        tenant.process = tenant.connect()
        return World(tenant, tenant.graph.create_application("Portal", with_service_principal=True))

    requests, ended = cells(world, operation)

    row = f"| {operation.name} | {requests} | {ended.total()} | {ended['at once']} | {ended['by the next up']} |"
    assert row in GUARANTEES
    assert ended.total() == requests * len(FAULTS)


def test_every_fault_is_listed() -> None:
    assert [fault for fault in FAULTS if f"- {fault}\n" not in GUARANTEES] == []
