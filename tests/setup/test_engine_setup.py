"""Setting up from nothing: which engine is taken, and what is said when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def ensure(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run engine/ensure.py where there is nothing: no cache, no Go, no way to the installer's host."""
    nowhere = "http://127.0.0.1:9"
    bare = {"PATH": "/nothing", "HOME": str(tmp_path), "HTTPS_PROXY": nowhere, "https_proxy": nowhere}
    return subprocess.run(
        [sys.executable, str(ROOT / "engine" / "ensure.py")],
        env={**bare, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def script(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def on_path(tmp_path: Path) -> Path:
    """A folder for PATH with a Python language host; each test adds its pulumi."""
    script(tmp_path / "bin", "pulumi-language-python", "exit 0")
    return tmp_path / "bin"


def test_nothing_available_names_both_ways_out(tmp_path: Path) -> None:
    result = ensure(tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert "https://www.pulumi.com/docs/install/" in result.stderr
    assert "Go 1.25.11 or later" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.rglob("*.unfinished"))


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.0", "3.300.0-dev.1", "v4.0.0"])
def test_new_enough_engine_on_path_is_used(tmp_path: Path, on_path: Path, version: str) -> None:
    script(on_path, "pulumi", f"echo {version}")
    result = ensure(tmp_path, PATH=str(on_path))
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{on_path}\n", "")


@pytest.mark.parametrize("body", ["echo v3.258.9", "echo broken >&2; exit 1", "echo no version"])
def test_old_or_broken_engine_on_path_is_not_used(tmp_path: Path, on_path: Path, body: str) -> None:
    script(on_path, "pulumi", body)
    result = ensure(tmp_path, PATH=str(on_path))
    assert (result.returncode, result.stdout) == (1, "")
    assert "no pulumi 3.259.0 or later" in result.stderr


def test_engine_without_python_support_is_not_used(tmp_path: Path) -> None:
    script(tmp_path / "bin", "pulumi", "echo v3.300.0")
    assert ensure(tmp_path, PATH=str(tmp_path / "bin")).returncode == 1


@pytest.mark.parametrize(
    ("go", "said"),
    [
        ("echo go1.24.9", "is go1.24.9, and 1.25.11 or later is needed"),
        ("echo 'go.mod requires go >= 1.25.11' >&2; exit 1", "with Go: go.mod requires go >= 1.25.11"),
    ],
)
def test_old_go_is_not_used_and_said(tmp_path: Path, go: str, said: str) -> None:
    script(tmp_path / "bin", "go", go)
    result = ensure(tmp_path, PATH=str(tmp_path / "bin"), ENGINE_FROM="go")
    assert result.returncode == 1
    assert said in result.stderr


FAKE_GO = r"""
case "$*" in
  "env GOVERSION") echo go1.25.11 ;;
  install*)
    echo "$PWD" >> "$HOME/builds"
    mkdir -p "$GOBIN"
    for tool in pulumi pulumi-language-python; do
      printf '#!/bin/sh\necho v3.259.0\n' > "$GOBIN/$tool"; chmod +x "$GOBIN/$tool"
    done ;;
  list*)
    mkdir -p "$GOMODCACHE/python/cmd" "$GOMODCACHE/python/dist"
    touch "$GOMODCACHE/python/cmd/pulumi-language-python-exec"
    touch "$GOMODCACHE/python/dist/pulumi-resource-pulumi-python"
    chmod -R a-w "$GOMODCACHE"
    echo "$GOMODCACHE" ;;
esac
"""


def test_engine_is_built_once_and_kept_without_the_caches_of_go(tmp_path: Path) -> None:
    script(tmp_path / "bin", "go", FAKE_GO)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    first, second = (ensure(tmp_path, PATH=path, ENGINE_FROM="go") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert (second.stdout, second.stderr) == (first.stdout, "")
    engine = Path(first.stdout.strip())
    assert sorted(tool.name for tool in engine.iterdir()) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    ]
    assert [entry.name for entry in engine.parent.iterdir()] == ["bin"]
    built = (tmp_path / "builds").read_text().splitlines()
    assert [Path(module).name for module in built] == ["cli", "python-host"]


def test_python_too_old_is_said(tmp_path: Path) -> None:
    script(tmp_path / "bin", "oldpython", "exit 1")
    command = ["make", "setup", f"PYTHON={tmp_path / 'bin' / 'oldpython'}"]
    environment = {"PATH": os.environ["PATH"], "PULUMI_ENTRA_POLICIES_CACHE": str(tmp_path / "cache")}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Python 3.10 or later is needed" in result.stderr
