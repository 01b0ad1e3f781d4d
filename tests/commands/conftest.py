from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands import handmade
from tests.commands.command import Command
from tests.commands.states import Compare
from tests.emulator.tenant import Json, Tenant

from pulumi_entra_policies.emulator import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(seed="commands") as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    running.reset()
    yield running
    running.grant(None)


@pytest.fixture
def tenant(emulator: Emulator) -> Iterator[Tenant]:
    tenant = Tenant(emulator)
    yield tenant
    tenant.http.close()


@pytest.fixture
def made(emulator: Emulator) -> dict[str, Json]:
    """What somebody has left in the tenant, by name."""
    return handmade.fill(emulator)


@pytest.fixture
def command(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """The command, on a machine without Pulumi's."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Command(emulator, tmp_path, capsys)


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Compare:
    """The command, in a folder where nothing is set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return Compare(tmp_path, capsys)
