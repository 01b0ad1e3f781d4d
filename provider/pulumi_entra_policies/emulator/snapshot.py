"""A whole tenant as plain JSON, in the form that `loading` reads."""

from typing import Any

from .contents import ALTERNATE_KEYS, OWNERS, Contents, Reference

Json = dict[str, Any]


def snapshot(contents: Contents, policy_sets: list[str]) -> Json:
    references = list(contents.references)
    return {
        **{name: _objects(contents, name) for name in ALTERNATE_KEYS},
        "policies": {name: _objects(contents, name) for name in policy_sets},
        "references": [_assigned(contents, one) for one in references if one.collection != OWNERS],
        OWNERS: [_owned(contents, one) for one in references if one.collection == OWNERS],
        "deletedItems": {name: _deleted(contents, name) for name in ALTERNATE_KEYS},
    }


def _objects(contents: Contents, collection: str) -> list[Json]:
    return [one.as_json() for one in contents.all(collection)]


def _assigned(contents: Contents, reference: Reference) -> Json:
    place = {"target": _target(contents, reference), "collection": reference.collection}
    return place | {"policyId": reference.object_id}


def _owned(contents: Contents, reference: Reference) -> Json:
    return {"target": _target(contents, reference), "ownerId": reference.object_id}


def _target(contents: Contents, reference: Reference) -> str:
    return f"{contents.objects[reference.target_id].collection}/{reference.target_id}"


def _deleted(contents: Contents, collection: str) -> list[Json]:
    items = [item for item in contents.deleted.values() if item.one.collection == collection]
    return [item.as_json() | {"references": list(map(_ends, item.references))} for item in items]


def _ends(reference: Reference) -> list[str]:
    """Ids alone: what it leads to may be gone."""
    return [reference.target_id, reference.collection, reference.object_id]
