"""What a tenant holds at one moment: objects and the references between them. A write makes another of it.

Everything that is asked for by something else than an id has an index, so that neither a write nor a question
costs more in a large tenant than in a small one; a listing costs its own collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from rpds import HashTrieMap

from . import refusals
from .ordered import Each, Ordered
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

Properties = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# "Get application" and "Get servicePrincipal": the keys besides the id.
ALTERNATE_KEYS = {APPLICATIONS: ("appId", "uniqueName"), SERVICE_PRINCIPALS: ("appId",)}
DEFAULT = "isOrganizationDefault"
OWNERS = "owners"
URIS = "identifierUris"
INDEXED = ("appId", "uniqueName", DEFAULT)

Group = tuple[Any, ...]
"""A collection, or the objects of a collection with one value of one property."""


@dataclass(frozen=True)
class DirectoryObject:
    id: str
    collection: str
    odata_type: str
    properties: Properties

    @cached_property
    def _row(self) -> Properties:
        return {"id": self.id, "deletedDateTime": None, **self.properties}

    def as_json(self, *, typed: bool = False) -> Properties:
        """Not to be changed: it is made once."""
        return {"@odata.type": self.odata_type, **self._row} if typed else self._row

    def groups(self) -> list[Group]:
        """Where it is listed and what it is found by."""
        values = [(self.collection, key, self.properties.get(key)) for key in INDEXED]
        uris = [(self.collection, URIS, uri.lower()) for uri in self.properties.get(URIS, ())]
        found = [group for group in values if group[2] is True or isinstance(group[2], str)]
        return [(self.collection,), *found, *uris]


@dataclass(frozen=True)
class Reference:
    """A policy on a target, or its owner: what Graph calls a `$ref`."""

    target_id: str
    collection: str
    """That of the policy, or OWNERS."""
    object_id: str

    @property
    def ends(self) -> Iterable[str]:
        """One, where a service principal owns itself."""
        return dict.fromkeys((self.target_id, self.object_id))


@dataclass(frozen=True)
class Deleted:
    """What has been deleted and may come back."""

    one: DirectoryObject
    at: datetime
    references: tuple[Reference, ...]
    """Those that it took part in."""

    def as_json(self, *, typed: bool = False) -> Properties:
        return {**self.one.as_json(typed=typed), "deletedDateTime": f"{self.at:%Y-%m-%dT%H:%M:%SZ}"}


@dataclass(frozen=True)
class Contents:
    objects: Ordered[str, DirectoryObject] = field(default_factory=Ordered)
    references: Ordered[Reference, None] = field(default_factory=Ordered)
    """A set that keeps its order, as are those of the two indexes."""
    groups: HashTrieMap[Group, Ordered[str, None]] = field(default_factory=HashTrieMap)
    """The ids of the objects in each group."""
    uses: HashTrieMap[str, Ordered[Reference, None]] = field(default_factory=HashTrieMap)
    """The references that an object takes part in, by its id: a policy's, a target's or an owner's."""
    deleted: Ordered[str, Deleted] = field(default_factory=Ordered)

    # -- finding -----------------------------------------------------------------------------------

    def all(self, collection: str) -> Sequence[DirectoryObject]:
        return self._group((collection,))

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
        found = self.find_by(collection, key, value)
        if found is None:
            raise refusals.absent_object(value)
        return found

    def find_by(self, collection: str, key: str, value: str) -> DirectoryObject | None:
        """By an alternate key, as it stands in a path."""
        if key not in ALTERNATE_KEYS[collection]:
            raise refusals.no_such_segment(f"{collection}({key}='{value}')")
        return self.with_value(collection, key, guid(value) if key == "appId" else value)

    def with_value(self, collection: str, key: str, value: object) -> DirectoryObject | None:
        """The first one, if any. The property is one of INDEXED, or URIS with one of them in lower case."""
        return next(iter(self._group((collection, key, value))), None)

    def assigned(self, target: DirectoryObject, policy_set: PolicySet) -> list[DirectoryObject]:
        return self._linked(target, policy_set.collection)

    def owners(self, target: DirectoryObject) -> list[DirectoryObject]:
        return self._linked(target, OWNERS)

    def applies_to(self, policy_id: str) -> Sequence[DirectoryObject]:
        references = self.uses.get(policy_id)
        return Each.of(references, lambda reference: self.objects[reference.target_id]) if references else ()

    def _linked(self, target: DirectoryObject, collection: str) -> list[DirectoryObject]:
        found = (ref for ref in self._used(target.id) if (ref.target_id, ref.collection) == (target.id, collection))
        return [self.objects[ref.object_id] for ref in found]

    def _group(self, group: Group) -> Sequence[DirectoryObject]:
        members = self.groups.get(group)
        return Each.of(members, self.objects.__getitem__) if members else ()

    def _used(self, identifier: str) -> Sequence[Reference]:
        references = self.uses.get(identifier)
        return references.in_order if references else ()

    # -- changing ----------------------------------------------------------------------------------

    def with_object(self, one: DirectoryObject) -> Contents:
        before = self.objects.get(one.id)
        left, joined = before.groups() if before else [], one.groups()
        groups = self.groups
        for group in left:
            groups = groups if group in joined else _left(groups, group, one.id)
        for group in joined:
            groups = groups if group in left else _joined(groups, group, one.id)
        return replace(self, objects=self.objects.put(one.id, one), groups=groups)

    def without_object(self, one: DirectoryObject) -> Contents:
        """Its references go with it."""
        rest = self
        for reference in self._used(one.id):
            rest = rest.without_reference(reference)
        groups = rest.groups
        for group in self.objects[one.id].groups():
            groups = _left(groups, group, one.id)
        return replace(rest, objects=rest.objects.without(one.id), groups=groups)

    def with_deleted(self, one: DirectoryObject, at: datetime) -> Contents:
        """In the deleted items instead, with the references that it had."""
        item = Deleted(self.objects[one.id], at, tuple(self._used(one.id)))
        return self.without_object(one).with_deleted_item(item)

    def with_deleted_item(self, item: Deleted) -> Contents:
        return replace(self, deleted=self.deleted.put(item.one.id, item))

    def without_deleted(self, identifier: str) -> Contents:
        return replace(self, deleted=self.deleted.without(identifier))

    def with_reference(self, reference: Reference) -> Contents:
        uses = self.uses
        for end in reference.ends:
            uses = _joined(uses, end, reference)
        return replace(self, references=self.references.put(reference, None), uses=uses)

    def without_reference(self, reference: Reference) -> Contents:
        uses = self.uses
        for end in reference.ends:
            uses = _left(uses, end, reference)
        return replace(self, references=self.references.without(reference), uses=uses)


def _joined(index: HashTrieMap[K, Ordered[V, None]], group: K, member: V) -> HashTrieMap[K, Ordered[V, None]]:
    members: Ordered[V, None] = index.get(group) or Ordered()
    return index.insert(group, members.put(member, None))


def _left(index: HashTrieMap[K, Ordered[V, None]], group: K, member: V) -> HashTrieMap[K, Ordered[V, None]]:
    members = index[group].without(member)
    return index.insert(group, members) if members else index.remove(group)


def guid(text: str) -> str:
    """The one spelling that ids are kept in; Graph takes them in any letter case."""
    if not GUID.fullmatch(text):
        raise refusals.malformed_id(text)
    return text.lower()
