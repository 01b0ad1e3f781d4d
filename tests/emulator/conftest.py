from collections.abc import Iterator

import pytest
from tests.emulator.tenant import Tenant

from pulumi_entra_policies.emulator import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(seed="tests") as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """The one running emulator, as good as new."""
    running.reset()
    yield running
    running.directory.second_policy_status = 400
    running.directory.absent_reference_status = 404
    running.directory.default_patch_status = None
    running.grant(None)


@pytest.fixture
def tenant(emulator: Emulator) -> Iterator[Tenant]:
    tenant = Tenant(emulator)
    yield tenant
    tenant.http.close()


@pytest.fixture
def beta(emulator: Emulator) -> Iterator[Tenant]:
    """The same tenant, spoken to through /beta."""
    tenant = Tenant(emulator, version="beta")
    yield tenant
    tenant.http.close()
