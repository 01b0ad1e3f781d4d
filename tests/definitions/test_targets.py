from typing import Any

import pytest

from pulumi_entra_policies.definitions.targets import (
    TARGETS,
    WAYS,
    Slot,
    Target,
    Way,
    guid,
    id_problem,
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


@pytest.mark.parametrize("value", [ID, ID.upper(), object()], ids=["guid", "upper case", "not known yet"])
def test_id_has_no_problem(value: Any) -> None:
    assert id_problem("policyId", value, "the id of a policy") == []


@pytest.mark.parametrize(
    ("value", "shown"), [("portal", '"portal"'), (None, "null"), (5, "5"), (f"/x/{ID}", f'"/x/{ID}"')]
)
def test_what_is_no_id_is_a_problem_that_shows_one(value: Any, shown: str) -> None:
    (problem,) = id_problem("policyId", value, "the id of a policy")
    example = "a GUID such as 00000000-0000-0000-0000-000000000000"
    assert (problem.path, problem.reason) == ("policyId", f"must be the id of a policy, {example}, not {shown}")


def test_every_target_is_named_by_object_id_or_client_id() -> None:
    assert [(way.python, way.target.noun, str(way.key)) for way in WAYS] == [
        ("application_id", "application", "object id"),
        ("application_client_id", "application", "client id"),
        ("service_principal_id", "service principal", "object id"),
        ("service_principal_client_id", "service principal", "client id"),
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.argument)
def test_ways_that_are_given_are_found(way: Way) -> None:
    assert ways_given({way.argument: ID, "policyId": POLICY}) == [way]
    assert ways_given({way.argument: None}) == []


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
