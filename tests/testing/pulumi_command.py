"""A `pulumi` command that does nothing but say what it was asked, and with which environment and configuration."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """#!{python}
import json, os, sys
from pathlib import Path
arguments = [word for word in sys.argv[1:] if word != "--non-interactive"]
if arguments == ["version"]:
    print("v3.259.0")
else:
    files = {{path.name: path.read_text() for path in Path().iterdir() if path.is_file()}}
    call = {{"arguments": arguments, "environment": dict(os.environ), "files": files}}
    with open({log!r}, "a") as log:
        log.write(json.dumps(call) + "\\n")
"""


def pulumi_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only command there is. Returns the file of what it is asked."""
    log, command = folder / "asked", folder / "bin" / "pulumi"
    command.parent.mkdir()
    command.write_text(SCRIPT.format(python=sys.executable, log=str(log)))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    return log


def asked(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]
