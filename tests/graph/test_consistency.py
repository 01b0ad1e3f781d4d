"""How long is waited for Graph's replicas, on a clock that only the pauses move."""

import asyncio
import itertools

import pytest

from pulumi_entra_policies.graph.consistency import Patience

WAITED = [1.0, 2.0, 4.0, 8.0, 8.0, 7.0]


class Clock:
    """What a `Patience` sees and does. Every question takes `seconds_a_question`, and is answered with its number."""

    def __init__(self, waits: float = 30.0, seconds_a_question: float = 0.0) -> None:
        self.now, self.seconds_a_question = 1000.0, seconds_a_question
        self.slept: list[float] = []
        self.told: list[str] = []
        self.numbers = itertools.count(1)
        self.patience = Patience(waits, self._sleep, lambda: self.now, self.told.append)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def _ask(self) -> int:
        self.now += self.seconds_a_question
        return next(self.numbers)

    def believed(self, agrees_from: float = float("inf")) -> int:
        return asyncio.run(self.patience.believed("it is late", self._ask, lambda number: number >= agrees_from, "it"))

    def until(self, settled_from: float = float("inf")) -> int:
        return asyncio.run(self.patience.until("it is late", self._ask, lambda number: number >= settled_from))


WAYS = pytest.mark.parametrize("way", ["believed", "until"])


@WAYS
def test_answer_that_is_enough_is_taken_at_once(way: str) -> None:
    clock = Clock()
    assert (getattr(clock, way)(1), clock.slept, clock.told) == (1, [], [])


@WAYS
@pytest.mark.parametrize("number", range(2, 8))
def test_pauses_double_up_to_eight_seconds(way: str, number: int) -> None:
    clock = Clock()
    assert (getattr(clock, way)(number), clock.slept) == (number, WAITED[: number - 1])


@WAYS
def test_last_answer_is_taken_when_the_time_is_up(way: str) -> None:
    clock = Clock()
    assert (getattr(clock, way)(), clock.slept) == (7, WAITED)


@WAYS
@pytest.mark.parametrize("waits", [0.5, 1.0, 1.5, 3.0, 3.01, 10.0, 30.0, 600.0])
def test_bound_is_used_up_and_never_exceeded(way: str, waits: float) -> None:
    clock = Clock(waits)
    getattr(clock, way)()
    assert sum(clock.slept) == pytest.approx(waits)
    assert min(clock.slept) > 0


@WAYS
@pytest.mark.parametrize("seconds_a_question", [0.75, 5.0, 100.0])
def test_slow_questions_count(way: str, seconds_a_question: float) -> None:
    clock = Clock(30.0, seconds_a_question)
    getattr(clock, way)()
    assert clock.now - 1000.0 <= 30.0 + seconds_a_question


@WAYS
def test_who_does_not_wait_asks_once(way: str) -> None:
    clock = Clock(waits=0.0)
    assert (getattr(clock, way)(), clock.slept, clock.told) == (1, [], [])


# -- from when on ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "waited"), [(0.0, 30.0), (12.0, 18.0), (29.0, 1.0), (30.0, 1.0), (500.0, 1.0)])
def test_contradiction_is_believed_so_long_after_the_process_began(age: float, waited: float) -> None:
    clock = Clock()
    clock.now += age
    clock.believed()
    assert sum(clock.slept) == waited


@pytest.mark.parametrize(("age", "waited"), [(0.0, 30.0), (12.0, 18.0), (500.0, 1.0)])
def test_contradiction_is_believed_so_long_after_the_last_write(age: float, waited: float) -> None:
    clock = Clock()
    for seconds in (20.0, 100.0):
        clock.now += seconds
        clock.patience.wrote("it")
    clock.now += age
    clock.believed()
    assert sum(clock.slept) == waited


@pytest.mark.parametrize("age", [0.0, 12.0, 500.0])
def test_what_is_to_come_is_waited_for_from_now_on(age: float) -> None:
    clock = Clock()
    clock.now += age
    clock.until()
    assert clock.slept == WAITED


# -- telling -----------------------------------------------------------------------------------------------------------


@WAYS
@pytest.mark.parametrize(
    ("waits", "number", "told"),
    [
        (30.0, 3, []),  # after three seconds of waiting
        (3.9, 100, []),
        (30.0, 4, [27]),  # before a pause that makes it seven
        (4.0, 100, [1]),
        (30.0, 100, [27]),
        (600.0, 100, [597]),
    ],
)
def test_long_wait_is_told_once_and_before_it(way: str, waits: float, number: int, told: list[int]) -> None:
    clock = Clock(waits)
    getattr(clock, way)(number)
    assert clock.told == [f"Waiting up to {left} s more for Graph's replicas to agree: it is late" for left in told]


@WAYS
def test_wait_that_slow_questions_make_long_is_told(way: str) -> None:
    clock = Clock(seconds_a_question=3.5)
    getattr(clock, way)(2)
    assert (clock.slept, len(clock.told)) == ([1.0], 1)


@WAYS
def test_every_long_wait_is_told(way: str) -> None:
    clock = Clock()
    for _ in range(2):
        clock.patience.wrote("it")
        getattr(clock, way)()
    assert len(clock.told) == 2


def test_waits_are_told_on_the_output_and_take_real_time(capsys: pytest.CaptureFixture[str]) -> None:
    async def ask() -> None:
        return None

    asyncio.run(Patience(0.01).until("it is late", ask, lambda answer: False))
    assert capsys.readouterr().out == ""
