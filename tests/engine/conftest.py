from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

LONGEST = ("test_wheel.py", "test_promotion.py", "test_testing.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("engine")
    items.sort(key=lambda item: item.path.name not in LONGEST)  # first, or all wait for them


@pytest.fixture(scope="session", autouse=True)
def heard_interrupt() -> None:
    """Twice a command the engine ends a language host by SIGINT, which whatever a shell runs in the background ignores,
    and all that it starts; the engine would then wait for five seconds each time."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of an emulator that one has to sign in to, and of whom it is trusted by."""
    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.fixture
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1) as emulator:
        yield emulator


@pytest.fixture
def portal(graph: Emulator) -> Registration:
    """An application of the tenant, with its service principal."""
    return graph.create_application("Portal", with_service_principal=True)


@pytest.fixture
def stack(graph: Emulator, tmp_path: Path) -> Stack:
    if shutil.which("pulumi") is None:
        pytest.fail("the Pulumi engine is not on PATH: run these tests with `make engine-tests`")
    return Stack(tmp_path, graph)


@pytest.fixture
def cold(stack: Stack) -> None:
    """The stack's commands take the time that a user's take."""
    stack.warm = False
