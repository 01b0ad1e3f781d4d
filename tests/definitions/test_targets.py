from typing import Any

import pytest

from pulumi_entra_policies.definitions.targets import (
    CLIENT_ID,
    OBJECT_ID,
    TARGETS,
    UNIQUE_NAME,
    WAYS,
    Key,
    Slot,
    Target,
    Way,
    guid,
    key_problem,
    normal_id,
    ways_given,
)

ID = "9a1b3c4d-0000-4000-8000-00000000abcd"
POLICY = "3f2c0000-0000-4000-8000-00000000ef01"
ISSUANCE = "tokenIssuancePolicies"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(ID, ID, id="bare"),
        pytest.param(ID.upper(), ID, id="upper case"),
        pytest.param(f"/applications/{ID}", ID, id="as pulumi-azuread gives it"),
        pytest.param(f"/applications/{ID.upper()}", ID, id="and upper case"),
        pytest.param(f"/servicePrincipals/{ID}", f"/servicePrincipals/{ID}", id="another collection"),
        pytest.param(f"applications/{ID}", f"applications/{ID}", id="without slash"),
        pytest.param(f"{ID}\n", f"{ID}\n", id="line end"),
        pytest.param("", "", id="empty"),
        pytest.param(5, 5, id="number"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_object_id_becomes_bare_and_lower_case_where_it_is_one(value: Any, expected: Any) -> None:
    assert normal_id("applications", value) == expected


@pytest.mark.parametrize("text", ["", "portal", ID[:-1], f"{ID}0", f"{{{ID}}}", f" {ID}", ID.replace("-", ""), None, 5])
def test_what_is_no_guid_is_none(text: Any) -> None:
    assert guid(text) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(OBJECT_ID, ID, id="guid"),
        pytest.param(CLIENT_ID, ID.upper(), id="upper case"),
        pytest.param(CLIENT_ID, object(), id="id not known yet"),
        pytest.param(UNIQUE_NAME, "it's ü/é", id="name"),
        pytest.param(UNIQUE_NAME, ID, id="name that looks like an id"),
        pytest.param(UNIQUE_NAME, object(), id="name not known yet"),
    ],
)
def test_what_fits_a_key_has_no_problem(key: Key, value: Any) -> None:
    assert key_problem("x", value, "the key", key) == []


@pytest.mark.parametrize(("value", "shown"), [("", '""'), (" ", '" "'), (None, "null"), (5, "5"), (["x"], "a list")])
def test_what_is_no_name_is_a_problem_that_shows_one(value: Any, shown: str) -> None:
    (problem,) = key_problem("x", value, "the unique name of an application", UNIQUE_NAME)
    assert problem.reason == f"must be the unique name of an application, a text such as portal, not {shown}"


@pytest.mark.parametrize(
    ("value", "shown"), [("portal", '"portal"'), (None, "null"), (5, "5"), (f"/x/{ID}", f'"/x/{ID}"')]
)
def test_what_is_no_id_is_a_problem_that_shows_one(value: Any, shown: str) -> None:
    (problem,) = key_problem("policyId", value, "the id of a policy")
    example = "a GUID such as 00000000-0000-0000-0000-000000000000"
    assert (problem.path, problem.reason) == ("policyId", f"must be the id of a policy, {example}, not {shown}")


def test_every_target_is_named_by_its_keys() -> None:
    assert [(way.python, way.target.noun, str(way.key)) for way in WAYS] == [
        ("application_id", "application", "object id"),
        ("application_client_id", "application", "client id"),
        ("application_unique_name", "application", "unique name"),
        ("service_principal_id", "service principal", "object id"),
        ("service_principal_client_id", "service principal", "client id"),
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.argument)
def test_ways_that_are_given_are_found(way: Way) -> None:
    assert ways_given({way.argument: ID, "policyId": POLICY}) == [way]
    assert ways_given({way.argument: None}) == []


@pytest.mark.parametrize(
    ("way", "value", "normal"),
    [
        ("applicationId", f"/applications/{ID.upper()}", ID),
        ("applicationClientId", ID.upper(), ID),
        ("applicationClientId", f"/applications/{ID}", f"/applications/{ID}"),
        ("applicationUniqueName", ID.upper(), ID.upper()),
        ("applicationUniqueName", None, None),
    ],
)
def test_only_ids_have_a_normal_form(way: str, value: Any, normal: Any) -> None:
    assert next(known for known in WAYS if known.argument == way).normal(value) == normal


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        ("servicePrincipalClientId", ID, f"service principal with client id {ID}"),
        ("applicationUniqueName", "a\nb", 'application with unique name "a\\nb"'),
    ],
)
def test_target_is_described_by_its_key(way: str, value: str, words: str) -> None:
    assert next(known for known in WAYS if known.argument == way).described(value) == words


@pytest.mark.parametrize("target", TARGETS, ids=[target.noun for target in TARGETS])
def test_slot_is_read_back_from_its_text(target: Target) -> None:
    slot = Slot(target, ID, ISSUANCE)
    assert str(slot) == f"{target.collection}/{ID}/{ISSUANCE}"
    assert Slot.parse(str(slot)) == (slot, None)


@pytest.mark.parametrize(
    ("text", "policy_id"),
    [
        (f"applications/{ID}/{ISSUANCE}/{POLICY}", POLICY),
        (f"/applications/{ID.upper()}/{ISSUANCE}/{POLICY.upper()}/", POLICY),
        (f"/applications/{ID}/{ISSUANCE}", None),
    ],
)
def test_slot_may_be_followed_by_a_policy(text: str, policy_id: str | None) -> None:
    assert Slot.parse(text) == (Slot(TARGETS[0], ID, ISSUANCE), policy_id)


@pytest.mark.parametrize(
    "text",
    ["", "/", ID, f"users/{ID}/{ISSUANCE}", f"applications/portal/{ISSUANCE}", f"applications/{ID}", "a/b/c/d/e"],
)
def test_text_that_is_no_slot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form applications/<object id>/tokenIssuancePolicies"):
        Slot.parse(text)


def test_slot_followed_by_no_policy_id_is_refused() -> None:
    with pytest.raises(ValueError, match='"portal" is not the id of a policy'):
        Slot.parse(f"applications/{ID}/{ISSUANCE}/portal")
