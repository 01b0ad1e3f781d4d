from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pulumi_entra_policies.definitions import KINDS, codec, durations

KIND = KINDS["TokenLifetimePolicy"]


@pytest.mark.parametrize(
    ("value", "lifetime"),
    [
        (timedelta(hours=2), "02:00:00"),
        (timedelta(minutes=90, seconds=5.5), "01:30:05"),
        ("8:00:00", "08:00:00"),
        ("08:00:00", "08:00:00"),
        ("23:59:59", "23:59:59"),
        ("0.00:10:00", "00:10:00"),
    ],
)
def test_lifetime_is_one_text_however_it_is_given(value: Any, lifetime: str) -> None:
    expected = {"version": 1, "accessTokenLifetime": lifetime}

    assert codec.bag(KIND, {"access_token_lifetime": value}) == expected
    assert codec.to_graph(KIND, expected) == (
        f'{{"TokenLifetimePolicy":{{"Version":1,"AccessTokenLifetime":"{lifetime}"}}}}'
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("00:09:59", '"00:09:59" is not allowed; allowed are 00:10:00 to 23:59:59'),
        ("1.00:00:00", '"1.00:00:00" is not allowed; allowed are 00:10:00 to 23:59:59'),
        (timedelta(days=1), '"1.00:00:00" is not allowed; allowed are 00:10:00 to 23:59:59'),
        ("24:00:00", 'must be a duration hh:mm:ss from 00:10:00 to 23:59:59, not "24:00:00"'),
        ("two hours", 'must be a duration hh:mm:ss from 00:10:00 to 23:59:59, not "two hours"'),
        (7200, "must be a duration, not 7200"),
    ],
)
def test_lifetime_out_of_range_is_refused(value: Any, reason: str) -> None:
    (problem,) = codec.problems(KIND, {"accessTokenLifetime": value})

    assert (problem.path, problem.reason) == ("definition.accessTokenLifetime", reason)


def test_hour_formats_mean_the_same() -> None:
    assert codec.same(KIND, {"accessTokenLifetime": "8:00:00"}, {"accessTokenLifetime": "08:00:00"})


@pytest.mark.parametrize("duration", [timedelta(), timedelta(minutes=10), timedelta(days=90, hours=3, seconds=1)])
def test_duration_survives_being_written(duration: timedelta) -> None:
    assert durations.parsed(durations.written(duration)) == duration


def test_retired_property_is_a_warning_and_goes_on() -> None:
    bag = codec.bag(KIND, {"max_inactive_time": "90.00:00:00"})

    (warning,) = codec.warnings(KIND, bag)
    assert (warning.path, warning.reason.split(";")[0]) == (
        "definition.maxInactiveTime",
        "is ignored by the service since 2021-01-30",
    )
    assert codec.warnings(KIND, "not known yet") == []
