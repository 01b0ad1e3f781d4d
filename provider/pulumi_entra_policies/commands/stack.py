"""What a stack of the Pulumi project in this folder says: its configuration, and what it has already."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..definitions.nearest import nearest
from ..definitions.values import escaped, shown
from ..graph.errors import EntraError
from ..settings import Settings, SettingsError
from ..settings.sources import NAMESPACES, OPTIONS
from . import backend, state

OLDEST = (3, 254)
"""The first `pulumi import --file` that takes a resource's inputs and outputs from the file."""


@dataclass(frozen=True)
class Stack:
    """As far as an import needs it. Without a name it is no stack: nothing is configured, and nothing is there."""

    name: str | None = None
    configuration: Mapping[str, str] = field(default_factory=dict, repr=False)
    ids: frozenset[tuple[str, str]] = frozenset()
    """Class and id of its resources; what its program only reads, with `get`, is none of them."""

    names: frozenset[str] = frozenset()
    """Of all its resources of this package."""

    def has(self, class_name: str, id_: str) -> bool:
        """Whether one of its resources is this."""
        return (class_name, id_) in self.ids


def read(name: str) -> Stack:
    """The stack of this name. Raises EntraError: no such stack, one with pending operations, too old a command."""
    resources = state.of_stack(name)
    return replace(
        configured(name),
        ids=frozenset((one.class_name, one.id) for one in resources if not one.is_read_only),
        names=frozenset(one.name for one in resources),
    )


def configured(name: str) -> Stack:
    """The stack of this name as far as signing in needs it. Raises EntraError: no such stack, no command."""
    return Stack(name, configuration(name))


def configuration(name: str) -> dict[str, str]:
    """That of the stack, its secrets included. Raises EntraError."""
    what = f"cannot read the configuration of the stack {escaped(name)}"
    found = backend.asked(what, "config", "--show-secrets", "--json", "--stack", name)
    return {key: one["value"] for key, one in found.items() if isinstance(one.get("value"), str)}


def refuse_old_command() -> None:
    """Raises EntraError if the `pulumi` command here, if there is one, cannot read the file that is to be written."""
    if not backend.is_here():
        return
    what = "cannot import with the Pulumi CLI that is on PATH"
    said = backend.said(what, "version")
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and tuple(map(int, found.groups())) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        advice = f"install {oldest} or later: https://www.pulumi.com/docs/install/"
        raise EntraError(what, f"it is {said.strip()}, and takes no inputs and outputs from a file", advice)


def settings(stack: Stack, given: Sequence[str]) -> Settings:
    """As a run of the stack would have them, but for what is given besides, as `key=value`. Raises SettingsError."""
    configuration = {**stack.configuration, **dict(map(_pair, given))}
    return Settings.load(configuration.get)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    namespace, _, option = key.rpartition(":")
    if equals and option in OPTIONS and namespace in ("", *NAMESPACES):
        return f"{namespace or NAMESPACES[0]}:{option}", value
    meant = nearest(option, OPTIONS)
    advice = f"; did you mean {meant}?" if meant else f"; such as {NAMESPACES[0]}:tenantId=contoso.com"
    raise SettingsError(f"--config {shown(key)}: it is not of the form key=value, with a key that is known{advice}")
