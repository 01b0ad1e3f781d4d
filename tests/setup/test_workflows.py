"""What GitHub runs: files that its schemas accept, and commands that work here as well."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import pulumi_entra_policies as entra

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ALL_TESTS = {".ci/run", "make oldest"}  # which would run this one, too


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job.get("steps", ())]


COMMANDS = sorted({step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step} - ALL_TESTS)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", "workflows/*.yml"),
        ("github-issue-forms", "ISSUE_TEMPLATE/[!c]*.yml"),
        ("github-issue-config", "ISSUE_TEMPLATE/config.yml"),
    ],
)
def test_files_are_as_their_published_schema_has_them(schema: str, files: str) -> None:
    paths = list(GITHUB.glob(files))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, paths)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert paths
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.name))
def test_others_actions_are_pinned_by_commit_with_their_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (?!\./)(.+)$", path.read_text(), re.MULTILINE)

    assert [line for line in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", line)] == []


def test_one_action_has_one_version() -> None:
    lines = {line for path in WORKFLOWS for line in re.findall(r"uses: (?!\./)(.+)$", path.read_text(), re.MULTILINE)}

    assert len({line.split("@")[0] for line in lines}) == len(lines)


def test_tests_run_on_the_oldest_and_the_newest_python_that_is_supported() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text())

    assert read(GITHUB / "workflows" / "ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == [
        supported[0],
        supported[-1],
    ]


def test_only_the_job_that_publishes_may_ask_for_a_token_and_none_may_write() -> None:
    workflows = map(read, WORKFLOWS)
    granted = [
        (name, job.get("permissions", workflow["permissions"]))
        for workflow in workflows
        for name, job in workflow["jobs"].items()
    ]

    assert [name for name, permissions in granted if "write" in permissions.values()] == ["publish"]
    assert {"id-token": "write"} in [permissions for _, permissions in granted]
    assert "secrets" not in "".join(path.read_text() for path in WORKFLOWS)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a runner has checked out, of a version that is dated; its virtual environment is the one of these tests."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("provider", ".ci"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder / name)
    changelog = (folder / "CHANGELOG.md").read_text()
    (folder / "CHANGELOG.md").write_text(changelog.replace("(unreleased)", "(2026-01-31)", 1))
    environment = tmp_path / "venv"
    (environment / "bin").parent.mkdir()
    (environment / "bin").symlink_to(Path(sys.executable).parent)
    shutil.copy(folder / "pyproject.toml", environment / "complete")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_a_workflow_works_here(checkout: Path, command: str) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GITHUB_REF_NAME": f"v{entra.__version__}",
        "MAKEFLAGS": f"-- VENV={checkout.with_name('venv')} PULUMI_ENTRA_POLICIES_CACHE={checkout.with_name('cache')}",
    }

    done = subprocess.run(
        ["bash", "-e", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    if command == "make wheel":
        built = sorted(path.name for path in (checkout / "dist").iterdir())
        name = f"pulumi_entra_policies-{entra.__version__}"
        assert built == [f"{name}-py3-none-any.whl", f"{name}.tar.gz"]


def test_one_test_is_run_without_the_coverage_of_all() -> None:
    def command(*arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
        asked = ["make", "-n", "unit", *arguments]
        done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    assert "--cov" in command()
    assert command("ARGS=-k swap").endswith('-m "not engine" -k swap')
