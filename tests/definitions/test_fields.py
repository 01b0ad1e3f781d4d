from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from tests.definitions.issuance import KIND

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.fields import Field
from pulumi_entra_policies.definitions.values import Problem, flag_problems, is_known, plain, shown


@pytest.mark.parametrize(
    ("graph", "wire", "python"),
    [
        ("Version", "version", "version"),
        ("SamlTokenVersion", "samlTokenVersion", "saml_token_version"),
        ("EmitSamlNameFormat", "emitSamlNameFormat", "emit_saml_name_format"),
    ],
)
def test_field_has_three_spellings(graph: str, wire: str, python: str) -> None:
    field = Field(graph, "string", "A note.")
    assert (field.graph, field.wire, field.python) == (graph, wire, python)


@pytest.mark.parametrize(
    "key", ["SamlTokenVersion", "samlTokenVersion", "saml_token_version", "SAMLTokenVersion", "SAML_Token_Version"]
)
def test_any_spelling_of_a_keyword_finds_the_field(key: str) -> None:
    field = KIND.keyword(key)
    assert field is not None
    assert field.wire == "samlTokenVersion"


def test_pythons_spelling_means_nothing_to_graph() -> None:
    assert KIND.field("saml_token_version") is None


def test_unknown_key_finds_no_field() -> None:
    assert KIND.field("Description") is None


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_kind_is_declared_consistently(kind: Any) -> None:
    wires = [field.wire for field in kind.fields]
    assert len(set(wires)) == len(wires)
    assert all(field.problem(field.normal(value)) is None for field in kind.fields for value in field.choices)
    assert all(field.default in field.choices for field in kind.fields if field.default is not None)
    assert kind.collection == f"{kind.name[0].lower()}{kind.name[1:-1]}ies"


def test_field_without_allowed_values_takes_any_of_its_type() -> None:
    field = Field("Name", "string", "A note.")
    assert field.problem("anything") is None
    assert field.problem(5) == "must be a string, not 5"
    assert field.normal(5) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("-5", -5), ("0015", 15), ("1.0", "1.0"), ("", ""), ("٣", "٣"), ("9" * 16, "9" * 16), ("1\n", "1\n")],
)
def test_text_is_read_as_a_whole_number_where_it_is_one(text: str, expected: Any) -> None:
    assert Field("Count", "integer", "A note.").normal(text) == expected


@pytest.mark.parametrize("value", [None, "", True, 1, 1.5, [], (), {}, MappingProxyType({})], ids=repr)
def test_plain_data_is_known(value: Any) -> None:
    assert is_known(value)


def test_object_of_the_hosts_own_is_not_known_and_stays_itself() -> None:
    unknown = object()
    assert not is_known(unknown)
    assert plain({"a": [unknown]})["a"][0] is unknown
    assert Field("Count", "integer", "A note.").problem(unknown) is None


@pytest.mark.parametrize("value", [None, True, False, object()])
def test_switch_may_be_left_out_or_not_be_known_yet(value: Any) -> None:
    assert flag_problems("forceDestroy", value) == []


@pytest.mark.parametrize(("value", "found"), [("true", '"true"'), (1, "1"), ({}, "an object")])
def test_other_switch_is_refused(value: Any, found: str) -> None:
    assert flag_problems("forceDestroy", value) == [Problem("forceDestroy", f"must be true or false, not {found}")]


def test_plain_drops_what_is_none_but_not_inside_lists() -> None:
    assert plain({"a": None, "b": {"c": None}, "d": [None]}) == {"b": {}, "d": [None]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", '"a"'),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        ("x" * 200, '"' + "x" * 96 + "..."),
        ("\ud800", '"\\ud800"'),
        ("a\nb\x1b\u2028\xa0é☃", r'"a\nb\x1b\u2028\xa0é☃"'),
        ("\n" * 60, '"' + r"\n" * 48 + "..."),
        (MappingProxyType({}), "an object"),
        ((1, "\n"), "a list"),
        (10**99, "1" + "0" * 99),
        (-(10**100), "a huge number"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_value_is_shown_short_and_in_jsons_words(value: Any, expected: str) -> None:
    assert shown(value) == expected
