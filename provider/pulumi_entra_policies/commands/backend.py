"""The `pulumi` command, which alone knows where stacks are kept and how their secrets are read."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from ..graph.errors import EntraError

LONGEST = 120  # seconds for one answer; a backend may be far away


def is_here() -> bool:
    """Whether there is such a command on PATH."""
    return shutil.which("pulumi") is not None


def asked(what: str, *arguments: str) -> Any:
    """The answer to a question that is asked with --json, or about a state. Raises EntraError, about `what`."""
    if not is_here():
        advice = "install the Pulumi CLI: https://www.pulumi.com/docs/install/; without it, name no stack"
        raise EntraError(what, "there is no pulumi command on PATH", advice)
    return json.loads(said(what, *arguments))


def said(what: str, *arguments: str) -> str:
    """What it prints. Raises EntraError, about `what`, with what it has said instead."""
    done = _run(what, *arguments)
    if done.returncode:
        reason = " ".join(done.stderr.split()) or f"pulumi {arguments[0]} ended with {done.returncode}"
        raise EntraError(what, reason, f"correct that and try again; {_stacks(what, reason)}")
    return done.stdout


def _stacks(what: str, reason: str) -> str:
    """Those that there are, if that is the question."""
    listed = _run(what, "stack", "ls", "--json") if "no stack named" in reason else None
    if listed is None or listed.returncode:
        return "pulumi stack ls lists the stacks of this project"
    names = [str(one["name"]) for one in json.loads(listed.stdout)]
    return f"this project has the stacks {', '.join(names)}" if names else "this project has no stack at all"


def _run(what: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603
            ["pulumi", *arguments, "--non-interactive", "--color=never"],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        advice = "check the backend and the network, then try again"
        raise EntraError(what, f"pulumi {arguments[0]} gave no answer in {LONGEST} seconds", advice) from None
