"""The emulator as a process of its own, so that what it costs is nobody's who is measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx


class Graph:
    """with Graph(latency=0.1) as graph: …"""

    def __init__(self, latency: float) -> None:
        command = [str(Path(sys.executable).with_name("entra-policies")), "emulator", "--address", "127.0.0.1:0"]
        self._process = subprocess.Popen([*command, "--latency", str(latency)], stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Graph:
        assert self._process.stdout is not None
        self.url = re.findall(r"http://\S+", self._process.stdout.readline())[0]
        self._http = httpx.Client(base_url=self.url, timeout=100, trust_env=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        self._process.terminate()
        self._process.communicate()

    def load(self, tenant: dict[str, Any]) -> None:
        self._http.post("/emulator/load", json=tenant).raise_for_status()

    def state(self) -> Any:
        return self._http.get("/emulator/state").json()

    def rename(self, policy: str, name: str) -> None:
        """What somebody does in the portal."""
        self._http.patch(
            f"/v1.0/policies/tokenIssuancePolicies/{policy}", json={"displayName": name}
        ).raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._http.get("/emulator/journal").json()
        return entries

    def clear_journal(self) -> None:
        self._http.delete("/emulator/journal").raise_for_status()
