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
    """What can carry a policy: `collection` and `noun` in Graph's words, and the argument that is its object id."""

    collection: str
    noun: str
    object_id: str


APPLICATION = Target("applications", "application", "applicationId")
SERVICE_PRINCIPAL = Target("servicePrincipals", "service principal", "servicePrincipalId")
TARGETS = (APPLICATION, SERVICE_PRINCIPAL)


@dataclass(frozen=True)
class Key:
    """What an object has for itself alone in its collection: in words, as Graph's property, and what one looks like.

    Microsoft tells no length and no characters of a unique name.
    """

    noun: str
    property: str
    example: str = "a GUID such as 00000000-0000-0000-0000-000000000000"
    is_guid: bool = True

    def __str__(self) -> str:
        return self.noun

    def fits(self, value: Any) -> bool:
        """Whether a value can be one."""
        return guid(value) is not None if self.is_guid else isinstance(value, str) and bool(value.strip())

    def of(self, value: str) -> str:
        """One in a sentence: `client id 9a1b…`, `unique name "portal"`."""
        return f"{self.noun} {value if self.is_guid else shown(value)}"


OBJECT_ID = Key("object id", "id")
CLIENT_ID = Key("client id", "appId")
UNIQUE_NAME = Key("unique name", "uniqueName", "a text such as portal", is_guid=False)


@dataclass(frozen=True)
class Way:
    """An argument that names a target by one of its keys.

    `is_foreknown`: its value can be known before the object is made, as whoever makes an application chooses its unique
    name, and its client id is that of its service principal. Every other key is Graph's to give.
    """

    argument: str
    target: Target
    key: Key
    is_foreknown: bool = False

    @property
    def python(self) -> str:
        """The argument as a program spells it."""
        return snake(self.argument)

    @property
    def is_looked_up(self) -> bool:
        """Whether the tenant has to be asked for the object id."""
        return self.key != OBJECT_ID

    def normal(self, value: Any) -> Any:
        """A value as Graph spells it; one that is no good as it is."""
        if not self.key.is_guid:
            return value
        return (guid(value) or value) if self.is_looked_up else normal_id(self.target.collection, value)

    def described(self, value: str) -> str:
        """The target in a sentence: `application with client id 9a1b…`."""
        return f"{self.target.noun} with {self.key.of(value)}"


WAYS = (
    Way(APPLICATION.object_id, APPLICATION, OBJECT_ID),
    Way("applicationClientId", APPLICATION, CLIENT_ID),
    Way("applicationUniqueName", APPLICATION, UNIQUE_NAME, is_foreknown=True),
    Way(SERVICE_PRINCIPAL.object_id, SERVICE_PRINCIPAL, OBJECT_ID),
    Way("servicePrincipalClientId", SERVICE_PRINCIPAL, CLIENT_ID, is_foreknown=True),
)
"""Every argument that can name a target, each one's object id first; an assignment has exactly one."""


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
        return next(way for way in WAYS if way.target == self.target and not way.is_looked_up)

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


def key_problem(path: str, value: Any, what: str, key: Key = OBJECT_ID) -> list[Problem]:
    """Why a value is none of a key; what is not known yet passes."""
    if not is_known(value) or key.fits(value):
        return []
    return [Problem(path, f"must be {what}, {key.example}, not {shown(value)}")]
