"""The terminal sessions of a page: what follows a `$` is run, and what it prints is written below it.

    python -m docs.terminal docs/promotion.md       (`make recordings` does)

All commands of a page run in one shell, in an empty folder, where `$PROJECT` is the project's. Sessions that have not
changed but for ids, times and the order of lines stay as they are.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SESSION = re.compile(r"^```console( in another terminal)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)", re.MULTILINE)
PORT = re.compile(r"\b80[89]\d\b")
VARYING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "an id"),
    (re.compile(r"\(\d+(\.\d+)?s\)|\b\d+s$", re.MULTILINE), "a while"),
)
END = "the end of a command"


class Shell:
    """One bash, as a reader would have it, and whatever it leaves running until it is closed."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "--norc"],  # noqa: S607
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=os.setpgrp,  # process_group= is Python 3.11's; a session of its own shuts others out
        )

    def run(self, command: str) -> str:
        """What the command prints."""
        told, heard = self._process.stdin, self._process.stdout
        if told is None or heard is None:
            raise ValueError("a shell without pipes")
        told.write(f"{command}\necho {END!r}\n")
        told.flush()
        printed = ""
        for line in heard:
            if line == f"{END}\n":
                return printed
            printed += line
        raise RuntimeError(f"the shell ended in {command!r}: {printed}")

    def start(self, command: str, lines: int) -> str:
        """What a command prints at first, in as many lines; it is left running."""
        return self.run(f"exec {{out}}< <({command})\nhead -n {lines} <&$out")

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def ran(page: str, shell: Shell) -> str:
    """The page with what its sessions print now."""
    ports = dict(zip(sorted(set(PORT.findall(page))), map(str, _free_ports()), strict=False))

    def session(found: re.Match[str]) -> str:
        before, play = found[2], _started if found[1] else _played
        now = play(before, shell, ports)
        return found[0] if alike(before, now) else found[0].replace(before, now)

    return SESSION.sub(session, page)


def _played(session: str, shell: Shell, ports: Mapping[str, str]) -> str:
    """Each command of a session and what it prints."""
    commands = COMMAND.findall(session)
    return "".join(f"$ {one}\n{_paged(shell.run(_freed(one, ports)), ports)}" for one in commands)


def _started(session: str, shell: Shell, ports: Mapping[str, str]) -> str:
    """A command that goes on in another terminal, and as much of what it prints as the page shows."""
    (command,) = COMMAND.findall(session)
    printed = shell.start(_freed(command, ports), session.count("\n") - 1)
    return f"$ {command}\n{_paged(printed, ports)}"


def _freed(shown: str, ports: Mapping[str, str]) -> str:
    """A command as it is run, with ports that are free."""
    return PORT.sub(lambda port: ports[port[0]], shown.replace("\n> ", "\n"))


def _paged(printed: str, ports: Mapping[str, str]) -> str:
    """What was printed as the page has it: its ports, no spaces at the ends of lines, no empty lines around."""
    for page, free in ports.items():
        printed = printed.replace(free, page)
    text = "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")
    return f"{text}\n" if text else ""


def alike(one: str, other: str) -> bool:
    """Whether two sessions say the same."""
    return sorted(_masked(one).splitlines()) == sorted(_masked(other).splitlines())


def _masked(text: str) -> str:
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text


def _free_ports() -> Iterator[int]:
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            yield int(free.getsockname()[1])


def run(page: Path, **variables: str) -> None:
    """Run a page's sessions and write it anew. `variables` are added to the shell's environment."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("backend", "work"):
            (folder / name).mkdir()
        shell = Shell(folder / "work", _variables(folder) | variables)
        try:
            page.write_text(ran(page.read_text(), shell))
        finally:
            shell.close()


def _variables(folder: Path) -> dict[str, str]:
    """The environment of a page's shell: a backend and a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    return {
        **kept,
        "HOME": str(folder),
        "PROJECT": str(PROJECT),
        "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(Path(name))
