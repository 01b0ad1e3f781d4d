import json
from datetime import datetime, timedelta, timezone

import pytest
from tests.graph.session import (
    DEFINITION,
    NOWHERE,
    OTHER_DEFINITION,
    POLICIES,
    SERVICE_PRINCIPAL,
    Session,
    asked,
    at,
    slot,
)

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph.errors import AnswerLost, Forbidden, GraphError, NotFound
from pulumi_entra_policies.graph.policies import Listed, Policy

NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
TYPE = "#microsoft.graph.tokenIssuancePolicy"


def test_created_policy_is_read_back_byte_for_byte(session: Session) -> None:
    definition = '{ "TokenIssuancePolicy" : {"Version":1, "Clé":"☃"} }'
    policy = session.create("Portal “SAML”", definition)
    assert policy == Policy(policy.id, "Portal “SAML”", definition)
    assert session.get(policy.id) == policy


def test_create_sends_one_post_with_nothing_but_what_graph_takes(emulator: Emulator, session: Session) -> None:
    session.create("Portal SAML")
    (entry,) = emulator.journal()
    assert (entry["method"], entry["path"]) == ("POST", POLICIES)
    assert entry["body"] == {"@odata.type": TYPE, "displayName": "Portal SAML", "definition": [DEFINITION]}


def test_request_says_who_sends_it_and_asks_for_no_consistency_level(emulator: Emulator, session: Session) -> None:
    session.create()
    headers = emulator.journal()[0]["headers"]
    assert "pulumi-entra-policies/" in headers["user-agent"]
    assert (headers["accept"], headers["content-type"]) == ("application/json", "application/json")
    assert "consistencylevel" not in headers


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({"display_name": "New"}, {"displayName": "New"}, id="name"),
        pytest.param({"definition": OTHER_DEFINITION}, {"definition": [OTHER_DEFINITION]}, id="definition"),
    ],
)
def test_update_sends_only_what_is_given(
    emulator: Emulator, session: Session, changes: dict[str, str], body: dict[str, object]
) -> None:
    policy = session.create()
    session.update(policy.id, **changes)
    assert emulator.journal()[-1]["body"] == {"@odata.type": TYPE, **body}


def test_updated_policy_is_read_back(session: Session) -> None:
    policy = session.create()
    session.update(policy.id, display_name="New", definition=OTHER_DEFINITION)
    assert session.get(policy.id) == Policy(policy.id, "New", OTHER_DEFINITION)


def test_deleted_policy_is_not_found(session: Session) -> None:
    policy = session.create()
    session.delete(policy.id)
    with pytest.raises(NotFound):
        session.get(policy.id)


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_policy_that_is_not_there_is_not_found(session: Session, verb: str) -> None:
    with pytest.raises(NotFound, match=f"token issuance policy {NOWHERE}:\n  Resource '{NOWHERE}' does not exist"):
        getattr(session, verb)(NOWHERE)


def test_id_cannot_lead_to_another_path(emulator: Emulator, session: Session) -> None:
    with pytest.raises(GraphError):
        session.get("../../applications?x#{y}")
    assert len(emulator.journal()) == 1
    assert emulator.journal()[0]["path"].startswith(POLICIES)


# -- many at once ------------------------------------------------------------------------------------------------------


PROPERTIES = "$select=id,displayName,definition,isOrganizationDefault"


def test_listing_asks_for_a_big_page_of_what_is_needed(emulator: Emulator, session: Session) -> None:
    policy = session.create()
    emulator.clear_journal()
    assert session.listed() == [policy]
    assert [entry["path"] for entry in emulator.journal()] == [f"{POLICIES}?$top=999&{PROPERTIES}"]


def test_listing_with_users_says_who_has_each_policy_by_id_alone(emulator: Emulator, session: Session) -> None:
    used, free = session.create("Used"), session.create("Free")
    portal = emulator.create_application("Portal")
    session.add(slot(portal.object_id), used.id)
    emulator.clear_journal()
    (page,) = session.pages(with_users=True)
    assert page.listed == [Listed(used, frozenset({portal.object_id}), True), Listed(free, frozenset(), True)]
    assert [entry["path"] for entry in emulator.journal()] == [f"{POLICIES}?$expand=appliesTo($select=id)&{PROPERTIES}"]


def test_twenty_users_are_perhaps_not_all(emulator: Emulator, session: Session) -> None:
    policy = session.create()
    for number in range(20):
        session.add(slot(emulator.create_application(f"A{number}").object_id), policy.id)
    (page,) = session.pages(with_users=True)
    assert (len(page.listed[0].users), page.listed[0].shows_all_users) == (20, False)


def test_users_with_more_on_another_page_are_not_all(emulator: Emulator, session: Session) -> None:
    shown = {"id": NOWHERE, "appliesTo": [{"id": "1"}], "appliesTo@odata.nextLink": f"{emulator.url}/v1.0/more"}
    emulator.fault(status=200, body=json.dumps({"value": [shown]}))
    (page,) = session.pages(with_users=True)
    assert (page.listed[0].users, page.listed[0].shows_all_users) == (frozenset({"1"}), False)


def test_listing_without_users_shows_nobody(session: Session) -> None:
    policy = session.create()
    (page,) = session.pages()
    assert page.listed == [Listed(policy)]


def test_listing_with_users_needs_permission_to_read_them(emulator: Emulator, session: Session) -> None:
    emulator.grant({"Policy.Read.All"})
    try:
        with pytest.raises(Forbidden, match=r"Application\.Read\.All and Policy\.Read\.All"):
            session.pages(with_users=True)
    finally:
        emulator.grant(None)


def test_every_page_of_a_listing_is_read(emulator: Emulator, session: Session) -> None:
    next_page = f"{emulator.url}{POLICIES}?$skiptoken=2"
    first, second = {"id": "1", "displayName": "One"}, {"id": "2", "displayName": "Two"}
    emulator.fault(status=200, body=json.dumps({"value": [first], "@odata.nextLink": next_page}), headers=at(NOON))
    emulator.fault(status=200, body=json.dumps({"value": [second]}), headers=at(NOON + timedelta(seconds=5)))
    found = session.listed()
    assert [(policy.id, policy.at) for policy in found] == [("1", NOON), ("2", NOON + timedelta(seconds=5))]
    assert [entry["path"] for entry in emulator.journal()][1] == f"{POLICIES}?$skiptoken=2"


def test_next_page_elsewhere_is_not_asked_for(emulator: Emulator, session: Session) -> None:
    with Emulator() as other:
        body = json.dumps({"value": [], "@odata.nextLink": f"{other.url}{POLICIES}"})
        emulator.fault(status=200, body=body)
        with pytest.raises(GraphError):
            session.listed()
        assert asked(other) == []


def test_users_of_a_policy_are_named(emulator: Emulator, session: Session) -> None:
    policy, portal = session.create(), emulator.create_application("Portal", with_service_principal=True)
    session.add(slot(portal.object_id), policy.id)
    session.add(slot(portal.service_principal_id, SERVICE_PRINCIPAL), policy.id)
    emulator.clear_journal()
    assert [str(user) for user in session.users(policy.id)] == [
        f'application "Portal" ({portal.object_id})',
        f'service principal "Portal" ({portal.service_principal_id})',
    ]
    path = f"{POLICIES}/{policy.id}/appliesTo?$top=999&$select=id,displayName"
    assert [entry["path"] for entry in emulator.journal()] == [path]


def test_users_are_read_page_by_page_and_as_far_as_graph_names_them(emulator: Emulator, session: Session) -> None:
    next_page = f"{emulator.url}{POLICIES}/{NOWHERE}/appliesTo?$skiptoken=2"
    emulator.fault(status=200, body=json.dumps({"value": [{"id": "1"}], "@odata.nextLink": next_page}))
    emulator.fault(status=200, body=json.dumps({"value": []}))
    assert [str(user) for user in session.users(NOWHERE)] == ["object 1"]
    assert len(asked(emulator)) == 2


def test_page_that_is_its_own_next_one_is_not_read_for_ever(emulator: Emulator, session: Session) -> None:
    same = json.dumps({"value": [], "@odata.nextLink": f"{emulator.url}{POLICIES}/{NOWHERE}/appliesTo?$skiptoken=2"})
    emulator.fault(status=200, body=same, times=9)
    with pytest.raises(GraphError, match="Graph's next page is the same one again"):
        session.users(NOWHERE)
    assert len(asked(emulator)) == 2
    emulator.reset_faults()


@pytest.mark.parametrize("verb", ["listed", "users"])
@pytest.mark.parametrize("body", ['{"error":{"code":"Denied"}}', '{"value":null}', '{"value":['])
def test_listing_without_a_list_is_a_question_of_permission(
    emulator: Emulator, session: Session, verb: str, body: str
) -> None:
    emulator.fault(status=200, body=body)
    with pytest.raises(Forbidden, match=r"Policy\.Read\.All if it is missing"):
        session.listed() if verb == "listed" else session.users(NOWHERE)


# -- when Graph answered -----------------------------------------------------------------------------------------------


def test_answers_carry_graphs_date(emulator: Emulator, session: Session) -> None:
    body = json.dumps({"id": NOWHERE, "displayName": "Portal SAML", "definition": [DEFINITION]})
    for status, text in ((201, body), (200, body), (204, "")):
        emulator.fault(status=status, body=text, headers=at(NOON))
    assert [session.create().at, session.get().at, session.update(NOWHERE, display_name="New")] == [NOON] * 3


def test_date_is_that_of_the_last_try(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=429, headers=at(NOON))
    emulator.fault(status=204, body="", headers=at(NOON + timedelta(seconds=30)))
    assert session.update(NOWHERE, display_name="New") == NOON + timedelta(seconds=30)


@pytest.mark.parametrize("date", ["", "soon", "Sat, 42 Jan 2026 12:00:00 GMT", "Sat, 31 Jan 2026 12:00:00 +9900"])
def test_answer_without_a_date_is_of_now(emulator: Emulator, session: Session, date: str) -> None:
    emulator.fault(status=204, body="", headers={"Date": date})
    before = datetime.now(timezone.utc)
    assert before <= session.update(NOWHERE, display_name="New") <= datetime.now(timezone.utc)


# -- answers that make no sense ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param('{"value":[', "Graph's answer made no sense (JSONDecodeError: ", id="broken JSON"),
        pytest.param("<html>Sign in</html>", "Graph's answer made no sense (", id="a page"),
        pytest.param("", "Graph's answer made no sense (ValueError: it was empty)", id="empty"),
        pytest.param('{"error":{"code":"Denied"}}', "Graph's answer carries no id", id="an error inside"),
        pytest.param("{}", "Graph's answer carries no id", id="empty object"),
        pytest.param("[]", "Graph's answer carries no id", id="a list"),
    ],
)
def test_get_answered_with_nonsense_is_a_question_of_permission(
    emulator: Emulator, session: Session, body: str, reason: str
) -> None:
    emulator.fault(status=200, body=body)
    with pytest.raises(GraphError) as caught:
        session.get()
    assert caught.value.reason.startswith(reason)
    assert "permission Policy.Read.All if it is missing" in str(caught.value)
    assert not isinstance(caught.value, NotFound)


def test_policy_without_name_and_definition_is_read_as_empty(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=200, body=json.dumps({"id": NOWHERE, "displayName": None, "definition": []}))
    assert session.get() == Policy(NOWHERE, "", "")


@pytest.mark.parametrize("body", ['{"id":', "", "{}", "[]", '{"error":{"code":"Denied"}}'])
def test_create_answered_with_nonsense_may_have_been_done(emulator: Emulator, session: Session, body: str) -> None:
    emulator.fault(method="POST", status=201, when="after", body=body)
    with pytest.raises(AnswerLost, match=r'^cannot create token issuance policy "Portal SAML":\n.*\n  To go on: look '):
        session.create()
    assert asked(emulator) == [("POST", 201)]


def test_create_answered_with_an_id_alone_keeps_what_was_sent(emulator: Emulator, session: Session) -> None:
    emulator.fault(method="POST", status=201, body=json.dumps({"id": NOWHERE}))
    assert session.create() == Policy(NOWHERE, "Portal SAML", DEFINITION)


def test_refused_definition_is_refused_with_where_to_look(session: Session) -> None:
    with pytest.raises(GraphError, match="check the definition against Microsoft's reference page"):
        session.create(definition="no JSON")
