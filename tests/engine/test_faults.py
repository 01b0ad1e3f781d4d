"""Graph going wrong under the real engine: a sample of what `tests/lifecycle/matrix.py` goes through one by one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.engine.harness import Stack

from pulumi_entra_policies.emulator import Clock, Emulator
from pulumi_entra_policies.emulator.server import Registration

PROGRAM = """
config = pulumi.Config()
saml = entra.TokenIssuancePolicy(
    "saml", display_name="SAML", definition={"saml_token_version": config.get("version") or "2.0"}
)
entra.PolicyAssignment("portal", policy=saml, application_id=config.require("application"))
"""
COLLECTION = "tokenIssuancePolicies"
POLICIES, REFERENCE, POLICY = rf"/policies/{COLLECTION}$", r"/\$ref$", rf"/policies/{COLLECTION}/[^/]+$"
LOST = {"drop": True, "when": "after"}


def set_up(stack: Stack) -> Stack:
    stack.program(PROGRAM)
    portal = stack.graph.create_application("Portal", with_service_principal=True)
    stack.configuration |= {
        "tests:application": portal.object_id,
        "tests:service_principal": portal.service_principal_id,
    }
    return stack


@pytest.fixture
def job(stack: Stack) -> Stack:
    return set_up(stack)


def versions(graph: Emulator) -> list[str]:
    """The SAML version of each policy."""
    return ["2.0" if "2.0" in one.properties["definition"][0] else "1.1" for one in graph.directory.all(COLLECTION)]


def test_every_write_of_a_life_with_its_answer_lost(job: Stack) -> None:
    writes = [("POST", POLICIES), ("POST", REFERENCE), ("PATCH", POLICY), ("DELETE", REFERENCE), ("DELETE", POLICY)]
    for method, path in writes:
        job.graph.fault(method=method, path=path, **LOST)

    job.up()
    assert (versions(job.graph), len(job.graph.directory.snapshot()["references"])) == (["2.0"], 1)
    job.configuration["tests:version"] = "1.1"
    job.up()
    assert versions(job.graph) == ["1.1"]
    assert job.preview("--refresh") == []
    job.destroy()

    assert versions(job.graph) == []
    assert [entry["status"] for entry in job.graph.journal()].count(None) == len(writes)


def test_late_replicas_delay_a_life_and_nothing_is_ever_taken_for_gone(tmp_path: Path) -> None:
    with Emulator(seed=2, replicas=(0, 2), clock=Clock(running=True)) as graph:
        job = set_up(Stack(tmp_path, graph))
        job.configuration["entra-policies:waits"] = "6"
        job.up()
        refreshed = job.refresh()
        job.configuration["tests:version"] = "1.1"
        job.up()
        repeated = job.preview("--refresh")

        assert "3 unchanged" in refreshed
        assert repeated == []
        assert (versions(graph), len(graph.directory.snapshot()["references"])) == (["1.1"], 1)
        job.destroy()
        assert versions(graph) == []


def test_throttled_run_goes_on_after_the_time_that_graph_asks_for(job: Stack) -> None:
    job.graph.fault(times=4, status=429, headers={"Retry-After": "1"})
    job.graph.fault(method="POST", path=REFERENCE, status=409)

    run = job.up()

    assert "3 created" in run
    assert versions(job.graph) == ["2.0"]
    assert job.preview("--refresh") == []


def test_slow_answers_are_waited_for_and_nothing_is_sent_twice(job: Stack) -> None:
    job.graph.fault(times=3, delay=5)

    run = job.up()

    assert "Waiting" not in run
    assert [request.split()[0] for request in job.requests()] == ["GET", "POST", "POST"]
    assert job.preview() == []


def test_missing_permission_is_one_message_with_its_name(job: Stack) -> None:
    job.graph.grant({"Policy.Read.All", "Application.ReadWrite.OwnedBy"})

    refused = job.up(ok=False)

    diagnostics = refused.text.split("Diagnostics:")[1]
    assert diagnostics.count("Forbidden: cannot create token issuance policy") == 1
    assert diagnostics.count("Policy.ReadWrite.ApplicationConfiguration") == 1
    assert "Traceback" not in refused
    job.graph.grant({"Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.OwnedBy"})
    job.up()
    assert job.preview("--refresh") == []


def test_long_wait_is_told(job: Stack) -> None:
    job.configuration["entra-policies:waits"] = "6"
    job.graph.fault(method="POST", path=REFERENCE, times=3, status=400, message="Not a valid reference update")

    run = job.up()

    assert "Waiting up to " in run
    assert f"application {job.configuration['tests:application']}" in run
    assert job.preview("--refresh") == []


SIDE_BY_SIDE = {
    "one": PROGRAM
    + """
claims = entra.ClaimsMappingPolicy("claims", display_name="Claims", definition={"include_basic_claim_set": True})
entra.PolicyAssignment("claims", policy=claims, service_principal_id=config.require("service_principal"))
""",
    "two": """
config = pulumi.Config()
lifetime = entra.TokenLifetimePolicy(
    "lifetime", display_name="Lifetime", definition={"access_token_lifetime": "02:00:00"}
)
entra.PolicyAssignment("lifetime", policy=lifetime, application_id=config.require("application"))
home = entra.HomeRealmDiscoveryPolicy(
    "home", display_name="Home", definition={"accelerate_to_federated_domain": True}
)
entra.PolicyAssignment("home", policy=home, service_principal_id=config.require("service_principal"))
""",
}


@pytest.fixture
def stacks(graph: Emulator, portal: Registration, tmp_path: Path) -> list[Stack]:
    found = []
    for name, program in SIDE_BY_SIDE.items():
        (tmp_path / name).mkdir()
        found.append(Stack(tmp_path / name, graph))
        found[-1].program(program)
        found[-1].configuration |= {
            "tests:application": portal.object_id,
            "tests:service_principal": portal.service_principal_id,
        }
    return found


def test_two_stacks_on_one_application_at_the_same_time(graph: Emulator, stacks: list[Stack]) -> None:
    graph.fault(method="POST", path=REFERENCE, times=2, status=409)  # as Graph answers to what is done at the same time
    together = threading.Barrier(len(stacks))

    def up(stack: Stack) -> None:
        together.wait()
        stack.up()

    with ThreadPoolExecutor() as workers:
        list(workers.map(up, stacks))

    snapshot = graph.directory.snapshot()
    assert sorted(len(found) for found in snapshot["policies"].values()) == [0, 1, 1, 1, 1]
    assert len(snapshot["references"]) == 4
    assert [stack.preview("--refresh") for stack in stacks] == [[], []]
