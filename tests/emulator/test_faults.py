import socket
from typing import Any

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, Tenant, assert_refused, definition

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
