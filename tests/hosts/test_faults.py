"""Graph going wrong, through the real dynamic host: lost answers, late replicas, four workers, killed runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from tests.hosts.host import Failure, Host

from pulumi_entra_policies.definitions import KINDS, codec
from pulumi_entra_policies.emulator import Clock, Emulator, Registration

Bag = dict[str, Any]

POLICY, LIFETIME, ASSIGNMENT = "TokenIssuancePolicy", "TokenLifetimePolicy", "PolicyAssignment"
COLLECTION = "tokenIssuancePolicies"
PORTAL: Bag = {"displayName": "Portal", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
OLDER = {"displayName": "Older", "definition": {"version": 1, "samlTokenVersion": "1.1"}}
CHANGED = {**PORTAL, "definition": {"version": 1, "samlTokenVersion": "1.1"}}
IDLE = {"displayName": "Idle", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}

LOST = {"drop": True, "when": "after"}
LATE = {"status": 404, "code": "Request_ResourceNotFound"}
UNKNOWN_YET = {"status": 400, "code": "Request_BadRequest", "message": "Not a valid reference update"}
REFERENCE, POLICIES, ONE = r"\$ref$", rf"/policies/{COLLECTION}$", rf"/policies/{COLLECTION}/[^/]+$"
SLOT = rf"/applications/[^/]+/{COLLECTION}$"

NUMBERS = count()


@pytest.fixture(scope="module")
def graph() -> Iterator[Emulator]:
    with Emulator(seed=1) as emulator:
        yield emulator


def configuration(graph: Emulator, waits: int = 2) -> dict[str, str]:
    return {
        "entra-policies:graphEndpoint": graph.url,
        "entra-policies:tenantId": graph.directory.tenant_id,
        "entra-policies:waits": str(waits),
    }


@pytest.fixture(scope="module")
def host(graph: Emulator) -> Iterator[Host]:
    with Host(configuration(graph)) as running:
        running.check(POLICY, PORTAL)  # after which it knows the tenant
        yield running


@dataclass
class World:
    """A tenant with two policies and an application that has the older one, all of them in the state."""

    graph: Emulator
    host: Host
    target: Registration
    older: tuple[str, Bag]
    portal: tuple[str, Bag]

    @property
    def slot(self) -> tuple[str, Bag]:
        return f"applications/{self.target.object_id}/{COLLECTION}", self.assigned(self.older[0])

    def assigned(self, policy_id: str) -> Bag:
        application_id = self.target.object_id
        return {"policyId": policy_id, "policyType": POLICY, "applicationId": application_id, **self.tenant_id}

    @property
    def tenant_id(self) -> Bag:
        return {"tenantId": self.graph.directory.tenant_id}

    def tenant(self) -> tuple[list[str], list[str]]:
        """The policies by name and version, and those of the application."""
        directory = self.graph.directory
        return sorted(map(_described, directory.all(COLLECTION))), [
            _described(one)
            for one in directory.assigned(directory.any(self.target.object_id), directory.policy_sets[COLLECTION])
        ]


def _described(policy: Any) -> str:
    version = "2.0" if "2.0" in policy.properties["definition"][0] else "1.1"
    return f"{policy.properties['displayName']} {version}"


@pytest.fixture
def world(graph: Emulator, host: Host) -> World:
    graph.reset()
    target, directory = graph.create_application("Portal", with_service_principal=True), graph.directory
    policies = directory.policy_sets[COLLECTION]

    def stored(inputs: Bag) -> tuple[str, Bag]:
        definition = codec.to_graph(KINDS[POLICY], inputs["definition"])
        made = directory.create_policy(policies, {"displayName": inputs["displayName"], "definition": [definition]})
        return made.id, {**inputs, "definitionJson": definition, "tenantId": directory.tenant_id}

    world = World(graph, host, target, stored(OLDER), stored(PORTAL))
    directory.add_reference(directory.any(target.object_id), policies, world.older[0])
    return world


def named(inputs: Bag) -> Bag:
    """Inputs of a policy whose name is nobody else's: one host serves many tests."""
    return {**inputs, "displayName": f"{inputs['displayName']} {next(NUMBERS)}"}


def create(world: World) -> None:
    id_, _ = world.host.create(POLICY, named(PORTAL))
    world.graph.directory.update(world.graph.directory.any(id_), {"displayName": "New"})


def read(world: World) -> None:
    assert world.host.read(POLICY, *world.portal).id == world.portal[0]


def update(world: World) -> None:
    world.host.update(POLICY, *world.portal, CHANGED)


def delete(world: World) -> None:
    world.host.delete(POLICY, *world.portal)


def assign(world: World) -> None:
    inputs = {
        "policyId": world.portal[0],
        "policyType": POLICY,
        "servicePrincipalId": world.target.service_principal_id,
    }
    world.host.create(ASSIGNMENT, inputs)


def read_assignment(world: World) -> None:
    assert world.host.read(ASSIGNMENT, *world.slot).id == world.slot[0]


def swap(world: World) -> None:
    world.host.update(ASSIGNMENT, *world.slot, world.assigned(world.portal[0]))


def unassign(world: World) -> None:
    world.host.delete(ASSIGNMENT, *world.slot)


BOTH, HAS_OLDER = ["Older 1.1", "Portal 2.0"], ["Older 1.1"]
VERBS: list[tuple[Callable[[World], None], Bag, Bag, list[str], list[str]]] = [
    # the verb, the request that goes wrong, what a late replica answers to it, the tenant afterwards
    (create, {"method": "POST", "path": POLICIES}, {"delay": 0.2}, ["New 2.0", *BOTH], HAS_OLDER),
    (read, {"method": "GET", "path": ONE}, LATE, BOTH, HAS_OLDER),
    (update, {"method": "PATCH"}, LATE, ["Older 1.1", "Portal 1.1"], HAS_OLDER),
    (delete, {"method": "DELETE", "path": ONE}, LATE, ["Older 1.1"], HAS_OLDER),
    (assign, {"method": "POST", "path": REFERENCE}, UNKNOWN_YET, BOTH, HAS_OLDER),
    (read_assignment, {"method": "GET", "path": SLOT}, LATE, BOTH, HAS_OLDER),
    (swap, {"method": "DELETE", "path": REFERENCE}, LATE, BOTH, ["Portal 2.0"]),
    (swap, {"method": "POST", "path": REFERENCE}, UNKNOWN_YET, BOTH, ["Portal 2.0"]),
    (unassign, {"method": "DELETE", "path": REFERENCE}, LATE, BOTH, []),
]
IDS = [f"{row[0].__name__} {row[1]['method']}" for row in VERBS]


@pytest.mark.parametrize(("verb", "request_", "late", "policies", "assigned"), VERBS, ids=IDS)
@pytest.mark.parametrize("lost", [True, False], ids=["lost", "late"])
def test_verb_succeeds_all_the_same(
    world: World,
    verb: Callable[[World], None],
    request_: Bag,
    late: Bag,
    policies: list[str],
    assigned: list[str],
    lost: bool,
) -> None:
    world.graph.fault(**request_, **(LOST if lost else late))

    verb(world)

    assert world.tenant() == (sorted(policies), assigned)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403}, "Forbidden: cannot "),
        ({"status": 200, "body": "<html>Sign in to the network</html>"}, "AnswerLost: cannot "),
    ],
    ids=["403", "a proxy's page"],
)
@pytest.mark.parametrize("verb", [create, update, delete, assign, unassign])
def test_refused_write_is_one_message(world: World, verb: Callable[[World], None], fault: Bag, words: str) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        world.graph.fault(method=method, times=50, **fault)

    with pytest.raises(Failure) as failure:
        verb(world)

    assert str(failure.value).startswith(words)
    assert str(failure.value).count("\n  To go on: ") == 1
    assert "Traceback" not in str(failure.value)
    assert world.tenant() == (BOTH, HAS_OLDER)


def test_swap_whose_removal_is_refused_says_that_nothing_was_changed(world: World) -> None:
    world.graph.fault(path=REFERENCE, times=50, status=403)

    with pytest.raises(Failure, match=r"^Forbidden: cannot remove ") as failure:
        swap(world)

    assert "may have none now" not in str(failure.value)
    assert world.tenant() == (BOTH, HAS_OLDER)


SIDE_BY_SIDE: list[tuple[str, Bag]] = [
    (LIFETIME, IDLE),
    ("ClaimsMappingPolicy", {"displayName": "Claims", "definition": {"version": 1}}),
    ("HomeRealmDiscoveryPolicy", {"displayName": "Home", "definition": {"accelerateToFederatedDomain": True}}),
    (POLICY, {**OLDER, "displayName": "Other"}),
]


def test_four_workers_on_one_object_do_not_get_in_each_others_way(world: World) -> None:
    """Graph refuses what is done at the same time with 409; and one policy is updated meanwhile."""
    world.graph.fault(method="POST", path=REFERENCE, skip=1, times=2, status=409)
    world.graph.fault(method="PATCH", skip=1, status=503, when="after")
    target = {"servicePrincipalId": world.target.service_principal_id}

    def assigned(row: tuple[str, Bag]) -> tuple[str, Bag]:
        policy_id, _ = world.host.create(row[0], named(row[1]))
        return world.host.create(ASSIGNMENT, {"policyId": policy_id, "policyType": row[0], **target})

    def renamed(number: int) -> Any:
        return world.host.update(POLICY, *world.portal, {**PORTAL, "displayName": f"Renamed {number}"})["displayName"]

    with ThreadPoolExecutor(8) as workers:
        assignments, updates = workers.map(assigned, SIDE_BY_SIDE), workers.map(renamed, range(6))
        slots, names = dict(assignments), list(updates)

    assert names == [f"Renamed {number}" for number in range(6)]
    assert len(world.graph.directory.snapshot()["references"]) == 1 + len(slots)
    for id_, outputs in slots.items():
        assert world.host.read(ASSIGNMENT, id_, outputs).id == id_


@pytest.mark.parametrize("replace_existing", [False, True])
def test_one_slot_wanted_by_four_workers_is_given_once(world: World, replace_existing: bool) -> None:
    target = {"servicePrincipalId": world.target.service_principal_id, "replaceExisting": replace_existing}
    wanted = {"policyId": world.portal[0], "policyType": POLICY, **target}

    def attempt(inputs: Bag) -> str:
        try:
            return world.host.create(ASSIGNMENT, inputs)[0]
        except Failure as failure:
            return str(failure).split(":")[0]

    with ThreadPoolExecutor(4) as workers:
        answers = sorted(workers.map(attempt, [wanted] * 4))

    slot = f"servicePrincipals/{world.target.service_principal_id}/{COLLECTION}"
    assert answers == [*["AlreadyThere"] * 3, slot]
    assert len(world.graph.directory.snapshot()["references"]) == 2


def test_lost_creates_of_four_workers_are_all_found_again(world: World) -> None:
    world.graph.fault(method="POST", path=POLICIES, times=4, drop=True, when="after")

    with ThreadPoolExecutor(4) as workers:
        wanted = [named(PORTAL) for _ in range(4)]
        made = list(workers.map(lambda inputs: world.host.create(POLICY, inputs)[0], wanted))

    found = {one.id: one.properties["displayName"] for one in world.graph.directory.all(COLLECTION)}
    assert [found[id_] for id_ in made] == [inputs["displayName"] for inputs in wanted]
    assert len(found) == 2 + 4


# -- what a killed run leaves ----------------------------------------------------------------------


@pytest.fixture
def next_run(world: World) -> Iterator[Host]:
    with Host(configuration(world.graph)) as running:
        running.check(POLICY, PORTAL)
        yield running


def test_default_of_a_killed_run_is_imported(world: World, next_run: Host) -> None:
    inputs = {**named(IDLE), "isOrganizationDefault": True}
    id_, outputs = world.host.create(LIFETIME, inputs)

    with pytest.raises(Failure, match=rf"(?s)\({id_}\).*import_='{id_}'"):
        next_run.create(LIFETIME, inputs)
    outputs.pop("writtenAt")
    assert next_run.create(LIFETIME, {**inputs, "importId": id_}) == (id_, outputs)


def test_assignment_of_a_killed_run_is_imported(world: World, next_run: Host) -> None:
    id_, state = world.slot
    inputs = {name: value for name, value in state.items() if name != "tenantId"}

    with pytest.raises(Failure, match=f"import_='{id_}'"):
        next_run.create(ASSIGNMENT, inputs)
    assert next_run.create(ASSIGNMENT, {**inputs, "importId": id_}) == (id_, state)
    assert world.tenant() == (BOTH, HAS_OLDER)


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, LATE], ids=["dropped", "503", "late"])
def test_import_whose_question_goes_wrong_is_asked_again(world: World, next_run: Host, fault: Bag) -> None:
    slot, state = world.slot
    own = {name: value for name, value in state.items() if name != "tenantId"}

    for resource, id_, inputs in ((POLICY, world.portal[0], PORTAL), (ASSIGNMENT, slot, own)):
        world.graph.fault(method="GET", **fault)
        world.graph.clear_journal()
        assert next_run.create(resource, {**inputs, "importId": id_})[0] == id_
        assert [entry["method"] for entry in world.graph.journal()] == ["GET", "GET"]


@pytest.fixture
def late(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """A tenant whose one replica still shows the portal's policy, for so many requests, which is deleted."""
    with Emulator(seed=1, replicas=(request.param,), clock=Clock()) as graph:
        policies = graph.directory.policy_sets[COLLECTION]
        definition = codec.to_graph(KINDS[POLICY], PORTAL["definition"])
        deleted = graph.directory.create_policy(policies, {"displayName": "Portal", "definition": [definition]})
        graph.clock.advance(60)
        graph.directory.delete(deleted)
        yield graph


@pytest.mark.parametrize("late", [1], indirect=True)
def test_policy_that_is_only_listed_still_is_not_there(late: Emulator) -> None:
    with Host(configuration(late, waits=10)) as running:
        made, _ = running.create(POLICY, PORTAL)

    assert [one.id for one in late.directory.all(COLLECTION)] == [made]


@pytest.mark.parametrize("late", [3], indirect=True)
def test_policy_that_every_replica_still_shows_is_refused_and_made_by_the_next_run(late: Emulator) -> None:
    with Host(configuration(late, waits=10)) as running, pytest.raises(Failure, match=r"^AlreadyThere: "):
        running.create(POLICY, PORTAL)
    late.clock.advance(60)
    with Host(configuration(late, waits=10)) as running:
        made, _ = running.create(POLICY, PORTAL)

    assert [one.id for one in late.directory.all(COLLECTION)] == [made]
