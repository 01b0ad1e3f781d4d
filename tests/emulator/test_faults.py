import json
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, Tenant, assert_refused, definition

from pulumi_entra_policies.emulator import Emulator

POLICIES = f"policies/{ISSUANCE}"
BODY = {"displayName": "Portal", "definition": [definition()]}


def test_fault_before_answers_without_doing(tenant: Tenant) -> None:
    tenant.emulator.fault(method="post", path="Policies$", status=503, headers={"Retry-After": "0"})
    response = tenant.http.post(POLICIES, json=BODY)
    assert_refused(response, 503, "ServiceUnavailable", "Service unavailable.")
    assert response.headers["retry-after"] == "0"
    assert tenant.names(POLICIES) == []


def test_fault_after_answers_once_it_is_done(tenant: Tenant) -> None:
    tenant.emulator.fault(method="POST", status=504, when="after")
    assert_refused(tenant.http.post(POLICIES, json=BODY), 504, "GatewayTimeout", "Gateway timeout.")
    assert tenant.names(POLICIES) == ["Portal"]


@pytest.mark.parametrize(("when", "names"), [("before", []), ("after", ["Portal"])])
def test_dropped_connection_gives_no_answer(tenant: Tenant, when: str, names: list[str]) -> None:
    tenant.emulator.fault(method="POST", drop=True, when=when)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        tenant.http.post(POLICIES, json=BODY)
    assert tenant.emulator.journal()[0]["status"] is None
    assert tenant.names(POLICIES) == names


def test_dropped_connection_is_closed_without_a_byte(tenant: Tenant) -> None:
    tenant.emulator.fault(drop=True)
    host, port = tenant.emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /v1.0/organization HTTP/1.1\r\nHost: graph\r\n\r\n")
        assert connection.recv(1) == b""


def test_fault_is_used_up_after_its_times(tenant: Tenant) -> None:
    tenant.emulator.fault(status=429, times=2)
    assert [tenant.http.get(POLICIES).status_code for _ in range(3)] == [429, 429, 200]


def test_faults_happen_in_the_order_of_their_declaration(tenant: Tenant) -> None:
    tenant.emulator.fault(status=500)
    tenant.emulator.fault(status=502)
    assert [tenant.http.get(POLICIES).status_code for _ in range(3)] == [500, 502, 200]


@pytest.mark.parametrize("declared", [{"method": "POST"}, {"path": "applications"}])
def test_fault_for_another_request_waits(tenant: Tenant, declared: dict[str, Any]) -> None:
    tenant.emulator.fault(**declared)
    assert tenant.http.get(POLICIES).status_code == 200
    assert tenant.http.post("applications", json={"displayName": "Portal"}).status_code == 503


def test_fault_says_what_it_is_told(tenant: Tenant) -> None:
    tenant.emulator.fault(status=418, code="Teapot", message="Short and stout.")
    assert_refused(tenant.http.get(POLICIES), 418, "Teapot", "Short and stout.")


def test_fault_with_a_raw_body_sends_it_as_it_is(tenant: Tenant) -> None:
    tenant.emulator.fault(status=200, body='{"value":[{"error":')
    response = tenant.http.get(POLICIES)
    assert (response.status_code, response.text) == (200, '{"value":[{"error":')
    assert response.headers["content-type"].startswith("application/json")


def test_unnamed_status_gets_an_unknown_error(tenant: Tenant) -> None:
    tenant.emulator.fault(status=599)
    assert_refused(tenant.http.get(POLICIES), 599, "UnknownError", "Declared fault.")


@pytest.mark.parametrize(
    "declared", [{}, {"when": "after"}, {"status": 503}, {"status": 200, "body": '{"value": [1, 2, 3]}'}]
)
def test_connection_dropped_in_the_body_gives_half_of_it(tenant: Tenant, declared: dict[str, Any]) -> None:
    tenant.emulator.fault(drop="body", **declared)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        tenant.http.get(POLICIES)
    assert tenant.emulator.journal()[0]["status"] is None
    assert tenant.http.get(POLICIES).status_code == 200


@pytest.mark.parametrize(
    ("declared", "names"), [({}, ["Portal"]), ({"status": 500}, []), ({"status": 500, "when": "after"}, ["Portal"])]
)
def test_write_whose_answer_is_cut_is_done_unless_told_otherwise(
    tenant: Tenant, declared: dict[str, Any], names: list[str]
) -> None:
    tenant.emulator.fault(method="POST", drop="body", **declared)
    with pytest.raises(httpx.RemoteProtocolError):
        tenant.http.post(POLICIES, json=BODY)
    assert tenant.names(POLICIES) == names


def test_empty_answer_dropped_in_the_body_does_not_come(tenant: Tenant) -> None:
    address = f"{POLICIES}/{tenant.policy()['id']}"
    tenant.emulator.fault(method="DELETE", drop="body")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        tenant.http.delete(address)
    assert tenant.names(POLICIES) == []


@pytest.mark.parametrize(
    ("declared", "status"), [({}, 200), ({"when": "after"}, 200), ({"status": 503}, 503), ({"message": "Slow."}, 503)]
)
def test_slow_answer_comes_late(tenant: Tenant, declared: dict[str, Any], status: int) -> None:
    tenant.emulator.fault(delay=0.05, **declared)
    start = time.monotonic()
    assert tenant.http.get(POLICIES).status_code == status
    assert time.monotonic() - start >= 0.05


def test_slow_answer_keeps_nobody_else_waiting() -> None:
    with Emulator() as emulator:
        tenant = Tenant(emulator)
        emulator.fault(method="POST", delay=0.5, when="after")
        with pytest.raises(httpx.ReadTimeout):
            tenant.http.post(POLICIES, json=BODY, timeout=0.05)
        assert tenant.names(POLICIES) == ["Portal"]
        assert [entry["method"] for entry in emulator.journal()] == ["GET"]
        tenant.http.close()


def test_connection_dropped_late_gives_no_answer(tenant: Tenant) -> None:
    tenant.emulator.fault(method="POST", delay=0.01, drop=True)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        tenant.http.post(POLICIES, json=BODY)
    assert tenant.names(POLICIES) == []


def test_broken_applies_to_is_a_200_that_cannot_be_read(tenant: Tenant) -> None:
    address = f"{POLICIES}/{tenant.policy()['id']}"
    tenant.emulator.fault(kind="broken-applies-to")
    assert tenant.http.get(address).status_code == 200
    response = tenant.http.get(f"{address}/appliesTo")
    assert (response.status_code, '"error":{' in response.text) == (200, True)
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert tenant.get(f"{address}/appliesTo")["value"] == []


@pytest.mark.parametrize("content", ['{"status": 500}', '[{"status": 500}]'])
def test_faults_are_read_from_a_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "faults.json").write_text(content)
    with Emulator(faults=tmp_path / "faults.json") as emulator:
        statuses = [httpx.get(f"{emulator.url}/v1.0/organization").status_code for _ in range(2)]
    assert statuses == [500, 200]


def test_faults_are_given_as_a_list() -> None:
    with Emulator(faults=[{"status": 500}]) as emulator:
        assert httpx.get(f"{emulator.url}/v1.0/organization").status_code == 500


@pytest.mark.parametrize("content", ["", "7", '{"colour": "red"}'])
def test_file_without_faults_is_the_callers_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "faults.json").write_text(content)
    with pytest.raises(ValueError, match=r"Expecting value|a fault is an object|not a fault"):
        Emulator(faults=str(tmp_path / "faults.json"))


def test_fault_begins_after_the_requests_it_skips(tenant: Tenant) -> None:
    tenant.emulator.fault(path="applications", status=503, skip=2)

    assert [tenant.http.get("applications").status_code for _ in range(4)] == [200, 200, 503, 200]


def test_faults_still_to_come_are_counted_and_can_be_called_off(tenant: Tenant) -> None:
    tenant.emulator.fault(path="applications", status=503, times=2)

    assert tenant.http.get("applications").status_code == 503
    assert tenant.emulator.pending_faults() == 1
    tenant.emulator.reset_faults()
    assert tenant.http.get("applications").status_code == 200
