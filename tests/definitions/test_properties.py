"""What holds for every definition there can be; the valid ones are generated from the declared fields of each kind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import EnumMeta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from pulumi.runtime import rpc
from tests.definitions import readings

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS, Kind, codec, durations
from pulumi_entra_policies.definitions.fields import Field, Shape
from pulumi_entra_policies.definitions.values import Problem, found, plain
from pulumi_entra_policies.resources.arguments import normal

set_hypothesis_home_dir(os.devnull)  # its caches have no place in the work tree
pytestmark = pytest.mark.usefixtures("untraced")
each_kind = pytest.mark.parametrize("name", KINDS)


def examples(count: int) -> settings:
    """The same ones in every run."""
    checks = list(HealthCheck)
    return settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=checks)


# -- what is generated -------------------------------------------------------------------------------------------------

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(CHARACTERS, max_size=6)
SCALARS = TEXT | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
LISTS = st.lists(st.none() | SCALARS | st.lists(SCALARS, max_size=1), max_size=2)
OBJECTS = st.dictionaries(TEXT, SCALARS | st.dictionaries(TEXT, SCALARS, max_size=1), max_size=2)
UNDECLARED = (SCALARS | LISTS | OBJECTS).map(plain)
KEYS = TEXT | st.sampled_from(sorted({field.graph for kind in KINDS.values() for field in kind.fields} | set(KINDS)))
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | SCALARS | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@lru_cache(None)
def bags(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    """The valid bags of a shape."""
    required = {field.wire: values(field) for field in shape.fields if field.required}
    optional = {field.wire: values(field) for field in shape.fields if not field.required}
    unknown = TEXT.filter(lambda key: shape.keyword(key) is None)

    def whole(known: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
        missing = {problem.path or "value": "x" for problem in shape.rule(known)}
        return shape.ordered({**known, **missing, **others})

    undeclared = st.dictionaries(unknown, UNDECLARED, max_size=2)
    declared = st.fixed_dictionaries(required, optional=optional)
    return st.builds(whole, declared, undeclared | st.just({}))


def values(field: Field) -> st.SearchStrategy[Any]:
    one = bags(field.type) if isinstance(field.type, Shape) else scalars(field)
    return st.lists(one, max_size=2) if field.many else one


def scalars(field: Field) -> st.SearchStrategy[Any]:
    if field.type == "boolean":
        return st.booleans()
    if field.type == "duration":
        shortest, longest = (durations.parsed(bound) or timedelta() for bound in field.within)
        seconds = st.integers(int(shortest.total_seconds()), int(longest.total_seconds()))
        return seconds.map(lambda number: durations.written(timedelta(seconds=number)))
    if field.matching[0]:
        return st.sampled_from(["default", "Default"]) | st.uuids().map(str)
    chosen = st.sampled_from(field.choices) if field.choices else TEXT
    return chosen | TEXT if field.open_ended else chosen


# -- every definition that the arguments can express -------------------------------------------------------------------


def rewritten(
    shape: Shape,
    bag: Mapping[str, Any],
    name: Callable[[Field], str],
    scalar: Callable[[Field, Any], Any] = lambda field, item: item,
    build: Callable[[Shape, dict[str, Any]], Any] = lambda shape, given: given,
) -> Any:
    """A bag under other names, with other scalars and in the opposite order, as mappings or what is built of them."""
    fields = {field.wire: field for field in shape.fields}

    def value(field: Field, item: Any) -> Any:
        if isinstance(item, list):
            return [value(field, one) for one in item]
        return (
            rewritten(field.type, item, name, scalar, build) if isinstance(field.type, Shape) else scalar(field, item)
        )

    given = {
        name(fields[key]) if key in fields else key: value(fields[key], item) if key in fields else item
        for key, item in reversed(list(bag.items()))
    }
    return build(shape, given)


def declared(shape: Shape, given: dict[str, Any]) -> dict[str, Any]:
    """A bag without the keys that nobody knows."""
    return shape.ordered({key: item for key, item in given.items() if shape.field(key)})


def undeclared(shape: Shape, bag: Mapping[str, Any], path: str = "definition") -> Iterator[str]:
    """The paths of the keys that nobody knows."""
    for key, value in bag.items():
        field = shape.field(key)
        if field is None:
            yield f"{path}.{key}"
        elif isinstance(field.type, Shape):
            name = f"{path}.{field.wire}"
            items = [(f"{name}[{index}]", item) for index, item in enumerate(value)] if field.many else [(name, value)]
            for item_path, item in items:
                yield from undeclared(field.type, item, item_path)


def typed(shape: Shape, given: dict[str, Any]) -> Any:
    """Typed arguments."""
    name = shape.name.replace("Policy", "Definition") if shape.name in KINDS else shape.name
    return getattr(entra, f"{name}Args")(**given)


def native(field: Field, item: Any) -> Any:
    """A scalar as Python has it."""
    if isinstance(field.allowed, EnumMeta) and item in field.choices:
        return field.allowed(item)
    return durations.parsed(item) if field.type == "duration" else item


def loose(field: Field, item: Any) -> Any:
    """A scalar as somebody may have typed it."""
    if field.type == "duration":
        return item.removeprefix("0")
    return item if isinstance(item, str) and item not in field.choices else str(item).swapcase()


def python(field: Field) -> str:
    return field.python


def graph(field: Field) -> str:
    return field.graph


def keywords(kind: Kind, bag: dict[str, Any]) -> Iterator[Any]:
    snake = rewritten(kind, bag, python)
    defaults = {field.python for field in kind.fields if field.default is not None}
    yield bag
    yield snake
    yield {key: item for key, item in snake.items() if key not in defaults}
    yield rewritten(kind, bag, python, native, typed)
    yield rewritten(kind, bag, graph, loose)


def others(kind: Kind, bag: dict[str, Any]) -> Iterator[Any]:
    """Graph's own forms, and what a lookup has found."""
    document = {kind.name: rewritten(kind, bag, graph)}
    yield found(bag)
    yield document
    yield json.dumps(document)
    yield [json.dumps(document, ensure_ascii=False, indent=1)]


@each_kind
@examples(2_000)
@given(data=st.data())
def test_definition_is_the_same_in_every_form_and_back_from_graph(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    bag = data.draw(bags(kind))
    written, plainly = json.dumps(bag), rewritten(kind, bag, lambda field: field.wire, build=declared)
    assert [json.dumps(normal(kind, form)) for form in keywords(kind, plainly)] == [json.dumps(plainly)] * 5
    assert [json.dumps(normal(kind, form)) for form in others(kind, bag)] == [written] * 4
    assert json.dumps(codec.from_graph(kind, codec.to_graph(kind, bag))) == written
    assert codec.same(kind, bag, rewritten(kind, bag, lambda field: field.graph.upper(), loose))
    assert not codec.same(kind, bag, {**bag, "another": 1})


@each_kind
@examples(500)
@given(data=st.data())
def test_unknown_key_is_refused_as_a_keyword_and_warned_of_in_graphs_own_form(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    bag = data.draw(bags(kind))
    unknown = sorted(undeclared(kind, bag))
    for form in (bag, rewritten(kind, bag, python)):
        sent = json.loads(json.dumps(normal(kind, form)))
        assert sorted(problem.path for problem in readings.problems(kind, sent)) == unknown
    *_, own = others(kind, bag)
    assert sorted(warning.path for warning in readings.sent_unknown(kind, own)) == unknown


# -- every other text --------------------------------------------------------------------------------------------------


def spots(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as container and key."""
    places = list(document) if isinstance(document, dict) else range(len(document) if isinstance(document, list) else 0)
    for place in places:
        yield document, place
        yield from spots(document[place])


def grafted(text: str, position: int, value: Any) -> str:
    """A JSON text in which one value is another."""
    document = json.loads(text)
    places = list(spots(document))
    container, place = places[position % len(places)]
    container[place] = value
    return json.dumps(document)


def cut(text: str, start: int, length: int, instead: str) -> str:
    start %= len(text)
    return text[:start] + instead + text[start + length :]


@lru_cache(None)
def broken(kind: Kind) -> st.SearchStrategy[str]:
    texts = bags(kind).map(lambda bag: codec.to_graph(kind, bag))
    somewhere = st.integers(0, 1_000)
    return st.builds(grafted, texts, somewhere, JSON) | st.builds(cut, texts, somewhere, st.integers(0, 9), TEXT)


def assert_clear(problems: list[Problem]) -> None:
    for problem in problems:
        assert problem.path.startswith("definition")
        assert problem.reason.isprintable()
        assert 0 < len(problem.reason.encode()) <= 1_000


def assert_judged(kind: Kind, text: str) -> None:
    for value in (text, [text]):
        refused = readings.problems(kind, value)
        bag = readings.bag(kind, value)
        assert_clear(refused)
        assert bag is value if refused else codec.from_graph(kind, codec.to_graph(kind, bag)) == bag
    read = codec.from_graph(kind, text)
    assert_clear(codec.warnings(kind, read, object()))
    assert json.loads(json.dumps(read, allow_nan=False, ensure_ascii=False).encode()) == read
    outputs = getattr(entra, kind.name.replace("Policy", "Definition"))
    assert isinstance(rpc.translate_output_properties(read, str, outputs, True), outputs)


@each_kind
@examples(700)
@given(text=st.text(CHARACTERS))
def test_any_text_is_judged(name: str, text: str) -> None:
    assert_judged(KINDS[name], text)


@each_kind
@examples(500)
@given(document=JSON)
def test_any_json_is_judged(name: str, document: Any) -> None:
    assert_judged(KINDS[name], json.dumps(document))
    assert_judged(KINDS[name], json.dumps({name: document}))
    assert_clear(readings.problems(KINDS[name], document))


@each_kind
@examples(800)
@given(data=st.data())
def test_any_broken_definition_is_judged(name: str, data: st.DataObject) -> None:
    assert_judged(KINDS[name], data.draw(broken(KINDS[name])))
