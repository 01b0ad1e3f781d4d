"""Stacks of one test: Pulumi's engine by its Automation API, with all that it writes in one folder.

Pulumi keeps a stack's configuration beside Pulumi.yaml. So a stack gets a Pulumi.yaml of its own, whose `main` is the
user's program where it stands, and tests that run at the same time do not meet.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pulumi import automation

Program = str | os.PathLike[str] | automation.PulumiFn
Configuration = Mapping[str, str | automation.ConfigValue]


class Stacks:
    """
    stack = stacks(".", {"applicationId": "…"})              # the program that a folder's Pulumi.yaml names
    stack = stacks(program, name="live")                     # or a function
    stack.up(); stack.preview(); stack.destroy()

    A key without a namespace is one of the project's. `automation.ConfigValue(value, secret=True)` is a secret one.
    """

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        _look_for_engine()
        self._folder, self._configuration = folder, configuration
        for name in ("backend", "home"):
            (folder / name).mkdir()
        _share_plugins(folder / "home")

    def __call__(
        self, program: Program, configuration: Configuration | None = None, *, name: str = "test"
    ) -> automation.Stack:
        """A new stack, in which nothing is yet."""
        stack = automation.Stack.create(name, self._workspace(program))
        values = {**self._configuration, **(configuration or {})}
        stack.set_all_config({key: _value(value) for key, value in values.items()})
        return stack

    def _workspace(self, program: Program) -> automation.LocalWorkspace:
        return automation.LocalWorkspace(
            work_dir=tempfile.mkdtemp(prefix="project-", dir=self._folder),
            project_settings=_inline() if callable(program) else _of(Path(program)),
            program=program if callable(program) else None,
            pulumi_home=str(self._folder / "home"),
            env_vars={
                "PULUMI_BACKEND_URL": (self._folder / "backend").as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "test",
                "PULUMI_PYTHON_CMD": sys.executable,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",  # Pulumi's Python host runs `pip list` before every command
            },
        )


def _of(folder: Path) -> automation.ProjectSettings:
    """The project of a folder, whose program stays where it is."""
    settings = automation.LocalWorkspace(work_dir=str(folder)).project_settings()
    settings.main = str(folder.resolve() / (settings.main or "."))
    settings.runtime, settings.backend = "python", None  # this very Python, and never the project's own backend
    return settings


def _inline() -> automation.ProjectSettings:
    return automation.ProjectSettings("test", "python", main=os.getcwd())


def _value(value: str | automation.ConfigValue) -> automation.ConfigValue:
    return automation.ConfigValue(value) if isinstance(value, str) else value


def _share_plugins(home: Path) -> None:
    """Those that are installed already need no download."""
    shared = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi", "plugins").resolve()
    if shared.is_dir():
        with suppress(OSError):  # not everybody may make links on Windows
            (home / "plugins").symlink_to(shared)


def _look_for_engine() -> None:
    if shutil.which("pulumi") is None:
        ways = "https://www.pulumi.com/docs/install/"
        raise FileNotFoundError(f"entra_stack needs Pulumi's engine, and pulumi is not on PATH: install it, {ways}")
