"""One function for each thing that Graph offers: it reads the call, asks the directory, shapes the answer.

Which path leads to which function is in `routes`.
"""

import re

from . import answers, owners, refusals
from .calls import NO_CONTENT, Answer, Call
from .contents import GUID, DirectoryObject
from .entities import ORGANIZATION
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

# `@odata.id` as clients send it: "Assign tokenIssuancePolicy" prints the form with the set, other clients
# use directoryObjects (seen on live tenants), and the retired "Assign Policy" names no set.
REFERENCE = re.compile(r"(?P<root>.*?)/?(?:policies/(?P<set>\w+)|directoryObjects)/(?P<id>[^/]+)", re.IGNORECASE)
UNTYPED_REFERENCE = re.compile(r"(?P<root>.*?)/?(?:policies(?:/\w+)?|directoryObjects)/(?P<id>[^/]+)", re.IGNORECASE)

# The keys by which an object is made that is not there: "Upsert application", "Upsert servicePrincipal".
UPSERTED = {APPLICATIONS: "uniqueName", SERVICE_PRINCIPALS: "appId"}


# -- the tenant and its objects --------------------------------------------------------------------


def list_organization(call: Call) -> Answer:
    organization = {"id": call.directory.tenant_id, "displayName": "Emulated tenant"}
    return answers.collection(call, "organization", [organization], of=ORGANIZATION)


def get_directory_object(call: Call) -> Answer:
    return answers.single(call, "directoryObjects", call.view.any(call.names["object"]).as_json(typed=True))


def list_targets(call: Call) -> Answer:
    rows = answers.rows(call.view.all(call.targets))
    return answers.collection(call, call.targets, rows, answers.assignments(call), call.entity(call.targets))


def count_targets(call: Call) -> Answer:
    return answers.count(call, answers.rows(call.view.all(call.targets)), call.entity(call.targets))


def refuse_count(call: Call) -> Answer:
    """Policies know no advanced queries, neither their own listings nor those of a target."""
    call.shown()
    raise refusals.no_count()


def create_target(call: Call) -> Answer:
    create = {
        APPLICATIONS: call.directory.create_application,
        SERVICE_PRINCIPALS: call.directory.create_service_principal,
    }
    return answers.created(call, call.targets, create[call.targets](call.body, owners=owners.of_a_new_object(call)))


def get_target(call: Call) -> Answer:
    row = call.target().as_json()
    return answers.single(call, call.targets, row, answers.assignments(call), call.entity(call.targets))


def update_target(call: Call) -> Answer:
    if _is_to_be_made(call):
        key, value = call.names["key"], call.names["value"]
        if call.body.setdefault(key, value) != value:
            raise refusals.invalid_value(key)
        return create_target(call)
    call.directory.update(call.target(), call.body)
    return NO_CONTENT


def _is_to_be_made(call: Call) -> bool:
    """Only by that key, only if the caller says so, and only what is not there."""
    key = call.names.get("key", "")
    if key != UPSERTED[call.targets] or "create-if-missing" not in call.headers.get("prefer", ""):
        return False
    return call.directory.contents.find_by(call.targets, key, call.names["value"]) is None


def delete_target(call: Call) -> Answer:
    call.directory.delete(call.target())
    return NO_CONTENT


# -- policies --------------------------------------------------------------------------------------


def list_policies(call: Call) -> Answer:
    collection = call.directory.policy_set(call.names["set"]).collection
    rows = answers.rows(call.view.all(collection))
    return answers.collection(call, f"policies/{collection}", rows, answers.expansions(call), call.entity(collection))


def create_policy(call: Call) -> Answer:
    policy = call.directory.create_policy(call.directory.policy_set(call.names["set"]), call.body)
    return answers.created(call, f"policies/{policy.collection}", policy)


def get_policy(call: Call) -> Answer:
    return _single_policy(call, call.policy())


def _single_policy(call: Call, policy: DirectoryObject) -> Answer:
    entity = call.entity(policy.collection)
    return answers.single(call, f"policies/{policy.collection}", policy.as_json(), answers.expansions(call), entity)


def update_policy(call: Call) -> Answer:
    call.directory.update(call.policy(), call.body)
    return NO_CONTENT


def delete_policy(call: Call) -> Answer:
    call.directory.delete(call.policy())
    return NO_CONTENT


def list_applies_to(call: Call) -> Answer:
    users = call.view.applies_to(call.policy().id)
    return answers.collection(call, "directoryObjects", answers.rows(users, typed=True))


def get_applies_to(call: Call) -> Answer:
    user = answers.one_of(call.view.applies_to(call.policy().id), call.names["object"])
    return answers.single(call, "directoryObjects", user.as_json(typed=True))


def refuse_applies_to(call: Call) -> Answer:
    raise refusals.read_only("appliesTo")  # 400 is seen on live tenants, the wording is open


# -- references ------------------------------------------------------------------------------------


def list_assigned(call: Call) -> Answer:
    collection = call.shown().collection
    rows = answers.rows(_assigned(call))
    return answers.collection(call, f"policies/{collection}", rows, answers.expansions(call), call.entity(collection))


def get_assigned(call: Call) -> Answer:
    return _single_policy(call, answers.one_of(_assigned(call), call.names["policy"]))


def list_references(call: Call) -> Answer:
    return answers.references(call, f"policies/{call.shown().collection}", _assigned(call))


def refuse_without_ref(call: Call) -> Answer:
    """What is referred to is made elsewhere: `/$ref` was forgotten."""
    call.slot()
    raise refusals.not_contained()


def add_reference(call: Call) -> Answer:
    policy_set = call.slot()
    policy_id = _referred(call.body.get("@odata.id"), policy_set)
    call.directory.add_reference(call.target(), policy_set, policy_id, call.view)
    return NO_CONTENT


def add_untyped_reference(call: Call) -> Answer:
    """The retired "Assign Policy": the policy's own type says which set it is for."""
    target = call.target()
    policy = call.directory.any(_match(call.body.get("@odata.id"), UNTYPED_REFERENCE)["id"])
    if policy.collection not in call.directory.policy_sets:
        raise refusals.invalid_reference()
    call.directory.add_reference(target, call.directory.slot(call.targets, policy.collection), policy.id, call.view)
    return NO_CONTENT


def remove_reference(call: Call) -> Answer:
    call.directory.remove_reference(call.target(), call.slot(), call.names["policy"], call.view)
    return NO_CONTENT


def remove_named_reference(call: Call) -> Answer:
    """OData's other form of it, which the SDK has: `{set}/$ref?@id=…`."""
    policy_set = call.slot()
    policy_id = _referred(call.options.get("@id"), policy_set)
    call.directory.remove_reference(call.target(), policy_set, policy_id, call.view)
    return NO_CONTENT


def _assigned(call: Call) -> list[DirectoryObject]:
    return call.view.assigned(call.target(), call.shown())


def _referred(address: object, policy_set: PolicySet) -> str:
    match = _match(address, REFERENCE)
    if match["set"] and match["set"].lower() != policy_set.collection.lower():
        raise refusals.invalid_reference()
    return match["id"]


def _match(address: object, form: re.Pattern[str]) -> re.Match[str]:
    """A tenant id in the address makes the POST fail (seen on live tenants)."""
    match = form.fullmatch(address) if isinstance(address, str) else None
    if match is None or GUID.search(match["root"]):
        raise refusals.invalid_reference()
    return match
