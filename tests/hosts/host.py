"""Pulumi's real dynamic host as a process, spoken to over gRPC as the engine does."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

from pulumi_entra_policies._wire import Address

LONGEST_CALL = 60  # seconds
KEPT = ("PATH", "HOME", "LANG")

_OF_OLDER_HOSTS = "Exception calling application: "

__all__ = ["UNKNOWN", "Failure", "Host"]


class Failure(Exception):
    """What the host answered instead of a result: the text that the engine shows."""


@dataclass
class Host:
    """`python -m pulumi.dynamic` with one stack's configuration."""

    configuration: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)
    engine: str = ""
    """The address of an engine that hears what there is to say; without it, it is printed."""

    def __enter__(self) -> Host:
        kept = {name: value for name, value in os.environ.items() if name in KEPT or "COV" in name}
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.dynamic", *filter(None, [self.engine])],
            env={**kept, "PULUMI_PROJECT": "tests", **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.stub.Configure(provider_pb2.ConfigureRequest(args=_struct(self.configuration)), timeout=LONGEST_CALL)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self.printed = "".join(self._end())

    def _end(self) -> tuple[str, str]:
        """What it printed. It writes its coverage when it is told to end, and may be too busy to hear that at first."""
        for _ in range(10):
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                return self._process.communicate(timeout=5)
        self._process.kill()
        return self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self, resource: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> tuple[Any, list[str]]:
        """The checked inputs, and the reasons of the failures. As the engine does, without olds for what is new."""
        known = None if olds is None else _bag(resource, olds)
        request = provider_pb2.CheckRequest(news=_bag(resource, news), olds=known)
        answer = self._call("Check", request)
        return _plain(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(self, resource: str, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> Any:
        return self._call(
            "Diff", provider_pb2.DiffRequest(id=id_, olds=_bag(resource, olds), news=_bag(resource, news))
        )

    def create(self, resource: str, properties: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self._call("Create", provider_pb2.CreateRequest(properties=_bag(resource, properties)))
        return answer.id, _plain(answer.properties)

    def read(self, resource: str, id_: str, properties: dict[str, Any]) -> Any:
        """The whole answer: `id` is empty for what is gone, `properties` and `inputs` are structs."""
        return self._call("Read", provider_pb2.ReadRequest(id=id_, properties=_bag(resource, properties)))

    def update(self, resource: str, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(id=id_, olds=_bag(resource, olds), news=_bag(resource, news))
        return _plain(self._call("Update", request).properties)

    def delete(self, resource: str, id_: str, properties: dict[str, Any]) -> None:
        self._call("Delete", provider_pb2.DeleteRequest(id=id_, properties=_bag(resource, properties)))

    def _call(self, verb: str, request: Any) -> Any:
        try:
            return getattr(self.stub, verb)(request, timeout=LONGEST_CALL)
        except grpc.RpcError as error:
            raise Failure((error.details() or "").removeprefix(_OF_OLDER_HOSTS)) from None


def _bag(resource: str, properties: dict[str, Any]) -> struct_pb2.Struct:
    return _struct({**properties, PROVIDER_KEY: serialize_provider(Address(resource))})


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    json_format.ParseDict(values, struct)
    return struct


def _plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    """As the engine sees it: numbers are floats; the provider's address left out."""
    values: dict[str, Any] = json_format.MessageToDict(struct)
    assert values.pop(PROVIDER_KEY)
    return values
