"""What the real dynamic host says in a preview, and on which resource, heard by an engine's own service."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from tests.hosts.host import UNKNOWN, Failure, Host

from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.hosts.engine import Engine, address

POLICY, ASSIGNMENT = "TokenIssuancePolicy", "PolicyAssignment"
URN = "urn:pulumi:dev::tests::pulumi-python:dynamic/entra-policies"
TOLD = {"urn": f"{URN}:{POLICY}::saml", "assignments": 2}
OF_PORTAL = {"urn": f"{URN}:{ASSIGNMENT}::portal::east"}
SAML: dict[str, Any] = {"displayName": "SAML", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
CHANGED: dict[str, Any] = {**SAML, "definition": {"version": 1, "samlTokenVersion": "1.1"}}
NOWHERE = "00000000-0000-4000-8000-000000000000"


class Listener(engine_pb2_grpc.EngineServicer):
    """An engine, as far as it hears messages: severity, resource and text."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, str]] = []

    def Log(self, request: Any, context: Any) -> Any:
        severity = engine_pb2.LogSeverity.Name(request.severity).lower()
        self.heard.append((severity, request.urn, request.message))
        return empty_pb2.Empty()


@pytest.fixture
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1) as emulator:
        yield emulator


@pytest.fixture
def portal(graph: Emulator) -> Registration:
    return graph.create_application("Portal")


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def place(listener: Listener) -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(listener, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def host(graph: Emulator, place: str) -> Iterator[Host]:
    configuration = {"entra-policies:graphEndpoint": graph.url, "entra-policies:waits": "0"}
    with Host(configuration, engine=place) as running:
        yield running


def made(graph: Emulator, name: str = "SAML") -> str:
    body = {"displayName": name, "definition": ['{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}']}
    return graph.directory.create_policy(graph.directory.policy_sets["tokenIssuancePolicies"], body).id


def of_portal(portal: Registration, policy_id: Any = UNKNOWN, **more: Any) -> dict[str, Any]:
    return {"policyId": policy_id, "policyType": POLICY, "applicationId": portal.object_id, **more}


def test_name_that_is_taken_is_a_warning_on_the_resource(graph: Emulator, host: Host, listener: Listener) -> None:
    made(graph)
    inputs, reasons = host.check(POLICY, {**SAML, "_preview": TOLD})
    assert (inputs, reasons) == (SAML, [])  # the mark goes no further
    ((severity, urn, text),) = listener.heard
    assert (severity, urn) == ("warning", TOLD["urn"])
    assert text.startswith('TokenIssuancePolicy "saml": as the tenant is now, pulumi up ends in AlreadyThere: cannot')


def test_target_that_is_none_is_a_failure_of_check(host: Host, portal: Registration, listener: Listener) -> None:
    lost = {**of_portal(portal), "applicationId": NOWHERE, "_preview": OF_PORTAL}
    _, (reason,) = host.check(ASSIGNMENT, lost)
    assert reason.startswith(f"TargetMissing: cannot find the application with object id {NOWHERE}:")
    assert listener.heard == []


def test_change_says_whom_it_reaches(graph: Emulator, host: Host, listener: Listener) -> None:
    id_ = made(graph)
    state = {**SAML, "tenantId": graph.tenant_id}
    inputs, _ = host.check(POLICY, {**CHANGED, "_preview": TOLD}, olds=SAML)
    host.diff(POLICY, id_, state, inputs)
    said = 'TokenIssuancePolicy "saml": used by nobody; this program assigns it twice'
    assert listener.heard == [("info", TOLD["urn"], said)]


def test_swap_to_what_is_none_fails_in_the_diff(graph: Emulator, host: Host, portal: Registration) -> None:
    old = of_portal(portal, made(graph))
    graph.directory.add_reference(
        graph.directory.any(portal.object_id), graph.directory.policy_sets["tokenIssuancePolicies"], old["policyId"]
    )
    state, id_ = {**old, "tenantId": graph.tenant_id}, f"applications/{portal.object_id}/tokenIssuancePolicies"
    inputs, reasons = host.check(ASSIGNMENT, {**of_portal(portal, NOWHERE), "_preview": OF_PORTAL}, olds=old)
    assert reasons == []
    with pytest.raises(Failure, match=f"^WrongId: cannot assign token issuance policy {NOWHERE}:"):
        host.diff(ASSIGNMENT, id_, state, inputs)


def test_other_application_is_asked_about_when_it_is_to_be_made(
    graph: Emulator, host: Host, portal: Registration
) -> None:
    other, old = graph.create_application("Other"), of_portal(portal, made(graph))
    id_ = f"applications/{portal.object_id}/tokenIssuancePolicies"
    graph.clear_journal()
    inputs, _ = host.check(ASSIGNMENT, {**of_portal(other, old["policyId"]), "_preview": OF_PORTAL}, olds=old)
    host.diff(ASSIGNMENT, id_, {**old, "tenantId": graph.tenant_id}, inputs)
    assert [entry["path"] for entry in graph.journal()] == ["/v1.0/organization?$select=id"]


def test_check_that_fails_asks_nobody(graph: Emulator, host: Host, listener: Listener) -> None:
    _, (reason,) = host.check(POLICY, {"displayName": "SAML", "_preview": TOLD})
    assert reason.startswith("definition: is required")
    assert [entry["path"] for entry in graph.journal()] == ["/v1.0/organization?$select=id"]


def test_up_asks_nobody_and_says_nothing(graph: Emulator, host: Host, listener: Listener) -> None:
    id_ = made(graph)
    inputs, _ = host.check(POLICY, SAML)
    host.diff(POLICY, id_, {**SAML, "tenantId": graph.tenant_id}, {**inputs, "displayName": "Other"})
    assert [entry["path"] for entry in graph.journal()] == ["/v1.0/organization?$select=id"]
    assert listener.heard == []


def test_inputs_that_no_check_has_shown_are_not_asked_about(
    graph: Emulator, host: Host, portal: Registration, listener: Listener
) -> None:
    """As where the engine works out whether the replacement of a policy replaces its assignments, as the state has
    them: the program may say something else of them, and is heard later."""
    host.check(POLICY, {**SAML, "_preview": TOLD})
    state = {**of_portal(portal, NOWHERE), "applicationId": NOWHERE, "tenantId": graph.tenant_id}
    graph.clear_journal()
    host.diff(ASSIGNMENT, f"applications/{NOWHERE}/tokenIssuancePolicies", state, {**state, "policyId": UNKNOWN})
    assert (graph.journal(), listener.heard) == ([], [])


def test_tenant_that_cannot_be_reached_is_one_note_and_no_failure(graph: Emulator, place: str) -> None:
    configuration = {"entra-policies:graphEndpoint": "http://127.0.0.1:9", "entra-policies:waits": "0"}
    with Host(configuration, engine=place) as host:
        for name in ("one", "two"):
            assert host.check(POLICY, {**SAML, "displayName": name, "_preview": TOLD})[1] == []
    (note,) = [line for line in host.printed.splitlines() if "not compared" in line]
    assert note.startswith(
        "pulumi-entra-policies: cannot read the tenant's id from the emulator: Graph cannot be reached"
    )


# -- the way to the engine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "found"),
    [("127.0.0.1:40", ("127.0.0.1", 40)), ("/bin/python", None), ("host:", None), (":40", None), ("a:b", None)],
)
def test_address_of_an_engine(argument: str, found: tuple[str, int] | None) -> None:
    assert address(["python", argument]) == found


@pytest.mark.parametrize("arguments", [["python"], ["python", "127.0.0.1:9"]], ids=["no engine", "gone"])
def test_message_that_no_engine_hears_is_printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Engine(arguments).log("warning", "look out", OF_PORTAL["urn"])
    assert capsys.readouterr().out == 'warning: PolicyAssignment "portal::east": look out\n'
