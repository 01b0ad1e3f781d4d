"""The emulator in the foreground, for the command line."""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from .clients import Client
from .clock import Clock
from .faults import Declarations, Path
from .server import Emulator
from .throttle import Throttle


def serve(
    host_port: str = "127.0.0.1:0",
    *,
    seed: int | str | None = None,
    tenant_id: str | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
    clients: Mapping[str, str | Client] | None = None,
    clock: Clock | None = None,
    replicas: Sequence[float] = (),
    throttle: Throttle | None = None,
    permissions: Iterable[str] | None = None,
    faults: Declarations | Path = (),
    latency: float = 0,
    on_ready: Callable[[Emulator], None] = lambda emulator: None,
) -> None:
    """In the foreground, until Ctrl-C or `stop()`."""
    address = urlsplit(f"//{host_port}")
    emulator = Emulator(
        host=address.hostname or "",
        port=address.port or 0,
        seed=seed,
        tenant_id=tenant_id,
        certificate=certificate,
        key=key,
        clients=clients,
        clock=clock or Clock(running=True),
        replicas=replicas,
        throttle=throttle,
        permissions=permissions,
        faults=faults,
        latency=latency,
    )
    for client_id in clients or {}:
        emulator.register(client_id, "Pulumi")
    with contextlib.suppress(KeyboardInterrupt), emulator:
        on_ready(emulator)
        emulator.wait()
