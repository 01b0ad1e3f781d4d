"""How Graph shapes what it answers: collections, single objects, new objects, references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from . import odata, refusals
from .calls import Answer, Call
from .contents import DirectoryObject, guid
from .ordered import Each

T = TypeVar("T")


def rows(objects: Sequence[DirectoryObject], *, typed: bool = False) -> Sequence[odata.Row]:
    return Each(objects, lambda one: one.as_json(typed=typed))


def expansions(call: Call) -> odata.Expansions:
    return {"appliesTo": lambda row: rows(call.view.applies_to(row["id"]), typed=True)}


def collection(
    call: Call, context: str, rows: Sequence[odata.Row], expansions: odata.Expansions | None = None
) -> Answer:
    page = odata.collection(rows, call.root + call.path, call.options, expansions or {})
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}", **page})


def entity(call: Call, context: str, row: odata.Row, expansions: odata.Expansions | None = None) -> Answer:
    asked = odata.query(call.options, expansions or {})
    shaped = odata.shaped(row, asked, expansions or {})
    return Answer(200, {"@odata.context": f"{call.root}/$metadata#{context}/$entity", **shaped})


def created(call: Call, context: str, one: DirectoryObject) -> Answer:
    body = {"@odata.context": f"{call.root}/$metadata#{context}/$entity", **one.as_json()}
    return Answer(201, body, {"Location": f"{call.root}/{context}/{one.id}"})


def references(call: Call, root: str, objects: Sequence[DirectoryObject]) -> Answer:
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
