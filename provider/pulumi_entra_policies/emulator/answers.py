"""How Graph shapes what it answers: collections, single objects, new objects, references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from . import odata, refusals
from .calls import Answer, Call
from .contents import DirectoryObject, guid
from .entities import ANYTHING, Entity
from .odata import Expansions, Row
from .options import OF_ONE, OF_REFERENCES, Query, only, query
from .ordered import Each
from .policy_sets import PolicySet

T = TypeVar("T")


def rows(objects: Sequence[DirectoryObject], *, typed: bool = False) -> Sequence[Row]:
    each = objects if isinstance(objects, Each) else Each(objects, lambda one: one)
    return each.then(lambda one: one.as_json(typed=typed))


def expansions(call: Call) -> Expansions:
    return {"appliesTo": lambda row: rows(call.view.applies_to(row["id"]), typed=True)}


def assignments(call: Call) -> Expansions:
    """The policy sets of a target: "Supports $expand" ("servicePrincipal resource type"; of applications, metadata)."""
    sets = [one for one in call.directory.policy_sets.values() if call.targets in one.targets]

    def expand(policy_set: PolicySet) -> Callable[[Row], Sequence[Row]]:
        return lambda row: rows(call.view.assigned(call.view.any(row["id"]), policy_set))

    return {one.collection: expand(one) for one in sets}


def collection(
    call: Call, context: str, rows: Sequence[Row], expansions: Expansions | None = None, of: Entity = ANYTHING
) -> Answer:
    expansions = expansions or {}
    asked = query(call.options, expansions, of, eventual=call.eventual)
    page = odata.collection(rows, call.root + call.path, call.options, expansions, asked)
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}{asked.projection}", **page})


def count(call: Call, rows: Sequence[Row], of: Entity = ANYTHING) -> Answer:
    """ "List applications": with the header alone."""
    if not call.eventual:
        raise refusals.no_count()
    asked = query(call.options if of is ANYTHING else {"$count": "true", **call.options}, (), of, eventual=True)
    return Answer(200, str(odata.counted(rows, asked)), {"Content-Type": "text/plain"})


def single(call: Call, context: str, row: Row, expansions: Expansions | None = None, of: Entity = ANYTHING) -> Answer:
    only(OF_ONE, call.options)
    expansions = expansions or {}
    asked = query(call.options, expansions, of)
    shaped = odata.shaped(row, asked, expansions)
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}{asked.projection}/$entity", **shaped})


def created(call: Call, context: str, one: DirectoryObject) -> Answer:
    row = odata.shaped(one.as_json(), Query(), {})
    body = {"@odata.context": f"{call.root}/$metadata#{context}/$entity", **row}
    return Answer(201, body, {"Location": f"{call.root}/{context}/{one.id}"})


def references(call: Call, root: str, objects: Sequence[DirectoryObject]) -> Answer:
    only(OF_REFERENCES, call.options)
    return collection(call, "Collection($ref)", [{"@odata.id": f"{call.root}/{root}/{one.id}"} for one in objects])


def cast(call: Call, things: Sequence[T], one: Callable[[T], DirectoryObject]) -> list[T]:
    """Those of the type that the path names, if it names one."""
    wanted = f"#microsoft.graph.{cast_name(call)}".lower()
    return [thing for thing in things if "cast" not in call.names or one(thing).odata_type.lower() == wanted]


def cast_name(call: Call) -> str:
    return call.names.get("cast", "").rpartition(".")[2]


def one_of(objects: Sequence[DirectoryObject], identifier: str) -> DirectoryObject:
    """By its id, among those that a relation has."""
    for one in objects:
        if one.id == guid(identifier):
            return one
    raise refusals.absent_object(identifier)
