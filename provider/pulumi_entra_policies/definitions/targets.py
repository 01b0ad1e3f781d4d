"""What a policy is assigned to, and the slot it takes there.

Graph keeps one policy of a kind per object, so a slot is an object and a kind:
`applications/<object id>/tokenIssuancePolicies`. The policy in a slot can change; the slot cannot. So the slot is an
assignment's id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .values import Problem, is_known, shown, snake

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """What can carry a policy: `collection` and `noun` in Graph's words, and the two arguments that name one."""

    collection: str
    noun: str
    object_id: str
    client_id: str


TARGETS = (
    Target("applications", "application", "applicationId", "applicationClientId"),
    Target("servicePrincipals", "service principal", "servicePrincipalId", "servicePrincipalClientId"),
)


@dataclass(frozen=True)
class Way:
    """An argument that names a target: by its object id, or by the client id (appId) that is the same in any tenant."""

    argument: str
    target: Target
    by_client_id: bool

    @property
    def python(self) -> str:
        """The argument as a program spells it."""
        return snake(self.argument)

    @property
    def key(self) -> str:
        """What the argument's value is, in words."""
        return "client id" if self.by_client_id else "object id"


WAYS = tuple(
    way
    for target in TARGETS
    for way in (Way(target.object_id, target, by_client_id=False), Way(target.client_id, target, by_client_id=True))
)
"""Every argument that can name a target; an assignment has exactly one."""


def ways_given(inputs: Mapping[str, Any]) -> list[Way]:
    """The arguments by which an assignment names its target."""
    return [way for way in WAYS if inputs.get(way.argument) is not None]


@dataclass(frozen=True)
class Slot:
    """The place of one kind's policy on one object."""

    target: Target
    object_id: str
    collection: str

    def __str__(self) -> str:
        return f"{self.target.collection}/{self.object_id}/{self.collection}"

    @property
    def carrier(self) -> str:
        """The object in a sentence: `application 9a1b…`."""
        return f"{self.target.noun} {self.object_id}"

    @property
    def way(self) -> Way:
        """How the object is named here."""
        return next(way for way in WAYS if way.target == self.target and not way.by_client_id)

    @classmethod
    def parse(cls, text: str) -> tuple[Slot, str | None]:
        """A slot, and the policy's id if one follows it. Raises ValueError for anything else."""
        parts = text.strip("/").split("/")
        target = next((target for target in TARGETS if target.collection == parts[0]), None)
        if target is None or len(parts) not in (3, 4) or guid(parts[1]) is None:
            raise ValueError(f"{shown(text)} is not of the form applications/<object id>/tokenIssuancePolicies")
        policy_id = guid(parts[3]) if len(parts) == 4 else None
        if len(parts) == 4 and policy_id is None:
            raise ValueError(f"{shown(parts[3])} is not the id of a policy")
        return cls(target, parts[1].lower(), parts[2]), policy_id


def guid(text: Any) -> str | None:
    """An object id in Graph's lower case, or None if the text is none."""
    return text.lower() if isinstance(text, str) and _GUID.fullmatch(text) else None


def normal_id(collection: str, value: Any) -> Any:
    """An object id taken bare or as pulumi-azuread gives it, `/applications/<guid>`; anything else as it is."""
    if not isinstance(value, str):
        return value
    return guid(value.removeprefix(f"/{collection}/")) or value


def id_problem(path: str, value: Any, what: str) -> list[Problem]:
    """Why a value is no id; what is not known yet passes."""
    if not is_known(value) or guid(value):
        return []
    return [Problem(path, f"must be {what}, a GUID such as 00000000-0000-0000-0000-000000000000, not {shown(value)}")]
