"""Applications and service principals: found by their keys, named, listed, and may they have claims of their own."""

from typing import Any

import pytest
from tests.graph.session import APPLICATION, SERVICE_PRINCIPAL, Session, asked, slot

from pulumi_entra_policies.definitions.targets import WAYS, Target, Way
from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.graph import targets
from pulumi_entra_policies.graph.errors import Forbidden, GraphError, NotFound, ReplicaBehind
from pulumi_entra_policies.graph.targets import Found

PROPERTIES = {APPLICATION: "$select=id,appId,uniqueName,displayName", SERVICE_PRINCIPAL: "$select=id,appId,displayName"}
BY_ID, BY_CLIENT_ID, BY_UNIQUE_NAME, PRINCIPAL_BY_ID, PRINCIPAL_BY_CLIENT_ID = WAYS
BOTH = pytest.mark.parametrize(
    ("by_id", "by_client_id"),
    [(BY_ID, BY_CLIENT_ID), (PRINCIPAL_BY_ID, PRINCIPAL_BY_CLIENT_ID)],
    ids=["application", "service principal"],
)


@pytest.fixture
def registered(emulator: Emulator) -> Registration:
    made = emulator.create_application("Portal", with_service_principal=True)
    emulator.clear_journal()
    return made


def object_id(target: Target, registered: Registration) -> str:
    return registered.object_id if target is APPLICATION else registered.service_principal_id


@BOTH
def test_target_is_found_by_either_id_and_no_other(
    emulator: Emulator, session: Session, registered: Registration, by_id: Way, by_client_id: Way
) -> None:
    own = object_id(by_id.target, registered)
    found = Found(own, registered.client_id, "Portal")
    assert session.look_up(by_id, own) == session.look_up(by_client_id, registered.client_id) == found
    collection = f"/v1.0/{by_id.target.collection}"
    assert [entry["path"] for entry in emulator.journal()] == [
        f"{collection}/{own}?{PROPERTIES[by_id.target]}",
        f"{collection}(appId='{registered.client_id}')?{PROPERTIES[by_id.target]}",
    ]
    for way, value in ((by_id, registered.client_id), (by_client_id, own)):
        with pytest.raises(NotFound, match=f"cannot find the {by_id.target.noun} with {way.key} {value}:"):
            session.look_up(way, value)


@pytest.mark.parametrize("name", ["portal", "it's", "x')?$select=y", "a/b c", "100%41", "ü#+&", "<b>"])
def test_application_is_found_by_its_unique_name_and_no_other(
    emulator: Emulator, session: Session, registered: Registration, name: str
) -> None:
    change(emulator, "applications", registered.object_id, uniqueName=name)
    found = Found(registered.object_id, registered.client_id, "Portal", name)
    assert session.look_up(BY_UNIQUE_NAME, name) == session.look_up(BY_ID, registered.object_id) == found
    assert found.key(BY_UNIQUE_NAME) == name
    with pytest.raises(NotFound, match='cannot find the application with unique name "Portal":'):
        session.look_up(BY_UNIQUE_NAME, "Portal")


def test_unique_name_is_a_literal_of_odata_in_the_address(emulator: Emulator, session: Session) -> None:
    with pytest.raises(NotFound):
        session.look_up(BY_UNIQUE_NAME, "it's")
    (entry,) = emulator.journal()
    assert entry["path"] == f"/v1.0/applications(uniqueName='it''s')?{PROPERTIES[APPLICATION]}"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 403}, Forbidden),
        ({"status": 404, "message": "Unable to read the company information"}, ReplicaBehind),
        ({"status": 404, "body": "<html>"}, GraphError),
        ({"status": 200, "body": "{"}, Forbidden),
        ({"status": 200, "body": "{}"}, GraphError),
    ],
    ids=["403", "replica behind", "a proxy's 404", "broken", "no id"],
)
def test_target_that_cannot_be_looked_for_is_not_absent(
    emulator: Emulator, session: Session, fault: dict[str, Any], error: type[GraphError]
) -> None:
    emulator.fault(**fault)
    with pytest.raises(GraphError) as caught:
        session.look_up(BY_ID)
    assert type(caught.value) is error
    assert "Application.Read.All" in caught.value.doing.permission


@pytest.mark.parametrize("kind", ["application", "servicePrincipal"])
def test_target_that_says_its_type_is_named_too(emulator: Emulator, session: Session, kind: str) -> None:
    emulator.fault(status=200, body=f'{{"@odata.type":"#microsoft.graph.{kind}","id":"1","displayName":"Portal"}}')
    assert session.target_name(slot()) == "Portal"


@pytest.mark.parametrize(
    ("status", "body"), [(403, None), (404, None), (200, "{}"), (200, "{"), (200, '{"id":"1","displayName":null}')]
)
def test_name_that_cannot_be_had_is_no_error(
    emulator: Emulator, session: Session, status: int, body: str | None
) -> None:
    emulator.fault(status=status, body=body)
    assert session.target_name(slot()) is None
    assert len(asked(emulator)) == 1


def test_targets_are_listed_page_by_page(emulator: Emulator, session: Session) -> None:
    made = {emulator.create_application(f"Portal {number}").object_id for number in range(1001)}
    first, address = session.run(lambda connection: targets.page(connection, APPLICATION))
    assert address is not None
    second, end = session.run(lambda connection: targets.page(connection, APPLICATION, address))
    assert ([len(first), len(second)], end) == ([999, 2], None)
    assert {found.id for found in (*first, *second)} == made
    assert emulator.journal()[0]["path"] == f"/v1.0/applications?$top=999&{PROPERTIES[APPLICATION]}"


@pytest.mark.parametrize("body", ['{"value":null}', '{"error":{}}'])
def test_listing_that_makes_no_sense_is_a_missing_permission(emulator: Emulator, session: Session, body: str) -> None:
    emulator.fault(status=200, body=body)
    with pytest.raises(Forbidden, match="list every service principal"):
        session.run(lambda connection: targets.page(connection, SERVICE_PRINCIPAL))


# -- with what decides over sign-in ------------------------------------------------------------------------------------


@BOTH
def test_target_is_described_by_either_id(
    emulator: Emulator, session: Session, registered: Registration, by_id: Way, by_client_id: Way
) -> None:
    own = object_id(by_id.target, registered)
    every: dict[Any, dict[str, Any]] = {
        APPLICATION: {"signInAudience": "AzureADMultipleOrgs"},
        SERVICE_PRINCIPAL: {"accountEnabled": False},
    }
    facts = every[by_id.target]
    change(emulator, by_id.target.collection, own, **facts)

    found = session.run(lambda connection: targets.describe(connection, by_id, own))

    assert found == session.run(lambda connection: targets.describe(connection, by_client_id, registered.client_id))
    assert (found.id, found.client_id, found.name) == (own, registered.client_id, "Portal")
    given = {"appOwnerOrganizationId": emulator.tenant_id, "servicePrincipalType": "Application"}
    assert found.facts == facts | (given if by_id.target == SERVICE_PRINCIPAL else {})


AWKWARD = "O'Neill & Söhne / 100% #1 \\?"


def test_application_is_described_by_its_unique_name(emulator: Emulator, session: Session) -> None:
    made = emulator.create_application("Portal")
    change(emulator, "applications", made.object_id, uniqueName=AWKWARD)

    found = session.run(lambda connection: targets.describe(connection, BY_UNIQUE_NAME, AWKWARD))
    assert (found.id, found.unique_name) == (made.object_id, AWKWARD)
    with pytest.raises(NotFound, match='cannot find the application with unique name "other":'):
        session.run(lambda connection: targets.describe(connection, BY_UNIQUE_NAME, "other"))


def test_targets_are_found_by_their_display_name_page_by_page(emulator: Emulator, session: Session) -> None:
    made = {emulator.create_application(AWKWARD).object_id for _ in range(1001)}
    emulator.create_application("O'Neill")

    found = session.run(lambda connection: targets.of_display_name(connection, APPLICATION, AWKWARD))
    assert {one.id for one in found} == made
    assert session.run(lambda connection: targets.of_display_name(connection, SERVICE_PRINCIPAL, AWKWARD)) == []


@pytest.mark.parametrize("body", ['{"value":null}', '{"error":{},"value":[]}'])
def test_names_that_make_no_sense_are_a_missing_permission(emulator: Emulator, session: Session, body: str) -> None:
    emulator.fault(status=200, body=body)
    with pytest.raises(Forbidden, match='cannot find the application named "Portal"'):
        session.run(lambda connection: targets.of_display_name(connection, APPLICATION, "Portal"))


# -- claims of their own -----------------------------------------------------------------------------------------------


def change(emulator: Emulator, target: str, object_id: str, **properties: Any) -> None:
    directory = emulator.directory
    directory.update(directory.contents.get(target, object_id), properties)


@pytest.mark.parametrize(
    ("application", "principal", "maps"),
    [
        ({}, {}, False),
        ({"api": {"acceptMappedClaims": True}}, {}, True),
        ({"api": {"acceptMappedClaims": False}}, {}, False),
        ({"api": {"acceptMappedClaims": None}}, {}, False),
        ({"api": {}}, {}, False),
        ({}, {"keyCredentials": [{"usage": "Verify"}]}, False),
        ({}, {"keyCredentials": [{"usage": "Verify"}, {"usage": "Sign"}]}, True),
        ({}, {"keyCredentials": [{}]}, False),
    ],
)
def test_service_principal_may_have_claims_of_its_own(
    emulator: Emulator,
    session: Session,
    registered: Registration,
    application: dict[str, Any],
    principal: dict[str, Any],
    maps: bool,
) -> None:
    change(emulator, "applications", registered.object_id, **application)
    change(emulator, "servicePrincipals", registered.service_principal_id, **principal)
    found = session.look_up(PRINCIPAL_BY_ID, registered.service_principal_id)
    emulator.clear_journal()
    assert session.maps_claims(found) is maps
    assert len(asked(emulator)) == (1 if maps and principal else 2)


def test_application_of_another_tenant_says_nothing(
    emulator: Emulator, session: Session, registered: Registration
) -> None:
    found = session.look_up(PRINCIPAL_BY_ID, registered.service_principal_id)
    with pytest.raises(NotFound, match="cannot read the application with client id 00000000"):
        session.maps_claims(Found(found.id, "00000000-0000-0000-0000-000000000000", found.name))


def test_target_in_words() -> None:
    assert (str(Found("9a1b", "", "Portal")), str(Found("9a1b", "", ""))) == ('"Portal" (9a1b)', "9a1b")
