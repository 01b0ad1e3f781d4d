"""The example with tests, as a project of its own: a copy of it, and pytest on it with what is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.engine.harness import PROJECT, installed

pytestmark = pytest.mark.usefixtures("heard_interrupt")

EXAMPLE = PROJECT / "examples" / "testing"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Beside the folder that what is written in the run goes to."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__")))


def environment(folder: Path) -> dict[str, str]:
    """As with an environment that is not activated: its Python is not on PATH."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    more = {
        "PULUMI_HOME": str(folder / "pulumi"),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {**kept, **more}


def run(project: Path, *arguments: str) -> str:
    """What pytest says at its end, on stdout."""
    made = project.parent / "made"
    pytest_ = ["-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={made}"]
    done = subprocess.run(
        [installed() / "python", *pytest_, *arguments],
        cwd=project,
        env=environment(project.parent),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    return str(done.stdout)


def left(project: Path) -> list[str]:
    """Processes that work in the run's folders, and files in the project that the example has not."""
    mark = str(project.parent).encode()
    running = [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]
    written = {path.relative_to(project) for path in project.rglob("*")}
    shipped = {path.relative_to(EXAMPLE) for path in EXAMPLE.rglob("*")}
    return [*running, *map(str, written - shipped), *map(str, (project.parent / "made").glob("entra-stack*/*"))]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended, or is not ours
        return b""


def test_tests_of_the_example_pass_in_any_order_and_leave_nothing(project: Path) -> None:
    files = [str(path.relative_to(project)) for path in sorted(project.glob("tests/test_*.py"), reverse=True)]

    said = run(project, *files, "-n", "2", "-W", "error")

    assert re.findall(r"=+ (.*) in [\d.]+s", said) == ["7 passed"], said
    assert left(project) == []


@pytest.mark.parametrize(
    ("right", "wrong", "failed"),
    [
        ("Policy, application_id=application_id", "Policy, application_id=company.id", "test_deployed.py"),
        ('config.require("samlTokenVersion")', '"1.1"', "test_declared.py"),
    ],
    ids=["assigned to what is no application", "the wrong version"],
)
def test_tests_of_the_example_find_what_is_wrong(project: Path, right: str, wrong: str, failed: str) -> None:
    program = (project / "portal.py").read_text()
    (project / "portal.py").write_text(program.replace(right, wrong))

    said = run(project, "-k", "saml_2 or both_policies")

    assert f"FAILED tests/{failed}" in said, said
    assert "1 failed, 1 passed" in said, said
    assert left(project) == []
