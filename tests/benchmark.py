"""What N policies with their assignments cost: seconds as ratios to an empty program, requests, the host's peak memory.

Run by `make benchmark`; it judges nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engine.harness import Stack
from tests.hosts.host import Host

from pulumi_entra_policies.emulator import Emulator

SIZES = (1, 100)
PAIRS = """
for number, application in enumerate({applications!r}):
    definition = {{"saml_token_version": "2.0"}}
    policy = entra.TokenIssuancePolicy(f"p{{number}}", display_name=f"P{{number}}", definition=definition)
    entra.PolicyAssignment(f"a{{number}}", policy=policy, application_id=application)
"""


def seconds(verb: Callable[[], Any]) -> float:
    start = time.perf_counter()
    verb()
    return time.perf_counter() - start


def engine(pairs: int) -> list[tuple[str, float, int]]:
    """Each command of the engine: its name, how long it took, how many requests it sent."""
    with Emulator() as graph, tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), graph)
        stack.program(PAIRS.format(applications=[graph.create_application("A").object_id for _ in range(pairs)]))
        verbs: dict[str, Callable[[], Any]] = {
            "up": stack.up,
            "preview": stack.preview,
            "refresh": stack.refresh,
            "destroy": stack.destroy,
        }
        return [(name, seconds(verb), len(stack.requests())) for name, verb in verbs.items()]


def memory(pairs: int) -> int:
    """The dynamic host's peak memory in MiB, after as many creates."""
    with Emulator() as graph, Host({"entra-policies:graphEndpoint": graph.url, "entra-policies:waits": "1"}) as host:
        for number in range(pairs):
            host.create("TokenIssuancePolicy", {"displayName": f"P{number}", "definition": {"version": 1}})
        status = Path(f"/proc/{host.pid}/status").read_text()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) // 1024


def main() -> None:
    empty = {name: duration for name, duration, _ in engine(0)}
    for pairs in SIZES:
        for name, duration, requests in engine(pairs):
            print(f"{pairs:4} pairs  {name:8} {duration / empty[name]:5.2f} x empty  {requests:4} requests", flush=True)
        print(f"{pairs:4} pairs  host     {memory(pairs):5} MiB at its peak", flush=True)


if __name__ == "__main__":
    main()
