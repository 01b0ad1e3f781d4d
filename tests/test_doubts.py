"""What is warned of on a resource, and how a program says that it is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from tests.test_resources import GUID, registered

import pulumi_entra_policies as entra

DEFAULT = "is_organization_default"
RETIRED = "definition.max_inactive_time"
CLAIM = {"source": "user", "id": "a", "jwt_claim_type": "iss"}
CLAIMS: dict[str, Any] = {"claims_schema": [CLAIM, CLAIM]}
Said = list[tuple[str, str]]
Program = Callable[[], Any]


def warned(monkeypatch: pytest.MonkeyPatch, program: Program) -> Said:
    """The warnings, each with the name of its resource."""
    said: Said = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource: said.append((resource._name, text)))
    registered(program)
    return said


def paths(said: Said) -> list[str]:
    return [text.split()[0] for _, text in said]


def lifetime(definition: Any, **arguments: Any) -> Program:
    return lambda: entra.TokenLifetimePolicy("short", display_name="P", definition=definition, **arguments).id


def claims(definition: Any, **arguments: Any) -> Program:
    return lambda: entra.ClaimsMappingPolicy("claims", display_name="P", definition=definition, **arguments).id


def issuance(definition: Any, **arguments: Any) -> Program:
    return lambda: entra.TokenIssuancePolicy("saml", display_name="P", definition=definition, **arguments).id


def later(value: Any) -> Any:
    return pulumi.Output.from_input(value)


# -- warnings ----------------------------------------------------------------------------------------------------------


def test_warning_is_on_its_resource_and_says_how_to_silence_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert warned(monkeypatch, lifetime({"max_inactive_time": "1"})) == [
        (
            "short",
            "definition.max_inactive_time is ignored by the service since 2021-01-30; use Conditional Access sign-in "
            'frequency instead (if that is meant, accept_warnings=["definition.max_inactive_time"] on this resource '
            "silences it)",
        )
    ]


@pytest.mark.parametrize("is_later", [False, True])
def test_doubtful_default_is_a_warning_as_soon_as_it_is_known(monkeypatch: pytest.MonkeyPatch, is_later: bool) -> None:
    def program() -> Any:
        default = later(True) if is_later else True
        made = entra.TokenLifetimePolicy("short", display_name="P", definition={}, is_organization_default=default)
        return made.is_organization_default

    assert paths(warned(monkeypatch, program)) == [DEFAULT]


def test_definition_that_is_an_output_is_judged_when_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths(warned(monkeypatch, lambda: lifetime(later({"max_inactive_time": "1"}))())) == [RETIRED]


OWN = {"TokenIssuancePolicy": {"Version": 1, "SamlTokenVesion": "2.0"}}
OWN_TEXT = '{"TokenIssuancePolicy": {"Version": 1, "SamlTokenVesion": "2.0"}}'


@pytest.mark.parametrize(
    "form",
    [
        lambda: OWN,
        lambda: OWN_TEXT,
        lambda: [OWN_TEXT],
        lambda: later(OWN_TEXT),
        lambda: [later(OWN_TEXT)],
        lambda: {"TokenIssuancePolicy": later(OWN["TokenIssuancePolicy"])},
    ],
    ids=["mapping", "JSON", "array", "output", "array of an output", "mapping of an output"],
)
def test_unknown_key_in_graphs_own_form_is_a_warning_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, form: Callable[[], Any]
) -> None:
    ((name, text),) = warned(monkeypatch, lambda: issuance(form())())
    assert name == "saml"
    assert text.startswith(
        'definition.SamlTokenVesion is not known here, and sent as it is: did you mean "SamlTokenVersion"? (if that'
    )


# -- what is meant -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "left"),
    [
        ([RETIRED], [DEFAULT]),
        (RETIRED, [DEFAULT]),
        ((RETIRED, DEFAULT), []),
        (["definition.max_inactive_time", "is_organization_default"], []),
        ([], [RETIRED, DEFAULT]),
        (None, [RETIRED, DEFAULT]),
        (["definition.version"], [RETIRED, DEFAULT]),
    ],
)
def test_accepted_warning_is_silent(monkeypatch: pytest.MonkeyPatch, accepted: Any, left: list[str]) -> None:
    program = lifetime({"max_inactive_time": "1"}, is_organization_default=True, accept_warnings=accepted)
    assert paths(warned(monkeypatch, program)) == left


@pytest.mark.parametrize(
    ("accepted", "left"),
    [
        ("definition.claimsSchema[0].jwtClaimType", ["definition.claims_schema[1].jwt_claim_type"]),
        ("definition.claims_schema[1].jwt_claim_type", ["definition.claims_schema[0].jwt_claim_type"]),
        ("definition.claims_schema.jwt_claim_type", []),
    ],
)
def test_warning_about_an_item_is_accepted_with_its_index_or_for_every_item(
    monkeypatch: pytest.MonkeyPatch, accepted: str, left: list[str]
) -> None:
    assert paths(warned(monkeypatch, claims(CLAIMS, accept_warnings=[accepted]))) == left


@pytest.mark.parametrize("form", [lambda: OWN, lambda: later(OWN_TEXT)], ids=["now", "in an output"])
def test_unknown_key_can_be_accepted(monkeypatch: pytest.MonkeyPatch, form: Callable[[], Any]) -> None:
    program: Program = lambda: issuance(form(), accept_warnings=["definition.SamlTokenVesion"])()  # noqa: E731
    assert warned(monkeypatch, program) == []


def test_path_into_what_is_not_known_yet_may_name_something(monkeypatch: pytest.MonkeyPatch) -> None:
    def program() -> Any:
        schema = later([{"Value": "a", "New": 1}])
        own = {"ClaimsMappingPolicy": {"Version": 1, "ClaimsSchema": schema}}
        return claims(own, accept_warnings=["definition.claimsSchema[0].New"])()

    assert warned(monkeypatch, program) == []


def test_accepting_is_not_on_the_wire() -> None:
    sent = registered(lifetime({}, accept_warnings=[RETIRED]))
    assert sent == {"displayName": "P", "definition": {"version": 1}}


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (
            lambda: lifetime({}, accept_warnings=["definition.max_inactve_time"])(),
            "TokenLifetimePolicy 'short': accept_warnings has \"definition.max_inactve_time\", which names nothing "
            'here; did you mean "definition.max_inactive_time"?',
        ),
        (
            lambda: lifetime({}, accept_warnings=["definition.version.version"])(),
            'accept_warnings has "definition.version.version", which names nothing here; did you mean',
        ),
        (lambda: lifetime({}, accept_warnings=["?"])(), "nothing here; give the path that a warning begins with"),
        (lambda: claims({}, accept_warnings=[DEFAULT])(), 'accept_warnings has "is_organization_default", which names'),
        (lambda: issuance(OWN, accept_warnings=["definition.Colour"])(), '"definition.Colour", which names nothing'),
        (lambda: issuance(later(OWN), accept_warnings=["definition.Colour"])(), '"definition.Colour", which names'),
    ],
    ids=["near", "too long", "nothing like it", "no default", "an unknown key that is not there", "in an output"],
)
def test_accepting_what_is_not_there_stops_the_program(program: Program, reason: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        registered(program)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ('{"TokenIssuancePolicy":{"Version":1}}', []),
        (
            '{"TokenIssuancePolicy":{"Version":1,"Foo":{"Bar":1}}}',
            [
                "definition has no definition.Foo, which is not known here: "
                "to give the same definition, use definition_json"
            ],
        ),
        (None, []),
    ],
    ids=["declared", "more", "mocks"],
)
def test_typed_output_says_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, stored: str | None, said: list[str]
) -> None:
    monkeypatch.setattr("tests.test_resources.GRAPHS", stored)
    made = warned(monkeypatch, lambda: entra.TokenIssuancePolicy.get("there", GUID).definition)

    assert [text for _, text in made] == said
