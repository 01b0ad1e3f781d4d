"""What differs between two of a pair, property by property and by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..definitions import Kind, codec
from .secrecy import Secret, bare
from .side import Policy

MASK = "[secret]"


@dataclass(frozen=True)
class Difference:
    """A property by its path, and its value on each side; None where there is none.

    Not `is_told` is whether they differ, if one is a secret that nobody has opened.
    """

    property: str
    values: tuple[Any, Any]
    is_told: bool = True


def of_policies(one: Policy, other: Policy) -> Iterator[Difference]:
    """What takes effect in a tenant."""
    yield from of_properties(one.properties, other.properties)
    definitions = one.definition, other.definition
    yield from _masked("definition", definitions, _of_definitions(one.kind, *map(bare, definitions)))


def of_properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    """Of properties that have no parts."""
    for name in dict.fromkeys([*one, *other]):
        values = one.get(name), other.get(name)
        yield from _masked(name, values, _of_values(name, *map(bare, values)))


def _masked(name: str, values: tuple[Any, Any], found: Iterator[Difference]) -> Iterator[Difference]:
    """What has been found, without a word of what is secret."""
    secrets = [value for value in values if isinstance(value, Secret)]
    if not all(secret.is_open for secret in secrets):
        yield Difference(name, (MASK, MASK), is_told=False)
        return
    for one in found:
        yield Difference(one.property, (MASK, MASK)) if secrets else one


def _of_definitions(kind: Kind, one: Any, other: Any) -> Iterator[Difference]:
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        yield from _of_values("definition", one, other)
        return
    for path, here, there in codec.differences(kind, one, other):
        yield Difference(path, (here, there))


def _of_values(name: str, one: Any, other: Any) -> Iterator[Difference]:
    if one != other:
        yield Difference(name, (one, other))
