"""Definitions in which something is an output: what gets on the wire once it is known, and what comes back typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Any

import pulumi
import pytest
from tests.test_resources import registered

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.values import found
from pulumi_entra_policies.resources.arguments import normal


class Days(Enum):
    TWO = timedelta(days=2)


def later(value: Any) -> pulumi.Output[Any]:
    """An output that Pulumi has not looked into, as it does into what `from_input` gets."""
    return pulumi.Output.from_input(0).apply(lambda _: value)


def sent(resource: Callable[..., Any], definition: Callable[[], Any]) -> Any:
    return registered(lambda: resource("made", display_name="P", definition=definition()).id)["definition"]


# -- known later -------------------------------------------------------------------------------------------------------

CLAIMS = KINDS["ClaimsMappingPolicy"]
BADGE = "extension_1_badge"
ENTRY: dict[str, Any] = {"source": entra.ClaimSource.USER, "extension_id": BADGE, "jwt_claim_type": "badge"}
GRAPHS = {"Source": "user", "ExtensionID": BADGE, "JwtClaimType": "badge"}
TYPED = entra.ClaimsSchemaEntryArgs(**ENTRY)
Definition = entra.ClaimsMappingDefinitionArgs


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(lambda: {"claims_schema": later([ENTRY])}, id="of a list"),
        pytest.param(lambda: {"claims_schema": later((TYPED,))}, id="of typed in a tuple"),
        pytest.param(lambda: {"claims_schema": [later(ENTRY)]}, id="in a list"),
        pytest.param(lambda: {"claims_schema": [later(TYPED)]}, id="of typed, in a list"),
        pytest.param(lambda: {"claims_schema": [pulumi.Output.from_input(TYPED)]}, id="that Pulumi has looked into"),
        pytest.param(lambda: {"claims_schema": later([later(TYPED)])}, id="in an output"),
        pytest.param(lambda: {"claimsSchema": [{**ENTRY, "extension_id": later(BADGE)}]}, id="of a property"),
        pytest.param(lambda: {"claims_schema": [{**ENTRY, "source": later(entra.ClaimSource.USER)}]}, id="of an enum"),
        pytest.param(lambda: {"claims_schema": [{**ENTRY, "source": later("USER")}]}, id="in another letter case"),
        pytest.param(lambda: {"claims_schema": [{**ENTRY, "source": later(TYPED).source}]}, id="lifted"),
        pytest.param(lambda: later({"claims_schema": [ENTRY]}), id="of it all"),
        pytest.param(lambda: Definition(claims_schema=later([TYPED]), version=later("1")), id="in typed"),
        pytest.param(lambda: later(Definition(claims_schema=[later(TYPED)])), id="of typed, with one in it"),
        pytest.param(lambda: {"ClaimsMappingPolicy": {"Version": 1, "ClaimsSchema": later([GRAPHS])}}, id="in Graph's"),
        pytest.param(lambda: {"ClaimsMappingPolicy": later({"Version": 1, "ClaimsSchema": [GRAPHS]})}, id="as Graph's"),
    ],
)
def test_output_at_any_depth_is_read_when_it_is_known(definition: Callable[[], Any]) -> None:
    entry = {"source": "user", "extensionId": BADGE, "jwtClaimType": "badge"}
    assert sent(entra.ClaimsMappingPolicy, definition) == {"version": 1, "claimsSchema": [entry]}


FILTER = {"matchOn": "displayname", "value": "app-"}


@pytest.mark.parametrize(
    "given",
    [
        lambda: later({"match_on": "DisplayName", "value": "app-"}),
        lambda: later(entra.GroupFilterArgs(match_on=entra.GroupFilterAttribute.DISPLAY_NAME, value=later("app-"))),
        lambda: entra.GroupFilterArgs(match_on=later(entra.GroupFilterAttribute.DISPLAY_NAME), value="app-"),
    ],
    ids=["mapping", "typed", "property of typed"],
)
def test_output_of_an_object_is_read_when_it_is_known(given: Callable[[], Any]) -> None:
    definition = sent(entra.ClaimsMappingPolicy, lambda: {"group_filter": given()})
    assert definition["groupFilter"] == FILTER


TIMEOUT: dict[str, Any] = {"application_id": "default", "web_session_idle_timeout": timedelta(hours=1)}


@pytest.mark.parametrize(
    "given",
    [
        lambda: later([TIMEOUT]),
        lambda: [later(TIMEOUT)],
        lambda: [{**TIMEOUT, "web_session_idle_timeout": later(timedelta(hours=1))}],
        lambda: [entra.ApplicationTimeoutArgs(**{**TIMEOUT, "web_session_idle_timeout": later("1:00:00")})],
        lambda: [later(entra.ApplicationTimeoutArgs(**TIMEOUT))],
    ],
    ids=["in a list", "in an item", "alone", "as text", "in typed"],
)
def test_output_of_a_timedelta_at_any_depth_is_a_text_on_the_wire(given: Callable[[], Any]) -> None:
    expected = [{"applicationId": "default", "webSessionIdleTimeout": "01:00:00"}]
    definition = sent(entra.ActivityBasedTimeoutPolicy, lambda: {"application_policies": given()})
    assert definition["applicationPolicies"] == expected


@pytest.mark.parametrize(
    ("given", "key"),
    [
        pytest.param({"group_filter": {"match_on": "a", "matchOn": "b"}}, "groupFilter", id="object"),
        pytest.param({"claims_schema": [{"id": "a", "ID": "b"}]}, "claimsSchema", id="object in a list"),
        pytest.param({"claims_schema": [5, "text"]}, "claimsSchema", id="no objects"),
        pytest.param({"group_filter": [{"match_on": "a"}]}, "groupFilter", id="list for an object"),
    ],
)
def test_output_that_cannot_be_read_goes_on_untouched_for_check_to_report(given: dict[str, Any], key: str) -> None:
    ((name, value),) = given.items()
    assert sent(entra.ClaimsMappingPolicy, lambda: {name: later(value)})[key] == value


def test_output_of_nothing_is_nothing() -> None:
    definition = sent(entra.ClaimsMappingPolicy, lambda: {"group_filter": later(None), "claims_schema": later(None)})
    assert {name: value for name, value in definition.items() if value is not None} == {"version": 1}


def test_transformation_with_an_output_for_its_claims_is_no_stumbling_block() -> None:
    def definition() -> Any:
        return {"claims_transformations": [{"id": "t", "transformation_method": "Join", "input_claims": later([{}])}]}

    wire = sent(entra.ClaimsMappingPolicy, definition)
    assert wire["claimsTransformations"] == [{"id": "t", "transformationMethod": "Join", "inputClaims": [{}]}]


@pytest.mark.parametrize(
    "entries",
    [[TYPED], (TYPED,), {"a": TYPED}.values(), (entry for entry in [TYPED]), [vars(TYPED)]],
    ids=["list", "tuple", "view", "generator", "mapping"],
)
def test_typed_entry_is_read_in_any_iterable(entries: Any) -> None:
    assert normal(CLAIMS, {"claims_schema": entries})["claimsSchema"] == [
        {"source": "user", "extensionId": BADGE, "jwtClaimType": "badge"}
    ]


MARKED = "mistyped keyword jwt_claim_typ"


@pytest.mark.parametrize(
    "given",
    [lambda entry: [entry], lambda entry: later([entry]), lambda entry: [later(entry)]],
    ids=["now", "in an output", "output of an entry"],
)
def test_unknown_keyword_is_marked_for_check_once_it_is_known(given: Callable[[Any], Any]) -> None:
    wire = sent(entra.ClaimsMappingPolicy, lambda: {"claims_schema": given({"value": "a", "jwt_claim_typ": "b"})})
    assert wire["claimsSchema"] == [{"value": "a", MARKED: "b"}]


@pytest.mark.parametrize("form", [lambda: later({"Colour": 1}), lambda: {"Colour": later(1)}], ids=["of it all", "in"])
def test_unknown_keyword_beside_an_output_is_marked(form: Callable[[], Any]) -> None:
    assert sent(entra.TokenIssuancePolicy, form) == {"version": 1, "mistyped keyword Colour": 1}


@pytest.mark.parametrize(
    "given",
    [lambda found: found, later, lambda found: {"claims_schema": later(found["claimsSchema"])}],
    ids=["now", "in an output", "a part in an output"],
)
def test_unknown_key_of_what_was_found_is_not_marked(given: Callable[[Any], Any]) -> None:
    theirs = found({"version": 1, "claimsSchema": [{"value": "a", "New": 1}]})
    assert sent(entra.ClaimsMappingPolicy, lambda: given(theirs)) == theirs


@pytest.mark.parametrize("value", [object(), b"bytes", 1j], ids=["object", "bytes", "complex"])
def test_value_that_json_has_no_word_for_stops_the_program(value: Any) -> None:
    with pytest.raises(
        pulumi.RunError, match=f"a definition holds a {type(value).__name__}, for which JSON has no word"
    ):
        normal(CLAIMS, {"claims_schema": [{"id": value}]})


def test_typed_definition_of_another_kind_stops_the_program() -> None:
    with pytest.raises(pulumi.RunError, match="of a ClaimsMappingPolicy is ClaimsMappingDefinitionArgs, not TokenLife"):
        normal(CLAIMS, entra.TokenLifetimeDefinitionArgs(max_inactive_time="1"))


def test_awaitable_is_left_to_pulumi() -> None:
    async def entries() -> list[Any]:
        return [{"source": "user", "id": "a"}]

    assert sent(entra.ClaimsMappingPolicy, lambda: {"claims_schema": entries()})["claimsSchema"] == [
        {"source": "user", "id": "a"}
    ]


@pytest.mark.parametrize("value", [timedelta(days=2), Days.TWO], ids=["timedelta", "enum"])
def test_refused_value_is_on_the_wire_as_text_for_check_to_report(value: Any) -> None:
    definition = sent(entra.TokenLifetimePolicy, lambda: {"access_token_lifetime": value, "max_inactive_time": ("a",)})
    assert definition == {"version": 1, "accessTokenLifetime": "2.00:00:00", "maxInactiveTime": ["a"]}


# -- typed outputs -----------------------------------------------------------------------------------------------------


def outputs(resource: Callable[..., Any], definition: Any) -> Any:
    seen: list[Any] = []
    registered(lambda: resource("made", display_name="P", definition=definition).definition.apply(seen.append))
    return seen[0]


def test_outputs_are_typed_at_every_depth() -> None:
    claim = entra.TransformationInputClaimArgs(claim_type_reference_id="a", treat_as_multi_value=True)
    made = entra.ClaimsTransformationArgs(id="t", transformation_method="Join", input_claims=[claim])
    definition = outputs(
        entra.ClaimsMappingPolicy,
        Definition(claims_schema=[TYPED], claims_transformation=[made], group_filter=entra.GroupFilterArgs(value="a")),
    )
    (entry,), (transformation,) = definition.claims_schema, definition.claims_transformation
    assert (type(entry), type(transformation)) == (entra.ClaimsSchemaEntry, entra.ClaimsTransformation)
    assert (entry.jwt_claim_type, entry.value, transformation.input_parameters) == ("badge", None, None)
    assert transformation.input_claims[0].treat_as_multi_value is True
    assert (definition.claims_transformations, definition.group_filter.value) == (None, "a")


def test_output_is_lifted_at_every_depth() -> None:
    seen: list[Any] = []

    def program() -> Any:
        made: Any = entra.ClaimsMappingPolicy("made", display_name="P", definition={"claims_schema": [ENTRY]})
        return made.definition.claims_schema[0].jwt_claim_type.apply(seen.append)

    registered(program)
    assert seen == ["badge"]


def test_timeouts_and_domains_are_typed() -> None:
    timeout = outputs(entra.ActivityBasedTimeoutPolicy, {"application_policies": [TIMEOUT]}).application_policies[0]
    assert isinstance(timeout, entra.ApplicationTimeout)
    assert (timeout.application_id, timeout.web_session_idle_timeout) == ("default", "01:00:00")
    realm = outputs(
        entra.HomeRealmDiscoveryPolicy,
        {"domain_hint_policy": {"ignore_domain_hint_for_apps": ["*"]}, "alternate_id_login": {"enabled": True}},
    )
    assert isinstance(realm.domain_hint_policy, entra.DomainHintPolicy)
    assert (realm.domain_hint_policy.ignore_domain_hint_for_apps, realm.alternate_id_login.enabled) == (["*"], True)


def test_typed_outputs_can_be_given_as_arguments_again() -> None:
    first = {"claims_schema": [ENTRY], "group_filter": {"value": "a"}}
    whole = outputs(entra.ClaimsMappingPolicy, first)
    wire = {"version": 1, "claimsSchema": [{"source": "user", "extensionId": BADGE, "jwtClaimType": "badge"}]}
    assert sent(entra.ClaimsMappingPolicy, lambda: whole) == {**wire, "groupFilter": {"value": "a"}}
    assert sent(entra.ClaimsMappingPolicy, lambda: {"claims_schema": later(whole.claims_schema)}) == wire
