from __future__ import annotations

import json
from typing import Any

import pytest
from tests.definitions import readings

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS, codec
from pulumi_entra_policies.definitions.values import snake
from pulumi_entra_policies.resources.arguments import normal

KIND = KINDS["ClaimsMappingPolicy"]
UNKNOWN = object()

GRAPH = {
    "Version": 1,
    "IncludeBasicClaimSet": True,
    "ClaimsSchema": [
        {"Source": "user", "ID": "employeeid", "JwtClaimType": "employee_id"},
        {"Source": "user", "ExtensionID": "extension_1_badge", "SamlClaimType": "https://example.edu/badge"},
        {
            "Source": "transformation",
            "ID": "joined",
            "TransformationId": "Join1",
            "SamlClaimType": "https://example.edu/joined",
            "SAMLNameForm": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        },
        {"Value": "fixed", "JwtClaimType": "constant"},
    ],
    "ClaimsTransformations": [
        {
            "ID": "Join1",
            "TransformationMethod": "Join",
            "InputClaims": [
                {
                    "ClaimTypeReferenceId": "employeeid",
                    "TransformationClaimType": "string1",
                    "TreatAsMultiValue": False,
                }
            ],
            "InputParameters": [{"ID": "separator", "Value": "."}],
            "OutputClaims": [{"ClaimTypeReferenceId": "joined", "TransformationClaimType": "outputClaim"}],
        }
    ],
    "GroupFilter": {"MatchOn": "displayname", "Type": "prefix", "Value": "app-"},
}
BAG = {
    "version": 1,
    "includeBasicClaimSet": True,
    "claimsSchema": [
        {"source": "user", "id": "employeeid", "jwtClaimType": "employee_id"},
        {"source": "user", "extensionId": "extension_1_badge", "samlClaimType": "https://example.edu/badge"},
        {
            "source": "transformation",
            "id": "joined",
            "transformationId": "Join1",
            "samlClaimType": "https://example.edu/joined",
            "samlNameForm": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        },
        {"value": "fixed", "jwtClaimType": "constant"},
    ],
    "claimsTransformations": [
        {
            "id": "Join1",
            "transformationMethod": "Join",
            "inputClaims": [
                {
                    "claimTypeReferenceId": "employeeid",
                    "transformationClaimType": "string1",
                    "treatAsMultiValue": False,
                }
            ],
            "inputParameters": [{"id": "separator", "value": "."}],
            "outputClaims": [{"claimTypeReferenceId": "joined", "transformationClaimType": "outputClaim"}],
        }
    ],
    "groupFilter": {"matchOn": "displayname", "type": "prefix", "value": "app-"},
}
SNAKE = {
    "include_basic_claim_set": "True",
    "claims_schema": (
        {"source": entra.ClaimSource.USER, "id": "employeeid", "jwt_claim_type": "employee_id"},
        {"source": "USER", "extension_id": "extension_1_badge", "saml_claim_type": "https://example.edu/badge"},
        {
            "source": "transformation",
            "id": "joined",
            "transformation_id": "Join1",
            "saml_claim_type": "https://example.edu/joined",
            "saml_name_form": entra.SamlNameForm.URI,
        },
        {"value": "fixed", "jwt_claim_type": "constant", "saml_claim_type": None},
    ),
    "claims_transformations": [
        {
            "id": "Join1",
            "transformation_method": "join",
            "input_claims": [
                {
                    "claim_type_reference_id": "employeeid",
                    "transformation_claim_type": "string1",
                    "treat_as_multi_value": "false",
                }
            ],
            "input_parameters": [{"id": "separator", "value": "."}],
            "output_claims": [{"claim_type_reference_id": "joined", "transformation_claim_type": "outputClaim"}],
        }
    ],
    "group_filter": {"match_on": "DisplayName", "type": "prefix", "value": "app-"},
}
TYPED = entra.ClaimsMappingDefinitionArgs(
    include_basic_claim_set=True,
    claims_schema=[
        entra.ClaimsSchemaEntryArgs(source=entra.ClaimSource.USER, id="employeeid", jwt_claim_type="employee_id"),
        {"Source": "user", "ExtensionID": "extension_1_badge", "samlClaimType": "https://example.edu/badge"},
        entra.ClaimsSchemaEntryArgs(
            source=entra.ClaimSource.TRANSFORMATION,
            id="joined",
            transformation_id="Join1",
            saml_claim_type="https://example.edu/joined",
            saml_name_form=entra.SamlNameForm.URI,
        ),
        entra.ClaimsSchemaEntryArgs(value="fixed", jwt_claim_type="constant"),
    ],
    claims_transformations=[
        entra.ClaimsTransformationArgs(
            id="Join1",
            transformation_method=entra.TransformationMethod.JOIN,
            input_claims=[
                entra.TransformationInputClaimArgs(
                    claim_type_reference_id="employeeid",
                    transformation_claim_type="string1",
                    treat_as_multi_value=False,
                )
            ],
            input_parameters=[entra.TransformationInputParameterArgs(id="separator", value=".")],
            output_claims=[
                entra.TransformationOutputClaimArgs(
                    claim_type_reference_id="joined", transformation_claim_type="outputClaim"
                )
            ],
        )
    ],
    group_filter=entra.GroupFilterArgs(
        match_on=entra.GroupFilterAttribute.DISPLAY_NAME, type=entra.GroupFilterType.PREFIX, value="app-"
    ),
)


def schema(*entries: Any) -> dict[str, Any]:
    return {"version": 1, "claimsSchema": list(entries)}


def transformation(**properties: Any) -> dict[str, Any]:
    return {"id": "t", "transformationMethod": "Join", **properties}


def problems(value: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in readings.problems(KIND, value)]


def warned(value: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in codec.warnings(KIND, readings.bag(KIND, value))]


# -- accepted ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(TYPED, id="typed"),
        pytest.param(SNAKE, id="snake_case"),
        pytest.param(BAG, id="camelCase"),
        pytest.param({"ClaimsMappingPolicy": GRAPH}, id="Graph's mapping"),
        pytest.param(GRAPH, id="Graph's keys without the root"),
        pytest.param(json.dumps({"ClaimsMappingPolicy": GRAPH}, indent=2), id="JSON"),
        pytest.param([json.dumps({"ClaimsMappingPolicy": GRAPH}, sort_keys=True)], id="Graph's array"),
    ],
)
def test_every_spelling_becomes_the_same_bag_at_every_depth(value: Any) -> None:
    bag = normal(KIND, value)
    assert bag == BAG
    assert json.dumps(bag) == json.dumps(BAG)
    assert problems(bag) == []


def test_bag_becomes_graphs_spelling_at_every_depth() -> None:
    assert json.loads(codec.to_graph(KIND, BAG)) == {"ClaimsMappingPolicy": GRAPH}
    assert codec.from_graph(KIND, codec.to_graph(KIND, BAG)) == BAG


def test_unknown_keys_pass_at_every_depth() -> None:
    claim = {"claimTypeReferenceId": "a", "New": [{"deep_key": 1}]}
    value = {
        "version": 1,
        "claimsSchema": [{"source": "user", "id": "a", "Newer": "1"}],
        "claimsTransformation": [transformation(inputClaims=[claim], Newest={"Nested": None, "b": 2})],
        "groupFilter": {"Other": True},
    }
    expected = {**value, "claimsTransformation": [transformation(inputClaims=[claim], Newest={"b": 2})]}
    assert problems(value) == []
    assert readings.bag(KIND, value) == expected
    assert codec.from_graph(KIND, codec.to_graph(KIND, expected)) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"version": 1, "claimsSchema": UNKNOWN}, id="a list"),
        pytest.param(schema(UNKNOWN, {"value": "a"}), id="an entry"),
        pytest.param(schema({"source": UNKNOWN, "jwtClaimType": "a"}), id="a source, perhaps a transformation"),
        pytest.param(schema({"source": "user", "id": UNKNOWN}), id="an id"),
        pytest.param(schema({"source": "transformation", "transformationId": UNKNOWN}), id="a reference"),
        pytest.param({"version": 1, "claimsTransformation": [transformation(inputClaims=UNKNOWN)]}, id="inner list"),
        pytest.param({"version": 1, "claimsTransformation": [transformation(outputClaims=[UNKNOWN])]}, id="inner item"),
        pytest.param(
            {"version": 1, "claimsTransformation": [transformation(inputParameters=[{"value": UNKNOWN}])]}, id="leaf"
        ),
        pytest.param({"version": 1, "groupFilter": UNKNOWN}, id="an object"),
        pytest.param({"version": 1, "groupFilter": {"matchOn": UNKNOWN, "type": UNKNOWN}}, id="its properties"),
    ],
)
def test_what_is_not_known_yet_passes_at_every_depth(value: Any) -> None:
    assert problems(value) == []
    assert readings.bag(KIND, value) == value
    assert [path for path, _ in warned(value) if path != "definition.claimsTransformation"] == []


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        pytest.param({"claimsSchema": {"value": "a"}}, "claimsSchema", "must be a list, not an object", id="object"),
        pytest.param({"claimsSchema": "a"}, "claimsSchema", 'must be a list, not "a"', id="text for a list"),
        pytest.param(schema("a"), "claimsSchema[0]", 'must be an object, not "a"', id="text for an entry"),
        pytest.param(schema(None), "claimsSchema[0]", "must be an object, not null", id="null for an entry"),
        pytest.param(schema([{}]), "claimsSchema[0]", "must be an object, not a list", id="list for an entry"),
        pytest.param({"groupFilter": [{}]}, "groupFilter", "must be an object, not a list", id="list for an object"),
        pytest.param({"groupFilter": 5}, "groupFilter", "must be an object, not 5", id="number for an object"),
        pytest.param(
            {"claimsTransformation": [transformation(inputClaims={})]},
            "claimsTransformation[0].inputClaims",
            "must be a list, not an object",
            id="object for an inner list",
        ),
        pytest.param(
            schema({"source": {"a": 1}, "id": "a"}),
            "claimsSchema[0].source",
            "must be a string, not an object",
            id="object for a source",
        ),
        pytest.param(
            schema({"value": "a"}, {"source": "transformation", "id": "a"}),
            "claimsSchema[1].transformationId",
            'is required where source is "transformation"',
            id="no transformation",
        ),
        pytest.param(
            schema({"source": "moon"}),
            "claimsSchema[0].id",
            "is required where source is given: add id or extension_id",
            id="no id, another source",
        ),
        pytest.param(
            schema({"source": "company"}),
            "claimsSchema[0].id",
            "is required where source is given: add id or extension_id",
            id="no id",
        ),
        pytest.param(
            schema({"jwtClaimType": "a"}),
            "claimsSchema[0]",
            "says nothing about where its value comes from: add value, or source with id",
            id="no source",
        ),
        pytest.param(
            {"claimsTransformations": [{"transformationMethod": "Join"}]},
            "claimsTransformations[0].id",
            "is required: add id",
            id="no id of a transformation",
        ),
        pytest.param(
            {"claimsTransformations": [{"id": "a"}]},
            "claimsTransformations[0].transformationMethod",
            'is required: add transformation_method: "Join"',
            id="no method",
        ),
        pytest.param(
            {"claimsTransformations": [transformation(), transformation(inputClaims=[{}, {"treatAsMultiValue": 1}])]},
            "claimsTransformations[1].inputClaims[1].treatAsMultiValue",
            "must be true or false, not 1",
            id="deep",
        ),
        pytest.param(
            {
                "claimsTransformation": [
                    transformation(inputClaims=[{"treat_as_multi_value": 1, "TreatAsMultiValue": 1}])
                ]
            },
            "claimsTransformation[0].inputClaims[0].treatAsMultiValue",
            'is given twice, once as "TreatAsMultiValue"',
            id="deep, twice",
        ),
        pytest.param(
            {"groupFilter": {"matchOn": "mail"}},
            "groupFilter.matchOn",
            '"mail" is not allowed; allowed are "displayname", "samaccountname"',
            id="group attribute",
        ),
    ],
)
def test_refused_value_is_named_by_its_path(value: Any, path: str, reason: str) -> None:
    assert problems(value) == [(f"definition.{path}", reason)]
    assert readings.bag(KIND, value) is value


def test_all_problems_are_found_at_once_at_every_depth() -> None:
    value = {
        "includeBasicClaimSet": "perhaps",
        "claimsSchema": [{"source": 1, "samlNameForm": "x"}, {"source": "transformation", "id": 5}, "entry"],
        "claimsTransformations": [{"inputClaims": [{}, 7], "outputClaims": "none"}],
        "groupFilter": {"type": "regex", "value": 1},
    }
    assert [path.removeprefix("definition.") for path, _ in problems({"ClaimsMappingPolicy": value})] == [
        "version",
        "includeBasicClaimSet",
        "claimsSchema[0].id",
        "claimsSchema[0].source",
        "claimsSchema[0].samlNameForm",
        "claimsSchema[1].transformationId",
        "claimsSchema[1].id",
        "claimsSchema[2]",
        "claimsTransformations[0].id",
        "claimsTransformations[0].transformationMethod",
        "claimsTransformations[0].inputClaims[1]",
        "claimsTransformations[0].outputClaims",
        "groupFilter.type",
        "groupFilter.value",
    ]


# -- doubtful ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        pytest.param({"jwtClaimType": "Groups"}, "jwtClaimType", id="JWT"),
        pytest.param({"jwtClaimType": "XMS_anything"}, "jwtClaimType", id="prefix"),
        pytest.param(
            {"samlClaimType": "http://schemas.microsoft.com/WS/2008/06/identity/claims/Groups"},
            "samlClaimType",
            id="SAML",
        ),
    ],
)
def test_restricted_claim_is_a_warning(entry: dict[str, Any], path: str) -> None:
    reason = f'"{entry[path]}" is in the restricted claim set, which a policy cannot change'
    assert warned(schema({"value": "a"}, {"value": "b", **entry})) == [(f"definition.claimsSchema[1].{path}", reason)]


@pytest.mark.parametrize(
    "claim", ["department", UNKNOWN, "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]
)
def test_free_or_unknown_jwt_claim_is_no_warning(claim: Any) -> None:
    assert warned(schema({"value": "a", "jwtClaimType": claim})) == []


@pytest.mark.parametrize(
    ("given", "other"),
    [("claimsTransformation", "claimsTransformations"), ("claimsTransformations", "claimsTransformation")],
)
def test_either_spelling_of_transformations_goes_through_with_a_warning(given: str, other: str) -> None:
    ((path, reason),) = warned({given: [transformation()]})
    assert path == f"definition.{given}"
    assert f"the other is {snake(other)}:" in reason


def test_both_spellings_at_once_are_one_warning_and_ids_count_across_them() -> None:
    both = {"claimsTransformation": [transformation()], "claimsTransformations": [transformation()]}
    assert warned(both) == [
        ("definition.claimsTransformations", "is given beside claims_transformation, of which one will be ignored"),
        ("definition.claimsTransformation[0].id", '"t" names two transformations'),
        ("definition.claimsTransformations[0].id", '"t" names two transformations'),
    ]


def test_saml_claim_that_needs_a_signing_key_is_a_warning() -> None:
    claim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
    ((path, reason),) = warned(schema({"value": "a", "samlClaimType": claim}))
    assert path == "definition.claimsSchema[0].samlClaimType"
    assert reason.endswith("is in the restricted claim set, unless the application has a signing key of its own")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuerWithApplicationId", True),
        ("issuerWithApplicationId", UNKNOWN),
        ("audienceOverride", "https://a.example"),
    ],
)
def test_property_that_needs_a_signing_key_is_a_warning(name: str, value: Any) -> None:
    reason = "is ignored by the service unless the application has a signing key of its own"
    assert warned({"version": 1, name: value}) == [(f"definition.{name}", reason)]
    assert warned({"issuerWithApplicationId": False}) == []


def test_undocumented_source_passes_with_a_warning() -> None:
    value = schema({"source": "CUSTOMCLAIMSPROVIDER", "id": "a"}, {"source": "moon", "id": "b"})
    ((path, reason),) = warned(value)
    assert problems(value) == []
    assert path == "definition.claimsSchema[1].source"
    assert reason.startswith('"moon" is none of the values that Microsoft documents: "user", "application", "resource"')


def test_undocumented_method_passes_with_a_warning() -> None:
    value = {"claimsTransformation": [transformation(transformationMethod="Reverse()")]}
    ((path, reason), _) = warned(value)
    assert problems(value) == []
    assert path == "definition.claimsTransformation[0].transformationMethod"
    assert reason.startswith('"Reverse()" is none of the values that Microsoft documents: "Join", "ExtractMailPrefix"')


@pytest.mark.parametrize("method", ["Join", "tolowercase()", "REGEXREPLACE()", UNKNOWN])
def test_documented_or_unknown_method_is_no_warning(method: Any) -> None:
    assert len(warned({"claimsTransformation": [transformation(transformationMethod=method)]})) == 1


def linked(entry: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "claimsSchema": [entry or {"value": "x", "id": "a"}],
        "claimsTransformation": [transformation(**properties)],
    }


USES_U = {"source": "transformation", "transformationId": "u"}
TO_B = [{"claimTypeReferenceId": "a"}, {"claimTypeReferenceId": "b"}]


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        pytest.param(linked(USES_U), "claimsSchema[0].transformationId", '"u" names no transformation', id="entry"),
        pytest.param(schema(USES_U), "claimsSchema[0].transformationId", '"u" names no transformation', id="none"),
        pytest.param(
            linked(inputClaims=TO_B),
            "claimsTransformation[0].inputClaims[1].claimTypeReferenceId",
            '"b" is the id of no claims schema entry',
            id="input",
        ),
        pytest.param(
            linked(outputClaims=TO_B),
            "claimsTransformation[0].outputClaims[1].claimTypeReferenceId",
            '"b" is the id of no claims schema entry',
            id="output",
        ),
    ],
)
def test_reference_that_leads_nowhere_is_a_warning(value: Any, path: str, reason: str) -> None:
    assert [found for found in warned(value) if found[0] != "definition.claimsTransformation"] == [
        (f"definition.{path}", reason)
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(linked({**USES_U, "transformationId": "t"}), id="a reference that leads somewhere"),
        pytest.param(linked(inputClaims=[{}, {"claimTypeReferenceId": UNKNOWN}]), id="an unknown reference"),
        pytest.param(linked({**USES_U, "transformationId": UNKNOWN}), id="an unknown transformation"),
        pytest.param(linked(USES_U, id=UNKNOWN), id="the transformation's id"),
        pytest.param({"claimsSchema": [USES_U], "claimsTransformation": UNKNOWN}, id="all transformations"),
        pytest.param({"claimsSchema": [USES_U], "claimsTransformation": [UNKNOWN]}, id="a transformation"),
        pytest.param(linked({"value": "a", "id": UNKNOWN}, inputClaims=TO_B), id="the claim's id"),
        pytest.param({**linked(inputClaims=TO_B), "claimsSchema": UNKNOWN}, id="all claims"),
        pytest.param({**linked(inputClaims=TO_B), "claimsSchema": [UNKNOWN]}, id="a claim"),
        pytest.param({"claimsTransformation": [transformation(id=UNKNOWN)] * 2}, id="ids, perhaps the same"),
    ],
)
def test_reference_that_may_lead_somewhere_is_no_warning(value: Any) -> None:
    assert [path for path, _ in warned(value) if path != "definition.claimsTransformation"] == []


@pytest.mark.parametrize(
    "bag",
    [
        {"claimsTransformation": [{"id": "a", "inputClaims": 5}, {"inputClaims": {"a": 1}}, "text", None]},
        {"claimsTransformation": 5, "claimsSchema": [5, {"jwtClaimType": ["aud"], "transformationId": []}]},
        {"claims_schema": [{"jwt_claim_type": "aud"}]},
    ],
    ids=["inner", "outer", "not read"],
)
def test_invalid_definition_is_no_stumbling_block_for_warnings(bag: Any) -> None:
    assert {problem.path for problem in codec.warnings(KIND, bag)} <= {"definition.claimsTransformation"}


# -- compared and read back --------------------------------------------------------------------------------------------


def graph(**properties: Any) -> dict[str, Any]:
    read: dict[str, Any] = codec.from_graph(KIND, json.dumps({"ClaimsMappingPolicy": {"Version": 1, **properties}}))
    return read


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            {"ClaimsSchema": [{"Source": "user", "ID": "a"}]},
            {"claimsschema": [{"id": "a", "SOURCE": "User"}]},
            True,
            id="letter case and order, nested",
        ),
        pytest.param({"Version": 1}, {"Version": "1"}, True, id="number as text"),
        pytest.param({"IncludeBasicClaimSet": "TRUE"}, {"IncludeBasicClaimSet": True}, True, id="boolean as text"),
        pytest.param(
            {"ClaimsTransformation": [{"InputClaims": [{"TreatAsMultiValue": "true"}]}]},
            {"ClaimsTransformation": [{"inputClaims": [{"treatAsMultiValue": True}]}]},
            True,
            id="boolean as text, nested",
        ),
        pytest.param({"GroupFilter": {"MatchOn": "a", "X": None}}, {"GroupFilter": {"MatchOn": "a"}}, True, id="null"),
        pytest.param({"ClaimsSchema": []}, {}, False, id="an empty list"),
        pytest.param(
            {"ClaimsSchema": [{"ID": "a"}, {}]}, {"ClaimsSchema": [{}, {"ID": "a"}]}, False, id="order of a list"
        ),
        pytest.param({"ClaimsSchema": [{"Value": "a"}]}, {"ClaimsSchema": [{"Value": "A"}]}, False, id="value's case"),
        pytest.param({"ClaimsSchema": [{"New": "1"}]}, {"ClaimsSchema": [{"New": 1}]}, False, id="unknown key"),
        pytest.param({"ClaimsSchema": [{"New": 1}]}, {"ClaimsSchema": [{"new": 1}]}, False, id="unknown key's case"),
        pytest.param({"ClaimsTransformation": []}, {"ClaimsTransformations": []}, False, id="singular and plural"),
    ],
)
def test_same_compares_by_meaning_at_every_depth(one: Any, other: Any, expected: bool) -> None:
    assert codec.same(KIND, graph(**one), graph(**other)) is expected
    assert codec.same(KIND, graph(**other), {"Version": 1.0, **one}) is expected


@pytest.mark.parametrize(
    "properties",
    [
        {"ClaimsSchema": {}},
        {"ClaimsSchema": "text"},
        {"ClaimsSchema": [[]]},
        {"ClaimsSchema": ["text"]},
        {"ClaimsSchema": [None]},
        {"ClaimsSchema": [{"ID": ["a"]}]},
        {"ClaimsSchema": [{"ID": {"a": 1}}]},
        {"ClaimsTransformation": [{"InputClaims": {}}]},
        {"ClaimsTransformation": [{"InputClaims": [5]}]},
        {"ClaimsTransformation": [{"InputClaims": [{"TreatAsMultiValue": []}]}]},
        {"GroupFilter": []},
        {"GroupFilter": "text"},
        {"GroupFilter": {"Value": {}}},
        {"ClaimsSchema": [{"id": "a", "ID": "b"}]},
    ],
    ids=json.dumps,
)
def test_tenants_definition_of_another_form_is_unreadable(properties: Any) -> None:
    text = json.dumps({"ClaimsMappingPolicy": properties})
    assert codec.from_graph(KIND, text) == {"unreadable": text}


@pytest.mark.parametrize(
    "properties",
    [
        {"ClaimsSchema": [{"Source": 5}], "GroupFilter": None},
        {"ClaimsTransformation": [{"InputClaims": []}]},
        {"GroupFilter": {"New": [{}]}},
    ],
    ids=json.dumps,
)
def test_tenants_definition_with_doubtful_values_is_readable(properties: Any) -> None:
    assert "unreadable" not in graph(**properties)
