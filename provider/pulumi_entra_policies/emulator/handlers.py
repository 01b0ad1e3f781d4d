"""One function for each thing that Graph offers: it reads the call, asks the directory, shapes the answer.

Which path leads to which function is in `routes`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import odata, refusals
from .contents import GUID, Contents, DirectoryObject
from .directory import Directory
from .entities import ANYTHING, ORGANIZATION, Entity
from .options import Query, query
from .ordered import Each
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

TARGETS = {name.lower(): name for name in (APPLICATIONS, SERVICE_PRINCIPALS)}

# `@odata.id` as clients send it: "Assign tokenIssuancePolicy" prints the form with the set, other clients
# use directoryObjects (seen on live tenants), and the retired "Assign Policy" names no set.
REFERENCE = re.compile(r"(?P<root>.*?)/?(?:policies/(?P<set>\w+)|directoryObjects)/(?P<id>[^/]+)", re.IGNORECASE)
UNTYPED_REFERENCE = re.compile(r"(?P<root>.*?)/?(?:policies(?:/\w+)?|directoryObjects)/(?P<id>[^/]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """One request to Graph, without its HTTP."""

    directory: Directory
    """Where writes go."""
    view: Contents
    """What the caller gets to see: the directory's contents, or what a replica has of them."""
    root: str
    """The address of the version, such as http://127.0.0.1:8080/v1.0."""
    path: str
    options: Mapping[str, str]
    body: dict[str, Any]
    names: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def eventual(self) -> bool:
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def entity(self, collection: str) -> Entity:
        entity = self.directory.entities[collection]
        return entity if self.root.endswith("/beta") else replace(entity, in_beta=frozenset())

    @property
    def targets(self) -> str:
        return TARGETS[self.names["targets"].lower()]

    def target(self) -> DirectoryObject:
        if self.names["key"]:
            value = self.names["value"].replace("''", "'")
            return self.view.get_by(self.targets, self.names["key"], value)
        return self.view.get(self.targets, self.names["id"])

    def slot(self) -> PolicySet:
        return self.directory.slot(self.targets, self.names["set"])

    def policy(self) -> DirectoryObject:
        policy_set = self.directory.policy_set(self.names["set"])
        return self.view.get(policy_set.collection, self.names["id"])


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    """In place of a body."""


NO_CONTENT = Answer(204)


# -- the tenant and its objects --------------------------------------------------------------------


def list_organization(call: Call) -> Answer:
    organization = {"id": call.directory.tenant_id, "displayName": "Emulated tenant"}
    return _collection(call, "organization", [organization], entity=ORGANIZATION)


def get_directory_object(call: Call) -> Answer:
    return _entity(call, "directoryObjects", call.view.any(call.names["id"]).as_json(typed=True))


def list_targets(call: Call) -> Answer:
    rows = _rows(call.view.all(call.targets))
    return _collection(call, call.targets, rows, _assignments(call), call.entity(call.targets))


def count_targets(call: Call) -> Answer:
    """ "List applications": with the header alone."""
    if not call.eventual:
        raise refusals.no_count()
    rows = _rows(call.view.all(call.targets))
    counting = {"$count": "true", **call.options}
    asked = query(counting, (), call.entity(call.targets), eventual=True)
    return Answer(200, text=str(odata.counted(rows, asked)))


def refuse_count(call: Call) -> Answer:
    """Policies know no advanced queries."""
    raise refusals.no_count()


def create_target(call: Call) -> Answer:
    create = {
        APPLICATIONS: call.directory.create_application,
        SERVICE_PRINCIPALS: call.directory.create_service_principal,
    }
    return _created(call, call.targets, create[call.targets](call.body))


def get_target(call: Call) -> Answer:
    row = call.target().as_json()
    return _entity(call, call.targets, row, _assignments(call), call.entity(call.targets))


def update_target(call: Call) -> Answer:
    call.directory.update(call.target(), call.body)
    return NO_CONTENT


def delete_target(call: Call) -> Answer:
    call.directory.delete(call.target())
    return NO_CONTENT


# -- policies --------------------------------------------------------------------------------------


def list_policies(call: Call) -> Answer:
    collection = call.directory.policy_set(call.names["set"]).collection
    rows = _rows(call.view.all(collection))
    return _collection(call, f"policies/{collection}", rows, _expansions(call), call.entity(collection))


def create_policy(call: Call) -> Answer:
    policy_set = call.directory.policy_set(call.names["set"])
    return _created(call, f"policies/{policy_set.collection}", call.directory.create_policy(policy_set, call.body))


def get_policy(call: Call) -> Answer:
    policy = call.policy()
    entity = call.entity(policy.collection)
    return _entity(call, f"policies/{policy.collection}", policy.as_json(), _expansions(call), entity)


def update_policy(call: Call) -> Answer:
    call.directory.update(call.policy(), call.body)
    return NO_CONTENT


def delete_policy(call: Call) -> Answer:
    call.directory.delete(call.policy())
    return NO_CONTENT


def list_applies_to(call: Call) -> Answer:
    users = call.view.applies_to(call.policy().id)
    return _collection(call, "directoryObjects", _rows(users, typed=True))


def refuse_applies_to(call: Call) -> Answer:
    raise refusals.read_only("appliesTo")  # 400 is seen on live tenants, the wording is open


# -- references ------------------------------------------------------------------------------------


def list_assigned(call: Call) -> Answer:
    policy_set = call.slot()
    assigned = call.view.assigned(call.target(), policy_set)
    entity = call.entity(policy_set.collection)
    return _collection(call, f"policies/{policy_set.collection}", _rows(assigned), _expansions(call), entity)


def list_references(call: Call) -> Answer:
    policy_set = call.slot()
    root = f"{call.root}/policies/{policy_set.collection}"
    assigned = call.view.assigned(call.target(), policy_set)
    return _collection(call, "Collection($ref)", [{"@odata.id": f"{root}/{policy.id}"} for policy in assigned])


def add_reference(call: Call) -> Answer:
    policy_set = call.slot()
    match = _reference(call.body, REFERENCE)
    if match["set"] and match["set"].lower() != policy_set.collection.lower():
        raise refusals.invalid_reference()
    call.directory.add_reference(call.target(), policy_set, match["id"], call.view)
    return NO_CONTENT


def add_untyped_reference(call: Call) -> Answer:
    """The retired "Assign Policy": the policy's own type says which set it is for."""
    target = call.target()
    policy = call.directory.any(_reference(call.body, UNTYPED_REFERENCE)["id"])
    if policy.collection not in call.directory.policy_sets:
        raise refusals.invalid_reference()
    call.directory.add_reference(target, call.directory.slot(call.targets, policy.collection), policy.id, call.view)
    return NO_CONTENT


def remove_reference(call: Call) -> Answer:
    policy_set = call.slot()
    call.directory.remove_reference(call.target(), policy_set, call.names["policy"], call.view)
    return NO_CONTENT


def _reference(body: Mapping[str, Any], form: re.Pattern[str]) -> re.Match[str]:
    """A tenant id in the address makes the POST fail (seen on live tenants)."""
    address = body.get("@odata.id")
    match = form.fullmatch(address) if isinstance(address, str) else None
    if match is None or GUID.search(match["root"]):
        raise refusals.invalid_reference()
    return match


# -- shaping ---------------------------------------------------------------------------------------


def _rows(objects: Sequence[DirectoryObject], *, typed: bool = False) -> Sequence[odata.Row]:
    each = objects if isinstance(objects, Each) else Each(objects, lambda one: one)
    return each.then(lambda one: one.as_json(typed=typed))


def _expansions(call: Call) -> odata.Expansions:
    return {"appliesTo": lambda row: _rows(call.view.applies_to(row["id"]), typed=True)}


def _assignments(call: Call) -> odata.Expansions:
    """The policy sets of a target: "Supports $expand" ("servicePrincipal resource type"; of applications, metadata)."""
    sets = [one for one in call.directory.policy_sets.values() if call.targets in one.targets]

    def expand(policy_set: PolicySet) -> Callable[[odata.Row], Sequence[odata.Row]]:
        return lambda row: _rows(call.view.assigned(call.view.any(row["id"]), policy_set))

    return {one.collection: expand(one) for one in sets}


def _collection(
    call: Call,
    context: str,
    rows: Sequence[odata.Row],
    expansions: odata.Expansions | None = None,
    entity: Entity = ANYTHING,
) -> Answer:
    expansions = expansions or {}
    asked = query(call.options, expansions, entity, eventual=call.eventual)
    page = odata.collection(rows, call.root + call.path, call.options, expansions, asked)
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}{asked.projection}", **page})


def _entity(
    call: Call,
    context: str,
    row: odata.Row,
    expansions: odata.Expansions | None = None,
    entity: Entity = ANYTHING,
) -> Answer:
    expansions = expansions or {}
    asked = query(call.options, expansions, entity)
    shaped = odata.shaped(row, asked, expansions)
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}{asked.projection}/$entity", **shaped})


def _created(call: Call, context: str, one: DirectoryObject) -> Answer:
    row = odata.shaped(one.as_json(), Query(), {})
    body = {"@odata.context": f"{call.root}/$metadata#{context}/$entity", **row}
    return Answer(201, body, {"Location": f"{call.root}/{context}/{one.id}"})
