import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, Tenant, client

from pulumi_entra_policies.emulator import Emulator


@pytest.fixture
def control(emulator: Emulator) -> Iterator[httpx.Client]:
    with client(f"{emulator.url}/emulator") as control:
        yield control


def test_health_names_the_tenant(control: httpx.Client, emulator: Emulator) -> None:
    assert control.get("health").json() == {"status": "ok", "tenantId": emulator.tenant_id}


def test_journal_holds_requests_as_they_were(control: httpx.Client, tenant: Tenant) -> None:
    tenant.http.post("applications", json={"displayName": "Portal"}, headers={"client-request-id": "mine"})
    [entry] = control.get("journal").json()
    headers = entry.pop("headers")
    assert entry == {
        "method": "POST",
        "path": "/v1.0/applications",
        "status": 201,
        "body": {"displayName": "Portal"},
    }
    assert (headers["client-request-id"], headers["content-type"]) == ("mine", "application/json")


def test_journal_spells_queries_readably(tenant: Tenant) -> None:
    tenant.http.get("applications?%24filter=displayName+eq+%27A%20B%27")
    assert tenant.emulator.journal()[0]["path"] == "/v1.0/applications?$filter=displayName eq 'A B'"


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000])
def test_body_that_is_no_json_is_null_in_the_journal(tenant: Tenant, content: bytes) -> None:
    tenant.http.post("applications", content=content)
    assert tenant.emulator.journal()[0]["body"] is None


def test_journal_keeps_no_token(control: httpx.Client, tenant: Tenant) -> None:
    tenant.http.get("applications", headers={"Authorization": "Bearer secret"})
    tenant.http.get("applications")
    journal = control.get("journal")
    assert [entry["headers"]["authorization"] for entry in journal.json()] == [True, False]
    assert "secret" not in journal.text


def test_refused_requests_are_in_the_journal(tenant: Tenant) -> None:
    tenant.http.get("colours")
    assert [entry["status"] for entry in tenant.emulator.journal()] == [400]


def test_cleared_journal_is_empty(control: httpx.Client, tenant: Tenant) -> None:
    tenant.application()
    assert control.delete("journal").status_code == 204
    assert control.get("journal").json() == []
    tenant.application()
    tenant.emulator.clear_journal()
    assert tenant.emulator.journal() == []


def test_state_shows_the_whole_tenant(control: httpx.Client, tenant: Tenant) -> None:
    service_principal, policy = tenant.service_principal(), tenant.policy()
    tenant.assign(f"servicePrincipals/{service_principal['id']}", policy)
    state = control.get("state").json()
    assert state["tenantId"] == tenant.emulator.tenant_id
    assert [one["displayName"] for one in state["applications"]] == ["Portal"]
    assert [one["id"] for one in state["servicePrincipals"]] == [service_principal["id"]]
    assert [one["id"] for one in state["policies"][ISSUANCE]] == [policy["id"]]
    target = f"servicePrincipals/{service_principal['id']}"
    assert state["references"] == [{"target": target, "collection": ISSUANCE, "policyId": policy["id"]}]


def test_reset_empties_the_tenant_the_journal_and_the_faults(control: httpx.Client, tenant: Tenant) -> None:
    tenant.assign(tenant.target("applications"), tenant.policy())
    tenant.emulator.fault()
    assert control.post("reset").status_code == 204
    assert tenant.emulator.journal() == []
    assert tenant.names("applications") == tenant.names(f"policies/{ISSUANCE}") == []
    assert control.get("state").json()["references"] == []


@pytest.mark.parametrize("listed", [True, False])
def test_declared_fault_happens(control: httpx.Client, tenant: Tenant, listed: bool) -> None:
    fault = {"method": "GET", "path": "organization$", "status": 500}
    assert control.post("faults", json=[fault] if listed else fault).status_code == 204
    assert [tenant.http.get("organization").status_code for _ in range(2)] == [500, 200]


@pytest.mark.parametrize(
    ("declared", "error"),
    [
        ("x", "a fault is an object such as"),
        ([{}, 7], "a fault is an object such as"),
        ({"colour": "red"}, "not a fault: "),
        ({"path": 7}, "path of a fault is a text, not 7"),
        ({"method": 5}, "method of a fault is a text, not 5"),
        ({"message": ["x"]}, "message of a fault is a text, not ['x']"),
        ({"body": 5}, "body of a fault is a text, not 5"),
        ({"body": "\ud800"}, "body of a fault is a text, not "),
        ({"status": 100}, "status of a fault is a status from 200 to 599, not 100"),
        ({"status": True}, "status of a fault is a status from 200 to 599, not True"),
        ({"status": 1000}, "status of a fault is a status from 200 to 599, not 1000"),
        ({"times": 0}, "times of a fault is a whole number from 1, not 0"),
        ({"skip": -1}, "skip of a fault is a whole number from 0, not -1"),
        ({"headers": 5}, "headers of a fault is names with texts of one line, not 5"),
        ({"headers": {"x": 5}}, "headers of a fault is names with texts of one line, not {'x': 5}"),
        ({"headers": {"x": "a\r\nb"}}, "headers of a fault is names with texts of one line, not {'x': "),
        ({"headers": {"x y": "a"}}, "headers of a fault is names with texts of one line, not {'x y': "),
        ({"path": "("}, "the path of a fault is a regular expression, '(' is none: "),
        ({"when": "later"}, "a fault happens 'before' or 'after', not 'later'"),
        ({"status": "503"}, "status of a fault is a status from 200 to 599, not '503'"),
        ({"times": None}, "times of a fault is a whole number from 1, not None"),
        ({"delay": "1"}, "delay of a fault is a number of seconds, not '1'"),
        ({"delay": -1}, "delay of a fault is a number of seconds, not -1"),
        ({"status": None}, "status of a fault is a status from 200 to 599, not None"),
        ({"drop": "head"}, "a fault drops true, false or 'body', not 'head'"),
        ({"kind": "storm"}, "a fault is of the kind 'broken-applies-to', not 'storm'"),
    ],
)
def test_wrong_fault_is_refused_and_none_declared(
    control: httpx.Client, tenant: Tenant, declared: Any, error: str
) -> None:
    response = control.post("faults", content=json.dumps(declared))
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert response.json()["error"].startswith(error)
    assert tenant.http.get("organization").status_code == 200


@pytest.mark.parametrize("path", ["load", "faults"])
def test_json_too_deep_to_read_is_refused(control: httpx.Client, path: str) -> None:
    response = control.post(path, content=b"[" * 100_000)
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_clock_is_put_forward(control: httpx.Client, emulator: Emulator) -> None:
    before = emulator.clock.now()
    assert control.post("clock", json={"advance": 1000}).status_code == 204
    assert emulator.clock.now() - before >= 1000


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "Expecting value"),
        (b"10", "the clock is told a number of seconds"),
        (b"{}", "the clock is told a number of seconds"),
        (b'{"advance": "10"}', "the clock is told a number of seconds"),
        (b'{"advance": -1}', "time goes forward"),
        (b'{"advance": NaN}', "time goes forward"),
        (b'{"advance": 1e300}', "time goes forward"),
        (b'{"advance": 250000000000}', "time goes forward"),
        (b"[" * 100_000, "no JSON that anybody reads"),
    ],
)
def test_wrong_time_is_refused(control: httpx.Client, content: bytes, error: str) -> None:
    response = control.post("clock", content=content)
    assert response.status_code == 400
    assert response.json()["error"].startswith(error)
