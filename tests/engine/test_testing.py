"""The example with tests, as a project of its own: a copy of it, and pytest on it with what is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.engine.harness import PROJECT, installed

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
    """What pytest says. What another package brings as a plugin is nothing to the example."""
    made = project.parent / "made"
    pytest_ = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:anyio", f"--basetemp={made}"]
    done = subprocess.run(
        [installed() / "python", *pytest_, *arguments],
        cwd=project,
        env=environment(project.parent),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return str(done.stdout)


def left(project: Path) -> list[str]:
    """Processes that work in the run's folders, and files: of the stacks, beside the program, and in Pulumi's home.

    There Pulumi has a log of `pulumi version`, which its Automation API asks as itself.
    """
    mark = str(project.parent).encode()
    running = [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]
    written = {path.relative_to(project) for path in project.rglob("*")}
    shipped = {path.relative_to(EXAMPLE) for path in EXAMPLE.rglob("*")}
    of_stacks = (project.parent / "made").rglob("entra-stack*/*")
    at_home = [path for path in (project.parent / "pulumi").glob("*") if path.name != "logs"]
    return [*running, *map(str, [*(written - shipped), *of_stacks, *at_home])]


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
    ("right", "wrong", "test"),
    [
        (
            "Policy, application_id=application_id",
            "Policy, application_id=company.id",
            "tests/test_deployed.py::test_portal_has_both_policies_until_it_is_destroyed",
        ),
        ('config.require("samlTokenVersion")', '"1.1"', "tests/test_declared.py::test_portal_gets_saml_2"),
    ],
    ids=["assigned to what is no application", "the wrong version"],
)
def test_tests_of_the_example_find_what_is_wrong(project: Path, right: str, wrong: str, test: str) -> None:
    program = (project / "portal.py").read_text()
    (project / "portal.py").write_text(program.replace(right, wrong))

    said = run(project, test)

    assert f"FAILED {test}" in said, said
    assert left(project) == []
