"""The providers in the real dynamic host, over gRPC, against the emulator."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.dynamic import Config, ConfigureRequest, ResourceProvider
from tests.hosts.host import UNKNOWN, Failure, Host

from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.graph.errors import EntraError
from pulumi_entra_policies.hosts import dynamic
from pulumi_entra_policies.settings import Settings

POLICY = "TokenIssuancePolicy"
ASSIGNMENT = "PolicyAssignment"
INPUTS = {"displayName": "Portal", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
GUID = "00000000-0000-0000-0000-00000000000a"
NUMBERS = count()


@pytest.fixture(scope="module")
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def host(graph: Emulator) -> Iterator[Host]:
    configuration = {
        "entra-policies:graphEndpoint": graph.url,
        "entra-policies:tenantId": graph.tenant_id,
        "entra-policies:waits": "1",
    }
    with Host(configuration) as running:
        yield running


@pytest.fixture
def impatient(host: Host) -> Iterator[Host]:
    """A host of its own, which believes Graph at once."""
    with Host({**host.configuration, "entra-policies:waits": "0"}) as running:
        yield running


@pytest.fixture
def portal(graph: Emulator) -> Registration:
    graph.clear_journal()
    return graph.create_application("Portal", with_service_principal=True)


def assigned(policy_id: str, portal: Registration) -> dict[str, Any]:
    return {"policyId": policy_id, "policyType": POLICY, "applicationId": portal.object_id}


def inputs_of(answer: Any) -> dict[str, Any]:
    inputs: dict[str, Any] = json_format.MessageToDict(answer.inputs)
    inputs.pop("__provider")
    return inputs


def named(name: str) -> dict[str, Any]:
    """Inputs of a policy whose name is nobody else's: one host serves many tests."""
    return {**INPUTS, "displayName": f"{name} {next(NUMBERS)}"}


def test_policy_goes_through_its_life_with_one_request_each(graph: Emulator, impatient: Host) -> None:
    host, inputs = impatient, named("Portal")
    host.create(POLICY, named("First"))  # a process lists a kind before its first create
    graph.clear_journal()
    id_, outputs = host.create(POLICY, inputs)
    assert outputs == {**inputs, "definitionJson": STORED, "tenantId": graph.tenant_id}

    read = host.read(POLICY, id_, outputs)
    assert (read.id, inputs_of(read)) == (id_, inputs)

    changed = host.update(POLICY, id_, outputs, {**inputs, "displayName": "Renamed"})
    assert changed == {**outputs, "displayName": "Renamed"}

    host.delete(POLICY, id_, changed)
    assert host.read(POLICY, id_, changed).id == ""
    assert [entry["method"] for entry in graph.journal()] == ["POST", "GET", "PATCH", "GET", "DELETE", "GET"]
    assert graph.journal()[2]["body"] == {
        "@odata.type": "#microsoft.graph.tokenIssuancePolicy",
        "displayName": "Renamed",
    }


def test_assignment_goes_through_its_life_within_three_requests_each(
    graph: Emulator, host: Host, portal: Registration
) -> None:
    one, two = (host.create(POLICY, named(name))[0] for name in ("One", "Two"))
    graph.clear_journal()

    id_, outputs = host.create(ASSIGNMENT, assigned(one, portal))
    assert id_ == f"applications/{portal.object_id}/tokenIssuancePolicies"
    read = host.read(ASSIGNMENT, id_, outputs)
    assert inputs_of(read) == assigned(one, portal)
    swapped = host.update(ASSIGNMENT, id_, outputs, assigned(two, portal))
    assert swapped["policyId"] == two
    assert [entry["method"] for entry in graph.journal()] == ["POST", "GET", "DELETE", "POST"]

    graph.clear_journal()
    with Host(host.configuration) as next_run, pytest.raises(Failure, match="PolicyConflict"):
        next_run.create(ASSIGNMENT, assigned(one, portal))
    assert [entry["method"] for entry in graph.journal()] == ["POST", "GET", "GET"]


def test_unknown_inputs_pass_check_and_count_as_changed(host: Host) -> None:
    unknown = {"policyId": UNKNOWN, "policyType": POLICY, "applicationId": UNKNOWN}

    assert host.check(ASSIGNMENT, unknown) == (unknown, [])
    assert host.check(POLICY, {"displayName": UNKNOWN, "definition": UNKNOWN})[1] == []
    nested = {"displayName": "P", "definition": {"version": 1, "samlTokenVersion": UNKNOWN}}
    assert host.check(POLICY, nested) == (nested, [])
    plan = host.diff(POLICY, GUID, INPUTS, nested)
    assert plan.changes == plan.DIFF_UNKNOWN


def test_check_reports_every_problem_at_once_with_its_path(host: Host) -> None:
    bad = {"definition": {"samlTokenVersion": "3", "tokenResponseSigningPolicy": "None", "emitSamlNameFormat": "maybe"}}

    _, reasons = host.check(POLICY, bad)

    assert [reason.split(":")[0] for reason in reasons] == [
        "displayName",
        "definition.samlTokenVersion",
        "definition.tokenResponseSigningPolicy",
        "definition.emitSamlNameFormat",
    ]


def test_check_brings_graphs_form_into_the_normal_one(host: Host) -> None:
    assert host.check(POLICY, {"displayName": "Portal", "definition": STORED}) == (INPUTS, [])


@pytest.mark.parametrize(
    "definition",
    [{"samlTokenVersion": "2.0", "version": 1.0}, {"version": "1", "samlTokenVersion": "2.0"}],
    ids=["other order", "number as text"],
)
def test_same_meaning_is_no_change(host: Host, definition: dict[str, Any]) -> None:
    plan = host.diff(POLICY, GUID, INPUTS, {"displayName": "Portal", "definition": definition})

    assert plan.changes == plan.DIFF_NONE


def test_another_target_replaces_and_another_policy_does_not(host: Host, portal: Registration) -> None:
    old = assigned(GUID, portal)

    moved = host.diff(ASSIGNMENT, "slot", old, {**old, "applicationId": GUID})
    swapped = host.diff(ASSIGNMENT, "slot", old, {**old, "policyId": UNKNOWN})

    assert (list(moved.replaces), moved.changes) == (["applicationId"], moved.DIFF_UNKNOWN)
    assert (list(swapped.replaces), swapped.changes) == ([], swapped.DIFF_UNKNOWN)


def test_four_workers_share_one_connection(graph: Emulator, host: Host) -> None:
    with ThreadPoolExecutor(4) as workers:
        names = [f"Parallel {number}" for number in range(20)]
        created = list(workers.map(lambda name: host.create(POLICY, {**INPUTS, "displayName": name}), names))

    assert len({id_ for id_, _ in created}) == 20


def test_get_of_what_is_not_there_is_one_error(host: Host) -> None:
    with pytest.raises(Failure) as failure:
        host.read(POLICY, GUID, {})

    assert str(failure.value).startswith(f"Missing: token issuance policy {GUID} does not exist")
    assert "Traceback" not in str(failure.value)


@pytest.mark.parametrize("id_", ["portal", f"groups/{GUID}/tokenIssuancePolicies", f"applications/{GUID}/members"])
def test_get_with_an_id_that_is_none_says_so_and_sends_nothing(graph: Emulator, host: Host, id_: str) -> None:
    graph.clear_journal()

    with pytest.raises(Failure, match=r"^EntraError: cannot use the assignment's id: "):
        host.read(ASSIGNMENT, id_, {})
    assert graph.journal() == []


def test_other_tenant_than_the_state_says_is_refused_before_anything_is_sent(graph: Emulator, host: Host) -> None:
    graph.clear_journal()

    with pytest.raises(Failure, match=f"^WrongTenant: signed in to tenant {graph.tenant_id}, but .* says {GUID}"):
        host.delete(POLICY, GUID.replace("a", "b"), {**INPUTS, "tenantId": GUID})
    assert graph.journal() == []


def test_refused_configuration_is_a_failed_check(graph: Emulator) -> None:
    with Host({"entra-policies:environment": "mars"}) as running:
        _, reasons = running.check(POLICY, INPUTS)
        with pytest.raises(Failure, match=r"^SettingsError: entra-policies:environment: "):
            running.create(POLICY, INPUTS)

    assert reasons == [
        'entra-policies:environment: "mars" is not a cloud; allowed are global, usgovernment, dod, china'
    ]


def test_mistake_of_ours_is_one_message_too(host: Host) -> None:
    with pytest.raises(Failure, match=r"^InternalError: unexpected KeyError .*\n.*ENTRA_POLICIES_DEBUG=1") as failure:
        host.create(POLICY, {"displayName": "P"})
    assert "Traceback" not in str(failure.value)


def test_debug_switch_brings_the_traceback_back(graph: Emulator) -> None:
    configuration = {"entra-policies:graphEndpoint": graph.url}
    with Host(configuration, {"ENTRA_POLICIES_DEBUG": "1"}) as running, pytest.raises(Failure, match="Traceback"):
        running.delete(POLICY, GUID, {"tenantId": "11111111-1111-1111-1111-111111111111"})


def test_delete_leaves_alone_what_this_process_has_put_in_place(
    graph: Emulator, host: Host, portal: Registration
) -> None:
    policy = host.create(POLICY, named("Portal"))[0]
    id_, outputs = host.create(ASSIGNMENT, assigned(policy, portal))

    with Host(host.configuration) as next_run:
        next_run.create(ASSIGNMENT, assigned(policy, portal))  # the same under another name: it is there already
        next_run.delete(ASSIGNMENT, id_, outputs)

    assert next_run.printed.startswith(f"Left {id_} as it is")
    assert host.read(ASSIGNMENT, id_, outputs).id == id_


def test_delete_leaves_alone_what_another_resource_of_the_run_stands_for(host: Host, portal: Registration) -> None:
    policy = host.create(POLICY, named("Portal"))[0]
    id_, outputs = host.create(ASSIGNMENT, assigned(policy, portal))

    with Host(host.configuration) as next_run:
        next_run.diff(ASSIGNMENT, id_, outputs, assigned(policy, portal))  # one of two for the slot stays
        next_run.delete(ASSIGNMENT, id_, outputs)  # the other one goes

    assert next_run.printed.startswith(f"Left {id_} as it is: another resource of this program stands for it.")
    assert host.read(ASSIGNMENT, id_, outputs).id == id_


def test_delete_goes_on_where_the_resource_of_the_run_moves_away(host: Host, portal: Registration) -> None:
    policy = host.create(POLICY, named("Portal"))[0]
    id_, outputs = host.create(ASSIGNMENT, assigned(policy, portal))

    with Host(host.configuration) as next_run:
        next_run.diff(ASSIGNMENT, id_, outputs, {**assigned(policy, portal), "applicationId": GUID})
        next_run.delete(ASSIGNMENT, id_, outputs)

    assert host.read(ASSIGNMENT, id_, outputs).id == ""


def test_two_resources_of_one_run_cannot_share_a_slot(host: Host, portal: Registration) -> None:
    policy = host.create(POLICY, named("Portal"))[0]
    host.create(ASSIGNMENT, assigned(policy, portal))

    with pytest.raises(Failure, match=f"^SlotShared: cannot assign to application {portal.object_id}:"):
        host.create(ASSIGNMENT, assigned(policy, portal))


def test_journal_shows_that_description_is_never_sent(graph: Emulator, host: Host) -> None:
    graph.clear_journal()
    id_, outputs = host.create(POLICY, named("Portal"))
    host.update(POLICY, id_, outputs, {"displayName": "Other", "definition": {"version": 1}})

    assert "description" not in json.dumps(graph.journal())


@pytest.fixture
def inside(graph: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ResourceProvider]]:
    """Two providers of this very process, as the host makes them, with one configuration."""
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)  # configure sets it for the whole process
    configuration = {"entra-policies:graphEndpoint": graph.url}
    providers = [dynamic.provider(name) for name in (POLICY, ASSIGNMENT)]
    for provider in providers:
        provider.configure(ConfigureRequest(Config(configuration, "tests")))
    process = dynamic._Process()
    monkeypatch.setattr(dynamic, "_process", process)
    yield providers
    monkeypatch.setattr(dynamic, "LONGEST_CALL", 60.0)
    process.run(Settings.load(configuration.get), lambda connection: connection.close())


def test_one_process_has_one_connection_and_one_loop_thread(
    inside: list[ResourceProvider], portal: Registration
) -> None:
    policies, assignments = inside
    before = threading.active_count()
    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(lambda number: policies.create({**INPUTS, "displayName": str(number)}), range(8)))

    assignments.create(assigned(made[0].id, portal))

    assert len(dynamic._process._connections) == 1
    assert threading.active_count() == before + 1


def test_call_that_does_not_end_is_given_up_with_what_to_do(
    inside: list[ResourceProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamic, "LONGEST_CALL", 0.0)

    with pytest.raises(EntraError, match=r"did not come to an end within 0 seconds(?s:.)*run pulumi refresh"):
        inside[0].create(INPUTS)


def test_replacing_ones_own_policy_is_no_clash_of_names(graph: Emulator, host: Host) -> None:
    inputs = named("Portal")
    id_, outputs = host.create(POLICY, inputs)
    old = {**outputs, "displayName": "Renamed"}

    with Host(host.configuration) as next_run:
        next_run.diff(POLICY, id_, old, inputs)  # replace_on_changes: it has changed, and is created anew
        anew, _ = next_run.create(POLICY, inputs)
        next_run.delete(POLICY, id_, outputs)

    assert anew != id_
    assert {one.id for one in graph.directory.all("tokenIssuancePolicies")} & {id_, anew} == {anew}


def test_policy_that_another_resource_has_adopted_is_not_deleted(graph: Emulator, host: Host) -> None:
    id_, outputs = host.create(POLICY, named("Portal"))

    with Host(host.configuration) as next_run:  # the run that adopted it was killed before it forgot the old resource
        next_run.diff(POLICY, id_, outputs, {name: outputs[name] for name in ("displayName", "definition")})
        next_run.delete(POLICY, id_, outputs)

    assert next_run.printed.startswith(f"Left {id_} as it is: another resource of this program stands for it.")
    assert host.read(POLICY, id_, outputs).id == id_


def test_policy_of_a_killed_run_is_adopted_only_if_the_program_says_so(graph: Emulator, host: Host) -> None:
    inputs = named("Portal")
    id_, _ = host.create(POLICY, inputs)

    with Host(host.configuration) as next_run:
        with pytest.raises(Failure, match=rf"^AlreadyThere: .*\n.*\({id_}\) with the same definition is already there"):
            next_run.create(POLICY, inputs)
        assert next_run.create(POLICY, {**inputs, "ifExists": "adopt"})[0] == id_


def test_resource_with_the_same_arguments_as_another_makes_no_twin(host: Host) -> None:
    inputs = named("Portal")
    id_, outputs = host.create(POLICY, inputs)

    with Host(host.configuration) as next_run:
        next_run.diff(POLICY, id_, outputs, inputs)  # the first one is as it should be
        with pytest.raises(Failure, match=rf"^AlreadyThere: .*\n.*another resource of this program has .*\({id_}\)"):
            next_run.create(POLICY, inputs)
