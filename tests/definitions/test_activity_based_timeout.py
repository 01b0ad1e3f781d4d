from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.definitions import readings

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS, codec
from pulumi_entra_policies.resources.arguments import normal

KIND = KINDS["ActivityBasedTimeoutPolicy"]
PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
UNKNOWN = object()

BAG = {
    "version": 1,
    "applicationPolicies": [
        {"applicationId": "default", "webSessionIdleTimeout": "01:00:00"},
        {"applicationId": PORTAL, "webSessionIdleTimeout": "00:05:00"},
    ],
}
GRAPH = {
    "Version": 1,
    "ApplicationPolicies": [
        {"ApplicationId": "default", "WebSessionIdleTimeout": "01:00:00"},
        {"ApplicationId": PORTAL, "WebSessionIdleTimeout": "00:05:00"},
    ],
}
SNAKE = {
    "application_policies": [
        {"application_id": "default", "web_session_idle_timeout": timedelta(hours=1)},
        {"application_id": PORTAL, "web_session_idle_timeout": "0:05:00"},
    ],
}
TYPED = entra.ActivityBasedTimeoutDefinitionArgs(
    application_policies=[
        entra.ApplicationTimeoutArgs(application_id="default", web_session_idle_timeout=timedelta(hours=1)),
        {"application_id": PORTAL, "webSessionIdleTimeout": timedelta(minutes=5)},
    ]
)


def timeouts(*items: Any) -> dict[str, Any]:
    return {"version": 1, "applicationPolicies": list(items)}


def timeout(**properties: Any) -> dict[str, Any]:
    return timeouts({"applicationId": "default", "webSessionIdleTimeout": "01:00:00", **properties})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(TYPED, id="typed"),
        pytest.param(SNAKE, id="snake_case"),
        pytest.param(BAG, id="camelCase"),
        pytest.param(GRAPH, id="Graph's keys without the root"),
        pytest.param({"ActivityBasedTimeoutPolicy": GRAPH}, id="Graph's mapping"),
        pytest.param(json.dumps({"ActivityBasedTimeoutPolicy": GRAPH}), id="JSON"),
        pytest.param((json.dumps({"ActivityBasedTimeoutPolicy": GRAPH}),), id="Graph's array"),
    ],
)
def test_every_spelling_becomes_the_same_bag(value: Any) -> None:
    bag = normal(KIND, value)
    assert json.dumps(bag) == json.dumps(BAG)
    assert json.loads(codec.to_graph(KIND, bag)) == {"ActivityBasedTimeoutPolicy": GRAPH}
    assert codec.from_graph(KIND, codec.to_graph(KIND, bag)) == BAG


@pytest.mark.parametrize("application", ["default", "Default", "DEFAULT", PORTAL, PORTAL.upper(), UNKNOWN])
def test_application_is_default_or_a_guid(application: Any) -> None:
    assert readings.problems(KIND, timeout(applicationId=application)) == []


@pytest.mark.parametrize(
    "application",
    [
        "",
        "portal",
        "defaults",
        " default",
        "default\n",
        PORTAL[:-1],
        f"{PORTAL}0",
        f"{{{PORTAL}}}",
        PORTAL.replace("-", ""),
    ],
)
def test_other_application_is_refused(application: str) -> None:
    (problem,) = readings.problems(KIND, timeout(applicationId=application))
    assert problem.path == "definition.applicationPolicies[0].applicationId"
    assert problem.reason.startswith('must be "default" or the client id of an application, not "')


@pytest.mark.parametrize("value", ["00:05:00", "0:5:0", timedelta(minutes=5), "23:59:59", "0.08:00:00", UNKNOWN])
def test_timeout_from_five_minutes_to_a_day_passes(value: Any) -> None:
    assert readings.problems(KIND, timeout(webSessionIdleTimeout=value)) == []


OUTSIDE = '"{}" is not allowed; allowed are 00:05:00 to 23:59:59'
NONE = "must be a duration hh:mm:ss from 00:05:00 to 23:59:59, not {}"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("00:04:59", OUTSIDE.format("00:04:59")),
        ("1.00:00:00", OUTSIDE.format("1.00:00:00")),
        (timedelta(days=1), OUTSIDE.format("1.00:00:00")),
        (timedelta(), OUTSIDE.format("00:00:00")),
        (timedelta(minutes=-5), NONE.format('"-1.23:55:00"')),
        ("24:00:00", NONE.format('"24:00:00"')),
        ("an hour", NONE.format('"an hour"')),
        ("", NONE.format('""')),
        (3600, "must be a duration, not 3600"),
        ({}, "must be a duration, not an object"),
    ],
)
def test_other_timeout_is_refused(value: Any, reason: str) -> None:
    (problem,) = readings.problems(KIND, timeout(webSessionIdleTimeout=value))
    assert (problem.path, problem.reason) == ("definition.applicationPolicies[0].webSessionIdleTimeout", reason)


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({}, ["applicationPolicies"]),
        ({"ActivityBasedTimeoutPolicy": {}}, ["version", "applicationPolicies"]),
        ({"applicationPolicies": {}}, ["applicationPolicies"]),
        (timeouts("default"), ["applicationPolicies[0]"]),
        (timeouts({}), ["applicationPolicies[0].applicationId", "applicationPolicies[0].webSessionIdleTimeout"]),
        (
            timeouts({"applicationId": "x", "webSessionIdleTimeout": "x"}, 5, {"applicationId": "default"}),
            [
                "applicationPolicies[0].applicationId",
                "applicationPolicies[0].webSessionIdleTimeout",
                "applicationPolicies[1]",
                "applicationPolicies[2].webSessionIdleTimeout",
            ],
        ),
    ],
    ids=["nothing", "nothing in Graph's", "no list", "no object", "empty object", "all at once"],
)
def test_all_problems_are_found_at_once(value: Any, paths: list[str]) -> None:
    assert [problem.path for problem in readings.problems(KIND, value)] == [f"definition.{path}" for path in paths]
    assert readings.bag(KIND, value) is value


@pytest.mark.parametrize(
    "value",
    [{"version": 1, "applicationPolicies": UNKNOWN}, timeouts(UNKNOWN), timeout(New={"deep": UNKNOWN}, Newer=[None])],
    ids=["list", "item", "unknown key"],
)
def test_what_is_not_known_yet_or_not_declared_passes(value: Any) -> None:
    assert readings.problems(KIND, value) == []
    assert readings.bag(KIND, value) == value


@pytest.mark.parametrize(("default", "warned"), [(None, True), (False, True), (True, False), (UNKNOWN, False)])
def test_policy_that_is_not_the_default_is_a_warning(default: Any, warned: bool) -> None:
    found = codec.warnings(KIND, BAG, default)
    assert [warning.path for warning in found] == ["isOrganizationDefault"] * warned
    assert all("does nothing unless it is the organisation's default" in warning.reason for warning in found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            timeout(webSessionIdleTimeout="1:00:00"), timeout(webSessionIdleTimeout="0.01:00:00"), True, id="hours"
        ),
        pytest.param(
            {"Version": "1", "APPLICATIONPOLICIES": [{"APPLICATIONID": "default"}]},
            {"version": 1, "applicationPolicies": [{"applicationId": "default"}]},
            True,
            id="letter case, nested",
        ),
        pytest.param(timeouts({"a": 1, "b": 2}), timeouts({"b": 2, "a": 1}), True, id="order of keys"),
        pytest.param(timeouts({"a": 1}, {"b": 2}), timeouts({"b": 2}, {"a": 1}), False, id="order of a list"),
        pytest.param(timeout(), timeout(webSessionIdleTimeout="01:00:01"), False, id="one second"),
        pytest.param(timeout(), timeout(applicationId=PORTAL), False, id="application"),
    ],
)
def test_same_compares_by_meaning(one: Any, other: Any, expected: bool) -> None:
    assert codec.same(KIND, one, other) is expected


@pytest.mark.parametrize(
    "inner",
    [
        {"ApplicationPolicies": {}},
        {"ApplicationPolicies": ["default"]},
        {"ApplicationPolicies": [{"WebSessionIdleTimeout": ["01:00:00"]}]},
        {"ApplicationPolicies": [], "Version": {}},
    ],
    ids=json.dumps,
)
def test_tenants_definition_of_another_form_is_unreadable(inner: Any) -> None:
    text = json.dumps({"ActivityBasedTimeoutPolicy": inner})
    assert codec.from_graph(KIND, text) == {"unreadable": text}
