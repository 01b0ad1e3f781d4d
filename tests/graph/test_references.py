from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from tests.graph.session import APPLICATION, NOWHERE, SERVICE_PRINCIPAL, Session, at, slot

from pulumi_entra_policies.definitions.targets import Slot
from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph.errors import (
    AlreadyAssigned,
    GraphError,
    NotAssigned,
    NotFound,
    SlotTaken,
)


@pytest.fixture
def portal(emulator: Emulator) -> Slot:
    return slot(emulator.create_application("Portal").object_id)


@pytest.mark.parametrize("target", [APPLICATION, SERVICE_PRINCIPAL], ids=["application", "service principal"])
def test_assigned_policy_is_listed_until_it_is_removed(emulator: Emulator, session: Session, target: Any) -> None:
    made = emulator.create_application("Portal", with_service_principal=True)
    place = slot(made.object_id if target is APPLICATION else made.service_principal_id, target)
    policy = session.create()
    session.add(place, policy.id)
    assert session.assigned(place).policies == [policy]
    assert session.assigned(place).ids == [policy.id]
    session.remove(place, policy.id)
    assert session.assigned(place).ids == []


def test_add_sends_one_post_with_the_policys_address(emulator: Emulator, session: Session, portal: Slot) -> None:
    policy = session.create()
    emulator.clear_journal()
    session.add(portal, policy.id)
    (entry,) = emulator.journal()
    assert (entry["method"], entry["path"]) == ("POST", f"/v1.0/{portal}/$ref")
    assert entry["body"] == {"@odata.id": f"{emulator.url}/v1.0/policies/tokenIssuancePolicies/{policy.id}"}


def test_answers_carry_graphs_date(emulator: Emulator, session: Session, portal: Slot) -> None:
    policy, noon = session.create(), datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    emulator.fault(status=204, body="", headers=at(noon))
    emulator.fault(status=200, body='{"value":[]}', headers=at(noon + timedelta(seconds=5)))
    assert session.add(portal, policy.id) == noon
    assert session.assigned(portal).at == noon + timedelta(seconds=5)


def test_remove_sends_one_delete(emulator: Emulator, session: Session, portal: Slot) -> None:
    policy = session.create()
    session.add(portal, policy.id)
    emulator.clear_journal()
    session.remove(portal, policy.id)
    assert [(entry["method"], entry["path"]) for entry in emulator.journal()] == [
        ("DELETE", f"/v1.0/{portal}/{policy.id}/$ref")
    ]


@pytest.mark.parametrize("status", [400, 409])
def test_second_policy_in_a_slot_finds_it_taken(
    emulator: Emulator, session: Session, portal: Slot, status: int
) -> None:
    emulator.directory.second_policy_status = status
    session.add(portal, session.create().id)
    with pytest.raises(SlotTaken) as caught:
        session.add(portal, session.create().id)
    assert caught.value.answer is not None
    assert caught.value.answer.status == status


def test_same_policy_again_is_already_assigned(session: Session, portal: Slot) -> None:
    policy = session.create()
    session.add(portal, policy.id)
    with pytest.raises(AlreadyAssigned):
        session.add(portal, policy.id)


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (400, NotAssigned)])
def test_removing_what_is_not_there_is_told_apart(
    emulator: Emulator, session: Session, portal: Slot, status: int, error: type[GraphError]
) -> None:
    emulator.directory.absent_reference_status = status
    with pytest.raises(error):
        session.remove(portal, session.create().id)


def test_target_that_is_not_there_is_not_found(session: Session) -> None:
    policy = session.create()
    for verb in (lambda: session.add(slot(), policy.id), lambda: session.assigned(slot())):
        with pytest.raises(NotFound, match=f"application {NOWHERE}:\n  Resource '{NOWHERE}' does not exist"):
            verb()


def test_policy_that_is_not_there_cannot_be_assigned(session: Session, portal: Slot) -> None:
    with pytest.raises(GraphError, match=f"^cannot assign token issuance policy {NOWHERE} to application "):
        session.add(portal)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(
            '{"value":[{"id":"1"},{"error":', "Graph's answer made no sense (JSONDecodeError", id="broken JSON"
        ),
        pytest.param('{"error":{"code":"Denied"}}', "Graph's answer is no list", id="an error inside"),
        pytest.param('{"value":null}', "Graph's answer is no list", id="null"),
        pytest.param('{"value":[{"displayName":"Legacy"}]}', "Graph's answer carries no id", id="no id"),
    ],
)
def test_answer_that_cannot_be_read_is_never_assigned_to_nothing(
    emulator: Emulator, session: Session, body: str, reason: str
) -> None:
    emulator.fault(status=200, body=body)
    with pytest.raises(GraphError) as caught:
        session.assigned(slot())
    assert caught.value.reason.startswith(reason)
    assert "Application.ReadWrite.OwnedBy" in caught.value.advice


def test_target_in_a_sentence() -> None:
    assert slot().carrier == f"application {NOWHERE}"
    assert slot(target=SERVICE_PRINCIPAL).carrier == f"service principal {NOWHERE}"
