"""The providers in the real dynamic host, over gRPC, against the emulator."""

from __future__ import annotations

import json
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.dynamic import Config, ConfigureRequest, ResourceProvider
from tests.hosts.host import UNKNOWN, Failure, Host

from pulumi_entra_policies.emulator import Clock, Emulator, Registration
from pulumi_entra_policies.graph.consistency import stamp
from pulumi_entra_policies.hosts import dynamic, verbs
from pulumi_entra_policies.settings import Settings

POLICY = "TokenIssuancePolicy"
ASSIGNMENT = "PolicyAssignment"
INPUTS = {"displayName": "Portal", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
GUID = "00000000-0000-0000-0000-00000000000a"
NUMBERS = count()


@pytest.fixture(scope="module")
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1, clock=Clock()) as emulator:
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
    return _own(answer.inputs)


def outputs_of(answer: Any) -> dict[str, Any]:
    return _own(answer.properties)


def _own(struct: Any) -> dict[str, Any]:
    bag: dict[str, Any] = json_format.MessageToDict(struct)
    bag.pop("__provider")
    return bag


def sent(graph: Emulator) -> list[str]:
    """The methods of the requests since the last call, but for a host's first question, which tenant this is."""
    methods = [entry["method"] for entry in graph.journal() if not entry["path"].startswith("/v1.0/organization")]
    graph.clear_journal()
    return methods


def named(name: str) -> dict[str, Any]:
    """Inputs of a policy whose name is nobody else's: one host serves many tests."""
    return {**INPUTS, "displayName": f"{name} {next(NUMBERS)}"}


@pytest.fixture(scope="module")
def elsewhere(host: Host) -> Iterator[Host]:
    """A process that has made nothing itself; for what depends on no listing, which is taken once a process."""
    with Host(host.configuration) as running:
        yield running


@pytest.fixture
def next_run(host: Host) -> Iterator[Host]:
    with Host(host.configuration) as running:
        yield running


def test_policy_goes_through_its_life_with_one_request_each(graph: Emulator, impatient: Host) -> None:
    host, inputs = impatient, named("Portal")
    host.create(POLICY, named("First"))  # a process lists a kind before its first create
    graph.clear_journal()
    id_, outputs = host.create(POLICY, inputs)
    made = stamp(graph.clock.date())
    assert outputs == {**inputs, "definitionJson": STORED, "tenantId": graph.tenant_id, "writtenAt": made}

    graph.clock.advance(60)
    read = host.read(POLICY, id_, outputs)
    assert (read.id, inputs_of(read), outputs_of(read)) == (id_, inputs, outputs)

    changed = host.update(POLICY, id_, outputs, {**inputs, "displayName": "Renamed"})
    assert changed == {**outputs, "displayName": "Renamed", "writtenAt": stamp(graph.clock.date())}
    assert sent(graph) == ["POST", "GET", "PATCH"]
    with Host(host.configuration) as next_run:
        next_run.delete(POLICY, id_, changed)
        assert next_run.read(POLICY, id_, changed).id == ""
    assert sent(graph) == ["GET", "DELETE", "GET"]


def test_update_sends_what_has_changed_and_nothing_else(graph: Emulator, host: Host) -> None:
    inputs = named("Portal")
    id_, outputs = host.create(POLICY, inputs)
    graph.clear_journal()

    changed = host.update(POLICY, id_, outputs, {**inputs, "displayName": "Renamed"})
    (entry,) = graph.journal()
    assert entry["body"] == {"@odata.type": "#microsoft.graph.tokenIssuancePolicy", "displayName": "Renamed"}

    graph.clock.advance(60)
    kept = host.update(POLICY, id_, changed, {**inputs, "displayName": "Renamed", "ifExists": "create"})
    assert kept == {**changed, "ifExists": "create"}
    assert len(sent(graph)) == 1


def test_assignment_goes_through_its_life_within_three_requests_each(
    graph: Emulator, host: Host, next_run: Host, portal: Registration
) -> None:
    one, two = (host.create(POLICY, named(name))[0] for name in ("One", "Two"))
    graph.clear_journal()

    id_, outputs = host.create(ASSIGNMENT, assigned(one, portal))
    assert id_ == f"applications/{portal.object_id}/tokenIssuancePolicies"
    made = {"tenantId": graph.tenant_id, "writtenAt": stamp(graph.clock.date())}
    assert outputs == {**assigned(one, portal), **made}
    read = host.read(ASSIGNMENT, id_, outputs)
    assert (inputs_of(read), outputs_of(read)) == (assigned(one, portal), outputs)
    graph.clock.advance(60)
    swapped = host.update(ASSIGNMENT, id_, outputs, assigned(two, portal))
    assert swapped == {**outputs, "policyId": two, "writtenAt": stamp(graph.clock.date())}
    assert sent(graph) == ["POST", "GET", "DELETE", "POST"]

    with pytest.raises(Failure, match="PolicyConflict"):
        next_run.create(ASSIGNMENT, assigned(one, portal))
    assert sent(graph) == ["GET", "POST", "GET", "GET"]
    next_run.delete(ASSIGNMENT, id_, swapped)
    assert sent(graph) == ["DELETE"]


def test_swap_to_a_policy_that_the_run_does_not_know_looks_for_it_first(
    graph: Emulator, host: Host, next_run: Host, portal: Registration
) -> None:
    one, two = (host.create(POLICY, named(name))[0] for name in ("One", "Two"))
    id_, outputs = host.create(ASSIGNMENT, assigned(one, portal))
    graph.clear_journal()

    with pytest.raises(Failure, match=f"^WrongId: cannot assign token issuance policy {GUID} to application "):
        next_run.update(ASSIGNMENT, id_, outputs, assigned(GUID, portal))
    assert set(sent(graph)) == {"GET"}
    next_run.update(ASSIGNMENT, id_, outputs, assigned(two, portal))
    assert sent(graph) == ["GET", "DELETE", "POST"]


@pytest.mark.parametrize(("seconds", "asked"), [(0, "again and again"), (60, "once")])
def test_drift_is_believed_at_once_where_the_own_write_is_old(
    graph: Emulator, host: Host, seconds: float, asked: str
) -> None:
    id_, outputs = host.create(POLICY, named("Portal"))
    graph.clock.advance(seconds)
    with graph.directory.lock:
        graph.directory.update(graph.directory.any(id_), {"displayName": "By hand"})
    graph.clear_journal()

    assert inputs_of(host.read(POLICY, id_, outputs))["displayName"] == "By hand"
    assert (len(sent(graph)) == 1) == (asked == "once")


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
        "display_name",
        "definition.saml_token_version",
        "definition.token_response_signing_policy",
        "definition.emit_saml_name_format",
    ]


def test_check_brings_graphs_form_into_the_normal_one(host: Host) -> None:
    assert host.check(POLICY, {"displayName": "Portal", "definition": STORED}) == (INPUTS, [])


def test_check_does_not_judge_anew_what_the_state_has(host: Host) -> None:
    twice = '{"TokenIssuancePolicy":{"Version":1,"Version":1}}'
    there, declared = ({"displayName": "Portal", "definition": one} for one in ({"unreadable": twice}, twice))

    assert host.check(POLICY, declared, there) == (there, [])
    assert host.check(POLICY, declared)[1] != []


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

    expected = f"Missing: cannot read token issuance policy {GUID}:\n  it does not exist in this tenant."
    assert str(failure.value).startswith(expected)
    assert "Traceback" not in str(failure.value)


@pytest.mark.parametrize("id_", ["portal", f"groups/{GUID}/tokenIssuancePolicies", f"applications/{GUID}/members"])
def test_get_with_an_id_that_is_none_says_so_and_sends_nothing(graph: Emulator, host: Host, id_: str) -> None:
    graph.clear_journal()

    with pytest.raises(Failure, match=r"^EntraError: cannot use the assignment's id:\n"):
        host.read(ASSIGNMENT, id_, {})
    assert sent(graph) == []


def test_other_tenant_than_the_state_says_is_refused_before_anything_is_sent(graph: Emulator, host: Host) -> None:
    graph.clear_journal()

    with pytest.raises(Failure, match=rf"^WrongTenant: .* {GUID}, as .* says:\n.* {graph.tenant_id};"):
        host.delete(POLICY, GUID.replace("a", "b"), {**INPUTS, "tenantId": GUID})
    assert sent(graph) == []


def test_other_tenant_than_configured_is_a_failed_check(graph: Emulator) -> None:
    with Host({"entra-policies:graphEndpoint": graph.url, "entra-policies:tenantId": GUID}) as running:
        _, reasons = running.check(POLICY, INPUTS)
    assert [reason.splitlines()[0] for reason in reasons] == [
        f"WrongTenant: cannot work in tenant {GUID}, as entra-policies:tenantId says:"
    ]


def test_state_of_another_tenant_is_not_unchanged(graph: Emulator, host: Host) -> None:
    state = {**INPUTS, "tenantId": GUID}
    with pytest.raises(Failure, match=rf"^WrongTenant: cannot work in tenant {GUID}, as this resource's state says"):
        host.diff(POLICY, GUID, state, INPUTS)


def test_refused_configuration_is_a_failed_check(graph: Emulator) -> None:
    with Host({"entra-policies:environment": "mars"}) as running:
        _, reasons = running.check(POLICY, INPUTS)
        with pytest.raises(Failure, match=r"^SettingsError: entra-policies:environment: "):
            running.create(POLICY, INPUTS)

        with pytest.raises(
            Failure, match=r'"mars" .* use the configuration that the last up has stored: with --run-pr'
        ):
            running.delete(POLICY, GUID, INPUTS)

    assert reasons == [
        'entra-policies:environment: "mars" is not a cloud; allowed are global, usgovernment, dod, china'
    ]


def test_mistake_of_ours_is_one_message_too(host: Host) -> None:
    with pytest.raises(
        Failure, match=r"^InternalError: .*\n  unexpected KeyError.*\n.*ENTRA_POLICIES_DEBUG=1"
    ) as failure:
        host.create(POLICY, {"displayName": "P"})
    assert "Traceback" not in str(failure.value)


def test_debug_switch_brings_the_traceback_back(graph: Emulator) -> None:
    configuration = {"entra-policies:graphEndpoint": graph.url}
    with Host(configuration, {"ENTRA_POLICIES_DEBUG": "1"}) as running, pytest.raises(Failure, match="Traceback"):
        running.delete(POLICY, GUID, {"tenantId": "11111111-1111-1111-1111-111111111111"})


# -- one thing, two resources ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A resource that an earlier run has made."""

    resource: str
    inputs: dict[str, Any]
    id: str
    outputs: dict[str, Any]

    @classmethod
    def by(cls, host: Host, resource: str, inputs: dict[str, Any]) -> Made:
        return cls(resource, inputs, *host.create(resource, inputs))

    @property
    def importing(self) -> dict[str, Any]:
        return {**self.inputs, "importId": self.id}


@pytest.fixture
def policy(host: Host) -> Made:
    return Made.by(host, POLICY, named("Portal"))


@pytest.fixture
def assignment(host: Host, policy: Made, portal: Registration) -> Made:
    return Made.by(host, ASSIGNMENT, assigned(policy.id, portal))


@pytest.fixture(params=["policy", "assignment"])
def made(request: pytest.FixtureRequest, graph: Emulator) -> Made:
    found: Made = request.getfixturevalue(request.param)
    graph.clear_journal()
    return found


def test_create_does_not_share_what_is_there(graph: Emulator, next_run: Host, made: Made) -> None:
    with pytest.raises(Failure, match=rf"^AlreadyThere: (?s:.*)import_='{made.id}'"):
        next_run.create(made.resource, made.inputs)

    if made.resource == ASSIGNMENT:
        with pytest.raises(Failure, match=r"^AlreadyThere: .*\n.*exactly this assignment is there already"):
            next_run.create(made.resource, {**made.inputs, "replaceExisting": True})
    assert not {"DELETE", "PATCH"} & set(sent(graph))


def test_create_of_what_another_resource_of_the_run_has_says_so(
    host: Host, next_run: Host, policy: Made, assignment: Made
) -> None:
    for made in (policy, assignment):
        next_run.diff(made.resource, made.id, made.outputs, made.inputs)  # that one is as it should be

    with pytest.raises(Failure, match=rf"^AlreadyThere: .*\n.*\({policy.id}\), of another resource of this program, "):
        next_run.create(POLICY, policy.inputs)
    with pytest.raises(Failure, match=r"^AlreadyThere: .*\n.*exactly this assignment is there already"):
        next_run.create(ASSIGNMENT, assignment.inputs)


def test_policy_is_replaced_by_one_of_the_same_name_where_the_program_says_so(
    graph: Emulator, next_run: Host, policy: Made
) -> None:
    anew = {**policy.inputs, "ifExists": "create"}
    with pytest.raises(Failure, match="if_exists='create' makes a second one of that name"):
        next_run.create(POLICY, policy.inputs)
    made, _ = next_run.create(POLICY, anew)
    next_run.delete(POLICY, policy.id, policy.outputs)

    assert made != policy.id
    assert {one.id for one in graph.directory.all("tokenIssuancePolicies")} & {policy.id, made} == {made}


def test_delete_leaves_alone_what_another_resource_of_the_run_has(graph: Emulator, host: Host, made: Made) -> None:
    with Host(host.configuration) as next_run:
        next_run.diff(made.resource, made.id, made.outputs, made.inputs)  # one of the two stays
        next_run.delete(made.resource, made.id, made.outputs)  # the other one goes

    assert re.match(rf"Left .*{made.id}\)? as it is: another resource of this program has it\.", next_run.printed)
    assert sent(graph) == []
    assert host.read(made.resource, made.id, made.outputs).id == made.id


def test_delete_goes_on_where_the_resource_of_the_run_moves_away(
    host: Host, next_run: Host, assignment: Made, portal: Registration
) -> None:
    moved = {**assignment.inputs, "applicationId": GUID}
    next_run.diff(ASSIGNMENT, assignment.id, assignment.outputs, moved)
    next_run.delete(ASSIGNMENT, assignment.id, assignment.outputs)

    assert host.read(ASSIGNMENT, assignment.id, assignment.outputs).id == ""


# -- import ------------------------------------------------------------------------------------------------------------


def test_import_is_in_the_state_and_writes_nothing(graph: Emulator, elsewhere: Host, made: Made) -> None:
    inputs, reasons = elsewhere.check(made.resource, made.importing)
    assert (inputs, reasons) == (made.importing, [])

    id_, outputs = elsewhere.create(made.resource, inputs)

    assert (id_, {**outputs, "writtenAt": made.outputs["writtenAt"]}) == (made.id, made.outputs)
    assert not {"importId", "writtenAt"} & outputs.keys()
    assert sent(graph) == ["GET"]


def test_imported_resource_is_as_the_program_says_and_drifts_like_any_other(
    graph: Emulator, elsewhere: Host, made: Made
) -> None:
    _, outputs = elsewhere.create(made.resource, made.importing)

    plan = elsewhere.diff(made.resource, made.id, outputs, made.inputs)
    assert plan.changes == plan.DIFF_NONE
    assert outputs_of(elsewhere.read(made.resource, made.id, outputs)) == outputs


def test_delete_leaves_alone_what_the_run_has_imported(graph: Emulator, host: Host, made: Made) -> None:
    with Host(host.configuration) as next_run:
        next_run.create(made.resource, made.importing)  # under its new name
        next_run.delete(made.resource, made.id, made.outputs)  # its old one

    assert next_run.printed.startswith("Left ")
    assert sent(graph) == ["GET"]
    assert host.read(made.resource, made.id, made.outputs).id == made.id


def test_import_by_two_resources_of_a_run_is_an_error(graph: Emulator, elsewhere: Host, made: Made) -> None:
    elsewhere.create(made.resource, made.importing)
    graph.clear_journal()

    with pytest.raises(Failure, match=r"^AlreadyThere: cannot import .*\n.*another resource of this program has it\."):
        elsewhere.create(made.resource, made.importing)
    assert sent(graph) == []


def test_resource_that_is_to_be_replaced_is_told_to_take_import_out(elsewhere: Host, assignment: Made) -> None:
    another = {**assignment.importing, "applicationId": GUID}

    _, reasons = elsewhere.check(ASSIGNMENT, another, assignment.inputs)
    assert reasons == ["import_: this resource is to be replaced by another; take import_ out of its options"]


@pytest.mark.parametrize(
    ("of", "changes", "line"),
    [
        ("policy", {"displayName": "Other"}, 'display_name: "Portal [0-9]+" in the tenant, "Other" in the program'),
        ("policy", {"definition": {"version": 1}}, '.*saml_token_version: "2.0" in the tenant, nothing in the program'),
        ("assignment", {"policyId": GUID}, f'policy_id: "[0-9a-f-]+" in the tenant, "{GUID}" in the program'),
        ("assignment", {"applicationId": GUID}, f'target: "application .*" in the tenant, "application {GUID}" in'),
    ],
)
def test_import_that_differs_shows_what_and_writes_nothing(
    request: pytest.FixtureRequest, graph: Emulator, elsewhere: Host, of: str, changes: dict[str, Any], line: str
) -> None:
    made: Made = request.getfixturevalue(of)
    graph.clear_journal()

    with pytest.raises(Failure, match=rf"^ImportDiffers: cannot import .*\n.*what the program says:\n    {line}"):
        elsewhere.create(made.resource, {**made.importing, **changes})
    assert sent(graph) == ["GET"]


def test_import_of_what_is_not_there_is_one_error(graph: Emulator, elsewhere: Host, portal: Registration) -> None:
    slot = f"applications/{portal.object_id}/tokenIssuancePolicies"
    for resource, inputs, id_ in ((POLICY, INPUTS, GUID), (ASSIGNMENT, assigned(GUID, portal), slot)):
        with pytest.raises(Failure, match=rf"^Missing: cannot import .*{id_}:\n(?s:.*)take import_ out of its options"):
            elsewhere.create(resource, {**inputs, "importId": id_})
    assert set(sent(graph)) == {"GET"}


@pytest.mark.parametrize(
    ("of", "changes", "reason"),
    [
        ("policy", {"importId": UNKNOWN}, "import_: has to be known when the program is previewed"),
        ("policy", {"importId": "portal"}, 'import_: must be the id of a policy, a GUID, not "portal"'),
        ("policy", {"ifExists": "create"}, "import_: takes over what is there; leave out if_exists"),
        ("assignment", {"importId": UNKNOWN}, "import_: has to be known when the program is previewed"),
        ("assignment", {"importId": GUID}, "import_: must be the slot, applications/<object id>/tokenIssuancePolicies"),
        ("assignment", {"replaceExisting": True}, "import_: takes over what is there; leave out replace_existing"),
    ],
)
def test_import_that_cannot_be_is_a_failed_check_of_what_is_new(
    request: pytest.FixtureRequest, host: Host, of: str, changes: dict[str, Any], reason: str
) -> None:
    made: Made = request.getfixturevalue(of)

    _, (found,) = host.check(made.resource, {**made.importing, **changes})
    assert found.startswith(reason)
    checked, reasons = host.check(made.resource, {**made.importing, **changes}, made.inputs)
    assert (reasons, "importId" in checked) == ([], False)


def test_option_left_in_is_no_change(host: Host, made: Made) -> None:
    inputs, _ = host.check(made.resource, made.importing, made.inputs)

    assert inputs == made.inputs
    plan = host.diff(made.resource, made.id, made.outputs, inputs)
    assert plan.changes == plan.DIFF_NONE


def test_replacement_with_the_option_left_in_says_to_take_it_out(graph: Emulator, elsewhere: Host, made: Made) -> None:
    again, reasons = elsewhere.check(made.resource, made.importing)  # a replacement is checked as what is new
    assert (again, reasons) == (made.importing, [])
    elsewhere.delete(made.resource, made.id, made.outputs)  # first, since the class says so while the option stands
    graph.clear_journal()

    with pytest.raises(Failure, match=r"^Missing: cannot import (?s:.*)take import_ out of its options"):
        elsewhere.create(made.resource, again)
    assert not {"POST", "DELETE"} & set(sent(graph))


def test_policy_that_was_adopted_diffs_unchanged_and_is_no_longer_adopted(host: Host, policy: Made) -> None:
    plan = host.diff(POLICY, policy.id, {**policy.outputs, "ifExists": "adopt"}, policy.inputs)
    _, (reason,) = host.check(POLICY, {**policy.inputs, "ifExists": "adopt"})

    assert plan.changes == plan.DIFF_NONE
    assert reason.startswith('if_exists: is no longer "adopt"')
    assert "pulumi.ResourceOptions(import_=" in reason


# -- the process -------------------------------------------------------------------------------------------------------


def test_journal_shows_that_description_is_never_sent(graph: Emulator, host: Host) -> None:
    graph.clear_journal()
    id_, outputs = host.create(POLICY, named("Portal"))
    host.update(POLICY, id_, outputs, {"displayName": "Other", "definition": {"version": 1}})

    assert "description" not in json.dumps(graph.journal())


@pytest.fixture
def inside(graph: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ResourceProvider]]:
    """Two providers of this very process, as the host makes them, with one configuration."""
    monkeypatch.setattr(traceback, "format_exc", traceback.format_exc)  # configure changes it for the whole process
    configuration = {"entra-policies:graphEndpoint": graph.url}
    providers = [dynamic.provider(name) for name in (POLICY, ASSIGNMENT)]
    for provider in providers:
        provider.configure(ConfigureRequest(Config(configuration, "tests")))
    process = dynamic._Process()
    monkeypatch.setattr(dynamic, "_process", process)
    yield providers
    monkeypatch.setattr(dynamic, "LONGEST_CALL", 60.0)
    process.finish(process.run_of(Settings.load(configuration.get)).close())


def test_one_process_has_one_connection_and_one_loop_thread(
    inside: list[ResourceProvider], portal: Registration
) -> None:
    policies, assignments = inside
    before = threading.active_count()
    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(lambda number: policies.create({**INPUTS, "displayName": str(number)}), range(8)))

    assignments.create(assigned(made[0].id, portal))

    assert len(dynamic._process._runs) == 1
    assert threading.active_count() == before + 1


def test_no_check_or_diff_waits_for_the_loop_thread_once_signed_in(
    inside: list[ResourceProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    policies, _ = inside
    policies.check({}, INPUTS)
    with monkeypatch.context() as forbidden:
        forbidden.setattr(dynamic._process, "_running_loop", lambda: pytest.fail("the loop thread was asked"))
        policies.check({}, INPUTS)
        assert policies.diff(GUID, INPUTS, INPUTS).changes is False


def shown(program: Callable[[], Any]) -> str:
    """What the host sends of a failure."""
    try:
        program()
    except Exception:
        return traceback.format_exc()
    pytest.fail("it did not fail")


def delete_in_another_tenant(provider: ResourceProvider) -> None:
    provider.delete(GUID, {"tenantId": "11111111-1111-1111-1111-111111111111"})


def test_failure_of_ours_is_its_text_alone(inside: list[ResourceProvider]) -> None:
    text = shown(lambda: delete_in_another_tenant(inside[0]))

    assert text.startswith("WrongTenant: cannot ")
    assert "Traceback" not in text


@pytest.mark.usefixtures("inside")
def test_error_of_another_provider_of_the_process_keeps_its_traceback() -> None:
    text = shown(lambda: int("theirs"))

    assert text.startswith("Traceback (most recent call last):")
    assert 'int("theirs")' in text


def test_debugging_brings_our_tracebacks_back(inside: list[ResourceProvider], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRA_POLICIES_DEBUG", "1")

    assert shown(lambda: delete_in_another_tenant(inside[0])).startswith("Traceback (most recent call last):")


def test_call_that_does_not_end_is_given_up_with_what_to_do(
    inside: list[ResourceProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (dynamic, verbs):
        monkeypatch.setattr(module, "LONGEST_CALL", 0.0)

    with pytest.raises(
        dynamic.Failed, match=r"^EntraError: (?s:.)*did not come to an end within 0 seconds(?s:.)*run pulumi refresh"
    ):
        inside[0].create(INPUTS)
