"""The SDK's typed builders, found by looking at them: what a new version of it brings is met too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.base_request_builder import BaseRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from pulumi_entra_policies.emulator import STS_POLICY_SETS

VERBS = ("get", "post", "patch", "put", "delete")
KEYED = ("by_", "_with_")
ROOTS = (
    *(f"policies.{policy_set.collection}" for policy_set in STS_POLICY_SETS),
    *("applications", "applications_with_app_id", "applications_with_unique_name"),
    *("servicePrincipals", "servicePrincipals_with_app_id"),
    "directory.deletedItems",
)

Key = Callable[[str], str]
"""What a keyed builder is given, by what it is a key of: `applications`, or its own name if that has no `by_`."""


@dataclass(frozen=True)
class Call:
    path: tuple[str, ...]
    verb: str

    def __str__(self) -> str:
        return ".".join((*self.path, self.verb))

    def builder(self, client: GraphServiceClient, key: Key) -> Any:
        found: Any = client
        for before, name in zip(("", *self.path), self.path, strict=False):
            found = step(found, name, key(before if name.startswith("by_") else name))
        return found


def client(http: httpx.AsyncClient | None = None, url: str = "http://nowhere") -> GraphServiceClient:
    """With a client of its own it has none of the SDK's retries: every answer is one answer."""
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    adapter.base_url = f"{url}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def calls() -> list[Call]:
    nowhere = client()
    found: list[Call] = []
    for root in ROOTS:
        path = tuple(map(snake, root.split(".")))
        builder = Call(path, "").builder(nowhere, str)
        found.extend(walked(builder, path))
    return found


def walked(builder: Any, path: tuple[str, ...]) -> Iterator[Call]:
    yield from (Call(path, verb) for verb in VERBS if hasattr(builder, verb))
    for name, member in inspect.getmembers(type(builder)):
        is_keyed = inspect.isfunction(member) and (name.startswith(KEYED[0]) or KEYED[1] in name)
        if is_keyed or isinstance(member, property):
            inner = step(builder, name, "x")
            if isinstance(inner, BaseRequestBuilder):
                yield from walked(inner, (*path, name))


def step(builder: Any, name: str, key: str) -> Any:
    member = getattr(builder, name)
    return member(key) if inspect.ismethod(member) else member


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
