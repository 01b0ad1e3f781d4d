"""What the host has to say, said on the resource that it is about: Pulumi's own way to do that is for programs alone.

The engine gives its host its own address as the last argument. Without it, as under a test, all is printed, which the
engine shows under the stack.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

LONGEST_CALL = 10.0  # seconds

_SEVERITIES = {
    "debug": engine_pb2.DEBUG,
    "info": engine_pb2.INFO,
    "warning": engine_pb2.WARNING,
}


def address(arguments: Sequence[str]) -> tuple[str, int] | None:
    """The engine's host and port, if the arguments of this process end with them."""
    host, _, port = arguments[-1].rpartition(":")
    return (host, int(port)) if host and port.isdecimal() else None


class Engine:
    """The engine that has started this process, if one has."""

    def __init__(self, arguments: Sequence[str] | None = None) -> None:
        """`arguments` are those of this process, by default as they are when there is something to say."""
        self._arguments = arguments

    def log(self, severity: str, text: str, urn: str) -> None:
        """Show a message on a resource. It names the resource as well: a preview with --diff does not."""
        _, _, types, name = urn.split("::", 3)
        text = f'{types.rsplit(":")[-1]} "{name}": {text}'
        if self._stub is None:
            print(f"{severity}: {text}")
            return
        request = engine_pb2.LogRequest(severity=_SEVERITIES[severity], message=text, urn=urn)
        try:
            self._stub.Log(request, timeout=LONGEST_CALL)
        except grpc.RpcError:  # a message is no reason to fail
            print(f"{severity}: {text}")

    @cached_property
    def _stub(self) -> engine_pb2_grpc.EngineStub | None:
        place = address(self._arguments or sys.argv)
        return engine_pb2_grpc.EngineStub(grpc.insecure_channel("{}:{}".format(*place))) if place else None
