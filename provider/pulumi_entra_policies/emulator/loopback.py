"""The loopback listener, and uvicorn as the emulator needs it."""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from os import PathLike
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .dropping import TRANSPORT

LONGEST = 30
"""Seconds. Starting takes some milliseconds, stopping up to a second and a half."""


def address(host: str) -> str:
    with contextlib.suppress(ValueError):
        found = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
        if found.is_loopback:
            return str(found)
    raise ValueError(f"the emulator binds to loopback only, and {host!r} is not: use 127.0.0.1, ::1 or localhost")


def listener(host: str, port: int) -> socket.socket:
    # Named TCP outright, because asyncio sets TCP_NODELAY on no other, and each answer would take 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen()
    except OSError as error:
        bound.close()
        advice = "give another port; 0 is any that is free"
        raise OSError(f"the emulator cannot listen on {host}, port {port} ({error.strerror}): {advice}") from error
    return bound


def config(app: ASGIApp, certificate: str | PathLike[str] | None, key: str | PathLike[str] | None) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # the app's own, which goes by the emulator's clock
        timeout_keep_alive=120,  # longer than clients keep an idle connection: none ends while a request is on its way
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    config.load()  # here and not in the server's thread, so that an unreadable certificate is the caller's error
    return config


class Server(uvicorn.Server):
    """In a thread of its own, for which nobody waits longer than LONGEST."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        self._listener = listener
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self.thread = threading.Thread(target=self.run, args=([listener],), name="emulator", daemon=True)

    def begin(self) -> None:
        self.thread.start()
        if not self._ready.wait(LONGEST) or self._failure:
            self.should_exit = True
            self._listener.close()
            raise RuntimeError(f"the emulator did not start within {LONGEST} s") from self._failure

    def end(self) -> None:
        self.should_exit = True
        self.thread.join(LONGEST)
        if self.thread.is_alive():
            raise RuntimeError(f"the emulator did not stop within {LONGEST} s: something keeps its thread waiting")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except (Exception, SystemExit) as error:  # uvicorn's way to say that it cannot
            self._failure, self.should_exit = error, True
        self._ready.set()


class Protocol(H11Protocol):
    """uvicorn's own, which also shows the app its connection, so that a fault can close it unanswered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _showing(transport, self.app)


def _showing(transport: asyncio.Transport, app: Any) -> ASGIApp:
    async def shown(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, TRANSPORT: transport}, receive, send)

    return shown
