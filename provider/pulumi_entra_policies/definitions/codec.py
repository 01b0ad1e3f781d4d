"""Where a definition crosses between the user's arguments, Pulumi's bag and Graph's JSON.

Five forms are accepted: keyword arguments as a mapping (snake_case or camelCase keys), Graph's mapping with its root
key, the raw JSON string, and Graph's one-element array. All become one bag: camelCase keys, typed scalars, defaults
filled in. Defaults belong to the first form alone: whoever writes Graph's own JSON means what it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .fields import Field, Problem, is_known, plain, shown
from .kinds import Kind

Bag = dict[str, Any]
PATH = "definition"


class NotADefinition(Exception):
    """A value that no reading turns into a bag."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def bag(kind: Kind, value: Any) -> Any:
    """The value as a bag, or, if it is not valid, the value itself, for `problems` to say why."""
    if not form_is_known(kind, value) or problems(kind, value):
        return value
    return _bag(kind, value)


def problems(kind: Kind, value: Any) -> list[Problem]:
    """Everything that is wrong with a definition in any form; what is not known yet passes."""
    if not form_is_known(kind, value):
        return []
    try:
        bag_ = _bag(kind, value)
    except NotADefinition as error:
        return [error.problem]
    return _missing(kind, bag_) + _refused(kind, bag_)


def warnings(kind: Kind, bag_: Any) -> list[Problem]:
    """What the service takes, but ignores or does otherwise than one might think."""
    if not isinstance(bag_, Mapping):
        return []
    return [
        Problem(f"{PATH}.{field.wire}", field.warning) for field in kind.fields if field.warning and field.wire in bag_
    ]


def to_graph(kind: Kind, bag_: Mapping[str, Any]) -> str:
    """The JSON string that Graph is sent: declared keys first, in their order, then the others by name."""
    known = {field.graph: bag_[field.wire] for field in kind.fields if field.wire in bag_}
    others = {key: bag_[key] for key in sorted(bag_) if kind.field(key) is None}
    return json.dumps({kind.name: {**known, **others}}, separators=(",", ":"), ensure_ascii=False)


def from_graph(kind: Kind, definition: str) -> Bag:
    """The bag of what the tenant holds, however loosely it was typed there; never raises.

    What has no reading is kept whole under a key of its own, so that a preview shows it as drift.
    """
    try:
        document = _parsed(definition)
    except NotADefinition:
        return {"unreadable": definition}
    inner = next((value for key, value in document.items() if key.lower() == kind.name.lower()), None)
    if len(document) == 1 and isinstance(inner, dict):
        return {"unreadable": definition} if _twice(kind, inner) else _lenient(kind, inner)
    return document


def same(kind: Kind, one: Any, other: Any) -> bool:
    """Whether two bags mean the same, whatever the order of keys and the spelling of scalars."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return bool(one == other)
    return _meaning(kind, one) == _meaning(kind, other)


def form_is_known(kind: Kind, value: Any) -> bool:
    """Whether the form of a value can be told yet: an unknown may be all there is in Graph's array or mapping."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return is_known(value[0])
    if isinstance(value, Mapping) and len(value) == 1 and _names_root(kind, *value):
        return all(map(is_known, value.values()))
    return is_known(value)


def _bag(kind: Kind, value: Any) -> Bag:
    value = _unwrapped(value)
    document = _parsed(value) if isinstance(value, str) else _plain(dict(value))
    if isinstance(value, str) or _has_root(kind, document):
        return _keyed(kind, _inner(kind, document), kind.field)
    defaults = {field.wire: field.default for field in kind.fields if field.default is not None}
    given = _keyed(kind, document, kind.keyword)
    return _ordered(kind, {**defaults, **given})


def _unwrapped(value: Any) -> Any:
    """Graph's array of one string as that string; mappings and strings as they are."""
    if isinstance(value, (list, tuple)):
        if len(value) != 1 or not isinstance(value[0], str):
            raise NotADefinition(Problem(PATH, f"must hold exactly one JSON string, not {_counted(value)}"))
        return str(value[0])
    if not isinstance(value, (str, Mapping)):
        raise NotADefinition(Problem(PATH, f"must be an object or a JSON string, not {shown(value)}"))
    return value


def _counted(values: Any) -> str:
    return f"{len(values)} of them" if len(values) != 1 else shown(values[0])


def _parsed(text: str) -> Bag:
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, (json.JSONDecodeError, _Refused)) else ""
        raise NotADefinition(Problem(PATH, f"is not valid JSON{where}: {shown(text)}")) from None
    if not isinstance(document, dict):
        raise NotADefinition(Problem(PATH, f"must be a JSON object, not {shown(document)}"))
    return _plain(document)


def _plain(document: Bag) -> Bag:
    """The document as plain data, if JSON has words for all of it; what is not known yet passes."""
    nameless = next((key for key in document if not isinstance(key, str)), None)
    if nameless is not None:
        raise NotADefinition(Problem(PATH, f"must have names as keys, not {shown(nameless)}"))
    try:
        document = plain(document)
        json.dumps(document, ensure_ascii=False, allow_nan=False, default=lambda unknown: None).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotADefinition(Problem(PATH, f"cannot be written as JSON: {error}")) from None
    return document


class _Refused(ValueError):
    """JSON that a lenient parser would take and the service would not."""


def _unique(pairs: list[tuple[str, Any]]) -> Bag:
    document = dict(pairs)
    if len(document) != len(pairs):
        twice = next(key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1)
        raise _Refused(f"the key {shown(twice)} stands twice")
    return document


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is no JSON number")


def _has_root(kind: Kind, document: Bag) -> bool:
    """Whether a mapping is Graph's own: it has the root key, or one key, another policy's name, over an object."""
    alone = len(document) == 1 and all(_names_root(kind, key) for key in document)
    return kind.name in document or (alone and all(isinstance(inner, dict) for inner in document.values()))


def _names_root(kind: Kind, key: Any) -> bool:
    return isinstance(key, str) and key.lower().endswith("policy") and kind.field(key) is None


def _inner(kind: Kind, document: Bag) -> Bag:
    if list(document) == [kind.name] and isinstance(document[kind.name], dict):
        return dict(document[kind.name])
    found = " and ".join(map(shown, document)) or "none"
    raise NotADefinition(Problem(PATH, f'must have exactly one root key, "{kind.name}", over an object; found {found}'))


def _keyed(kind: Kind, document: Bag, spelled: Callable[[str], Field | None]) -> Bag:
    """The document under the wire's keys; a field given under two spellings is refused."""
    bag_: Bag = {}
    for key, value in document.items():
        field = spelled(key)
        name = field.wire if field else key
        if name in bag_:
            raise NotADefinition(Problem(f"{PATH}.{name}", f"is given twice, once as {shown(key)}"))
        bag_[name] = field.normal(value) if field else value
    return _ordered(kind, bag_)


def _lenient(kind: Kind, document: Mapping[str, Any]) -> Bag:
    """As `_keyed`, for a document in which no field stands twice."""
    bag_: Bag = {}
    for key, value in plain(dict(document)).items():
        field = kind.field(key)
        bag_[field.wire if field else key] = field.normal(value) if field else value
    return _ordered(kind, bag_)


def _twice(kind: Kind, document: Bag) -> bool:
    """Whether a field stands in it under two spellings, of which nobody knows which one the service reads."""
    fields = [field.wire for field in map(kind.field, document) if field]
    return len(set(fields)) < len(fields)


def _meaning(kind: Kind, document: Mapping[str, Any]) -> str:
    """A text that is equal where the meaning is: to Python 1 is true as well, to the service it is not."""
    return json.dumps(_lenient(kind, document), sort_keys=True, default=id)


def _ordered(kind: Kind, bag_: Bag) -> Bag:
    names = [field.wire for field in kind.fields if field.wire in bag_]
    return {name: bag_[name] for name in [*names, *sorted(set(bag_) - set(names))]}


def _missing(kind: Kind, bag_: Bag) -> list[Problem]:
    return [
        Problem(f"{PATH}.{field.wire}", f'is required: add "{field.graph}"{_example(field.allowed)}')
        for field in kind.fields
        if field.required and field.wire not in bag_
    ]


def _example(allowed: tuple[Any, ...]) -> str:
    return f": {shown(allowed[0])}" if allowed else ""


def _refused(kind: Kind, bag_: Bag) -> list[Problem]:
    reasons = [(field.wire, field.problem(bag_[field.wire])) for field in kind.fields if field.wire in bag_]
    return [Problem(f"{PATH}.{name}", reason) for name, reason in reasons if reason]
