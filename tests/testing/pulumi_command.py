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


def pulumi_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, *left_out: str) -> Path:
    """The only commands there are, without those left out. Returns the file of what they are asked."""
    log = folder / "asked"
    (folder / "bin").mkdir()
    for name in {"pulumi", "pulumi-language-python"} - {*left_out}:
        (folder / "bin" / name).write_text(SCRIPT.format(python=sys.executable, log=str(log)))
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    return log


def asked(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]
