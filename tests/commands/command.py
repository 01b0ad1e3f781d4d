"""`entra-policies import` in this process, and what it has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_entra_policies.cli import main
from pulumi_entra_policies.emulator import Emulator

Resource = dict[str, Any]


class Command:
    """Writes into a folder of its own. `said` is what the last call printed, `told` what it wrote to stderr."""

    def __init__(self, emulator: Emulator, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.emulator, self.folder, self._capsys = emulator, folder, capsys
        self.said = self.told = ""

    def run(self, *options: str, ok: bool = True) -> str:
        """What it printed, or, if it is to fail, the error."""
        endpoint = ("--config", f"graphEndpoint={self.emulator.url}")
        return self.bare(*endpoint, "--out", str(self.out), *options, ok=ok)

    def bare(self, *options: str, ok: bool = True) -> str:
        """Without saying where the tenant is."""
        code = main(["import", *options])
        self.said, self.told = self._capsys.readouterr()
        assert (code == 0) is ok, self.said + self.told
        return self.said if ok else self.told

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def program(self) -> str:
        return (self.out / "imported_policies.py").read_text("utf-8")

    @property
    def resources(self) -> list[Resource]:
        found: list[Resource] = json.loads((self.out / "imported_policies.json").read_text())["resources"]
        return found

    @property
    def names(self) -> list[str]:
        return [resource["name"] for resource in self.resources]

    def pulumi(self, *answers: tuple[str, str], version: str = "v3.254.0") -> Path:
        """A command of that name, with the answers to what it is asked: the beginning of its arguments, and a text."""
        path = self.folder / "bin" / "pulumi"
        cases = "".join(f"'{asked} '*) printf %s '{text}' ;;\n" for asked, text in (*answers, ("version", version)))
        path.write_text(f'#!/bin/sh\ncase "$* " in\n{cases}*) echo "error: no stack named it" >&2; exit 6 ;;\nesac\n')
        path.chmod(0o755)
        return path
