from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.lifecycle.tenant import Tenant

from pulumi_entra_policies.emulator import Clock, Emulator, Registration


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(seed=1, clock=Clock()) as running:
        yield running


@pytest.fixture
def tenant(emulator: Emulator) -> Iterator[Tenant]:
    emulator.reset()
    emulator.grant(None)
    with Tenant(emulator) as fresh:
        yield fresh


@pytest.fixture
def portal(tenant: Tenant) -> Registration:
    return tenant.graph.create_application("Portal", with_service_principal=True)
