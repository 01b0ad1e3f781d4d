"""A request to Graph without its HTTP, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .contents import Contents, DirectoryObject
from .directory import Directory
from .entities import Entity
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

TARGETS = {name.lower(): name for name in (APPLICATIONS, SERVICE_PRINCIPALS)}


@dataclass(frozen=True)
class Call:
    directory: Directory
    """Where writes go."""
    view: Contents
    """What the caller gets to see: the directory's contents, or what a replica has of them."""
    root: str
    """The address of the version, such as http://127.0.0.1:8080/v1.0."""
    path: str
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]
    names: Mapping[str, str]
    client_id: str
    """Who calls; empty if nobody signs in."""

    @property
    def eventual(self) -> bool:
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def entity(self, collection: str) -> Entity:
        entity = self.directory.entities[collection]
        is_whole = not entity.in_beta or "/beta" in self.root
        return entity if is_whole else replace(entity, in_beta=frozenset())

    @property
    def targets(self) -> str:
        return TARGETS[self.names["targets"].lower()]

    def target(self) -> DirectoryObject:
        if "key" in self.names:
            return self.view.get_by(self.targets, self.names["key"], self.names["value"])
        return self.view.get(self.targets, self.names["id"])

    def slot(self) -> PolicySet:
        return self.directory.slot(self.targets, self.names["set"])

    def shown(self) -> PolicySet:
        """For a read, which sees a set also where nothing can be assigned; under /policies each set is shown."""
        if "targets" in self.names:
            return self.directory.shown(self.targets, self.names["set"])
        return self.directory.policy_set(self.names["set"])

    def policy(self) -> DirectoryObject:
        return self.view.get(self.shown().collection, self.names["policy"])


@dataclass(frozen=True)
class Step:
    """One request of a batch."""

    id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    after: frozenset[str]
    """The ids of those that must have succeeded, in lower case: "not case-sensitive"."""

    @property
    def key(self) -> str:
        return self.id.lower()


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: dict[str, Any] | str | None = None
    """str: no JSON, or broken JSON; it is sent as it is."""
    headers: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    """The requests that the answer is made of."""


NO_CONTENT = Answer(204)
