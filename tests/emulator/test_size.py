"""A tenant of ten thousand: what a write and a page touch, counted and not timed."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.emulator import large
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, Tenant

from pulumi_entra_policies.emulator import Directory, Emulator, latency, paging
from pulumi_entra_policies.emulator.contents import Contents
from pulumi_entra_policies.emulator.latency import Late
from pulumi_entra_policies.emulator.ordered import Each, Ordered

MANY = 10_000
BODY = {"displayName": "New", "definition": [DEFINITIONS[ISSUANCE]]}
pytestmark = pytest.mark.xdist_group("size")  # what they share takes long to make


@pytest.fixture(scope="module")
def loaded() -> Iterator[Tenant]:
    with Emulator(seed=1) as emulator:
        emulator.load(large.tenant(MANY, MANY, MANY))
        tenant = Tenant(emulator)
        yield tenant
        tenant.http.close()


def change(directory: Directory) -> tuple[Contents, Contents]:
    """The contents before and after a policy is made."""
    before = directory.contents
    directory.create_policy(directory.policy_set(ISSUANCE), BODY)
    return before, directory.contents


def test_write_leaves_the_rest_of_the_tenant_as_it_is(loaded: Tenant) -> None:
    before, after = change(loaded.emulator.directory)
    others = [group for group in before.groups if group != (ISSUANCE,)]
    assert len(others) > 2 * MANY
    assert all(after.groups[group] is before.groups[group] for group in others)
    assert (after.references is before.references, after.uses is before.uses) == (True, True)


def test_update_leaves_the_order_of_the_listing_as_it_is(loaded: Tenant) -> None:
    directory = loaded.emulator.directory
    order = directory.contents.groups[(ISSUANCE,)].in_order
    directory.update(directory.any(large.guid(large.POLICY, 7)), {"displayName": "Seven"})
    assert directory.contents.groups[(ISSUANCE,)].in_order is order
    assert directory.all(ISSUANCE)[7].properties["displayName"] == "Seven"


@pytest.mark.parametrize("path", ["applications", "servicePrincipals"])
def test_pages_hold_everything_once_and_in_order(loaded: Tenant, path: str) -> None:
    address, seen = f"{path}?$top=999", []
    while address:
        page = loaded.get(address)
        seen += [one["appId"] for one in page["value"]]
        address = page.get("@odata.nextLink", "")
    assert seen == [large.guid(large.CLIENT, number) for number in range(MANY)]


def test_page_makes_only_its_own_rows() -> None:
    made: list[int] = []

    def row(number: int) -> dict[str, int]:
        made.append(number)
        return {"number": number}

    page = paging.page(Each(range(MANY), row), 999, f"{paging.SKIP_TOKEN}4995")
    assert made == [one["number"] for one in page.rows] == list(range(4995, 5994))


def test_sorted_page_compares_places_only_to_find_where_it_begins() -> None:
    compared: list[object] = []

    class Counting(paging.Sorting):
        def compare(self, a: list[Any], b: list[Any]) -> int:
            compared.append(a)
            return super().compare(a, b)

    rows = Each(range(MANY), lambda number: {"name": f"{number % 100:02}"})
    sorting = Counting((("name", True),))
    first = paging.page(rows, MANY // 2, sorting=sorting)
    second = paging.page(rows, MANY // 2, first.token, sorting=sorting)
    assert [second.rows[0]["name"], second.rows[-1]["name"], second.token] == ["49", "00", ""]
    assert 0 < len(compared) < 20


def test_everything_is_found_by_what_it_is_asked_for(loaded: Tenant) -> None:
    last = MANY - 1
    found = loaded.get(f"servicePrincipals(appId='{large.guid(large.CLIENT, last)}')")
    assert found["id"] == large.guid(large.SERVICE_PRINCIPAL, last)
    policy = large.guid(large.POLICY, last // 4)
    assert loaded.assigned(f"applications/{large.guid(large.APPLICATION, last)}") == [policy]
    users = loaded.get(f"policies/{ISSUANCE}/{policy}/appliesTo")["value"]
    assert [one["id"] for one in users] == [large.guid(large.APPLICATION, last - back) for back in (3, 2, 1, 0)]


def test_what_is_deleted_leaves_nothing_behind() -> None:
    directory = Directory()
    application = directory.create_application({"displayName": "Portal", "uniqueName": "portal"})
    directory.create_service_principal({"appId": application.properties["appId"]})
    policy = directory.create_policy(directory.policy_set(ISSUANCE), BODY)
    directory.add_reference(application, directory.policy_set(ISSUANCE), policy.id)
    for one in (application, policy):
        directory.delete(one)
    left = directory.contents
    assert [len(part) for part in (left.objects, left.references, left.groups, left.uses)] == [0, 0, 0, 0]


def test_ordered_keeps_each_version_and_each_place() -> None:
    first = Ordered[str, int]().put("b", 1).put("a", 2)
    assert list(first.put("b", 3).items()) == [("b", 3), ("a", 2)]
    assert list(first.without("b").put("b", 4)) == ["a", "b"]
    assert list(first.items()) == [("b", 1), ("a", 2)]


def test_requests_wait_side_by_side_and_the_control_plane_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, answered = [], []

    async def sleep(seconds: float) -> None:
        waiting.append(seconds)
        await together.wait()

    async def app(scope: dict[str, str], *_: object) -> None:
        answered.append(scope["path"])
        if scope["path"] == "/emulator/health":
            assert len(waiting) == 2
            together.set()

    async def requests() -> None:
        late = Late(app, 0.1)  # type: ignore[arg-type]
        paths = ("/v1.0/organization", "/tenant/oauth2/v2.0/token", "/emulator/health")
        await asyncio.gather(*(late({"path": path}, None, None) for path in paths))  # type: ignore[arg-type]

    together = asyncio.Event()
    # There alone: the servers of other tests sleep, too, and would wait for this one's event ever after.
    monkeypatch.setattr(latency, "asyncio", SimpleNamespace(sleep=sleep))
    asyncio.run(requests())
    assert (waiting, answered[0], len(answered)) == ([0.1, 0.1], "/emulator/health", 3)


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan")])
def test_latency_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="latency is a number of seconds"):
        Emulator(latency=seconds)


def test_late_emulator_answers() -> None:
    with Emulator(latency=0.001) as emulator:
        tenant = Tenant(emulator)
        assert len(tenant.get("organization")["value"]) == 1
        tenant.http.close()
