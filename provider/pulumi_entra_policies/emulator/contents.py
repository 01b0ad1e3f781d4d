"""What a tenant holds at one moment: objects and the references between them. A write makes another of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import refusals
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

Properties = dict[str, Any]

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# "Get application" and "Get servicePrincipal": the keys besides the id.
ALTERNATE_KEYS = {APPLICATIONS: ("appId", "uniqueName"), SERVICE_PRINCIPALS: ("appId",)}


@dataclass(frozen=True)
class DirectoryObject:
    id: str
    collection: str
    odata_type: str
    properties: Properties

    def as_json(self, *, typed: bool = False) -> Properties:
        annotation = {"@odata.type": self.odata_type} if typed else {}
        return annotation | {"id": self.id, "deletedDateTime": None} | self.properties


@dataclass(frozen=True)
class Reference:
    """A policy on a target: what Graph calls a `$ref`."""

    target_id: str
    collection: str
    policy_id: str


@dataclass(frozen=True)
class Contents:
    objects: Mapping[str, DirectoryObject] = field(default_factory=dict)
    references: Mapping[Reference, None] = field(default_factory=dict)
    """A set that keeps its order."""

    # -- finding -----------------------------------------------------------------------------------

    def all(self, collection: str) -> list[DirectoryObject]:
        return [one for one in self.objects.values() if one.collection == collection]

    def any(self, identifier: str) -> DirectoryObject:
        """By id alone, whatever its type: `/directoryObjects/{id}`."""
        found = self.objects.get(guid(identifier))
        if found is None:
            raise refusals.absent_object(identifier)
        return found

    def get(self, collection: str, identifier: str) -> DirectoryObject:
        found = self.any(identifier)
        if found.collection != collection:
            raise refusals.absent_object(identifier)
        return found

    def get_by(self, collection: str, key: str, value: str) -> DirectoryObject:
        if key not in ALTERNATE_KEYS[collection]:
            raise refusals.no_such_segment(f"{collection}({key}='{value}')")
        found = self.with_value(collection, key, guid(value) if key == "appId" else value)
        if found is None:
            raise refusals.absent_object(value)
        return found

    def with_value(self, collection: str, key: str, value: str) -> DirectoryObject | None:
        return next((one for one in self.all(collection) if one.properties.get(key) == value), None)

    def assigned(self, target: DirectoryObject, policy_set: PolicySet) -> list[DirectoryObject]:
        wanted = (target.id, policy_set.collection)
        return [self.objects[ref.policy_id] for ref in self.references if (ref.target_id, ref.collection) == wanted]

    def applies_to(self, policy_id: str) -> list[DirectoryObject]:
        return [self.objects[ref.target_id] for ref in self.references if ref.policy_id == policy_id]

    # -- changing ----------------------------------------------------------------------------------

    def with_object(self, one: DirectoryObject) -> "Contents":
        return replace(self, objects={**self.objects, one.id: one})

    def without_object(self, one: DirectoryObject) -> "Contents":
        """Its references go with it."""
        objects = {other.id: other for other in self.objects.values() if other.id != one.id}
        references = (ref for ref in self.references if one.id not in (ref.target_id, ref.policy_id))
        return Contents(objects, dict.fromkeys(references))

    def with_reference(self, reference: Reference) -> "Contents":
        return replace(self, references={**self.references, reference: None})

    def without_reference(self, reference: Reference) -> "Contents":
        return replace(self, references=dict.fromkeys(ref for ref in self.references if ref != reference))


def guid(text: str) -> str:
    """The one spelling that ids are kept in; Graph takes them in any letter case."""
    if not GUID.fullmatch(text):
        raise refusals.malformed_id(text)
    return text.lower()
