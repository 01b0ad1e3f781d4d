"""The one address that is written into users' states. It never moves, and what it pickles to never changes.

Every resource in a state carries its provider as a pickle. Ours is a call of `load_provider` by this module's path and
one name: no code, no settings, nothing secret. A test pins the bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

PROVIDER = "__provider"
"""The property under which a resource in a state carries it, in its inputs and its outputs."""


class Address(ResourceProvider):
    """Stands for a provider in the user's program, which needs its address and not its code."""

    serialize_as_secret_always = False  # nothing secret inside, and a ciphertext a resource is slow

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __reduce__(self) -> tuple[Callable[[str], ResourceProvider], tuple[str]]:
        return load_provider, (self._name,)


def type_token(name: str) -> str:
    """The type of one resource class, as a state has it."""
    return f"pulumi-python:dynamic/entra-policies:{name}"


def written(name: str) -> str:
    """The provider of one resource class, as Pulumi writes it into a state."""
    return str(serialize_provider(Address(name)))


def load_provider(name: str) -> ResourceProvider:
    """The provider of one resource class, for Pulumi's dynamic host. Raises LookupError for any other name."""
    from .hosts import dynamic  # the user's program never loads the Graph client

    return dynamic.provider(name)
