"""Owners of applications and service principals: "List owners", "Add owner", "Remove application owner".

There are no users here, so every owner is a service principal, and a cast to another type finds nobody.
"""

import re

from . import answers, options, refusals
from .calls import NO_CONTENT, Answer, Call
from .contents import DirectoryObject
from .policy_sets import SERVICE_PRINCIPALS

# The page prints directoryObjects, other clients send the type's own collection, and a tenant id in front: all seen.
ADDRESS = re.compile(r"(?:.*/)?(?:directoryObjects|servicePrincipals|users)/(?P<id>[^/]+)", re.IGNORECASE)
BOUND = "owners@odata.bind"


def list_owners(call: Call) -> Answer:
    return answers.collection(call, "directoryObjects", answers.rows(_owners(call), typed=True))


def count(call: Call) -> Answer:
    return answers.count(call, answers.rows(_owners(call)))


def list_references(call: Call) -> Answer:
    return answers.references(call, "directoryObjects", call.view.owners(call.target()))


def get(call: Call) -> Answer:
    return answers.single(call, "directoryObjects", _owner(call).as_json(typed=True))


def get_reference(call: Call) -> Answer:
    options.only((), call.options)
    context = f"{call.root}/$metadata#$ref"
    return Answer(200, {"@odata.context": context, "@odata.id": f"{call.root}/directoryObjects/{_owner(call).id}"})


def add(call: Call) -> Answer:
    call.directory.add_owner(call.target(), _named(call.body.get("@odata.id")))
    return NO_CONTENT


def refuse_without_ref(call: Call) -> Answer:
    raise refusals.not_contained()


def remove(call: Call) -> Answer:
    call.directory.remove_owner(call.target(), call.names["object"], call.view)
    return NO_CONTENT


def remove_named(call: Call) -> Answer:
    """OData's other form of it, which the SDK has: `owners/$ref?@id=…`."""
    call.directory.remove_owner(call.target(), _named(call.options.get("@id")), call.view)
    return NO_CONTENT


def of_a_new_object(call: Call) -> list[str]:
    """Those that the body binds; without any the caller, as far as it is in the tenant."""
    bound = call.body.get(BOUND)
    if bound is None:
        return [caller.id for caller in _callers(call) if call.directory.creator_owns]
    if not isinstance(bound, list):
        raise refusals.invalid_value(BOUND)
    return list(dict.fromkeys(map(_named, bound)))


def _callers(call: Call) -> list[DirectoryObject]:
    found = call.directory.contents.with_value(SERVICE_PRINCIPALS, "appId", call.client_id)
    return [found] if found else []


def _owners(call: Call) -> list[DirectoryObject]:
    return answers.cast(call, call.view.owners(call.target()), lambda owner: owner)


def _owner(call: Call) -> DirectoryObject:
    return answers.one_of(_owners(call), call.names["object"])


def _named(address: object) -> str:
    match = ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if match is None:
        raise refusals.invalid_reference()
    return match["id"]
