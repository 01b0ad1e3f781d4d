from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from tests.emulator.tenant import ISSUANCE, Json, Tenant, absent, assert_refused

from pulumi_entra_policies.emulator import Directory, Emulator

LAG = 3
POLICIES = f"policies/{ISSUANCE}"


@pytest.fixture(scope="module")
def one_replica() -> Iterator[Emulator]:
    with Emulator(seed=1, replicas=(LAG,)) as emulator:
        yield emulator


@pytest.fixture
def late(one_replica: Emulator) -> Iterator[Tenant]:
    """A tenant behind one replica, which is always late."""
    one_replica.reset()
    one_replica.directory.unreplicated_policy_status = 400
    tenant = Tenant(one_replica)
    yield tenant
    tenant.http.close()


@dataclass
class Scene:
    """An application and an assigned policy that every replica knows."""

    tenant: Tenant
    target: str
    policy: Json

    @property
    def address(self) -> str:
        return f"{POLICIES}/{self.policy['id']}"

    @property
    def reference(self) -> str:
        return f"{self.target}/{ISSUANCE}/{self.policy['id']}/$ref"

    def catch_up(self) -> None:
        self.tenant.emulator.clock.advance(LAG)


@pytest.fixture
def scene(late: Tenant) -> Scene:
    target, policy = late.target("applications"), late.policy()
    late.emulator.clock.advance(LAG)
    assert late.assign(target, policy).status_code == 204
    late.emulator.clock.advance(LAG)
    return Scene(late, target, policy)


def test_write_is_seen_after_so_many_further_requests(late: Tenant) -> None:
    address = f"{POLICIES}/{late.policy()['id']}"
    assert [late.http.get(address).status_code for _ in range(LAG + 2)] == [*[404] * LAG, 200, 200]


@pytest.mark.parametrize(("seconds", "status"), [(LAG - 1, 404), (LAG, 200)])
def test_write_is_seen_after_so_many_seconds(late: Tenant, seconds: float, status: int) -> None:
    policy = late.policy()
    late.emulator.clock.advance(seconds)
    assert late.http.get(f"{POLICIES}/{policy['id']}").status_code == status


def name(scene: Scene) -> object:
    response = scene.tenant.http.get(scene.address)
    return response.json()["displayName"] if response.status_code == 200 else response.status_code


def listed(scene: Scene) -> object:
    return len(scene.tenant.names(POLICIES))


def assigned(scene: Scene) -> object:
    return len(scene.tenant.assigned(scene.target))


def users(scene: Scene) -> object:
    return len(scene.tenant.get(f"{scene.address}/appliesTo")["value"])


def expanded(scene: Scene) -> object:
    return len(scene.tenant.get(scene.address, **{"$expand": "appliesTo"})["appliesTo"])


@pytest.mark.parametrize(
    ("write", "read", "before", "after"),
    [
        (("POST", POLICIES), listed, 1, 2),
        (("PATCH", "{address}"), name, "Portal SAML", "New"),
        (("DELETE", "{address}"), name, "Portal SAML", 404),
        (("DELETE", "{address}"), listed, 1, 0),
        (("DELETE", "{address}"), assigned, 1, 0),
        (("DELETE", "{reference}"), assigned, 1, 0),
        (("DELETE", "{reference}"), users, 1, 0),
        (("DELETE", "{reference}"), expanded, 1, 0),
        (("DELETE", "{target}"), users, 1, 0),
    ],
)
def test_late_replica_shows_what_was_and_then_what_is(
    scene: Scene, write: tuple[str, str], read: Callable[[Scene], object], before: object, after: object
) -> None:
    method, path = write
    address = path.format(address=scene.address, reference=scene.reference, target=scene.target)
    body = {"displayName": "New", "definition": scene.policy["definition"]}
    assert scene.tenant.http.request(method, address, json=body).status_code < 300
    assert read(scene) == before
    scene.catch_up()
    assert read(scene) == after


def test_assignment_is_listed_late(scene: Scene) -> None:
    other = scene.tenant.target("applications")
    scene.catch_up()
    scene.tenant.assign(other, scene.policy)
    assert scene.tenant.assigned(other) == []
    scene.catch_up()
    assert scene.tenant.assigned(other) == [scene.policy["id"]]


def test_change_made_without_http_is_late_as_well(scene: Scene) -> None:
    directory = scene.tenant.emulator.directory
    directory.update(directory.any(scene.policy["id"]), {"displayName": "By hand"})
    assert name(scene) == "Portal SAML"
    scene.catch_up()
    assert name(scene) == "By hand"


@pytest.mark.parametrize("status", [400, 404])
def test_assigning_a_policy_that_is_not_replicated_yet_is_refused(late: Tenant, status: int) -> None:
    late.emulator.directory.unreplicated_policy_status = status
    target = late.target("applications")
    late.emulator.clock.advance(LAG)
    policy = late.policy()
    refusal = (400, "Request_BadRequest", "Not a valid reference update") if status == 400 else absent(policy["id"])
    assert_refused(late.assign(target, policy), *refusal)
    late.emulator.clock.advance(LAG)
    assert late.assigned(target) == []


def test_assigning_to_a_target_that_is_not_replicated_yet_is_404(scene: Scene) -> None:
    other = scene.tenant.target("applications")
    assert_refused(scene.tenant.assign(other, scene.policy), *absent(other.removeprefix("applications/")))


def test_assigning_to_a_target_that_is_just_deleted_is_404(scene: Scene) -> None:
    scene.tenant.http.delete(scene.target)
    response = scene.tenant.assign(scene.target, scene.policy)
    assert_refused(response, *absent(scene.target.removeprefix("applications/")))


def test_removing_a_reference_that_is_not_replicated_yet_is_404(scene: Scene) -> None:
    other = scene.tenant.target("applications")
    scene.catch_up()
    scene.tenant.assign(other, scene.policy)
    response = scene.tenant.http.delete(f"{other}/{ISSUANCE}/{scene.policy['id']}/$ref")
    assert_refused(response, *absent(scene.policy["id"]))
    scene.catch_up()
    assert scene.tenant.assigned(other) == [scene.policy["id"]]


def test_removing_a_reference_that_is_just_removed_is_404(scene: Scene) -> None:
    assert scene.tenant.http.delete(scene.reference).status_code == 204
    assert_refused(scene.tenant.http.delete(scene.reference), *absent(scene.policy["id"]))


def test_second_policy_is_refused_though_the_first_is_not_shown_yet(scene: Scene) -> None:
    other, second = scene.tenant.target("applications"), scene.tenant.policy()
    scene.catch_up()
    scene.tenant.assign(other, scene.policy)
    assert scene.tenant.assign(other, second).json()["error"]["code"] == "Request_MultipleObjectsWithSameKeyValue"


def test_objects_are_changed_and_deleted_before_they_are_replicated(late: Tenant) -> None:
    address = f"{POLICIES}/{late.policy()['id']}"
    assert late.http.patch(address, json={"displayName": "New"}).status_code == 204
    assert late.http.delete(address).status_code == 204


def test_reset_makes_every_replica_catch_up(scene: Scene) -> None:
    scene.tenant.emulator.reset()
    assert listed(scene) == 0


def answers(seed: int, requests: int = 12) -> list[int]:
    """The statuses for a new policy, from three replicas."""
    with Emulator(directory=Directory(seed=1), seed=seed, replicas=(0, 20, 40)) as emulator:
        tenant = Tenant(emulator)
        address = f"{POLICIES}/{tenant.policy()['id']}"
        statuses = [tenant.http.get(address).status_code for _ in range(requests)]
        tenant.http.close()
    return statuses


def test_old_and_new_alternate_as_the_seed_says() -> None:
    first = answers(seed=1)
    assert {tuple(pair) for pair in pairwise(first)} >= {(200, 404), (404, 200)}
    assert answers(seed=1) == first != answers(seed=2)


def test_alternation_ends_once_the_last_replica_has_it() -> None:
    assert answers(seed=1, requests=60)[40:] == [200] * 20


def test_replica_ahead_of_its_tenant_is_refused() -> None:
    with pytest.raises(ValueError, match=r"replicas are given by how late they are"):
        Emulator(replicas=(0, -1))
