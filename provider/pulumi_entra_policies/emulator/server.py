"""The emulator as a running server: in a thread for tests, in the foreground for the command line.

It binds to loopback only, since anybody who reaches it may change everything. With a certificate it speaks
https and wants tokens from its own sign-in authority (`clients` may sign in); without, it speaks http and
asks for nothing.
"""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import TRANSPORT, build
from .directory import Directory
from .service import Service
from .signin import Authority

Path = str | PathLike[str]


@dataclass(frozen=True)
class Registration:
    """An application in the tenant, as `Emulator.create_application` returns it."""

    object_id: str
    client_id: str
    service_principal_id: str = ""
    """Empty if none was asked for."""


class Emulator:
    """
    with Emulator(seed=1) as graph:                                  # http, no sign-in
    with Emulator(certificate=pem, key=pem, clients={id: secret}):   # https with sign-in
    Emulator(directory=Directory(second_policy_status=409))          # a tenant of your own making
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int | str | None = None,
        directory: Directory | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
        clients: Mapping[str, str] | None = None,
    ) -> None:
        if clients and not certificate:
            raise ValueError("clients sign in over https only: give certificate= and key= as well")
        self._address = _loopback(host), port
        self._certificate, self._key = certificate, key
        self.directory = directory or Directory(seed=seed)
        authority = Authority(self.directory, clients or {}) if certificate else None
        self._service = Service(self.directory, authority)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    # -- running -----------------------------------------------------------------------------------

    def start(self) -> None:
        self._server = _Server(self._config())
        listener = _listener(*self._address)
        self._address = listener.getsockname()[:2]
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="emulator", daemon=True)
        self._thread.start()
        self._server.ready.wait()

    def stop(self) -> None:
        if self._server:
            self._server.should_exit = True
        self.wait()

    def wait(self) -> None:
        """Until somebody stops it."""
        if self._thread:
            self._thread.join()

    def __enter__(self) -> "Emulator":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        host, port = self._address
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    def _config(self) -> uvicorn.Config:
        config = uvicorn.Config(
            build(self._service),
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=self._certificate,
            ssl_keyfile=self._key,
        )
        config.load()  # here and not in the thread, so that an unreadable certificate is the caller's error
        return config

    # -- what a test wants to know and to do -------------------------------------------------------

    @property
    def tenant_id(self) -> str:
        return self.directory.tenant_id

    def create_application(self, display_name: str, *, with_service_principal: bool = False) -> Registration:
        with self.directory.lock:
            application = self.directory.create_application({"displayName": display_name})
            app_id = application.properties["appId"]
            if not with_service_principal:
                return Registration(application.id, app_id)
            return Registration(application.id, app_id, self.directory.create_service_principal({"appId": app_id}).id)

    def fault(self, **declaration: Any) -> None:
        """The fields of `faults.Fault`: fault(method="POST", path=r"\\$ref$", status=503, when="after")."""
        self._service.faults.declare(declaration)

    def journal(self) -> list[dict[str, Any]]:
        return self._service.journal.entries()

    def clear_journal(self) -> None:
        self._service.journal.clear()

    def reset(self) -> None:
        self._service.reset()


def serve(
    host_port: str = "127.0.0.1:0",
    *,
    seed: int | str | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
    clients: Mapping[str, str] | None = None,
    on_ready: Callable[[Emulator], None] = lambda emulator: None,
) -> None:
    """In the foreground, until Ctrl-C or `stop()`."""
    address = urlsplit(f"//{host_port}")
    emulator = Emulator(
        host=address.hostname or "",
        port=address.port or 0,
        seed=seed,
        certificate=certificate,
        key=key,
        clients=clients,
    )
    with contextlib.suppress(KeyboardInterrupt), emulator:
        on_ready(emulator)
        emulator.wait()


def _loopback(host: str) -> str:
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
        if address.is_loopback:
            return str(address)
    raise ValueError(f"the emulator binds to loopback only, and {host!r} is not: use 127.0.0.1, ::1 or localhost")


def _listener(host: str, port: int) -> socket.socket:
    # Named TCP outright, because asyncio sets TCP_NODELAY on no other, and each answer would take 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class _Protocol(H11Protocol):
    """uvicorn's own, which also shows the app its connection, so that a fault can close it unanswered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _showing(transport, self.app)


def _showing(transport: asyncio.Transport, app: Any) -> ASGIApp:
    async def shown(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, TRANSPORT: transport}, receive, send)

    return shown
