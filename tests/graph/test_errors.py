from datetime import datetime, timezone

import pytest
from tests.graph.session import NOWHERE, Session, slot

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph import errors
from pulumi_entra_policies.graph.errors import (
    AlreadyAssigned,
    Answer,
    AnswerLost,
    Doing,
    EntraError,
    Forbidden,
    GraphError,
    NotAssigned,
    NotFound,
    ReplicaBehind,
    SlotTaken,
)

UNIQUE = "Request contains property changes that would result in property-uniqueness violation(s)."
ADDED = "One or more added object references already exist for the following modified properties: 'x'."
REMOVED = "One or more removed object references do not exist for the following modified properties: 'x'."
COMPANY = "Unable to read the company information from the directory."
QUOTA = "The directory object quota limit for the Tenant has been exceeded."
LATER = "wait a little and run pulumi up again"
NEITHER = "correct the arguments; the request-id is what Microsoft support asks for"


@pytest.mark.parametrize(
    ("status", "code", "message", "error", "advice"),
    [
        (400, "Request_MultipleObjectsWithSameKeyValue", UNIQUE, SlotTaken, "remove that assignment first"),
        (409, "Request_MultipleObjectsWithSameKeyValue", UNIQUE, SlotTaken, "remove that assignment first"),
        (400, "Request_BadRequest", ADDED, AlreadyAssigned, "run pulumi refresh"),
        (409, "Request_BadRequest", ADDED, AlreadyAssigned, "run pulumi refresh"),
        (400, "Request_BadRequest", REMOVED, NotAssigned, "run pulumi refresh"),
        (404, "Request_ResourceNotFound", "Resource 'x' does not exist.", NotFound, "check the id and the tenant"),
        (404, "Directory_ObjectNotFound", "Unable to find target.", NotFound, "check the id and the tenant"),
        (404, "Directory_ObjectNotFound", COMPANY, ReplicaBehind, LATER),
        (404, "Request_ResourceNotFound", COMPANY, ReplicaBehind, LATER),
        (404, "ResourceNotFound", "Resource not found.", GraphError, NEITHER),
        (404, "itemNotFound", "Item not found.", GraphError, NEITHER),
        (404, "Request_ResourceNotFoundElsewhere", "Not here.", GraphError, NEITHER),
        (400, "Request_ResourceNotFound", "Resource 'x' does not exist.", GraphError, NEITHER),
        (400, "Request_BadRequest", COMPANY, GraphError, NEITHER),
        (401, "InvalidAuthenticationToken", "Access token is empty.", GraphError, "sign in again"),
        (403, "Authorization_RequestDenied", "Insufficient privileges", Forbidden, "permission Policy.Read.All,"),
        (403, "Directory_QuotaExceeded", QUOTA, GraphError, "delete policies that nothing uses"),
        (409, "Directory_ConcurrencyViolation", "Concurrent requests.", GraphError, LATER),
        (400, "Request_BadRequest", "Property definition has an invalid value.", GraphError, "check the definition"),
        (400, "Request_BadRequest", "Not a valid reference update", NotFound, "check the policy's id and kind"),
        (409, "Request_Conflict", "Something else.", GraphError, NEITHER),
        (500, "InternalServerError", "Internal server error.", GraphError, LATER),
        (502, "BadGateway", "Bad gateway.", GraphError, f"{LATER}; https://status.cloud.microsoft"),
        (418, "Teapot", "Short and stout.", GraphError, NEITHER),
    ],
)
def test_answer_becomes_a_named_error_with_advice(
    emulator: Emulator,
    session: Session,
    status: int,
    code: str,
    message: str,
    error: type[GraphError],
    advice: str,
) -> None:
    emulator.fault(status=status, code=code, message=message, times=100)
    with pytest.raises(GraphError) as caught:
        session.get()
    assert type(caught.value) is error
    assert advice in caught.value.advice
    answer = caught.value.answer
    assert answer is not None
    assert (answer.status, answer.code, answer.message) == (status, code, message)
    assert f"Graph answered {status} {code} (request-id {answer.request_id})." in str(caught.value)


@pytest.mark.parametrize(
    ("verb", "permission"),
    [
        ("get", "Policy.Read.All"),
        ("create", "Policy.ReadWrite.ApplicationConfiguration"),
        ("update", "Policy.ReadWrite.ApplicationConfiguration"),
        ("delete", "Policy.ReadWrite.ApplicationConfiguration"),
    ],
)
def test_missing_permission_is_named(emulator: Emulator, session: Session, verb: str, permission: str) -> None:
    emulator.fault(status=403)
    with pytest.raises(GraphError, match=f"the Microsoft Graph permission {permission}.*, with admin consent"):
        getattr(session, verb)()


@pytest.mark.parametrize("verb", ["add", "assigned", "remove"])
def test_missing_permission_of_an_assignment_is_named(emulator: Emulator, session: Session, verb: str) -> None:
    emulator.fault(status=403)
    with pytest.raises(GraphError, match=r"Application\.ReadWrite\.OwnedBy .* and Policy\.Read\.All"):
        getattr(session, verb)(slot())


def test_message_says_what_was_done_what_graph_said_and_what_to_do(emulator: Emulator, session: Session) -> None:
    with pytest.raises(NotFound) as caught:
        session.get()
    assert caught.value.answer is not None
    assert str(caught.value).splitlines() == [
        f"cannot read token issuance policy {NOWHERE}:",
        f"  Resource '{NOWHERE}' does not exist or one of its queried reference-property objects are not present.",
        f"  Graph answered 404 Request_ResourceNotFound (request-id {caught.value.answer.request_id}).",
        "  To go on: check the id and the tenant, or run pulumi refresh.",
    ]


@pytest.mark.parametrize("verb", ["get", "create"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<html><body>Bad gateway</body></html>", "text/html"),
        ("<html><body>Bad gateway</body></html>", "application/json"),
        ("", "application/json"),
        ("{}", "application/json"),
        ("[]", "application/json"),
    ],
)
def test_gateways_page_still_has_a_status_and_an_id(
    emulator: Emulator, session: Session, verb: str, body: str, content_type: str
) -> None:
    headers = {"Content-Type": content_type, "request-id": "id-of-the-header"}
    emulator.fault(status=502, body=body, headers=headers, times=100)
    with pytest.raises(GraphError) as caught:
        getattr(session, verb)()
    _, reason, answer, advice = str(caught.value).splitlines()
    assert reason == "  Graph gave no reason (HTTP status 502)."
    assert answer == "  Graph answered 502 (request-id id-of-the-header)."
    expected = (AnswerLost, "look in the tenant for a") if verb == "create" else (GraphError, "wait a little")
    assert advice.startswith(f"  To go on: {expected[1]}")
    assert type(caught.value) is expected[0]


def test_404_of_a_proxy_says_nothing_about_the_object(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=404, body="<html>", headers={"Content-Type": "text/html"})
    with pytest.raises(GraphError) as caught:
        session.get()
    assert type(caught.value) is GraphError


@pytest.mark.parametrize("message", [None, COMPANY], ids=["not found", "replica behind"])
def test_404_to_a_create_may_have_been_carried_out(emulator: Emulator, session: Session, message: str | None) -> None:
    emulator.fault(method="POST", status=404, code="Request_ResourceNotFound", message=message or "", when="after")
    with pytest.raises(AnswerLost, match="delete it if it is there"):
        session.create()


@pytest.mark.parametrize("body", [None, "<html>"], ids=["Graph's", "a page"])
def test_refusal_has_the_date_of_graphs_answer(emulator: Emulator, session: Session, body: str | None) -> None:
    emulator.fault(status=404, body=body, headers={"Date": "Sat, 31 Jan 2026 12:00:00 GMT"})
    with pytest.raises(GraphError) as caught:
        session.get()
    assert caught.value.at == datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def test_error_without_answer_is_of_now() -> None:
    before = datetime.now(timezone.utc)
    assert before <= GraphError(Doing("do it", "None"), "it is late", "sleep").at <= datetime.now(timezone.utc)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(400, "Code", "Message.", "id"), "Graph answered 400 Code (request-id id)"),
        (Answer(400, "Code", "Message."), "Graph answered 400 Code"),
        (Answer(502, "", "", "id"), "Graph answered 502 (request-id id)"),
        (Answer(502, "", ""), "Graph answered 502"),
    ],
)
def test_answer_is_one_line_of_what_there_is(answer: Answer, text: str) -> None:
    assert str(answer) == text


def test_error_without_answer_has_no_line_for_it() -> None:
    error = GraphError(Doing("do it", "None"), "it is late.", "sleep")
    assert str(error) == "cannot do it:\n  it is late.\n  To go on: sleep."


@pytest.mark.parametrize("answer", [None, Answer(400, "Code", "Message.", "id")], ids=["none", "an answer"])
@pytest.mark.parametrize("dot", ["", "."])
def test_every_error_is_one_message_of_one_form(answer: Answer | None, dot: str) -> None:
    refused = EntraError("cannot do it", f"it is late{dot}", f"sleep{dot}", answer)
    said = ["  Graph answered 400 Code (request-id id)."] if answer else []
    lines = ["cannot do it:", "  it is late.", *said, "  To go on: sleep."]
    assert str(refused).splitlines() == lines
    assert str(errors.SwapFailed(refused, "nothing is as it was")).splitlines() == [*lines, "  nothing is as it was."]


def test_errors_are_shown_by_one_word() -> None:
    tree = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, EntraError)]
    assert len(tree) == 24
    assert {error.__module__ for error in tree} == {"builtins"}
    assert all(error.__name__ in str(errors.__doc__) for error in tree)
