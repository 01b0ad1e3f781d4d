"""The tenant: what may be written into it, and what becomes of it. Knows no HTTP.

Other threads may look at it and change it while the server runs: they hold `lock`, as the server does
for each request. What is open about Graph is a switch.
"""

import random
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from . import bodies, references, refusals
from .contents import DEFAULT, OWNERS, Contents, DirectoryObject, Properties
from .entities import APPLICATION, SERVICE_PRINCIPAL, Credentials, Entity, policy
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, STS_POLICY_SETS, PolicySet
from .registrations import Registrations
from .snapshot import snapshot


class Directory:
    def __init__(
        self,
        *,
        policy_sets: Iterable[PolicySet] = STS_POLICY_SETS,
        seed: int | str | None = None,
        tenant_id: str | None = None,
        second_policy_status: int = 400,  # 400 or 409: open
        absent_reference_status: int = 404,  # 404 or 400: both seen
        unreplicated_policy_status: int = 400,  # 400 or 404 for assigning it: both seen
        default_patch_status: int | None = None,  # 500 for any PATCH of isOrganizationDefault: seen on a sibling type
        default_audience: str = "AzureADMyOrg",  # AzureADandPersonalMicrosoftAccount: "Create application" prints it
        creator_owns: bool = True,  # whoever creates an application or a service principal owns it: seen
        restores_policies: bool = False,  # with what is restored: open
    ) -> None:
        self.lock = threading.RLock()
        self.policy_sets = {policy_set.collection: policy_set for policy_set in policy_sets}
        self.second_policy_status = second_policy_status
        self.absent_reference_status = absent_reference_status
        self.unreplicated_policy_status = unreplicated_policy_status
        self.default_patch_status = default_patch_status
        self.creator_owns = creator_owns
        self.restores_policies = restores_policies
        self.default_audience = default_audience
        self.entities: dict[str, Entity] = {APPLICATIONS: APPLICATION, SERVICE_PRINCIPALS: SERVICE_PRINCIPAL}
        self.entities |= {name: policy(policy_set) for name, policy_set in self.policy_sets.items()}
        self.now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
        self.on_change: Callable[[Contents], None] = lambda contents: None
        self._random = random.Random(seed)  # noqa: S311  ids that a test can repeat, no secrets
        self._contents = Contents()
        invented = self.new_id()
        self.tenant_id = invented if tenant_id is None else _tenant(tenant_id)

    @property
    def _registrations(self) -> Registrations:
        return Registrations(Credentials(self.new_id, self.now), self.default_audience)

    def _moment(self) -> str:
        return f"{self.now():%Y-%m-%dT%H:%M:%SZ}"

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    @property
    def contents(self) -> Contents:
        return self._contents

    def become(self, contents: Contents) -> None:
        self._contents = contents
        self.on_change(contents)

    def reset(self) -> None:
        """An empty tenant, but the same one; ids go on and never come twice."""
        self.become(Contents())

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

    def shown(self, target_collection: str, name: str) -> PolicySet:
        """The same for a read: the metadata shows one set where nothing can be assigned."""
        policy_set = self.policy_set(name)
        return policy_set if target_collection in policy_set.shown_on else self.slot(target_collection, name)

    def all(self, collection: str) -> list[DirectoryObject]:
        return list(self.contents.all(collection))

    def any(self, identifier: str) -> DirectoryObject:
        return self.contents.any(identifier)

    def assigned(self, target: DirectoryObject, policy_set: PolicySet) -> list[DirectoryObject]:
        return self.contents.assigned(target, policy_set)

    # -- objects -----------------------------------------------------------------------------------

    def create_application(
        self,
        body: Properties,
        *,
        identifier: str = "",
        app_id: str = "",
        made: Properties | None = None,
        owners: Iterable[str] = (),
    ) -> DirectoryObject:
        """identifier, app_id and made: what the directory makes up otherwise."""
        own = {"createdDateTime": self._moment(), **(made or {}), "appId": app_id or self.new_id()}
        properties = self._registrations.application(self.contents, body, own)
        return self._add(APPLICATIONS, properties, identifier, owners)

    def create_service_principal(
        self, body: Properties, *, identifier: str = "", owners: Iterable[str] = ()
    ) -> DirectoryObject:
        own = {"appOwnerOrganizationId": self.tenant_id}
        properties = self._registrations.service_principal(self.contents, body, own)
        return self._add(SERVICE_PRINCIPALS, properties, identifier, owners)

    def create_policy(self, policy_set: PolicySet, body: Properties, *, identifier: str = "") -> DirectoryObject:
        """A second POST makes a twin: display names are not unique ("policyBase resource type")."""
        entity = self.entities[policy_set.collection]
        properties = bodies.policy(entity, body)
        bodies.requires(entity, properties, "displayName", "definition", resource="Policy")
        self._check_default(policy_set, properties, "")
        return self._add(policy_set.collection, {DEFAULT: False} | properties, identifier)

    def update(self, one: DirectoryObject, body: Properties) -> None:
        one = self.any(one.id)
        if one.collection in self.policy_sets:
            properties = one.properties | self._policy_changes(one, body)
            self.become(self.contents.with_object(replace(one, properties=properties)))
        else:
            self.become(self._registrations.changed(self.contents, one, body))

    def delete(self, one: DirectoryObject) -> None:
        """Unlinks it everywhere without a word, and never refuses (seen on live tenants)."""
        contents, now = self.contents, self.now()
        if one.collection == APPLICATIONS:
            # As in "Delete application": the service principal in the same tenant goes with it.
            service_principal = contents.with_value(SERVICE_PRINCIPALS, "appId", one.properties["appId"])
            contents = contents.with_deleted(service_principal, now) if service_principal else contents
        # Policies are not among the types that "List deletedItems" names: they are gone for good.
        is_policy = one.collection in self.policy_sets
        self.become(contents.without_object(one) if is_policy else contents.with_deleted(one, now))

    def _add(
        self, collection: str, properties: Properties, identifier: str, owners: Iterable[str] = ()
    ) -> DirectoryObject:
        odata_type = f"#{self.entities[collection].type_name}"
        one = DirectoryObject(identifier or self.new_id(), collection, odata_type, properties)
        contents = self.contents.with_object(one)
        for owner in owners:
            contents = references.owned(contents, one, owner)
        self.become(contents)
        return one

    def _policy_changes(self, one: DirectoryObject, body: Properties) -> Properties:
        changes = bodies.policy(self.entities[one.collection], body, one.id)
        if DEFAULT in changes and self.default_patch_status:
            raise refusals.default_change_failed(self.default_patch_status)
        self._check_default(self.policy_sets[one.collection], changes, one.id)
        return changes

    def _check_default(self, policy_set: PolicySet, properties: Properties, own_id: str) -> None:
        """One policy of a set can be what the organisation follows; to set it again where it is set changes nothing."""
        if not (policy_set.honours_default and properties.get(DEFAULT)):
            return
        default = self.contents.with_value(policy_set.collection, DEFAULT, True)
        if default and default.id != own_id:
            raise refusals.second_default()

    # -- references --------------------------------------------------------------------------------

    def add_reference(
        self, target: DirectoryObject, policy_set: PolicySet, policy_id: str, view: Contents | None = None
    ) -> None:
        """view: as far as the replica has come that took the request."""
        if view and self.any(policy_id).id not in view.objects:
            raise refusals.unreplicated_policy(self.unreplicated_policy_status, policy_id)
        second = self.second_policy_status
        self.become(references.assigned(self.contents, target, policy_set, policy_id, second=second))

    def remove_reference(
        self, target: DirectoryObject, policy_set: PolicySet, policy_id: str, view: Contents | None = None
    ) -> None:
        self._remove(target, policy_set.collection, policy_id, view)

    def add_owner(self, target: DirectoryObject, owner_id: str) -> None:
        self.become(references.owned(self.contents, target, owner_id))

    def remove_owner(self, target: DirectoryObject, owner_id: str, view: Contents | None = None) -> None:
        self._remove(target, OWNERS, owner_id, view)

    def _remove(self, target: DirectoryObject, collection: str, identifier: str, view: Contents | None) -> None:
        view, absent = view or self.contents, self.absent_reference_status
        self.become(references.removed(self.contents, target, collection, identifier, view, absent=absent))

    # -- the whole ---------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Everything there is, as plain JSON."""
        return {"tenantId": self.tenant_id, **snapshot(self.contents, list(self.policy_sets))}


def _tenant(identifier: str) -> str:
    try:
        return str(uuid.UUID(identifier))
    except ValueError:
        raise ValueError(f"a tenant's id is a GUID, and {identifier!r} is none") from None
