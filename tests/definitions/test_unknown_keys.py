"""Keys that nobody here knows: refused as keywords, warned of in Graph's own forms, kept where they were found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.definitions import readings
from tests.definitions.issuance import KIND, rooted, text

from pulumi_entra_policies.definitions import KINDS, codec
from pulumi_entra_policies.definitions.nearest import nearest
from pulumi_entra_policies.definitions.values import found

CLAIMS = KINDS["ClaimsMappingPolicy"]
OWN = "To send it on purpose, give the definition in Graph's own form, "


def checked(value: Any, kind: Any = KIND) -> list[tuple[str, str]]:
    """What check says of a definition that has come over the wire."""
    sent = json.loads(json.dumps(readings.given(kind, value)))
    return [(problem.path, problem.reason) for problem in readings.problems(kind, sent)]


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("saml_token_vesion", 'did you mean "saml_token_version"?'),
        ("samlTokenVesion", 'did you mean "samlTokenVersion"?'),
        ("SamlTokenVesion", 'did you mean "samlTokenVersion"?'),
        ("SAML_TOKEN_VERSIONS", 'did you mean "saml_token_version"?'),
        ("versoin", 'did you mean "version"?'),
        (
            "colour",
            'known are "version", "signing_algorithm", "saml_token_version", "token_response_signing_policy", '
            '"emit_saml_name_format".',
        ),
    ],
)
def test_unknown_keyword_is_refused_with_the_nearest_name(key: str, advice: str) -> None:
    expected = (f"definition.{key}", f'is not known here: {advice} {OWN}{{"TokenIssuancePolicy": {{…}}}}')
    assert checked({key: "2.0"}) == [expected]


def test_unknown_keyword_in_a_part_is_refused_with_its_path() -> None:
    ((path, reason),) = checked({"claims_schema": [{"value": "a"}, {"value": "b", "jwt_claim_typ": "c"}]}, CLAIMS)
    assert path == "definition.claimsSchema[1].jwt_claim_typ"
    assert reason == f'is not known here: did you mean "jwt_claim_type"? {OWN}{{"ClaimsMappingPolicy": {{…}}}}'


def test_unknown_keyword_is_refused_beside_all_other_problems() -> None:
    paths = [path for path, _ in checked({"vesion": 1, "saml_token_version": "3", "Emit": True})]
    assert paths == ["definition.Emit", "definition.vesion", "definition.samlTokenVersion"]


@pytest.mark.parametrize("value", [5, "text", [{}], {"a": 1}, object()])
def test_unknown_keyword_is_refused_whatever_its_value(value: Any) -> None:
    (problem,) = readings.problems(KIND, readings.given(KIND, {"retentionPolicy": value, "version": 1}))
    assert problem.path == "definition.retentionPolicy"


def test_unknown_keyword_without_a_value_is_not_there() -> None:
    assert readings.given(KIND, {"colour": None}) == {"version": 1}


@pytest.mark.parametrize("form", [rooted, text, lambda **keys: [text(**keys)]], ids=["mapping", "JSON", "array"])
def test_unknown_key_in_graphs_own_form_is_sent_with_a_warning(form: Any) -> None:
    definition = form(SamlTokenVesion="2.0", Colour=[1])
    assert checked(definition) == []
    assert readings.given(KIND, definition) == {"version": 1, "SamlTokenVesion": "2.0", "Colour": [1]}
    assert [(warning.path, warning.reason) for warning in readings.sent_unknown(KIND, definition)] == [
        ("definition.Colour", "is not known here, and sent as it is"),
        ("definition.SamlTokenVesion", 'is not known here, and sent as it is: did you mean "SamlTokenVersion"?'),
    ]


def test_unknown_key_in_a_part_of_graphs_own_form_is_a_warning_with_its_path() -> None:
    definition = {"ClaimsMappingPolicy": {"Version": 1, "ClaimsSchema": [{"Value": "a", "JwtClaim": "b"}]}}
    (warning,) = readings.sent_unknown(CLAIMS, definition)
    assert warning.path == "definition.claimsSchema[0].JwtClaim"
    assert warning.reason.endswith('did you mean "JwtClaimType"?')


@pytest.mark.parametrize(
    "definition",
    [{"colour": 1}, object(), "no JSON", rooted("Other", Colour=1), text(version=1, Colour=1), found({"colour": 1})],
    ids=["keywords", "not known yet", "no JSON", "another root", "a key twice", "found"],
)
def test_nothing_is_warned_of_where_nothing_unknown_is_sent(definition: Any) -> None:
    assert readings.sent_unknown(KIND, definition) == []


@pytest.mark.parametrize(
    "definition",
    [object(), [object()], "no JSON", {1: 2}, rooted("ClaimsMappingPolicy"), rooted(Version=2)],
    ids=["not known yet", "array of it", "no JSON", "no names", "another root", "not valid"],
)
def test_what_makes_no_bag_goes_to_check_as_it_is(definition: Any) -> None:
    assert readings.given(KIND, definition) is definition


def test_what_was_found_can_be_given_again() -> None:
    definition = '{"ClaimsMappingPolicy":{"Version":1,"ClaimsSchema":[{"New":{"a":[1]},"Value":"b"}],"Alpha":1}}'
    theirs = found(codec.from_graph(CLAIMS, definition))
    assert checked(theirs, CLAIMS) == []
    assert readings.given(CLAIMS, theirs) == theirs
    assert {type(key) for key in readings.given(CLAIMS, theirs)} == {str}
    assert checked({"claims_schema": theirs["claimsSchema"]}, CLAIMS) == []
    assert [path for path, _ in checked({**theirs, "Beta": 1}, CLAIMS)] == ["definition.Beta"]


def test_unknown_key_that_the_state_has_passes_check() -> None:
    bag = codec.from_graph(KIND, text(Colour=1))  # as ignore_changes puts it in place of the program's
    assert readings.problems(KIND, bag) == []
    assert readings.bag(KIND, bag) == bag


@pytest.mark.parametrize(
    ("name", "expected"), [("VERSOIN", "version"), ("version", "version"), ("", None), ("q", None)]
)
def test_nearest_name_is_found_in_any_letter_case(name: str, expected: str | None) -> None:
    assert nearest(name, ["version", "samlTokenVersion"]) == expected
