from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.definitions import readings

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

    assert readings.bag(KIND, {"access_token_lifetime": value}) == expected
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
    (problem,) = readings.problems(KIND, {"accessTokenLifetime": value})

    assert (problem.path, problem.reason) == ("definition.accessTokenLifetime", reason)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"accessTokenLifetime": "8:00:00"}, {"accessTokenLifetime": "08:00:00"}, True, id="hours"),
        pytest.param({"accessTokenLifetime": "0.8:0:0"}, {"ACCESSTOKENLIFETIME": "08:00:00"}, True, id="days, case"),
        pytest.param(
            {"version": "1", "maxInactiveTime": "1"}, {"maxInactiveTime": "1", "version": 1}, True, id="order"
        ),
        pytest.param({"maxInactiveTime": "8:00:00"}, {"maxInactiveTime": "08:00:00"}, False, id="retired, as it is"),
        pytest.param({"accessTokenLifetime": "8:00"}, {"accessTokenLifetime": "08:00"}, False, id="no duration"),
    ],
)
def test_same_compares_by_meaning(one: Any, other: Any, expected: bool) -> None:
    assert codec.same(KIND, one, other) is expected


@pytest.mark.parametrize("duration", [timedelta(), timedelta(minutes=10), timedelta(days=90, hours=3, seconds=1)])
def test_duration_survives_being_written(duration: timedelta) -> None:
    assert durations.parsed(durations.written(duration)) == duration


@pytest.mark.parametrize(
    "name",
    [
        "maxInactiveTime",
        "maxAgeSingleFactor",
        "maxAgeMultiFactor",
        "maxAgeSessionSingleFactor",
        "maxAgeSessionMultiFactor",
    ],
)
@pytest.mark.parametrize("value", ["90.00:00:00", timedelta(days=90), "until-revoked", object()])
def test_retired_property_is_a_warning_and_goes_on(name: str, value: Any) -> None:
    bag = readings.bag(KIND, {name: value})
    (warning,) = codec.warnings(KIND, bag)
    reason = "is ignored by the service since 2021-01-30; use Conditional Access sign-in frequency instead"
    assert (warning.path, warning.reason) == (f"definition.{name}", reason)
    assert readings.problems(KIND, bag) == []


@pytest.mark.parametrize("default", [None, False, "true", object()])
def test_policy_that_is_not_surely_the_default_is_no_warning(default: Any) -> None:
    assert codec.warnings(KIND, {"version": 1}, default) == []


def test_organisations_default_is_a_warning() -> None:
    (warning,) = codec.warnings(KIND, {"version": 1}, True)
    assert warning.path == "isOrganizationDefault"
    assert warning.reason.endswith("the organisation's default beats it")


@pytest.mark.parametrize("definition", ["not known yet", None, object()])
def test_definition_that_is_no_bag_has_no_warnings(definition: Any) -> None:
    assert codec.warnings(KIND, definition, True) == []
