"""A process that `warm.py` forks is what `python3` would have started: whatever a program can see of itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.engine.harness import WARM_PYTHON, Stack

SHOWN = """
import json, os, runpy, signal, sys
if sys.argv[-1] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
seen = {
    "name": __name__,
    "arguments": sys.argv,
    "path": sys.path,
    "executable": sys.executable,
    "folder": os.getcwd(),
    "environment": dict(os.environ),
    "interrupt": str(signal.getsignal(signal.SIGINT)),
    "input": sys.stdin.read(),
    "in the group": os.getpgrp() != os.getpid(),
}
sys.stdout.buffer.write(json.dumps(seen).encode())
os.write(2, b"to stderr")
sys.exit(32)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="there are warm processes on Linux alone")


@pytest.fixture
def program(stack: Stack) -> Path:
    """A program under the name of the script that runs Pulumi's."""
    path = stack.folder / "project" / "pulumi-language-python-exec"
    path.write_text(SHOWN)
    return path


def ran(stack: Stack, python: Path, *arguments: str | Path) -> tuple[Any, str, int]:
    """What it printed, as JSON and as errors, and its exit code."""
    done = subprocess.run(
        [python, *arguments],
        cwd=stack.folder / "project",
        env=stack.variables(),
        input="said",
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout or "null"), done.stderr, done.returncode


def test_warm_process_sees_what_a_cold_one_sees(stack: Stack, program: Path) -> None:
    warm = ran(stack, WARM_PYTHON, "-u", program, "--project", "tests")

    assert warm == ran(stack, stack.bin / "python3", "-u", program, "--project", "tests")
    assert warm[1:] == ("to stderr", 32)


def test_death_of_a_warm_process_is_told(stack: Stack, program: Path) -> None:
    assert ran(stack, WARM_PYTHON, program, "die") == (None, "", 128 + signal.SIGKILL)


def test_same_packages_are_listed(stack: Stack) -> None:
    question = ("-m", "pip", "list", "-v", "--format", "json")

    assert ran(stack, WARM_PYTHON, *question) == ran(stack, stack.bin / "python3", *question)
