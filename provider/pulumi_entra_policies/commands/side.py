"""One side of a comparison: policies and assignments, whether a state tells of them or a tenant.

Each has names, by which it is known again on the other side, strongest first. Ids are names within one tenant alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..definitions import Kind
from ..definitions.values import escaped

Names = Mapping[str, Any]
"""What something is called, by the way to name it. Two that are named in no common way cannot be told apart."""


def same(one: Names, other: Names) -> bool | None:
    """Whether they are names of one thing; None if that cannot be told."""
    common = one.keys() & other.keys()
    return any(one[way] == other[way] for way in common) if common else None


def in_tenant(tenant_id: str | None, noun: str, id_: str | None) -> Names:
    """The id of an object, which only its own tenant knows."""
    return {f"{noun} in {tenant_id}": id_} if tenant_id and id_ else {}


@dataclass(frozen=True, eq=False)
class Policy:
    """A policy. Without a name, that is a secret; `path` is the resource's in its program, if it is one's."""

    kind: Kind
    id: str
    tenant_id: str | None
    name: str | None
    definition: Any
    properties: Mapping[str, Any]
    path: str = ""
    switches: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """What tells it from others of its name: its resource in the program, in a tenant its id."""
        return _resource(self.path) if self.path else self.id

    def __str__(self) -> str:
        return f"{self.kind.noun} {f'of {self.resource}' if self.name is None else quoted(self.name)}"


@dataclass(frozen=True, eq=False)
class Target:
    """What has a policy; `names` are those that are good in every tenant, such as a client id."""

    noun: str
    id: str
    names: Names
    display_name: str = ""

    def __str__(self) -> str:
        known = next(iter(self.names.values()), self.id)
        return f"{self.noun} {quoted(self.display_name)} ({known})" if self.display_name else f"{self.noun} {known}"


@dataclass(frozen=True, eq=False)
class Assignment:
    """An assignment; of its policy the name, if that is known."""

    kind: Kind
    tenant_id: str | None
    policy_id: str
    policy_name: str | None
    target: Target
    path: str = ""
    switches: Mapping[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """Of `policy` and `target` what is a secret."""

    @property
    def target_names(self) -> Names:
        return {**self.target.names, **in_tenant(self.tenant_id, self.target.noun, self.target.id)}

    @property
    def policy(self) -> str:
        return quoted(self.policy_name) if self.policy_name is not None else self.policy_id or "[secret]"

    def __str__(self) -> str:
        target = self.target if self.target.names or not self.path else f"the target of {_resource(self.path)}"
        return f"{self.kind.noun} {self.policy} on {target}"


@dataclass(frozen=True)
class Side:
    """What is compared, under the name that the operator has given it."""

    label: str
    origin: Literal["stack", "file", "tenant"]
    policies: Sequence[Policy]
    assignments: Sequence[Assignment]
    tenant_id: str | None = None
    """Of a tenant."""

    resources: Sequence[tuple[str, str]] = ()
    """Urns and ids of a state's."""


def quoted(name: str) -> str:
    """A name, whole and in a line."""
    return escaped(f'"{name}"')


def _resource(path: str) -> str:
    return f"resource {escaped(path.rpartition('::')[2])}"
