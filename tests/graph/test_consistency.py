"""How long is waited for Graph's replicas, on a clock that only the pauses move."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pulumi_entra_policies.graph.consistency import Patience, Refusals, stamp
from pulumi_entra_policies.graph.errors import (
    Answer,
    AnswerLost,
    Doing,
    EntraError,
    GraphError,
    NotAssigned,
    NotFound,
    ReplicaBehind,
)

WAITED = [1.0, 2.0, 4.0, 8.0, 8.0, 7.0]
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
WRITTEN = "2026-01-31T12:00:00Z"


@dataclass(frozen=True)
class Seen:
    """An answer of Graph with its date."""

    at: datetime
    empty: bool = False


def refusal(error: type[GraphError], number: int = 1, at: datetime = NOON) -> GraphError:
    return error(Doing("do it", "None"), f"number {number}", "wait", Answer(404, "", "", at=at))


class Clock:
    """What a `Patience` sees and does. Every question takes `seconds_a_question`."""

    def __init__(self, waits: float = 30.0, seconds_a_question: float = 0.0) -> None:
        self.now, self.seconds_a_question = 1000.0, seconds_a_question
        self.slept: list[float] = []
        self.told: list[str] = []
        self.patience = Patience(waits, self._sleep, lambda: self.now, self.told.append)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def until(self, settled_from: float = float("inf")) -> int:
        """Every question is answered with its number."""
        return int(self.ask(itertools.count(1), lambda number: number >= settled_from))

    def ask(
        self,
        outcomes: Iterator[Any],
        settled: Callable[[Any], bool] = lambda outcome: False,
        not_yet: Refusals = (),
        seconds: Callable[[Any], float] | None = None,
    ) -> Any:
        """Every question has the next outcome; one that is an error is raised."""

        async def ask() -> Any:
            self.now += self.seconds_a_question
            outcome = next(outcomes)
            if isinstance(outcome, EntraError):
                raise outcome
            return outcome

        return asyncio.run(self.patience.until("it is late", ask, settled, not_yet, seconds))


def test_answer_that_is_enough_is_taken_at_once() -> None:
    clock = Clock()
    assert (clock.until(1), clock.slept, clock.told) == (1, [], [])


@pytest.mark.parametrize("number", range(2, 8))
def test_pauses_double_up_to_eight_seconds(number: int) -> None:
    clock = Clock()
    assert (clock.until(number), clock.slept) == (number, WAITED[: number - 1])


def test_last_answer_is_taken_when_the_time_is_up() -> None:
    clock = Clock()
    assert (clock.until(), clock.slept) == (7, WAITED)


@pytest.mark.parametrize("waits", [0.5, 1.0, 1.5, 3.0, 3.01, 10.0, 30.0, 600.0])
def test_bound_is_used_up_and_never_exceeded(waits: float) -> None:
    clock = Clock(waits)
    clock.until()
    assert sum(clock.slept) == pytest.approx(waits)
    assert min(clock.slept) > 0


@pytest.mark.parametrize("seconds_a_question", [0.75, 5.0, 100.0])
def test_slow_questions_count_from_the_first_answer_on(seconds_a_question: float) -> None:
    clock = Clock(30.0, seconds_a_question)
    clock.until()
    assert 30.0 <= clock.now - 1000.0 - seconds_a_question <= 30.0 + seconds_a_question


def test_who_does_not_wait_asks_once() -> None:
    clock = Clock(waits=0.0)
    assert (clock.until(), clock.slept, clock.told) == (1, [], [])


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_refusal_that_means_not_yet_is_waited_for() -> None:
    clock, answers = Clock(), iter([refusal(NotFound), refusal(NotFound), "here"])
    assert clock.ask(answers, lambda answer: True, not_yet=(NotFound,)) == "here"
    assert clock.slept == WAITED[:2]


def test_last_refusal_is_raised_when_the_time_is_up() -> None:
    clock = Clock()
    with pytest.raises(NotFound, match="number 7"):
        clock.ask((refusal(NotFound, number) for number in itertools.count(1)), not_yet=(NotFound,))
    assert clock.slept == WAITED


@pytest.mark.parametrize("before", [0, 2])
def test_any_other_refusal_is_raised_at_once(before: int) -> None:
    clock, refusals = Clock(), [refusal(NotFound)] * before
    with pytest.raises(NotAssigned):
        clock.ask(iter([*refusals, refusal(NotAssigned)]), not_yet=(NotFound,))
    assert clock.slept == WAITED[:before]


@pytest.mark.parametrize("seconds", [None, lambda outcome: 0.0], ids=["as long as replicas may take", "not at all"])
def test_replica_that_is_behind_is_waited_for_whatever_else_is_doubted(seconds: Any) -> None:
    clock = Clock()
    with pytest.raises(ReplicaBehind, match="number 7"):
        clock.ask((refusal(ReplicaBehind, number) for number in itertools.count(1)), seconds=seconds)
    assert clock.slept == WAITED


# -- each kind of outcome has its own time -----------------------------------------------------------------------------


def by_kind(outcome: Any) -> float:
    return {NotFound: 10.0, NotAssigned: 3.0, str: 0.0}[type(outcome)]


@pytest.mark.parametrize(
    ("outcomes", "result", "waited"),
    [
        (["value"], "value", 0.0),
        ([NotAssigned, "value"], "value", 1.0),
        ([NotAssigned, NotAssigned, NotAssigned, "value"], NotAssigned, 3.0),
        ([NotFound, NotFound, NotAssigned, NotAssigned, NotAssigned], NotAssigned, 6.0),
        ([NotAssigned, NotFound, NotFound, NotFound, NotFound], NotFound, 11.0),
        ([NotAssigned, NotFound, NotFound, NotAssigned, "value"], NotAssigned, 7.0),
        ([ReplicaBehind, ReplicaBehind, NotFound, "value"], "value", 7.0),
    ],
)
def test_outcome_is_doubted_from_the_first_of_its_kind(outcomes: list[Any], result: Any, waited: float) -> None:
    clock = Clock()
    asked = (outcome if isinstance(outcome, str) else refusal(outcome) for outcome in outcomes)
    try:
        found: Any = clock.ask(asked, not_yet=(NotFound, NotAssigned), seconds=by_kind)
    except GraphError as refused:
        found = type(refused)
    assert (found, sum(clock.slept)) == (result, waited)


# -- how old a write is ------------------------------------------------------------------------------------------------

AGES = [(-500.0, 30.0), (-1.0, 30.0), (0.0, 30.0), (12.0, 18.0), (29.0, 1.0), (30.0, 0.0), (500.0, 0.0)]


@pytest.mark.parametrize(("age", "left"), AGES)
def test_write_is_doubted_until_it_is_old_by_graphs_own_clock(age: float, left: float) -> None:
    assert Clock().patience.left(WRITTEN, NOON + timedelta(seconds=age)) == left


@pytest.mark.parametrize("zone", [-8, 0, 5.5])
def test_age_does_not_depend_on_the_zone(zone: float) -> None:
    at = NOON.astimezone(timezone(timedelta(hours=zone)))
    assert Clock().patience.left(WRITTEN, at) == 30.0
    assert stamp(at) == WRITTEN


@pytest.mark.parametrize("written_at", [None, "", "yesterday", "2026-01-31", 1769860800, ["2026-01-31T12:00:00Z"]])
def test_write_whose_time_nobody_knows_is_old(written_at: Any) -> None:
    assert Clock().patience.left(written_at, NOON) == 0.0


def test_stamp_is_to_the_second() -> None:
    assert stamp(NOON.replace(microsecond=999_999)) == WRITTEN


@pytest.mark.parametrize(("waits", "seconds"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (30.0, 1.0)])
def test_second_look_comes_after_a_second_or_sooner(waits: float, seconds: float) -> None:
    assert Clock(waits).patience.second_look == seconds


@pytest.mark.parametrize(
    ("outcome", "young", "old"),
    [
        (lambda at: Seen(at), 18.0, 0.0),
        (lambda at: Seen(at, empty=True), 18.0, 1.0),
        (lambda at: refusal(NotFound, at=at), 18.0, 1.0),
        (lambda at: refusal(NotAssigned, at=at), 18.0, 1.0),
        (lambda at: refusal(AnswerLost, at=at), 30.0, 30.0),
    ],
    ids=["another value", "empty", "404", "400", "lost"],
)
def test_doubt_depends_on_what_contradicts_the_write(
    outcome: Callable[[datetime], Any], young: float, old: float
) -> None:
    seconds = Clock().patience.doubt(WRITTEN, missing=lambda seen: seen.empty)
    assert [seconds(outcome(NOON + timedelta(seconds=age))) for age in (12, 500)] == [young, old]


def test_value_is_never_missing_unless_said_so() -> None:
    assert Clock().patience.doubt(WRITTEN)(Seen(NOON + timedelta(seconds=500), empty=True)) == 0.0


def test_write_whose_time_nobody_knows_is_missed_at_the_second_look() -> None:
    clock = Clock()
    assert clock.patience.doubt()(refusal(NotFound)) == 1.0
    assert Clock(waits=0.0).patience.doubt()(refusal(NotFound)) == 0.0


@pytest.mark.parametrize(("ago", "left"), [(0.0, 30.0), (12.0, 18.0), (30.0, 0.0), (500.0, 0.0)])
def test_what_was_begun_has_the_rest_of_the_time(ago: float, left: float) -> None:
    clock = Clock()
    assert clock.patience.left_since(clock.now - ago) == left


# -- telling -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waits", "number", "told"),
    [
        (1.0, 100, []),
        (30.0, 1, []),
        (30.0, 2, [30]),
        (3.9, 100, [4]),
        (30.0, 100, [30]),
        (600.0, 100, [600]),
    ],
)
def test_long_wait_is_told_once(waits: float, number: int, told: list[int]) -> None:
    clock = Clock(waits)
    clock.until(number)
    assert clock.told == [f"Waiting up to {left} s for Graph's replicas to agree: it is late" for left in told]


def test_long_wait_is_told_before_the_first_pause() -> None:
    clock = Clock()

    def outcomes() -> Iterator[str]:
        yield "first"
        assert (clock.slept, len(clock.told)) == ([1.0], 1)
        clock.told.append("asked again")
        yield "second"

    clock.ask(outcomes(), lambda outcome: outcome == "second")
    assert clock.told[1:] == ["asked again"]


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ([NotAssigned, NotAssigned, "value"], ["3"]),
        (["value"], []),
        ([NotFound, NotAssigned, ReplicaBehind, "value"], ["10"]),
        ([NotAssigned, NotAssigned, NotFound, "value"], ["3", "10"]),
    ],
)
def test_wait_for_something_else_is_told_once_the_first_is_over(outcomes: list[Any], told: list[str]) -> None:
    clock = Clock()
    asked = (outcome if isinstance(outcome, str) else refusal(outcome) for outcome in outcomes)
    clock.ask(asked, lambda outcome: outcome == "value", not_yet=(NotFound, NotAssigned), seconds=by_kind)
    assert [text.split()[3] for text in clock.told] == told


def test_every_long_wait_is_told() -> None:
    clock = Clock()
    for _ in range(2):
        clock.until()
    assert len(clock.told) == 2


def test_waits_are_told_on_the_output_and_take_real_time(capsys: pytest.CaptureFixture[str]) -> None:
    async def ask() -> None:
        return None

    asyncio.run(Patience(0.01).until("it is late", ask, lambda answer: False))
    assert capsys.readouterr().out == ""
