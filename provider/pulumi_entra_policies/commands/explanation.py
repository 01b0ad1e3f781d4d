"""What is said of an application, as plain values: the same for a terminal and for `--json`, whose form this is.

Each name here is a key of the JSON, in camelCase: renaming one is a breaking change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from ..definitions.effect import Said

Outcome = Literal["policy", "built-in", "undetermined", "unread"]


@dataclass(frozen=True)
class Policy:
    """A policy that takes effect, or may; or, with the reason in `why`, one that does not."""

    id: str
    display_name: str
    places: Sequence[str]
    """`applications`, `servicePrincipals`, `organization`: where it comes from."""

    definition: Mapping[str, Any] | str
    """As Graph spells it; the string that the tenant has, if that has no reading."""

    settings: Mapping[str, Any]
    """The part of it that counts for this application."""

    why: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class KindExplained:
    """What takes effect of one kind.

    `outcome`: one of the `policies` takes effect, and it is the only one; none does, and `built_in` is what the service
    does then; it cannot be told which of the `policies` does, if any; or the tenant could not be read, and `error` says
    why. `built_in` is null where Microsoft does not document it.
    """

    kind: str
    noun: str
    outcome: Outcome
    policies: Sequence[Policy] = ()
    unseen: Sequence[str] = ()
    """Places that may have a policy which cannot be seen from this tenant."""

    why: Sequence[str] = ()
    warnings: Sequence[Said] = ()
    not_in_effect: Sequence[Policy] = ()
    built_in: Said | None = None
    also: Sequence[Said] = ()
    source: str = ""
    error: str | None = None


@dataclass(frozen=True)
class Explanation:
    """All kinds, for one application; `application_id` and `service_principal_id` are null for what is not there."""

    version: int
    tenant_id: str
    client_id: str
    display_name: str
    application_id: str | None
    service_principal_id: str | None
    warnings: Sequence[Said]
    kinds: Sequence[KindExplained]

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read."""
        return all(kind.outcome != "unread" for kind in self.kinds)


def as_json(value: Any) -> Any:
    """These values as JSON's, with keys in camelCase; definitions as they are."""
    if is_dataclass(value):
        return {_camel(field.name): as_json(getattr(value, field.name)) for field in fields(value)}
    return list(map(as_json, value)) if isinstance(value, (list, tuple)) else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
