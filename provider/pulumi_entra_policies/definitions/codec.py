"""Where a definition crosses between the user's arguments, Pulumi's bag and Graph's JSON.

Every accepted form (see `forms`) becomes one bag: camelCase keys, typed scalars, defaults filled in. Defaults belong to
keyword arguments alone: whoever writes Graph's own JSON means what it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import judgement
from .fields import Field, Shape
from .forms import PATH, Bag, NotADefinition, is_told, opened, parsed, plain_data
from .kinds import Kind
from .values import Found, Problem, escaped, is_known, plain, shown

UNREADABLE = "unreadable"
"""The key under which a definition that has no reading is kept whole."""

Later = Callable[[Any, Callable[[Any], Any]], Any]
"""What becomes of a value that is not known yet, and of the reading that it will need when it is."""


@dataclass(frozen=True)
class Reading:
    """A definition of any form, opened once: its bag, if it has one, and everything that is wrong with it.

    `value` is what was opened, `graphs_own` whether that was one of Graph's own forms.
    """

    kind: Kind
    value: Any
    bag: Bag | None = None
    problems: Sequence[Problem] = ()
    graphs_own: bool = False

    @property
    def normal(self) -> Any:
        """The bag, or, of what is not valid or cannot be told yet, the value as it is."""
        return self.value if self.bag is None or self.problems else self.bag

    @property
    def given(self) -> Any:
        """What a user gave, as it goes to check: the bag, or the value as it is if it has none.

        Keywords go as a bag, valid or not, with those marked that nobody knows: check sees no more who wrote them. One
        of Graph's own forms does only if it is valid: check would take its bag for keywords and fill in defaults.
        """
        return self.normal if self.graphs_own or self.bag is None else self.bag

    @property
    def as_found(self) -> Any:
        """The bag that a tenant which holds it would show, valid or not."""
        alone = isinstance(self.value, (list, tuple)) and len(self.value) == 1
        value = self.value[0] if alone else self.value
        if isinstance(value, str):
            return from_graph(self.kind, value)
        return value if self.bag is None else self.bag

    @property
    def unknown(self) -> list[Problem]:
        """What to warn of in one of Graph's own forms: the keys that nobody here knows."""
        return list(judgement.unknown_keys(self.kind, self.bag, PATH)) if self.graphs_own and self.bag else []


def read(kind: Kind, value: Any, later: Later = lambda value, read: value, *, typed: bool = False) -> Reading:
    """One reading of a definition in any form; what is not known yet passes.

    `typed` says that somebody typed its keywords, so that one that nobody knows is a mistake.
    """
    if not is_told(kind, value):
        return Reading(kind, value)
    try:
        document, graphs_own = opened(kind, value)
        bag = _Reader(Shape.field, later).shape(kind, document, PATH) if graphs_own else None
        bag = _of_keywords(kind, document, later, typed) if bag is None else bag
    except NotADefinition as error:
        return Reading(kind, value, problems=[error.problem])
    if UNREADABLE in bag:
        reason = f"had no reading where it was found: {shown(bag[UNREADABLE])}"
        return Reading(kind, value, problems=[Problem(PATH, reason)])
    return Reading(kind, value, bag, list(judgement.problems(kind, bag, PATH)), graphs_own)


def unknown_keys(kind: Kind, bag: Bag) -> list[str]:
    """The paths of the keys in a bag that nobody here knows."""
    return [escaped(found.path) for found in judgement.unknown_keys(kind, bag, PATH)]


def warnings(kind: Kind, bag: Any, organization_default: Any = None) -> list[Problem]:
    """What the service takes, but ignores or does otherwise than one might think."""
    if not isinstance(bag, Mapping):
        return []
    return [*judgement.doubts(kind, bag, PATH), *kind.doubts(bag, organization_default)]


def to_graph(kind: Kind, bag: Mapping[str, Any]) -> str:
    """The JSON string that Graph is sent: declared keys first, in their order, then the others by name."""
    return json.dumps({kind.name: _spelled_out(kind, bag)}, separators=(",", ":"), ensure_ascii=False)


def from_graph(kind: Kind, definition: str) -> Bag:
    """The bag of what the tenant holds, however loosely it was typed there; never raises.

    What has no reading is kept whole under a key of its own, so that a preview shows it as drift.
    """
    try:
        document = parsed(definition)
        inner = next((value for key, value in document.items() if key.lower() == kind.name.lower()), None)
        if len(document) == 1 and isinstance(inner, dict):
            document = _Reader(Shape.field).shape(kind, inner, PATH)
    except NotADefinition:
        return {UNREADABLE: definition}
    return document if judgement.fits(kind, document) else {UNREADABLE: definition}


def same(kind: Kind, one: Any, other: Any) -> bool:
    """Whether two bags mean the same, whatever the order of keys and the spelling of scalars."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return bool(one == other)
    return _meaning(kind, one) == _meaning(kind, other)


def differences(kind: Kind, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Where two bags differ in meaning: path, the one's value, the other's; None where there is none."""
    leaves = [dict(_leaves(json.loads(_meaning(kind, document)), PATH)) for document in (one, other)]
    for path in dict.fromkeys([*leaves[0], *leaves[1]]):
        if leaves[0].get(path) != leaves[1].get(path):
            yield path, leaves[0].get(path), leaves[1].get(path)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every single value inside, with its path."""
    inner = [(f"{path}.{key}", item) for key, item in value.items()] if isinstance(value, Mapping) else []
    inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)] if isinstance(value, list) else inner
    for here, item in inner:
        yield from _leaves(item, here)
    if not inner:
        yield path, value


def _of_keywords(kind: Kind, document: Mapping[str, Any], later: Later, typed: bool) -> Bag:
    defaults = {field.wire: field.default for field in kind.fields if field.default is not None}
    return kind.ordered({**defaults, **_Reader(Shape.keyword, later, typed).shape(kind, document, PATH)})


@dataclass(frozen=True)
class _Reader:
    """Reads plain data under the wire's keys; a property given under two spellings is refused.

    `typed` says that somebody typed the keys as keywords, so that one that nobody knows is a mistake.
    """

    find: Callable[[Shape, str], Field | None]
    later: Later = lambda value, read: value
    typed: bool = False

    def shape(self, shape: Shape, document: Mapping[str, Any], path: str) -> Bag:
        bag: Bag = {}
        for key, value in document.items():
            field = self.find(shape, key)
            name = field.wire if field else self._unknown(key)
            if name in bag:
                raise NotADefinition(f"{path}.{name}", f"is given twice, once as {shown(key)}")
            bag[name] = self._value(field, value, f"{path}.{name}") if field else value
        return shape.ordered(bag)

    def _unknown(self, key: str) -> str:
        return f"{judgement.MISTYPED}{key}" if self.typed and not isinstance(key, Found) else str(key)

    def _value(self, field: Field, value: Any, path: str) -> Any:
        if not is_known(value):
            return self.later(value, lambda known: self._value(field, plain_data(known), path))
        if field.many and isinstance(value, list):
            return [self._item(field, item, f"{path}[{index}]") for index, item in enumerate(value)]
        return self._item(field, value, path)

    def _item(self, field: Field, value: Any, path: str) -> Any:
        if not is_known(value):
            return self.later(value, lambda known: self._item(field, plain_data(known), path))
        if isinstance(field.type, Shape):
            return self.shape(field.type, value, path) if isinstance(value, Mapping) else value
        return field.normal(value)


def _spelled_out(shape: Shape, bag: Mapping[str, Any]) -> Bag:
    """A bag under Graph's keys."""

    def value(field: Field, item: Any) -> Any:
        if isinstance(item, list):
            return [value(field, one) for one in item]
        return _spelled_out(field.type, item) if isinstance(field.type, Shape) else item

    known = {field.graph: value(field, bag[field.wire]) for field in shape.fields if field.wire in bag}
    return {**known, **{key: bag[key] for key in sorted(bag) if shape.field(key) is None}}


def _meaning(kind: Kind, document: Mapping[str, Any]) -> str:
    """A text that is equal where the meaning is: to Python 1 is true as well, to the service it is not."""
    try:
        bag = _Reader(Shape.field).shape(kind, plain(document), PATH)
    except NotADefinition:
        bag = dict(document)
    return json.dumps(bag, sort_keys=True, default=id)
