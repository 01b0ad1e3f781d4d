"""The real Pulumi engine as a process, against the running emulator, with a local backend in a temporary folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from pulumi_entra_policies.emulator import Emulator

PROJECT = Path(__file__).parents[2]
TENANT = "GET organization?$select=id"
WARM_PYTHON = Path(__file__).with_name("warm_python.py")
LONGEST_RUN = 180  # seconds for one command of the engine
_INITIALIZED: dict[Path, bytes] = {}  # the files of a new stack, by their place in its folder


@cache
def installed() -> Path:
    """The `bin` of an environment where the package is installed as users have it, from the sources as they are."""
    command = [sys.executable, str(PROJECT / ".ci" / "installed.py")]
    return Path(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


@cache
def warm() -> tuple[str, subprocess.Popen[bytes]]:
    """The folder of the processes that `warm.py` keeps, and what they end with: its input is open as long as this one's
    output."""
    folder = tempfile.mkdtemp(prefix="warm-")  # a short name, as sockets need
    command = [str(installed() / "python3"), "-u", str(WARM_PYTHON.with_name("warm.py")), folder]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=_kept())
    process.wait()
    return folder, process


def _kept() -> dict[str, str]:
    """This machine's environment, as far as the tests let it in."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def user_environment(folder: Path) -> dict[str, str]:
    """That of a user on this machine, with what spares time and connections."""
    return {
        **_kept(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # It would be asked for pulumi-azuread's plugin, which is installed for its types, before every command.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # The language host runs `pip list`, which asks the package index for a newer pip, for 5 seconds at most.
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@dataclass(frozen=True)
class Step:
    """One line of a preview that does something: the operation, the resource's name, the properties that differ."""

    op: str
    name: str
    diff: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    type: str = field(default="", compare=False)


@dataclass
class Run:
    """What a command printed, and whether it succeeded."""

    text: str
    ok: bool

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def document(self) -> dict[str, Any]:
        """What `--json` has printed."""
        found: dict[str, Any] = json.loads(self.text[self.text.index("{") :])
        return found


class Stack:
    """A project with one program and one stack. `configuration` is written before each command, which has the
    variables of `environment` besides those of its own.

    `packages` is a folder whose packages are taken before those of the environment. A stack that is `warm` has its
    Python processes forked from those of `warm.py`; else each starts with its imports, as a user's do.
    """

    def __init__(self, folder: Path, graph: Emulator, packages: Path | None = None) -> None:
        self.folder, self.graph, self.packages = folder, graph, packages
        self.configuration: dict[str, Any] = {
            "entra-policies:graphEndpoint": graph.url,
            "entra-policies:waits": "1",
        }
        self.environment: dict[str, str] = {}
        self.said: list[str] = []
        self.bin = installed()  # of the environment that the program runs in
        self.warm = packages is None and hasattr(os, "pidfd_open")
        for name in ("project", "backend", "home"):
            (folder / name).mkdir()
        self._write("Pulumi.yaml", "name: tests\nruntime: python\n")
        self.name = "dev"
        self._salt = ""
        self._initialize()
        lines = (folder / "project" / "Pulumi.dev.yaml").read_text().splitlines()
        self._salt = next(line.split(": ", 1)[1] for line in lines if line.startswith("encryptionsalt: "))

    def _initialize(self) -> None:
        """`stack init`, run once and copied from then on: what it writes knows no folder."""
        if not _INITIALIZED:
            self.run("stack", "init", "dev")
            for folder in ("project", "backend"):
                written = filter(Path.is_file, (self.folder / folder).rglob("*"))
                _INITIALIZED.update({path.relative_to(self.folder): path.read_bytes() for path in written})
        for path, content in _INITIALIZED.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)

    def secret(self, key: str, value: str) -> None:
        """A configuration value that Pulumi encrypts."""
        self.run("config", "set", key, "--secret", value)
        text = (self.folder / "project" / f"Pulumi.{self.name}.yaml").read_text()
        (encrypted,) = re.findall(rf"{key}\W+secure\W+(v1:[^'\"\s]+)", text)
        self.configuration[key] = {"secure": encrypted}

    def select(self, name: str) -> None:
        """Go on with another stack of the same project and passphrase."""
        self.name = name

    def program(self, text: str) -> None:
        """The program's text, below the two imports that every one needs."""
        self._write("__main__.py", "import pulumi\nimport pulumi_entra_policies as entra\n" + textwrap.dedent(text))

    def run(self, *arguments: str, ok: bool | None = True) -> Run:
        """One command. `ok` says whether it has to succeed; None leaves that to the caller."""
        self.configure()
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder / "project",
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_RUN,
            check=False,
        )
        run = Run(done.stdout, done.returncode == 0)
        assert ok is None or run.ok is ok, f"pulumi {' '.join(arguments)} ended with {done.returncode}:\n{run.text}"
        return run

    def start(self, *arguments: str, output: IO[str]) -> subprocess.Popen[str]:
        """A command that is left running, in a process group of its own; what it prints goes into `output`."""
        self.configure()
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder / "project",
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> dict[int, list[str]]:
        """The command line of whatever runs for this stack, by process id: the engine gives on its environment."""
        mark, found = f"PULUMI_HOME={self.folder / 'home'}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended meanwhile
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[int(process.name)] = (process / "cmdline").read_text().split("\0")
        return found

    def up(self, *arguments: str, ok: bool | None = True) -> Run:
        return self.run("up", "--yes", "--skip-preview", *arguments, ok=ok)

    def refresh(self, *arguments: str) -> Run:
        return self.run("refresh", "--yes", "--skip-preview", *arguments)

    def destroy(self, *arguments: str, ok: bool | None = True) -> Run:
        return self.run("destroy", "--yes", "--skip-preview", *arguments, ok=ok)

    def preview(self, *arguments: str) -> list[Step]:
        """The steps of a preview that do something; an empty list is a no-change preview. `said` is what it says."""
        document = self.run("preview", "--json", *arguments).document()
        self.said = [one["message"] for one in document.get("diagnostics", ())]
        steps = [_step(step) for step in document["steps"]]
        return [
            step for step in steps if step.op not in ("same", "read", "refresh") and not step.name.startswith("tests-")
        ]

    def state(self) -> dict[str, Any]:
        """What the engine has written, as it is in the backend's file: secrets are encrypted there."""
        path = self.folder / "backend" / ".pulumi" / "stacks" / "tests" / f"{self.name}.json"
        latest: dict[str, Any] = json.loads(path.read_text())["checkpoint"].get("latest") or {}
        return latest

    def outputs(self) -> dict[str, Any]:
        """The program's. None of them may be a secret."""
        (stack,) = (one for one in self.state()["resources"] if one["type"] == "pulumi:pulumi:Stack")
        outputs: dict[str, Any] = stack.get("outputs", {})
        return outputs

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources of this package, by name."""
        found = self.state().get("resources") or []
        return {resource["urn"].split("::")[-1]: resource for resource in found if "dynamic" in resource["type"]}

    def urn(self, name: str) -> str:
        """The urn of one of them, for the command line."""
        urn: str = self.resources()[name]["urn"]
        return urn

    def requests(self) -> list[str]:
        """What was sent to Graph since the last call, as `METHOD path`; but for every host's first question, which
        tenant this is: where one has to sign in, the token says so."""
        journal = [f"{entry['method']} {entry['path'].split('/', 2)[2]}" for entry in self.graph.journal()]
        self.graph.clear_journal()
        return [request for request in journal if request != TENANT]

    def configure(self) -> None:
        """Write the stack's configuration, as every command does."""
        if self._salt:
            self._write(
                f"Pulumi.{self.name}.yaml", json.dumps({"encryptionsalt": self._salt, "config": self.configuration})
            )

    def _write(self, name: str, text: str) -> None:
        (self.folder / "project" / name).write_text(text)

    def variables(self) -> dict[str, str]:
        """The environment of a command."""
        return {
            **user_environment(self.folder),
            "PATH": os.pathsep.join([str(self.bin), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "tests",
            "PULUMI_STACK": self.name,
            "PYTHONPATH": str(self.packages or ""),
            **(hurry() if self.warm else {}),
            **self.environment,
        }


def hurry() -> dict[str, str]:
    """What halves the time of a command. The engine lives too short to need its garbage collected."""
    return {"PULUMI_PYTHON_CMD": str(WARM_PYTHON), "WARM_PYTHON": warm()[0], "GOGC": "off"}


def _step(step: dict[str, Any]) -> Step:
    return Step(
        op=step["op"],
        name=step["urn"].split("::")[-1],
        diff=tuple(sorted(step.get("detailedDiff") or ())),
        replaces=tuple(step.get("replaceReasons") or ()),
        type=step["urn"].split("::")[-2],
    )
