"""The environment of the demo and the engine's tests: never one of other sources."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the wheel is made of; it says where it comes from, so that nobody else has its environment."""
    for name in ("provider", ".ci"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    change(tmp_path, f"# {tmp_path}")
    return tmp_path


def change(checkout: Path, line: str) -> None:
    with (checkout / "provider" / "pulumi_entra_policies" / "_version.py").open("a") as source:
        source.write(f"{line}\n")


def installed(checkout: Path) -> tuple[Path, str]:
    """The folder to put on PATH, and what was said."""
    command = [sys.executable, str(checkout / ".ci" / "installed.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()), done.stderr


def version(environment: Path) -> str:
    ask = "import pulumi_entra_policies as p; print(p.__file__, p.__version__)"
    return subprocess.run([environment / "python", "-c", ask], capture_output=True, text=True, check=True).stdout


def test_changed_sources_are_installed_anew_and_unchanged_ones_once(checkout: Path) -> None:
    first, told = installed(checkout)
    again, silence = installed(checkout)
    change(checkout, '__version__ = "7.7.7"')
    changed, _ = installed(checkout)

    assert "Building the wheel" in told
    assert (again, silence) == (first, "")
    assert version(changed).split()[1] == "7.7.7"
    assert version(first).split()[1] != "7.7.7"
    assert str(changed.parent) in version(changed)


def test_wheel_that_cannot_be_built_is_said(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text("")
    command = [sys.executable, str(checkout / ".ci" / "installed.py")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "The package could not be installed as a wheel; this failed: " in done.stderr
