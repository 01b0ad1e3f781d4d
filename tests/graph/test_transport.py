"""What is repeated and what is not, counted in the emulator's journal."""

import asyncio
import contextlib
import datetime
import socket
from collections.abc import Callable, Iterator
from email.utils import format_datetime

import httpx
import pytest
from tests.graph.session import DEFINITION, KIND, NOWHERE, POLICIES, Session, asked, slot

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph import policies
from pulumi_entra_policies.graph.connection import LIMITS, Connection
from pulumi_entra_policies.graph.consistency import LONGEST_PAUSE
from pulumi_entra_policies.graph.errors import AnswerLost, GraphError, NotFound

BACKOFF = [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]

Verb = Callable[[Session], object]
WRITES: dict[str, Verb] = {
    "POST": lambda session: session.create(),
    "PATCH": lambda session: session.update(display_name="New"),
    "DELETE": lambda session: session.delete(),
}
VERBS: dict[str, Verb] = {"GET": lambda session: session.get(), **WRITES}


@pytest.fixture
def nobody() -> str:
    """An address on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds), True)


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("method", WRITES)
def test_write_that_got_a_server_error_is_sent_once(
    emulator: Emulator, session: Session, method: str, status: int
) -> None:
    emulator.fault(method=method, status=status, times=5)
    with pytest.raises(GraphError, match=f"Graph answered {status} "):
        WRITES[method](session)
    assert (asked(emulator), session.slept) == ([(method, status)], [])


def test_create_that_got_503_after_it_was_done_makes_no_twin(emulator: Emulator, session: Session) -> None:
    emulator.fault(method="POST", status=503, when="after")
    with pytest.raises(GraphError, match="503"):
        session.create()
    assert len(emulator.directory.all("tokenIssuancePolicies")) == 1


def test_reference_that_got_503_is_sent_once(emulator: Emulator, session: Session) -> None:
    emulator.fault(method="POST", path=r"\$ref$", status=503, times=5)
    with pytest.raises(GraphError, match="503"):
        session.add(slot())
    assert asked(emulator) == [("POST", 503)]


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504])
def test_get_that_got_a_server_error_is_repeated(emulator: Emulator, session: Session, status: int) -> None:
    policy = session.create()
    emulator.fault(method="GET", status=status, times=2)
    assert session.get(policy.id) == policy
    assert asked(emulator) == [("POST", 201), ("GET", status), ("GET", status), ("GET", 200)]
    assert session.slept == BACKOFF[:2]


def test_get_is_given_up_after_the_last_attempt(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=503, times=100)
    with pytest.raises(GraphError, match="503 ServiceUnavailable"):
        session.get()
    assert (asked(emulator), session.slept) == ([("GET", 503)] * 8, BACKOFF)


def test_wait_that_is_long_is_told(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=503, times=100)
    with pytest.raises(GraphError):
        session.get()
    words = f"s before sending GET {POLICIES}/{NOWHERE} again"
    assert session.told == [f"Waiting {seconds:.0f} {words}" for seconds in BACKOFF[2:]]


@pytest.mark.parametrize("method", VERBS)
def test_concurrency_violation_of_any_verb_is_repeated(emulator: Emulator, session: Session, method: str) -> None:
    emulator.fault(method=method, status=409, times=2)
    outcome = 201 if method == "POST" else 404
    with contextlib.suppress(NotFound):
        VERBS[method](session)
    assert asked(emulator) == [(method, 409), (method, 409), (method, outcome)]
    assert session.slept == BACKOFF[:2]


def test_concurrency_violation_waits_as_long_as_graph_asks(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=409, headers={"Retry-After": "3"})
    session.create()
    assert session.slept == [3.0]


def test_concurrency_violation_that_does_not_end_is_given_up_after_the_last_attempt(
    emulator: Emulator, session: Session
) -> None:
    emulator.fault(status=409, times=100)
    with pytest.raises(GraphError, match="wait a little and run pulumi up again"):
        session.create()
    assert (asked(emulator), session.slept) == ([("POST", 409)] * 8, BACKOFF)


@pytest.mark.parametrize("code", ["Request_MultipleObjectsWithSameKeyValue", "Request_Conflict"])
@pytest.mark.parametrize("method", VERBS)
def test_any_other_409_is_not_repeated(emulator: Emulator, session: Session, method: str, code: str) -> None:
    emulator.fault(method=method, status=409, code=code)
    with pytest.raises(GraphError, match=f"Graph answered 409 {code} "):
        VERBS[method](session)
    assert (asked(emulator), session.slept) == ([(method, 409)], [])


@pytest.mark.parametrize("method", VERBS)
@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        pytest.param({"Retry-After": "0"}, BACKOFF[:2], id="zero"),
        pytest.param({"Retry-After": "17"}, [17.0, 17.0], id="seconds"),
        pytest.param({}, [1.0, 2.0], id="absent"),
        pytest.param({"Retry-After": "soon"}, [1.0, 2.0], id="a word"),
        pytest.param({"Retry-After": "-5"}, [1.0, 2.0], id="negative"),
        pytest.param({"Retry-After": in_seconds(-60)}, [0.0, 0.0], id="a date that is past"),
    ],
)
def test_throttled_request_of_any_verb_is_repeated(
    emulator: Emulator, session: Session, method: str, headers: dict[str, str], slept: list[float]
) -> None:
    emulator.fault(method=method, status=429, headers=headers, times=2)
    outcome = 201 if method == "POST" else 404
    with contextlib.suppress(NotFound):
        VERBS[method](session)
    assert asked(emulator) == [(method, 429), (method, 429), (method, outcome)]
    assert session.slept == slept


def test_throttling_until_a_date_waits_until_then(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=429, headers={"Retry-After": in_seconds(300)})
    session.create()
    assert session.slept == [pytest.approx(300, abs=15)]


@pytest.mark.parametrize("wait", ["601", in_seconds(7200), "9" * 400], ids=["seconds", "date", "forever"])
def test_throttling_beyond_the_bound_is_given_up_without_waiting(
    emulator: Emulator, session: Session, wait: str
) -> None:
    emulator.fault(status=429, headers={"Retry-After": wait}, times=5)
    with pytest.raises(GraphError, match="wait until Graph's throttling ends"):
        session.create()
    assert (asked(emulator), session.slept) == ([("POST", 429)], [])


def test_bound_is_on_all_waits_together(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=429, headers={"Retry-After": "400"}, times=5)
    with pytest.raises(GraphError, match="429 TooManyRequests"):
        session.create()
    assert (asked(emulator), session.slept) == ([("POST", 429)] * 2, [400.0])


def test_throttling_that_does_not_end_is_given_up_after_the_last_attempt(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=429, headers={"Retry-After": "1"}, times=100)
    with pytest.raises(GraphError, match="run pulumi up again with a lower --parallel"):
        session.create()
    assert (asked(emulator), session.slept) == ([("POST", 429)] * 8, [1.0] * 7)


@pytest.mark.parametrize("body", ["", "{}", "<html>Sign in</html>"])
@pytest.mark.parametrize("method", WRITES)
def test_proxy_that_answers_a_write_with_200_leaves_it_open(
    emulator: Emulator, session: Session, method: str, body: str
) -> None:
    emulator.fault(method=method, status=200, body=body)
    with pytest.raises(AnswerLost, match="NotGraphs: 200 is no answer to a write"):
        WRITES[method](session)
    assert asked(emulator) == [(method, 200)]


# -- connections -------------------------------------------------------------------------------------------------------


def test_get_whose_connection_dropped_is_repeated(emulator: Emulator, session: Session) -> None:
    policy = session.create()
    emulator.fault(method="GET", drop=True, times=2)
    assert session.get(policy.id) == policy
    assert asked(emulator)[1:] == [("GET", None), ("GET", None), ("GET", 200)]
    assert session.slept == BACKOFF[:2]


def test_get_whose_connection_always_drops_is_an_error(emulator: Emulator, session: Session) -> None:
    emulator.fault(drop=True, times=100)
    with pytest.raises(GraphError, match=r"did not arrive \(\w+: .*\)\.\n  To go on: check the network") as caught:
        session.get()
    assert not isinstance(caught.value, AnswerLost)
    assert (asked(emulator), session.slept) == ([("GET", None)] * 4, BACKOFF[:3])


def test_drop_after_the_bound_is_used_up_is_not_repeated(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=429, headers={"Retry-After": "599"})
    emulator.fault(drop=True, times=5)
    with pytest.raises(GraphError, match="did not arrive"):
        session.get()
    assert (asked(emulator), session.slept) == ([("GET", 429), ("GET", None)], [599.0])


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_create_whose_answer_is_lost_is_sent_once(emulator: Emulator, session: Session, when: str, made: int) -> None:
    emulator.fault(method="POST", drop=True, when=when, times=5)
    with pytest.raises(AnswerLost, match="look in the tenant for a token issuance policy"):
        session.create()
    assert (asked(emulator), session.slept) == ([("POST", None)], [])
    assert len(emulator.directory.all("tokenIssuancePolicies")) == made


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_other_write_whose_answer_is_lost_is_sent_once(emulator: Emulator, session: Session, method: str) -> None:
    emulator.fault(method=method, drop=True, times=5)
    with pytest.raises(AnswerLost):
        WRITES[method](session)
    assert asked(emulator) == [(method, None)]


@pytest.mark.parametrize("method", VERBS)
def test_nobody_there_is_tried_again_and_then_a_clear_error(nobody: str, method: str) -> None:
    session = Session(nobody)
    with pytest.raises(GraphError, match=r"Graph cannot be reached \(.+\)\.\n  To go on: start the emulator") as caught:
        VERBS[method](session)
    assert not isinstance(caught.value, AnswerLost)
    assert session.slept == BACKOFF[:3]


def test_workers_keep_a_connection_each(session: Session) -> None:
    used: list[object] = []

    async def note(response: httpx.Response) -> None:
        used.append(response.extensions["network_stream"].get_extra_info("client_addr"))

    async def work(connection: Connection) -> None:
        connection._http.event_hooks = {"response": [note]}

        async def worker() -> None:
            for _ in range(5):
                await policies.create(connection, KIND, policies.Changes("Portal", DEFINITION))

        await asyncio.gather(*(worker() for _ in range(4)))

    session.run(work)
    assert (len(used), len(set(used))) == (20, 4)


def test_connection_is_kept_through_a_pause() -> None:
    assert (LIMITS.keepalive_expiry or 0) > LONGEST_PAUSE


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def other() -> Iterator[Emulator]:
    """A host that is not Graph."""
    with Emulator() as emulator:
        yield emulator


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", VERBS)
def test_redirect_is_refused_and_the_other_host_hears_nothing(
    emulator: Emulator, other: Emulator, session: Session, method: str, status: int
) -> None:
    emulator.fault(status=status, headers={"Location": f"{other.url}/v1.0/stolen"})
    with pytest.raises(GraphError, match=f"was redirected to {other.url}/v1.0/stolen, which is not Graph"):
        VERBS[method](session)
    assert asked(other) == []
    assert (asked(emulator), session.slept) == ([(method, status)], [])


def test_redirect_to_graph_itself_is_refused_too(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=307, headers={"Location": f"/v1.0/policies/tokenIssuancePolicies/{NOWHERE}"})
    with pytest.raises(GraphError, match="was redirected"):
        session.get()
    assert asked(emulator) == [("GET", 307)]


def test_redirect_without_location_is_an_error(emulator: Emulator, session: Session) -> None:
    emulator.fault(status=302)
    with pytest.raises(GraphError):
        session.get()
    assert asked(emulator) == [("GET", 302)]
