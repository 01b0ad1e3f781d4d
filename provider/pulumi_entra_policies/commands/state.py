"""A state as Pulumi exports it, and what it says of this package's resources.

A resource is ours by its type, or by the provider that it carries: a class that a user has derived may have a type of
its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .. import _wire
from ..definitions import KINDS
from ..definitions.values import escaped
from ..graph.errors import EntraError
from . import backend

ASSIGNMENT = "PolicyAssignment"
VERSIONS = (3, 4)
"""Of the form of a state; 4 is 3 with the names of features that concern Pulumi alone."""


@dataclass(frozen=True)
class Resource:
    """One of this package's; `class_name` says which, `document` is all that the state says of it."""

    class_name: str
    document: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.document.get("id", ""))

    @property
    def urn(self) -> str:
        return str(self.document["urn"])

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def path(self) -> str:
        """All of the urn below the stack: two stacks of one program have the same."""
        return self.urn.partition("::")[2]

    @property
    def outputs(self) -> Mapping[str, Any]:
        outputs: Mapping[str, Any] = self.document.get("outputs") or {}
        return outputs

    @property
    def is_read_only(self) -> bool:
        """Whether the program only reads it, with `get`."""
        return bool(self.document.get("external"))

    @property
    def is_managed(self) -> bool:
        """Whether the stack has it, and has not deleted it to replace it, and is not about to delete it."""
        return not any((self.is_read_only, self.document.get("delete"), self.document.get("pendingReplacement")))


def of_stack(name: str) -> list[Resource]:
    """Those of a stack of the Pulumi project here. Raises EntraError: no such stack, one with pending operations."""
    what = f"cannot read the stack {escaped(name)}"
    settle = f"pulumi refresh --stack {name} asks what became of it (--clear-pending-creates says of creates: nothing)"
    return _resources(what, backend.asked(what, "stack", "export", "--stack", name), settle)


def in_file(path: Path) -> list[Resource]:
    """Those of a file that `pulumi stack export --file` has written. Raises EntraError."""
    what = f"cannot read the state in {escaped(str(path))}"
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise EntraError(what, error.strerror or str(error), "check the path, and that it may be read") from error
    except (ValueError, RecursionError) as error:
        raise _no_state(what, "it is not JSON") from error
    return _resources(what, document, "pulumi refresh in its stack asks what became of it; export it again then")


def _resources(what: str, document: Any, settle: str) -> list[Resource]:
    deployment = _deployment(what, document)
    _refuse_pending(what, deployment, settle)
    found = deployment.get("resources") or []
    if not isinstance(found, list) or not all(map(_is_resource, found)):
        raise _no_state(what, "its resources are none")
    return [Resource(name, one) for one in found if (name := _class_name(one))]


def _deployment(what: str, document: Any) -> Mapping[str, Any]:
    if not isinstance(document, Mapping) or "deployment" not in document:
        raise _no_state(what, "it has no deployment")
    version, deployment = document.get("version"), document["deployment"] or {}
    if not isinstance(version, int) or not isinstance(deployment, Mapping):
        raise _no_state(what, "its version or its deployment is missing")
    if version not in VERSIONS:
        known = " and ".join(map(str, VERSIONS))
        reason = f"it has the form {version}, and this version of the package knows {known}"
        newer = "the newest pulumi-entra-policies" if version > max(VERSIONS) else "a newer Pulumi, and export it again"
        raise EntraError(what, reason, f"install {newer}")
    return deployment


def _refuse_pending(what: str, deployment: Mapping[str, Any], settle: str) -> None:
    pending = deployment.get("pending_operations") or ()
    try:
        names = ", ".join(escaped(str(one["resource"]["urn"]).rpartition("::")[2]) for one in pending)
    except (KeyError, TypeError) as error:
        raise _no_state(what, "its pending operations have no resources") from error
    if names:
        reason = f"an earlier run ended while it was at work on {names}, so the state may not say what is there"
        raise EntraError(what, reason, settle)


def _no_state(what: str, reason: str) -> EntraError:
    return EntraError(what, f"{reason}, so it is no exported state", "pulumi stack export --file writes one")


def _is_resource(one: Any) -> bool:
    if not isinstance(one, Mapping) or not all(isinstance(one.get(name), str) for name in ("urn", "type")):
        return False
    return all(isinstance(one.get(name) or {}, Mapping) for name in ("inputs", "outputs"))


def _class_name(resource: Mapping[str, Any]) -> str:
    """That of one of ours, known here or not; nothing of anything else."""
    ours = _wire.type_token("")
    if resource["type"].startswith(ours):
        return str(resource["type"]).removeprefix(ours)
    provider = (resource.get("inputs") or {}).get(_wire.PROVIDER)
    return _providers().get(provider, "") if isinstance(provider, str) else ""


@cache
def _providers() -> Mapping[str, str]:
    return {_wire.written(name): name for name in (*KINDS, ASSIGNMENT)}
