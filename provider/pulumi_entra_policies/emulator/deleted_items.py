"""What has been deleted: "List deletedItems", "Get item", "Restore deleted item", "Permanently delete item"."""

from . import answers, recycling, refusals
from .calls import NO_CONTENT, Answer, Call
from .contents import Deleted
from .ordered import Each


def refuse_untyped(call: Call) -> Answer:
    """ "List deletedItems": calling it without a type is not supported. The words are open."""
    raise refusals.unsupported_query("deletedItems without a type, such as microsoft.graph.application")


def list_items(call: Call) -> Answer:
    """Of a type that is not emulated, such as groups, nothing has been deleted."""
    found = answers.cast(call, recycling.items(call.directory, call.view), lambda item: item.one)
    return answers.collection(call, f"{answers.cast_name(call)}s", Each(found, Deleted.as_json))


def get(call: Call) -> Answer:
    item = _item(call)
    answers.one_of(answers.cast(call, [item.one], lambda one: one), call.names["object"])
    return answers.entity(call, "directoryObjects", item.as_json(typed=True))


def restore(call: Call) -> Answer:
    restored = recycling.restore(call.directory, _item(call))
    return answers.entity(call, "directoryObjects", restored.as_json(typed=True))


def purge(call: Call) -> Answer:
    recycling.purge(call.directory, _item(call))
    return NO_CONTENT


def _item(call: Call) -> Deleted:
    return recycling.item(call.directory, call.view, call.names["object"])
