import json
import sys
from dataclasses import replace
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any

import pytest
from pulumi.runtime import rpc
from tests.definitions import readings
from tests.definitions.issuance import BAG, GRAPH, KIND, RSA_SHA1, RSA_SHA256, SNAKE, rooted, text

from pulumi_entra_policies.definitions import codec
from pulumi_entra_policies.definitions.fields import Field
from pulumi_entra_policies.definitions.forms import SIGNATURE
from pulumi_entra_policies.definitions.values import Problem


class Version(str, Enum):
    TWO = "2.0"


class Plain(Enum):
    TWO = "2.0"


class Number(IntEnum):
    ONE = 1


def problems(value: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in readings.problems(KIND, value)]


def only_problem(value: Any) -> tuple[str, str]:
    (problem,) = problems(value)
    return problem


# -- accepted ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(SNAKE, id="snake_case"),
        pytest.param(BAG, id="camelCase"),
        pytest.param(MappingProxyType(SNAKE), id="any mapping"),
        pytest.param({"TokenIssuancePolicy": GRAPH}, id="Graph's mapping"),
        pytest.param(json.dumps({"TokenIssuancePolicy": GRAPH}), id="JSON"),
        pytest.param(json.dumps({"TokenIssuancePolicy": GRAPH}, indent=2), id="JSON with whitespace"),
        pytest.param([json.dumps({"TokenIssuancePolicy": GRAPH})], id="Graph's array"),
        pytest.param((json.dumps({"TokenIssuancePolicy": GRAPH}),), id="a tuple"),
        pytest.param({**SNAKE, "saml_token_version": Version.TWO}, id="a string enumeration"),
        pytest.param({**SNAKE, "saml_token_version": Plain.TWO}, id="a plain enumeration"),
        pytest.param({**SNAKE, "version": Number.ONE}, id="an integer enumeration"),
        pytest.param({**SNAKE, "version": 1.0, "saml_token_version": 2.0}, id="the wire's floats"),
        pytest.param({**SNAKE, "version": "1", "saml_token_version": 2}, id="loose numbers"),
        pytest.param({**SNAKE, "emit_saml_name_format": "True"}, id="loose boolean"),
        pytest.param(dict(reversed(SNAKE.items())), id="another order"),
    ],
)
def test_every_accepted_form_becomes_the_same_bag(value: Any) -> None:
    assert problems(value) == []
    assert readings.bag(KIND, value) == BAG
    assert list(readings.bag(KIND, value)) == list(BAG)


def test_enumeration_becomes_its_plain_value() -> None:
    bag = readings.bag(KIND, {"saml_token_version": Version.TWO, "Other": [Version.TWO]})
    assert [type(bag["samlTokenVersion"]), type(bag["Other"][0])] == [str, str]


@pytest.mark.parametrize("value", [{}, {"saml_token_version": None}, {"version": None}], ids=str)
def test_keyword_form_gets_defaults(value: Any) -> None:
    assert readings.bag(KIND, value) == {"version": 1}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"TokenIssuancePolicy": {"SamlTokenVersion": "2.0"}}, id="mapping"),
        pytest.param('{"TokenIssuancePolicy":{"SamlTokenVersion":"2.0"}}', id="JSON"),
        pytest.param(['{"TokenIssuancePolicy":{"SamlTokenVersion":"2.0"}}'], id="array"),
    ],
)
def test_graphs_own_form_gets_no_defaults(value: Any) -> None:
    assert only_problem(value) == ("definition.version", "is required: add version: 1")
    assert readings.bag(KIND, value) is value


def test_bag_of_a_bag_is_the_same_bag() -> None:
    bag = readings.bag(KIND, {**SNAKE, "Zeta": {"b": 1.0}})
    assert readings.bag(KIND, bag) == bag


def test_unknown_key_is_kept_behind_the_declared_ones() -> None:
    bag = readings.bag(KIND, {"Zeta": 1, "saml_token_version": "1.1", "Alpha": {"inner_key": [None, 2.0]}})
    assert list(bag) == ["version", "samlTokenVersion", "Alpha", "Zeta"]
    assert bag["Alpha"] == {"inner_key": [None, 2]}


def test_definition_without_a_reading_is_no_argument() -> None:
    path, reason = only_problem(codec.from_graph(KIND, '{"a": \n'))
    assert (path, reason) == ("definition", r'had no reading where it was found: "{"a": \n"')


@pytest.mark.parametrize("value", [5, "text", [{}], {"a": 1}])
def test_unknown_key_named_like_a_policy_is_no_root(value: Any) -> None:
    assert readings.bag(KIND, {"retentionPolicy": value}) == {"version": 1, "retentionPolicy": value}


def test_unknown_keys_that_differ_in_case_are_two_keys() -> None:
    assert readings.bag(KIND, {"Key": 1, "key": 2}) == {"version": 1, "Key": 1, "key": 2}


# -- not known yet -----------------------------------------------------------------------------------------------------

UNKNOWN = object()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(UNKNOWN, id="all of it"),
        pytest.param([UNKNOWN], id="the string in Graph's array"),
        pytest.param({"TokenIssuancePolicy": UNKNOWN}, id="what is under the root"),
        pytest.param({"ClaimsMappingPolicy": UNKNOWN}, id="what is under another root"),
    ],
)
def test_form_that_is_not_known_yet_passes_untouched(value: Any) -> None:
    assert problems(value) == []
    assert readings.bag(KIND, value) is value


@pytest.mark.parametrize(
    ("value", "bag"),
    [
        pytest.param({"saml_token_version": UNKNOWN}, {"version": 1, "samlTokenVersion": UNKNOWN}, id="keyword"),
        pytest.param({"version": UNKNOWN}, {"version": UNKNOWN}, id="instead of a default"),
        pytest.param(rooted(SamlTokenVersion=UNKNOWN), {"version": 1, "samlTokenVersion": UNKNOWN}, id="Graph's"),
        pytest.param({"Other": [{"a": UNKNOWN}]}, {"version": 1, "Other": [{"a": UNKNOWN}]}, id="deep"),
    ],
)
def test_property_that_is_not_known_yet_passes_inside_the_bag(value: Any, bag: Any) -> None:
    assert problems(value) == []
    assert readings.bag(KIND, value) == bag


def test_known_problem_beside_an_unknown_is_still_found() -> None:
    path, _ = only_problem({"signing_algorithm": UNKNOWN, "saml_token_version": "3"})
    assert path == "definition.samlTokenVersion"


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        pytest.param(
            {"saml_token_version": "3.0"},
            "definition.samlTokenVersion",
            '"3.0" is not allowed; allowed are "1.1", "2.0"',
            id="value",
        ),
        pytest.param(
            {"signingAlgorithm": "rsa-sha256"},
            "definition.signingAlgorithm",
            f'"rsa-sha256" is not allowed; allowed are "{RSA_SHA256}", "{RSA_SHA1}"',
            id="algorithm",
        ),
        pytest.param(
            text(TokenResponseSigningPolicy="Both"),
            "definition.tokenResponseSigningPolicy",
            '"Both" is not allowed; allowed are "ResponseOnly", "TokenOnly", "ResponseAndToken"',
            id="in JSON",
        ),
        pytest.param({"version": 2}, "definition.version", "2 is not allowed; allowed are 1", id="version"),
        pytest.param({"version": True}, "definition.version", "must be a whole number, not true", id="true for 1"),
        pytest.param({"version": 1.5}, "definition.version", "must be a whole number, not 1.5", id="half"),
        pytest.param({"version": "one"}, "definition.version", 'must be a whole number, not "one"', id="word for 1"),
        pytest.param(
            {"emit_saml_name_format": "yes"},
            "definition.emitSamlNameFormat",
            'must be true or false, not "yes"',
            id="boolean",
        ),
        pytest.param(
            {"emit_saml_name_format": 1},
            "definition.emitSamlNameFormat",
            "must be true or false, not 1",
            id="1 for true",
        ),
        pytest.param(
            {"saml_token_version": {"a": 1}},
            "definition.samlTokenVersion",
            "must be a string, not an object",
            id="object for a string",
        ),
        pytest.param(
            {"saml_token_version": ["2.0"]},
            "definition.samlTokenVersion",
            "must be a string, not a list",
            id="list for a string",
        ),
        pytest.param(
            {"saml_token_version": 3},
            "definition.samlTokenVersion",
            "must be a string, not 3",
            id="number for a string",
        ),
    ],
)
def test_refused_property_is_named_with_what_is_allowed(value: Any, path: str, reason: str) -> None:
    assert only_problem(value) == (path, reason)
    assert readings.bag(KIND, value) is value


def test_required_property_without_allowed_values_shows_no_example() -> None:
    kind = replace(KIND, fields=(Field("Owner", "string", "A note.", required=True),))
    assert readings.problems(kind, {}) == [Problem("definition.owner", "is required: add owner")]


def test_all_problems_are_found_at_once() -> None:
    value = '{"TokenIssuancePolicy":{"SamlTokenVersion":"3","EmitSamlNameFormat":5}}'
    assert [path for path, _ in problems(value)] == [
        "definition.version",
        "definition.samlTokenVersion",
        "definition.emitSamlNameFormat",
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, "must be an object or a JSON string, not null", id="null"),
        pytest.param(5, "must be an object or a JSON string, not 5", id="number"),
        pytest.param(True, "must be an object or a JSON string, not true", id="boolean"),
        pytest.param([], "must hold exactly one JSON string, not 0 of them", id="no string"),
        pytest.param([text(), text()], "must hold exactly one JSON string, not 2 of them", id="two strings"),
        pytest.param([rooted()], "must hold exactly one JSON string, not an object", id="array of an object"),
        pytest.param([None], "must hold exactly one JSON string, not null", id="array of null"),
        pytest.param('"text"', 'must be a JSON object, not "text"', id="JSON string in JSON"),
        pytest.param("[1]", "must be a JSON object, not a list", id="JSON list"),
        pytest.param("null", "must be a JSON object, not null", id="JSON null"),
        pytest.param("", 'is not valid JSON (Expecting value: line 1 column 1 (char 0)): ""', id="empty"),
        pytest.param("{'a': 1}", "is not valid JSON (Expecting property name", id="Python's quotes"),
        pytest.param('{"a": NaN}', "is not valid JSON (NaN is no JSON number)", id="NaN"),
        pytest.param('{"a": -Infinity}', "is not valid JSON (-Infinity is no JSON number)", id="infinity"),
        pytest.param('{"a": 1e400}', "cannot be written as JSON: Out of range float", id="too large"),
        pytest.param('{"a": 1, "a": 1}', 'is not valid JSON (the key "a" stands twice)', id="key twice"),
        pytest.param(
            '{"r": {"a": 1, "b": 2, "b": 3}}', 'is not valid JSON (the key "b" stands twice)', id="deep twice"
        ),
        pytest.param('{"\\ud800": 1, "\\ud800": 2}', r'(the key "\ud800" stands twice)', id="surrogate twice"),
        pytest.param('{"a": "\\ud800"}', "cannot be written as JSON: 'utf-8' codec", id="lone surrogate in JSON"),
        pytest.param('{"a": "\ud800"}', "cannot be written as JSON: 'utf-8' codec", id="raw lone surrogate"),
        pytest.param(
            "\ud800", r'is not valid JSON (Expecting value: line 1 column 1 (char 0)): "\ud800"', id="no text"
        ),
        pytest.param({"a": "\ud800"}, "cannot be written as JSON: 'utf-8' codec", id="lone surrogate"),
        pytest.param({"a": float("nan")}, "cannot be written as JSON: Out of range float", id="not a number"),
        pytest.param({"a": [{SIGNATURE: "x"}]}, "which Pulumi keeps for values of its own", id="Pulumi's own key"),
        pytest.param({1: 2}, "must have names as keys, not 1", id="number as key"),
        pytest.param({"a": [{(1, 2): 3}]}, "must have names as keys, not a list", id="pair as inner key"),
        pytest.param(
            {"a": 2**53 + 1}, "holds 9007199254740993, a whole number that Pulumi would round", id="long number"
        ),
        pytest.param('{"a": 9007199254740993}', "holds 9007199254740993, a whole number", id="long number in JSON"),
        pytest.param({"a": [10**400]}, "holds a huge number, a whole number", id="number beyond floats"),
        pytest.param({"a": -(10**5000)}, "holds a huge number, a whole number", id="number beyond Python's text"),
        pytest.param(10**5000, "must be an object or a JSON string, not a huge number", id="such a number alone"),
    ],
)
def test_value_that_is_no_definition_is_refused_whole(value: Any, reason: str) -> None:
    path, found = only_problem(value)
    assert path == "definition"
    assert reason in found
    assert readings.bag(KIND, value) is value


@pytest.mark.parametrize("value", ["{" * 7, "\ud800", {"a": "\ud800"}, '{"\\ud800":1,"\\ud800":1}'], ids=range(4))
def test_reason_can_always_be_printed(value: Any) -> None:
    assert only_problem(value)[1].encode()


def test_pulumis_own_key_in_a_tenant_never_gets_to_pulumi() -> None:
    found = json.dumps(rooted() | {"TokenIssuancePolicy": {"a": {SIGNATURE: rpc._special_asset_sig}}})

    assert rpc._special_sig_key == SIGNATURE
    assert codec.from_graph(KIND, found) == {"unreadable": found}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


TOO_DEEP = ("definition", "is nested deeper than 64 levels")


@pytest.mark.parametrize("depth", [63, 300, sys.getrecursionlimit(), 100_000])
def test_huge_nesting_is_one_problem(depth: int) -> None:
    opened = f'{{"TokenIssuancePolicy":{{"Version":1,"a":{"[" * depth}{"]" * depth}}}}}'
    assert only_problem(opened) == TOO_DEEP
    assert codec.from_graph(KIND, opened) == {"unreadable": opened}


def test_huge_nesting_of_a_mapping_is_one_problem() -> None:
    circular: list[Any] = []
    circular += [circular, circular]
    assert only_problem({"a": nested(3000)}) == only_problem({"a": circular}) == TOO_DEEP


def test_nesting_up_to_the_limit_survives_everything() -> None:
    bag = {"version": 1, "a": nested(62), "b": 2**60, "c": int(1e300)}
    assert readings.bag(KIND, bag) == bag
    assert codec.from_graph(KIND, codec.to_graph(KIND, bag)) == bag
    assert codec.same(KIND, bag, json.loads(json.dumps(bag)))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param(rooted("ClaimsMappingPolicy"), '"ClaimsMappingPolicy"', id="another policy"),
        pytest.param(text("ClaimsMappingPolicy"), '"ClaimsMappingPolicy"', id="another policy in JSON"),
        pytest.param(rooted("tokenIssuancePolicy"), '"tokenIssuancePolicy"', id="letter case"),
        pytest.param({**rooted(), "Other": 1}, '"TokenIssuancePolicy" and "Other"', id="two keys"),
        pytest.param({"TokenIssuancePolicy": 5}, '"TokenIssuancePolicy"', id="over no object"),
        pytest.param('{"TokenIssuancePolicy": [1]}', '"TokenIssuancePolicy"', id="over a list"),
        pytest.param('{"Version": 1}', '"Version"', id="JSON without root"),
        pytest.param("{}", "none", id="empty JSON"),
        pytest.param('{"a":1,"b":2,"c":3}', '"a" and "b" and "c"', id="three keys"),
        pytest.param(json.dumps(dict.fromkeys("abcdefgh", 1)), '"a" and "b" and "c" and 5 more', id="many keys"),
    ],
)
def test_wrong_root_is_refused(value: Any, found: str) -> None:
    path, reason = only_problem(value)
    assert path == "definition"
    assert reason == f'must have exactly one root key, "TokenIssuancePolicy", over an object; found {found}'


@pytest.mark.parametrize(
    ("value", "twice"),
    [
        pytest.param(
            {"saml_token_version": "2.0", "samlTokenVersion": "2.0"}, "samlTokenVersion", id="snake and camel"
        ),
        pytest.param(
            {"samlTokenVersion": "2.0", "SamlTokenVersion": "1.1"}, "SamlTokenVersion", id="camel and Graph's"
        ),
        pytest.param(text(SamlTokenVersion="2.0", samltokenversion="2.0"), "samltokenversion", id="letter case"),
    ],
)
def test_property_under_two_spellings_is_refused(value: Any, twice: str) -> None:
    assert only_problem(value) == ("definition.samlTokenVersion", f'is given twice, once as "{twice}"')


# -- to Graph ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bag", "expected"),
    [
        pytest.param({"version": 1}, '{"TokenIssuancePolicy":{"Version":1}}', id="least"),
        pytest.param(
            dict(reversed(BAG.items())),
            f'{{"TokenIssuancePolicy":{{"Version":1,"SigningAlgorithm":"{RSA_SHA256}","SamlTokenVersion":"2.0",'
            '"TokenResponseSigningPolicy":"ResponseAndToken","EmitSamlNameFormat":true}}',
            id="declared order",
        ),
        pytest.param(
            {"Zeta": "é☃", "version": 1, "Alpha": {"b": [1, None, False], "a": 1.5}},
            '{"TokenIssuancePolicy":{"Version":1,"Alpha":{"b":[1,null,false],"a":1.5},"Zeta":"é☃"}}',
            id="unknown keys",
        ),
    ],
)
def test_to_graph_writes_these_bytes(bag: dict[str, Any], expected: str) -> None:
    assert codec.to_graph(KIND, bag) == expected


# -- from Graph --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        pytest.param('"Version":"1"', {"version": 1}, id="number as text"),
        pytest.param('"Version":1.0', {"version": 1}, id="number as float"),
        pytest.param('"SamlTokenVersion":2.0', {"samlTokenVersion": "2.0"}, id="text as number"),
        pytest.param('"SamlTokenVersion":1.1', {"samlTokenVersion": "1.1"}, id="text as fraction"),
        pytest.param('"SamlTokenVersion":7', {"samlTokenVersion": 7}, id="number that means nothing"),
        pytest.param('"EmitSamlNameFormat":"TRUE"', {"emitSamlNameFormat": True}, id="boolean as text"),
        pytest.param('"EmitSamlNameFormat":"maybe"', {"emitSamlNameFormat": "maybe"}, id="text that means nothing"),
        pytest.param('"EmitSAMLNameFormat":false', {"emitSamlNameFormat": False}, id="letter case"),
        pytest.param('"SamlTokenVersion":"9.9"', {"samlTokenVersion": "9.9"}, id="value that is not allowed"),
        pytest.param('"Foo":{"Bar":"1"}', {"Foo": {"Bar": "1"}}, id="unknown key"),
        pytest.param("", {}, id="nothing, and no defaults"),
    ],
)
def test_tenants_definition_is_read_leniently(properties: str, expected: Any) -> None:
    assert codec.from_graph(KIND, f'{{"TokenIssuancePolicy":{{{properties}}}}}') == expected


def test_root_in_another_letter_case_is_read() -> None:
    assert codec.from_graph(KIND, '{"tokenissuancepolicy":{"Version":1}}') == {"version": 1}


@pytest.mark.parametrize("broken", ["", "no JSON", "[1]", '{"a":NaN}', '{"a":1,"a":2}', '{"a":1e999}'], ids=str)
def test_unreadable_definition_is_kept_whole(broken: str) -> None:
    assert codec.from_graph(KIND, broken) == {"unreadable": broken}


@pytest.mark.parametrize(
    "document",
    [rooted("ClaimsMappingPolicy"), {**rooted(), "Other": 1}, {"TokenIssuancePolicy": 5}, {"Version": 1}],
    ids=["another policy", "two keys", "over no object", "no root"],
)
def test_definition_of_another_shape_is_shown_as_it_is(document: Any) -> None:
    assert codec.from_graph(KIND, json.dumps(document)) == document


def test_round_trip_gives_the_same_bag_and_the_same_bytes() -> None:
    sent = codec.to_graph(KIND, BAG)
    assert codec.from_graph(KIND, sent) == BAG
    assert codec.to_graph(KIND, codec.from_graph(KIND, sent)) == sent


# -- same --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"version": 1}, {"version": 1.0}, True, id="float"),
        pytest.param({"version": 1}, {"version": "1"}, True, id="text"),
        pytest.param({"emitSamlNameFormat": True}, {"emitSamlNameFormat": "true"}, True, id="boolean"),
        pytest.param({"samlTokenVersion": "2.0"}, {"samlTokenVersion": 2}, True, id="number"),
        pytest.param({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}, True, id="order"),
        pytest.param({"version": 1}, {"version": 1, "a": None}, True, id="nothing under a key"),
        pytest.param({"version": 1}, {"version": 1, "a": 1}, False, id="one key more"),
        pytest.param({"samlTokenVersion": "2.0"}, {"samlTokenVersion": "1.1"}, False, id="value"),
        pytest.param({"a": [1, 2]}, {"a": [2, 1]}, False, id="order of a list"),
        pytest.param({"a": 1}, {"a": True}, False, id="1 and true under an unknown key"),
        pytest.param({"a": "1"}, {"a": 1}, False, id="text and number under an unknown key"),
        pytest.param({"a": UNKNOWN}, {"a": 1}, False, id="not known yet"),
        pytest.param({"unreadable": "x"}, {"version": 1}, False, id="unreadable"),
        pytest.param({"version": 1, "Version": 1}, {"version": 1}, False, id="a field twice"),
        pytest.param(
            {"version": 1, "Version": 1}, {"Version": 1, "version": 1}, True, id="a field twice on both sides"
        ),
        pytest.param(None, {"version": 1}, False, id="nothing before"),
        pytest.param(None, None, True, id="nothing at all"),
        pytest.param(UNKNOWN, {"version": 1}, False, id="all of it not known yet"),
    ],
)
def test_same_compares_by_meaning(one: Any, other: Any, expected: bool) -> None:
    assert codec.same(KIND, one, other) is expected
    assert codec.same(KIND, other, one) is expected


@pytest.mark.parametrize(
    "inner", ['"samltokenversion":"2.0","SAMLTokenVersion":"1.1"', '"SamlTokenVersion":"1.1","samlTokenVersion":"2.0"']
)
def test_tenants_definition_with_a_field_twice_is_shown_whole(inner: str) -> None:
    definition = f'{{"TokenIssuancePolicy":{{{inner}}}}}'
    assert codec.from_graph(KIND, definition) == {"unreadable": definition}


def test_tenants_key_in_pythons_spelling_is_a_key_that_we_do_not_know() -> None:
    read = codec.from_graph(KIND, '{"TokenIssuancePolicy":{"Version":1,"saml_token_version":"2.0"}}')
    assert read == {"version": 1, "saml_token_version": "2.0"}
    assert not codec.same(KIND, read, {"version": 1, "samlTokenVersion": "2.0"})
