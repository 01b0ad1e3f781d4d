from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, Tenant, assert_refused

from pulumi_entra_policies.emulator import Clock, Emulator, Throttle

POLICIES = f"policies/{ISSUANCE}"
BODY = {"displayName": "Portal", "definition": [DEFINITIONS[ISSUANCE]]}


@contextmanager
def throttled(**limits: Any) -> Iterator[Tenant]:
    with Emulator(clock=Clock(), throttle=Throttle(**limits)) as emulator:
        tenant = Tenant(emulator)
        yield tenant
        tenant.http.close()


def statuses(tenant: Tenant, path: str, requests: int, **options: str) -> list[int]:
    return [tenant.http.get(path, params=options or None).status_code for _ in range(requests)]


def test_requests_beyond_the_units_are_told_when_to_come_again() -> None:
    with throttled(units=3, window=6) as tenant:
        assert statuses(tenant, "organization", 3) == [200] * 3
        response = tenant.http.get("organization")
        assert_refused(response, 429, "TooManyRequests", "Too many requests.")
        assert response.headers["retry-after"] == "2"
        tenant.emulator.clock.advance(2)
        assert statuses(tenant, "organization", 2) == [200, 429]


def test_throttled_write_is_not_done() -> None:
    with throttled(units=1) as tenant:
        assert [tenant.http.post(POLICIES, json=BODY).status_code for _ in range(2)] == [201, 429]
        tenant.emulator.clock.advance(10)
        assert tenant.names(POLICIES) == ["Portal"]


@pytest.mark.parametrize(
    ("path", "options", "cost"),
    [
        ("organization", {}, 1),
        ("applications", {}, 2),
        ("Applications/", {}, 2),
        ("applications", {"$select": "id"}, 1),
        (POLICIES, {"$select": "id"}, 1),
        (POLICIES, {"$expand": "appliesTo"}, 2),
        (POLICIES, {"$expand": "appliesTo", "$select": "id"}, 1),
        (POLICIES, {"$expand": "appliesTo", "$top": "19"}, 1),
        (POLICIES, {"$expand": "appliesTo", "$top": "20"}, 2),
    ],
)
def test_reads_cost_what_the_page_says(path: str, options: dict[str, str], cost: int) -> None:
    with throttled(units=4) as tenant:
        assert statuses(tenant, path, 5, **options).count(200) == 4 / cost


def test_read_that_costs_more_than_there_ever_is_passes() -> None:
    with throttled(units=1) as tenant:
        assert statuses(tenant, "applications", 2) == [200, 429]
        tenant.emulator.clock.advance(20)
        assert statuses(tenant, "applications", 1) == [200]


def test_writes_have_a_limit_of_their_own() -> None:
    with throttled(writes=2, write_window=10) as tenant:
        answers = [tenant.http.post(POLICIES, json=BODY) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[2].headers["retry-after"] == "5"
        assert tenant.names(POLICIES) == ["Portal", "Portal"]


def test_answer_says_what_it_cost_and_that_little_is_left() -> None:
    with throttled(units=10, writes=2) as tenant:
        answers = [tenant.http.get(POLICIES, params={"$expand": "appliesTo"}) for _ in range(5)]
        assert [answer.headers["x-ms-resource-unit"] for answer in answers] == ["2"] * 5
        assert [answer.headers.get("x-ms-throttle-limit-percentage") for answer in answers] == [*[None] * 4, "1.00"]


@pytest.mark.parametrize(
    ("limits", "limit", "reason"),
    [({"writes": 1}, "Write", "WriteLimitExceeded"), ({"units": 1}, "ReadWrite", "ResourceUnitLimitExceeded")],
)
def test_refusal_says_which_limit_is_exceeded(limits: dict[str, Any], limit: str, reason: str) -> None:
    with throttled(**limits) as tenant:
        tenant.http.post(POLICIES, json=BODY)
        headers = tenant.http.post(POLICIES, json=BODY).headers
        assert headers["x-ms-throttle-scope"].startswith(f"Tenant_Application/{limit}/")
        assert headers["x-ms-throttle-information"] == reason


@pytest.mark.parametrize(("declared", "header"), [(315, "315"), ("absent", None)])
def test_retry_after_is_what_is_declared(declared: int | str, header: str | None) -> None:
    with throttled(units=1, retry_after=declared) as tenant:
        tenant.http.get("organization")
        assert tenant.http.get("organization").headers.get("retry-after") == header


def test_reset_gives_the_units_back() -> None:
    with throttled(units=1) as tenant:
        assert statuses(tenant, "organization", 2) == [200, 429]
        tenant.emulator.reset()
        assert statuses(tenant, "organization", 1) == [200]


def test_real_time_passes_by_itself() -> None:
    with Emulator(throttle=Throttle(units=1, window=1e-6)) as emulator:
        tenant = Tenant(emulator)
        assert statuses(tenant, "organization", 3) == [200] * 3
        tenant.http.close()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"units": 0}, "lets a request through now and then"),
        ({"write_window": 0}, "lets a request through now and then"),
        ({"retry_after": "soon"}, 'retry_after is a whole number, "computed" or "absent"'),
    ],
)
def test_wrong_throttle_is_refused(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Throttle(**limits)
