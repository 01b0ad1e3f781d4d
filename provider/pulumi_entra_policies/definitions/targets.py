"""What a policy is assigned to, and the slot it takes there.

Graph keeps one policy of a kind per object, so a slot is an object and a kind:
`applications/<object id>/tokenIssuancePolicies`. The policy in a slot can change; the slot cannot. So the slot is an
assignment's id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .values import Problem, is_known, shown

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
WAYS = tuple(way for target in TARGETS for way in (target.object_id, target.client_id))
"""Every argument that can name a target; an assignment has exactly one."""


def other(target: Target) -> Target:
    """The other kind of target, which ids are mistaken for."""
    return next(one for one in TARGETS if one != target)


@dataclass(frozen=True)
class Slot:
    """The place of one kind's policy on one object."""

    target: Target
    object_id: str
    collection: str

    def __str__(self) -> str:
        return f"{self.target.collection}/{self.object_id}/{self.collection}"

    @classmethod
    def parse(cls, text: str) -> tuple[Slot, str | None]:
        """A slot, and the policy's id if one follows it. Raises ValueError for anything else."""
        parts = text.strip("/").split("/")
        target = next((target for target in TARGETS if target.collection == parts[0]), None)
        if target is None or len(parts) not in (3, 4) or guid(parts[1]) is None:
            raise ValueError(f'"{text}" is not of the form applications/<object id>/tokenIssuancePolicies')
        policy_id = guid(parts[3]) if len(parts) == 4 else None
        if len(parts) == 4 and policy_id is None:
            raise ValueError(f'"{parts[3]}" is not the id of a policy')
        return cls(target, parts[1].lower(), parts[2]), policy_id


def guid(text: Any) -> str | None:
    """An object id in Graph's lower case, or None if the text is none."""
    return text.lower() if isinstance(text, str) and _GUID.fullmatch(text) else None


def ids_in(path: str) -> list[str]:
    """Every id in a path, in Graph's lower case."""
    return [found.group().lower() for found in _GUID.finditer(path)]


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
