"""A tenant for one test, and what leads a stack to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..emulator import Emulator


def emulator() -> Emulator:
    """One that is not running yet."""
    try:
        from ..emulator import Emulator
    except ModuleNotFoundError as error:
        needed = "entra_emulator needs an extra: pip install 'pulumi-entra-policies[emulator]'"
        raise ModuleNotFoundError(f"{needed} ({error})", name=error.name) from None
    return Emulator()


def configuration(graph: Emulator) -> dict[str, str]:
    """Of a stack. Each write is seen at once, so that what waits for replicas need not wait long."""
    return {
        "entra-policies:graphEndpoint": graph.url,
        "entra-policies:tenantId": graph.tenant_id,
        "entra-policies:waits": "1",
    }
