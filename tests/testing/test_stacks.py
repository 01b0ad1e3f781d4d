"""What a stack of a test is made with, seen by a command in place of the engine, which has tests of its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from pulumi import automation
from tests.testing.pulumi_command import asked, pulumi_on_path

from pulumi_entra_policies.testing import Stacks, emulator

CONFIGURATION = {"entra-policies:graphEndpoint": "http://127.0.0.1:1", "entra-policies:waits": "1"}
PROJECT = """
name: portal
runtime: {name: python, options: {toolchain: uv, virtualenv: .venv}}
backend: {url: https://api.pulumi.com}
config: {region: {default: north}}
"""


def nothing() -> None:
    """A program."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(PROJECT)
    return tmp_path / "project"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stacks").mkdir()
    return tmp_path / "stacks"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return pulumi_on_path(tmp_path, monkeypatch)


@pytest.fixture
def stacks(folder: Path, log: Path) -> Stacks:
    return Stacks(folder, CONFIGURATION)


def test_program_stays_where_it_is_and_nothing_is_written_beside_it(stacks: Stacks, project: Path, log: Path) -> None:
    stack = stacks(project, name="live")

    assert stack.name == "live"
    assert [path.name for path in project.iterdir()] == ["Pulumi.yaml"]
    settings = asked(log)[0]["files"]["Pulumi.yaml"]
    assert f"\nmain: {project}\n" in settings
    assert "config:\n  region:\n    default: north\n" in settings


def test_main_of_a_project_is_found_from_its_folder(
    stacks: Stacks, project: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "Pulumi.yaml").write_text("{name: portal, runtime: python, main: infra}")
    monkeypatch.chdir(project)

    stacks(".")

    assert f"main: {project / 'infra'}\n" in asked(log)[0]["files"]["Pulumi.yaml"]


def test_program_is_run_by_this_python_and_never_in_the_projects_backend(
    stacks: Stacks, project: Path, log: Path, folder: Path
) -> None:
    stacks(project)

    init = asked(log)[0]
    assert "\nruntime: python\n" in init["files"]["Pulumi.yaml"]
    assert "backend" not in init["files"]["Pulumi.yaml"]
    environment = init["environment"]
    assert environment["PULUMI_PYTHON_CMD"] == sys.executable
    assert environment["PULUMI_BACKEND_URL"] == (folder / "backend").as_uri()
    assert environment["PULUMI_HOME"] == str(folder / "home")


def test_configuration_is_that_of_the_tenant_and_the_tests_own(stacks: Stacks, log: Path) -> None:
    more: dict[str, str | automation.ConfigValue] = {
        "applicationId": "1",
        "entra-policies:waits": "0",
        "key": automation.ConfigValue("2", secret=True),
    }

    stacks(nothing, more)

    command = " ".join(asked(log)[1]["arguments"])
    assert command.startswith("config set-all --stack test ")
    assert "--plaintext entra-policies:graphEndpoint=http://127.0.0.1:1" in command
    assert "--plaintext entra-policies:waits=0" in command
    assert "--plaintext applicationId=1" in command
    assert "--secret key=2" in command


def test_stacks_of_one_test_do_not_meet(stacks: Stacks, project: Path) -> None:
    one, two = stacks(project), stacks(nothing)

    assert one.workspace.work_dir != two.workspace.work_dir


def test_plugins_of_the_machine_are_used(
    tmp_path: Path, folder: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "plugins" / "resource-azuread-v6.0.0").mkdir(parents=True)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))

    Stacks(folder, CONFIGURATION)

    assert (folder / "home" / "plugins" / "resource-azuread-v6.0.0").is_dir()
    shutil.rmtree(folder)
    assert (tmp_path / "home" / "plugins" / "resource-azuread-v6.0.0").is_dir()


def test_machine_without_plugins_is_no_trouble(
    tmp_path: Path, folder: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "nowhere"))

    Stacks(folder, CONFIGURATION)

    assert list((folder / "home").iterdir()) == []


def test_missing_engine_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nothing")

    with pytest.raises(FileNotFoundError, match="pulumi is not on PATH: install it, https:"):
        Stacks(folder, CONFIGURATION)


def test_folder_that_is_no_project_is_named(stacks: Stacks, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"project settings file in workdir: {tmp_path}"):
        stacks(tmp_path)


def test_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_entra_policies.emulator", None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'pulumi-entra-policies\[emulator\]'"):
        emulator()
