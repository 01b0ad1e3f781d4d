"""What a stack of the Pulumi project in this folder says: its configuration, and what it has already.

Asked of the `pulumi` command, which alone knows where stacks are kept and how their secrets are read.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .. import _wire
from ..definitions.nearest import nearest
from ..definitions.values import shown
from ..graph.errors import EntraError
from ..settings import Settings, SettingsError
from ..settings.sources import NAMESPACES, OPTIONS

OLDEST = (3, 254)
"""The first `pulumi import --file` that takes a resource's inputs and outputs from the file."""

LONGEST = 120  # seconds for one answer; a backend may be far away


@dataclass(frozen=True)
class Stack:
    """As far as an import needs it. Without a name it is no stack: nothing is configured, and nothing is there."""

    name: str | None = None
    configuration: Mapping[str, str] = field(default_factory=dict, repr=False)
    ids: frozenset[tuple[str, str]] = frozenset()
    """Type and id of its resources; what its program only reads, with `get`, is none of them."""

    names: frozenset[str] = frozenset()
    """Of all its resources of this package."""

    def has(self, class_name: str, id_: str) -> bool:
        """Whether one of its resources is this."""
        return (_wire.type_token(class_name), id_) in self.ids


def read(name: str) -> Stack:
    """The stack of this name. Raises EntraError: no such stack, one with pending operations, too old a command."""
    chosen, what = configured(name), _reading(name)
    deployment = _asked(what, "stack", "export", "--stack", name).get("deployment") or {}
    _refuse_pending(name, deployment)
    resources = [one for one in deployment.get("resources") or () if one["type"].startswith(_wire.type_token(""))]
    return replace(
        chosen,
        ids=frozenset((one["type"], one["id"]) for one in resources if not one.get("external")),
        names=frozenset(one["urn"].rpartition("::")[2] for one in resources),
    )


def configured(name: str) -> Stack:
    """The stack of this name as far as signing in needs it. Raises EntraError: no such stack, no command."""
    what = _reading(name)
    if shutil.which("pulumi") is None:
        advice = "install the Pulumi CLI, or leave out --stack and give --config and the environment"
        raise EntraError(what, "there is no pulumi command on PATH", advice)
    configuration = _asked(what, "config", "--show-secrets", "--json", "--stack", name)
    return Stack(name, {key: one["value"] for key, one in configuration.items() if isinstance(one.get("value"), str)})


def _reading(name: str) -> str:
    return f"cannot read the stack {name}"


def refuse_old_command() -> None:
    """Raises EntraError if the `pulumi` command here, if there is one, cannot read the file that is to be written."""
    if shutil.which("pulumi") is None:
        return
    what = "cannot import with the Pulumi CLI that is on PATH"
    said = _run(what, "version")
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


def _refuse_pending(name: str, deployment: Mapping[str, Any]) -> None:
    pending = deployment.get("pending_operations") or ()
    if pending:
        urns = ", ".join(str(one["resource"]["urn"]).rpartition("::")[2] for one in pending)
        raise EntraError(
            f"cannot import into the stack {name}",
            f"an earlier run ended while it was at work on {urns}, and Pulumi imports nothing until that is settled",
            f"pulumi refresh --stack {name} asks what became of it (--clear-pending-creates says of creates: nothing)",
        )


def _asked(what: str, *arguments: str) -> Any:
    return json.loads(_run(what, *arguments))


def _run(what: str, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603
            ["pulumi", *arguments, "--non-interactive", "--color=never"],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        advice = "check the backend and the network, then try again"
        raise EntraError(what, f"pulumi {arguments[0]} gave no answer in {LONGEST} seconds", advice) from None
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"pulumi {arguments[0]} ended with {done.returncode}"
        raise EntraError(what, said, "correct that and try again; pulumi stack ls lists the stacks of this project")
    return done.stdout
