"""The two files that an import writes. None of them ever takes the place of one that exists."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..graph.errors import EntraError

NAME = "imported_policies"


@dataclass(frozen=True)
class Files:
    """In one folder; the program is a module that another one can import."""

    folder: Path

    @property
    def program(self) -> Path:
        return self.folder / f"{NAME}.py"

    @property
    def resources(self) -> Path:
        return self.folder / f"{NAME}.json"

    def refuse_existing(self) -> None:
        """Raises EntraError, before anything was asked."""
        for path in (self.program, self.resources):
            if os.path.lexists(path):  # a link to nowhere too
                advice = "take it away, or name another folder with --out"
                raise EntraError(f"cannot write {path}", "it exists, and is not overwritten", advice)

    def write(self, program: str, resources: str) -> None:
        """Both or, where that fails, none. Raises OSError, also for one that has appeared meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as half_done:
            for path, text in ((self.program, program), (self.resources, resources)):
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    half_done.callback(path.unlink)
                    file.write(text)
            half_done.pop_all()
