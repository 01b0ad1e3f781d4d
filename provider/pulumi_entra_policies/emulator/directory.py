"""The tenant: its objects, the references between them, and the rules of both. Knows no HTTP.

Other threads may look at it and change it while the server runs: they hold `lock`, as the server does
for each request. What is open about Graph is a switch: `second_policy_status`, `absent_reference_status`.
"""

import random
import re
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import bodies, refusals
from .bodies import Properties
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, STS_POLICY_SETS, PolicySet

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# "Get application" and "Get servicePrincipal": the keys besides the id.
ALTERNATE_KEYS = {APPLICATIONS: ("appId", "uniqueName"), SERVICE_PRINCIPALS: ("appId",)}


@dataclass
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


class Directory:
    def __init__(
        self,
        *,
        policy_sets: Iterable[PolicySet] = STS_POLICY_SETS,
        seed: int | str | None = None,
        second_policy_status: int = 400,  # 400 or 409: open
        absent_reference_status: int = 404,  # 404 or 400: both seen
    ) -> None:
        self.lock = threading.RLock()
        self.policy_sets = {policy_set.collection: policy_set for policy_set in policy_sets}
        self.second_policy_status = second_policy_status
        self.absent_reference_status = absent_reference_status
        self._random = random.Random(seed)  # noqa: S311  ids that a test can repeat, no secrets
        self._objects: dict[str, DirectoryObject] = {}
        self._references: dict[Reference, None] = {}  # a set that keeps its order
        self.tenant_id = self.new_id()

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def reset(self) -> None:
        """An empty tenant, but the same one; ids go on and never come twice."""
        self._objects.clear()
        self._references.clear()

    # -- finding -----------------------------------------------------------------------------------

    def policy_set(self, name: str) -> PolicySet:
        """By its name in a path; the letter case does not matter there."""
        for collection, policy_set in self.policy_sets.items():
            if collection.lower() == name.lower():
                return policy_set
        raise refusals.no_such_segment(name)

    def slot(self, target_collection: str, name: str) -> PolicySet:
        """The policy set under a target; what cannot be assigned there is no path (Graph's metadata)."""
        policy_set = self.policy_set(name)
        if target_collection not in policy_set.targets:
            raise refusals.no_such_segment(name)
        return policy_set

    def all(self, collection: str) -> list[DirectoryObject]:
        return [one for one in self._objects.values() if one.collection == collection]

    def any(self, identifier: str) -> DirectoryObject:
        """By id alone, whatever its type: `/directoryObjects/{id}`."""
        found = self._objects.get(guid(identifier))
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
        wanted = guid(value) if key == "appId" else value
        for one in self.all(collection):
            if one.properties.get(key) == wanted:
                return one
        raise refusals.absent_object(value)

    # -- writing -----------------------------------------------------------------------------------

    def create_application(self, body: Properties) -> DirectoryObject:
        properties = bodies.application(body)
        bodies.requires("Application", properties, "displayName")
        return self._add(APPLICATIONS, "#microsoft.graph.application", {"appId": self.new_id()} | properties)

    def create_service_principal(self, body: Properties) -> DirectoryObject:
        """As in "Create servicePrincipal": for the appId of an application, one for each."""
        properties = bodies.service_principal(body)
        bodies.requires("ServicePrincipal", properties, "appId")
        app_id = guid(properties["appId"])
        application = self._with_app_id(APPLICATIONS, app_id)
        if application is None:
            raise refusals.no_such_application(app_id)
        if self._with_app_id(SERVICE_PRINCIPALS, app_id):
            raise refusals.second_service_principal(app_id)
        named = {"displayName": application.properties["displayName"]}
        return self._add(
            SERVICE_PRINCIPALS, "#microsoft.graph.servicePrincipal", named | properties | {"appId": app_id}
        )

    def create_policy(self, policy_set: PolicySet, body: Properties) -> DirectoryObject:
        """A second POST makes a twin: display names are not unique ("policyBase resource type")."""
        properties = bodies.policy(policy_set, body)
        bodies.requires("Policy", properties, "displayName", "definition")
        return self._add(policy_set.collection, policy_set.odata_type, {"isOrganizationDefault": False} | properties)

    def update(self, one: DirectoryObject, body: Properties) -> None:
        one.properties.update(self._changes(one, body))

    def delete(self, one: DirectoryObject) -> None:
        """Unlinks it everywhere without a word, and never refuses (seen on live tenants)."""
        del self._objects[one.id]
        for reference in list(self._references):
            if one.id in (reference.target_id, reference.policy_id):
                del self._references[reference]
        if one.collection == APPLICATIONS:
            self._delete_service_principal(one.properties["appId"])

    def _changes(self, one: DirectoryObject, body: Properties) -> Properties:
        if one.collection in self.policy_sets:
            return bodies.policy(self.policy_sets[one.collection], body)
        return bodies.application(body)

    def _delete_service_principal(self, app_id: str) -> None:
        """As in "Delete application": the one in the same tenant goes with it."""
        service_principal = self._with_app_id(SERVICE_PRINCIPALS, app_id)
        if service_principal:
            self.delete(service_principal)

    def _add(self, collection: str, odata_type: str, properties: Properties) -> DirectoryObject:
        one = DirectoryObject(self.new_id(), collection, odata_type, properties)
        self._objects[one.id] = one
        return one

    def _with_app_id(self, collection: str, app_id: str) -> DirectoryObject | None:
        return next((one for one in self.all(collection) if one.properties["appId"] == app_id), None)

    # -- references --------------------------------------------------------------------------------

    def add_reference(self, target: DirectoryObject, policy_set: PolicySet, policy_id: str) -> None:
        if self.any(policy_id).collection != policy_set.collection:
            raise refusals.invalid_reference()
        reference = Reference(target.id, policy_set.collection, guid(policy_id))
        if reference in self._references:
            raise refusals.same_reference(policy_set.collection)
        if len(self.assigned(target, policy_set)) >= policy_set.per_object:
            raise refusals.second_policy(self.second_policy_status)
        self._references[reference] = None

    def remove_reference(self, target: DirectoryObject, policy_set: PolicySet, policy_id: str) -> None:
        reference = Reference(target.id, policy_set.collection, guid(policy_id))
        if reference not in self._references:
            raise refusals.absent_reference(self.absent_reference_status, policy_set.collection, policy_id)
        del self._references[reference]

    def assigned(self, target: DirectoryObject, policy_set: PolicySet) -> list[DirectoryObject]:
        wanted = (target.id, policy_set.collection)
        return [self._objects[ref.policy_id] for ref in self._references if (ref.target_id, ref.collection) == wanted]

    def applies_to(self, policy_id: str) -> list[DirectoryObject]:
        return [self._objects[ref.target_id] for ref in self._references if ref.policy_id == policy_id]

    def snapshot(self) -> dict[str, Any]:
        """Everything there is, as plain JSON."""
        targets = {name: [one.as_json() for one in self.all(name)] for name in ALTERNATE_KEYS}
        policies = {name: [one.as_json() for one in self.all(name)] for name in self.policy_sets}
        return {
            "tenantId": self.tenant_id,
            **targets,
            "policies": policies,
            "references": self._reference_list(),
        }

    def _reference_list(self) -> list[dict[str, str]]:
        return [
            {
                "target": f"{self._objects[ref.target_id].collection}/{ref.target_id}",
                "collection": ref.collection,
                "policyId": ref.policy_id,
            }
            for ref in self._references
        ]


def guid(text: str) -> str:
    """The one spelling that ids are kept in; Graph takes them in any letter case."""
    if not GUID.fullmatch(text):
        raise refusals.malformed_id(text)
    return text.lower()
