"""Thousands of writes under the quota that Microsoft documents, in a time that waiting alone lets pass."""

from __future__ import annotations

import asyncio

from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.emulator import Clock, Emulator, Throttle
from pulumi_entra_policies.lifecycle import policy

WORKERS = 4  # of Pulumi's dynamic host
SCALE = 10  # with 1 it is the documented quota, and takes a quarter of a minute; the rate is the same
WRITES, QUOTA, WINDOW = 5000 // SCALE, 3000 // SCALE, 150 / SCALE
# A full bucket at the beginning, then what comes back: not counting it, 5,000 writes would take 250 s.
SHORTEST = (WRITES - QUOTA) / (QUOTA / WINDOW)


async def made(tenant: Tenant) -> None:
    numbers = iter(range(WRITES))

    async def worker() -> None:
        for number in numbers:
            await policy.create(KIND, tenant.process, {"displayName": f"P{number}", "definition": {"version": 1}})

    await asyncio.gather(*(worker() for _ in range(WORKERS)))


def test_writes_beyond_the_quota_all_get_through_in_the_quotas_own_time() -> None:
    throttle = Throttle(writes=QUOTA, write_window=WINDOW)
    with Emulator(seed=1, clock=Clock(), throttle=throttle) as graph, Tenant(graph) as tenant:
        tenant.run(made(tenant))
        assert len(graph.directory.all(KIND.collection)) == WRITES
        assert tenant.now <= 1.15 * SHORTEST
        throttled = sum(entry["status"] == 429 for entry in graph.journal())
    assert throttled <= 2 * len(tenant.waits) + WORKERS
