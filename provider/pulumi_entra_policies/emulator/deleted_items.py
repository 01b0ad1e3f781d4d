"""What has been deleted: "List deletedItems", "Get item", "Restore deleted item", "Permanently delete item"."""

from collections.abc import Sequence

from . import answers, recycling, refusals
from .calls import NO_CONTENT, Answer, Call
from .contents import Deleted
from .entities import ANYTHING
from .odata import Row
from .ordered import Each
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS

TYPES = {name[:-1].lower(): name for name in (APPLICATIONS, SERVICE_PRINCIPALS)}


def refuse_untyped(call: Call) -> Answer:
    """ "List deletedItems": calling it without a type is not supported. The words are open."""
    raise refusals.unsupported_query("deletedItems without a type, such as microsoft.graph.application")


def list_items(call: Call) -> Answer:
    """Of a type that is not emulated, such as groups, nothing has been deleted."""
    name = answers.cast_name(call)
    collection = TYPES.get(name.lower(), f"{name}s")
    entity = call.entity(collection) if name.lower() in TYPES else ANYTHING
    return answers.collection(call, collection, _items(call), of=entity)


def count(call: Call) -> Answer:
    return answers.count(call, _items(call))


def get(call: Call) -> Answer:
    """404 also if it is not of the type that the path names."""
    item = _item(call)
    answers.one_of(answers.cast(call, [item.one], lambda one: one), call.names["object"])
    return answers.single(call, "directoryObjects", item.as_json(typed=True))


def restore(call: Call) -> Answer:
    restored = recycling.restore(call.directory, _item(call))
    return answers.single(call, "directoryObjects", restored.as_json(typed=True))


def purge(call: Call) -> Answer:
    recycling.purge(call.directory, _item(call))
    return NO_CONTENT


def _items(call: Call) -> Sequence[Row]:
    found = answers.cast(call, recycling.items(call.directory, call.view), lambda item: item.one)
    return Each([item.one.id for item in found], lambda key: call.view.deleted[key].as_json(), call.view.deleted.place)


def _item(call: Call) -> Deleted:
    return recycling.item(call.directory, call.view, call.names["object"])
