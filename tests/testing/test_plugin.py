"""The fixtures, as pytest gives them to a project by their entry point: in runs of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.testing.pulumi_command import pulumi_on_path

ALONE = ("-p", "no:cacheprovider", "-p", "no:anyio")

TENANTS = """
def test_first(entra_emulator, entra_configuration):
    entra_emulator.create_application("Portal")
    assert entra_configuration["entra-policies:graphEndpoint"] == entra_emulator.url
    assert entra_configuration["entra-policies:tenantId"] == entra_emulator.tenant_id

def test_second(entra_emulator):
    assert list(entra_emulator.directory.all("applications")) == []
"""

STACKS = """
def program():
    pass

def test_goes_well(entra_stack):
    print("made in", entra_stack(program).workspace.work_dir)

def test_fails(entra_stack):
    print("made in", entra_stack(program).workspace.work_dir)
    raise ValueError("on purpose")
"""

UNRELATED = """
import sys

def test_nothing_of_ours_is_loaded():
    assert {"pulumi", "msgraph", "starlette", "pulumi_entra_policies"}.isdisjoint(sys.modules)
"""


def run(folder: Path, tests: str, *options: str) -> str:
    (folder / "test_theirs.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", *ALONE, "-W", "error", "-rP", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout + done.stderr


def test_each_test_has_a_tenant_of_its_own(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, TENANTS)


def test_nothing_is_left_of_a_stack_also_when_its_test_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi_on_path(tmp_path, monkeypatch)

    said = run(tmp_path, STACKS, f"--basetemp={tmp_path / 'made'}")

    assert "1 failed, 1 passed" in said
    assert said.count(f"made in {tmp_path / 'made'}") == 2
    assert list((tmp_path / "made").glob("*/*")) == []


def test_run_about_something_else_loads_nothing(tmp_path: Path) -> None:
    assert "1 passed" in run(tmp_path, UNRELATED)


def test_fixtures_are_listed_with_what_they_are(tmp_path: Path) -> None:
    said = run(tmp_path, "", "--fixtures")

    for name in ("entra_emulator", "entra_configuration", "entra_stack"):
        assert f"{name} -- " in said
