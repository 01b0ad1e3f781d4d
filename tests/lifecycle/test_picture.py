"""What many resources ask is asked once: requests counted, at two sizes, and that nobody is misled by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tests.emulator import large
from tests.lifecycle.tenant import KIND, Tenant, slot, to

from pulumi_entra_policies.emulator import Emulator, Registration
from pulumi_entra_policies.graph.errors import EntraError, StillUsed
from pulumi_entra_policies.lifecycle import assignment, picture, policy
from pulumi_entra_policies.lifecycle.run import Run

Bag = dict[str, Any]
INPUTS: Bag = {"displayName": "P", "definition": {"version": 1}}


class Stack:
    """Policies and assignments of a state, four to a policy, in a tenant that may have more."""

    def __init__(self, tenant: Tenant, policies: int, others: int = 0) -> None:
        self.tenant = tenant
        for number in range(others):
            tenant.stranger(f"Other {number}")
        self.policies = [tenant.stranger(f"P{number}") for number in range(policies)]
        self.slots: dict[str, Bag] = {}
        for policy_id in self.policies:
            self.assign(policy_id, 4)
        tenant.requests()

    def assign(self, policy_id: str, targets: int) -> None:
        """To so many new applications, long ago."""
        graph = self.tenant.graph
        for _ in range(targets):
            target = Registration(graph.directory.create_application({"displayName": "A"}).id, "")
            self.tenant.place(target, policy_id)
            self.slots[slot(target)] = {**to(target, policy_id), "tenantId": graph.tenant_id}
        graph.clock.advance(60)

    def state(self, number: int) -> Bag:
        return {**INPUTS, "displayName": f"P{number}", "tenantId": self.tenant.graph.tenant_id}

    def refresh(self, run: Run | None = None) -> list[Any]:
        """As the host's four workers ask."""
        run = run or self.tenant.connect()
        reads = [policy.read(KIND, run, id_, self.state(number)) for number, id_ in enumerate(self.policies)]
        reads += [assignment.read(run, id_, state) for id_, state in self.slots.items()]
        return self.work(reads)

    def destroy(self, run: Run | None = None) -> None:
        run = run or self.tenant.connect()
        self.work(assignment.delete(run, id_, state) for id_, state in self.slots.items())
        self.work(policy.delete(KIND, run, id_, self.state(number)) for number, id_ in enumerate(self.policies))

    def work(self, verbs: Iterable[Any]) -> list[Any]:
        async def four_at_a_time() -> list[Any]:
            workers = asyncio.Semaphore(4)

            async def one(verb: Any) -> Any:
                async with workers:
                    return await verb

            return await asyncio.gather(*map(one, verbs))

        return self.tenant.run(four_at_a_time())


@pytest.fixture(autouse=True)
def everything_granted(tenant: Tenant) -> Iterator[None]:
    yield
    tenant.graph.grant(None)


@pytest.mark.parametrize(("policies", "requests"), [(10, 6), (100, 6)])
def test_refresh_takes_a_handful_of_requests_at_any_size(tenant: Tenant, policies: int, requests: int) -> None:
    stack = Stack(tenant, policies)
    assert None not in stack.refresh()
    assert len(tenant.requests()) <= requests


@pytest.mark.parametrize("policies", [10, 100])
def test_up_sends_its_writes_and_one_listing(tenant: Tenant, policies: int) -> None:
    run, directory = tenant.connect(), tenant.graph.directory
    stack = Stack(tenant, 0)
    inputs = [{**INPUTS, "displayName": f"P{number}"} for number in range(policies)]
    made = stack.work(policy.create(KIND, run, each) for each in inputs)
    targets = [Registration(directory.create_application({"displayName": "A"}).id, "") for _ in range(4 * policies)]
    stack.work(assignment.create(run, to(target, made[number // 4].id)) for number, target in enumerate(targets))
    sent = tenant.requests()
    assert (sent.count("POST"), sent.count("GET")) == (5 * policies, 1)


def test_create_in_a_tenant_of_ten_thousand_asks_for_its_pages_alone(tenant: Tenant) -> None:
    document = large.tenant(10_000, 0)
    tenant.graph.load({**document, "tenantId": tenant.graph.tenant_id})
    run = tenant.connect()
    tenant.requests()
    for number in range(3):
        tenant.run(policy.create(KIND, run, {**INPUTS, "displayName": f"New {number}"}))
    sent = tenant.requests()
    assert (sent.count("POST"), sent.count("GET")) == (3, 11)


@pytest.mark.parametrize("others", [0, 2000])
def test_small_stack_does_not_pay_for_a_large_tenant(tenant: Tenant, others: int) -> None:
    stack = Stack(tenant, 0, others)
    stack.policies = [tenant.stranger(f"P{number}") for number in range(3)]
    tenant.requests()
    stack.refresh()
    assert len(tenant.requests()) == 3


def test_stack_in_a_large_tenant_pays_for_no_more_than_a_page_in_every_four_questions(tenant: Tenant) -> None:
    stack = Stack(tenant, 10, others=1500)  # that are listed first, 100 a page
    stack.refresh()
    assert len(tenant.requests()) <= 50 + 50 // 4


@pytest.mark.parametrize("policies", [10, 100])
def test_destroy_asks_at_most_a_handful_of_questions_besides_its_writes(tenant: Tenant, policies: int) -> None:
    stack = Stack(tenant, policies)
    stack.destroy()
    sent = tenant.requests()
    assert (sent.count("DELETE"), sent.count("GET") <= 5) == (5 * policies, True)
    assert tenant.graph.directory.snapshot()["policies"][KIND.collection] == []


# -- what contradicts the state ----------------------------------------------------------------------------------------


def test_drift_is_read_by_itself_and_nothing_else_is(tenant: Tenant) -> None:
    stack = Stack(tenant, 10)
    directory, (id_, state) = tenant.graph.directory, list(stack.slots.items())[-1]
    directory.update(directory.any(stack.policies[7]), {"displayName": "By hand"})
    directory.remove_reference(
        directory.any(state["applicationId"]), directory.policy_sets[KIND.collection], state["policyId"]
    )
    tenant.graph.clock.advance(60)

    found = stack.refresh()

    assert found[7].inputs["displayName"] == "By hand"
    assert [index for index, live in enumerate(found) if live is None] == [10 + list(stack.slots).index(id_)]
    assert len(tenant.requests()) <= 6 + 3


def test_policy_that_is_gone_is_not_taken_to_be_there_because_a_page_showed_it_otherwise(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    directory = tenant.graph.directory
    directory.update(directory.any(stack.policies[7]), {"displayName": "By hand"})
    stack.refresh(run)
    directory.delete(directory.any(stack.policies[7]))
    run.names.clear()
    assert tenant.run(policy.read(KIND, run, stack.policies[7], stack.state(7))) is None
    assert (KIND.collection, stack.policies[7]) not in run.names


def test_old_page_is_not_believed(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    stack.refresh(run)
    tenant.requests()
    stack.refresh(run)
    assert tenant.requests() == []
    directory = tenant.graph.directory
    directory.update(directory.any(stack.policies[7]), {"displayName": "By hand"})
    tenant.pass_time(picture.BELIEVED + 1)

    assert stack.refresh(run)[7].inputs["displayName"] == "By hand"


def test_policy_with_more_users_than_a_listing_shows_is_asked_once(tenant: Tenant) -> None:
    stack = Stack(tenant, 1)
    stack.assign(stack.policies[0], 96)
    assert None not in stack.refresh()
    assert len(tenant.requests()) <= 10


@pytest.mark.parametrize("refused", [False, True], ids=["told", "refused"])
def test_users_that_a_listing_does_not_show_are_read_one_by_one_until_it_pays_to_ask_for_all(
    tenant: Tenant, refused: bool
) -> None:
    stack = Stack(tenant, 1)
    stack.assign(stack.policies[0], 28)
    if refused:
        tenant.graph.fault(path="/appliesTo$", status=400, code="Request_BadRequest")
    run, hidden = tenant.connect(), list(stack.slots.items())[20:]
    for id_, state in hidden:
        assert tenant.run(assignment.read(run, id_, state)) is not None
    # Three by themselves, the page, four more by themselves, then all who have it: the others are among them.
    assert len(tenant.requests()) == (2 + 12 if refused else 3 + 1 + 4 + 1)


def test_policy_with_thousands_of_users_costs_no_more_than_the_questions_pay_for(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 1), tenant.connect()
    (policy_id,), path = stack.policies, f"/v1.0/policies/{KIND.collection}"
    shown = {"id": policy_id, "appliesTo": [{"id": str(number)} for number in range(20)]}
    tenant.graph.fault(path=f"{path}$", status=200, times=1000, body=json.dumps({"value": [shown]}))
    users = f"{tenant.graph.url}{path}/{policy_id}/appliesTo"
    for number in range(1000):
        endless = {"value": [], "@odata.nextLink": f"{users}?$skiptoken={number}"}
        tenant.graph.fault(path="/appliesTo$", status=200, body=json.dumps(endless))

    for number in range(20):
        object_id = "0" if number < 15 else "nobody"
        assert tenant.run(run.picture.has(KIND, object_id, policy_id)) == (3 <= number < 15)

    tenant.graph.reset_faults()
    assert len(tenant.requests()) == 16 // picture.EVERY  # all that is paid for when the question comes up


def test_users_that_took_too_long_to_read_are_not_believed(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 1), tenant.connect()
    *_, state = stack.slots.values()
    for _ in range(20):
        target = Registration(tenant.graph.directory.create_application({"displayName": "A"}).id, "")
        tenant.place(target, state["policyId"])
    for _ in range(7):
        tenant.run(run.picture.has(KIND, "nobody", stack.policies[0]))
    tenant.graph.fault(path="/appliesTo$", status=429, headers={"Retry-After": "60"})
    assert not tenant.run(run.picture.has(KIND, target.object_id, stack.policies[0]))
    assert tenant.waits == [60.0]


def test_token_that_may_not_read_users_asks_for_no_listing_of_them(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    run.connection._credential = Permitted()  # type: ignore[assignment]
    assert None not in stack.refresh(run)
    assert len(tenant.requests()) == 40 + 4


class Permitted:
    """A credential whose token permits little."""

    permissions = ("Policy.Read.All", "Application.ReadWrite.OwnedBy")

    async def close(self) -> None:
        """It holds nothing."""


def test_without_permission_to_read_users_every_assignment_is_read_by_itself(tenant: Tenant) -> None:
    stack = Stack(tenant, 10)
    tenant.graph.grant({"Policy.Read.All", "Application.ReadWrite.OwnedBy"})
    assert None not in stack.refresh()
    assert (
        len(tenant.requests()) == 40 + 5
    )  # three policies, a page of them, and the question that is refused, put once


def test_listing_that_fails_is_given_up_and_everything_is_read_by_itself(tenant: Tenant) -> None:
    stack = Stack(tenant, 10)
    tenant.graph.fault(
        path=r"PoliciesPath\?".replace("PoliciesPath", KIND.collection), status=400, code="Request_UnsupportedQuery"
    )
    assert None not in stack.refresh()


# -- deleting by it ----------------------------------------------------------------------------------------------------


def test_policy_that_somebody_else_still_has_is_not_deleted(tenant: Tenant, portal: Registration) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    tenant.place(portal, stack.policies[9])
    with pytest.raises(StillUsed, match=f'application "Portal" \\({portal.object_id}\\)'):
        stack.destroy(run)
    assert tenant.assigned(portal) == [stack.policies[9]]


def test_policy_that_was_assigned_after_the_picture_is_asked_for(tenant: Tenant, portal: Registration) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    stack.work(assignment.delete(run, id_, state) for id_, state in stack.slots.items())
    stack.work(policy.delete(KIND, run, id_, stack.state(n)) for n, id_ in enumerate(stack.policies[:8]))
    tenant.run(assignment.create(run, to(portal, stack.policies[9])))
    with pytest.raises(StillUsed):
        tenant.run(policy.delete(KIND, run, stack.policies[9], stack.state(9)))


def test_picture_that_is_too_old_deletes_nothing(tenant: Tenant, portal: Registration) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    stack.refresh(run)
    stack.work(assignment.delete(run, id_, state) for id_, state in stack.slots.items())
    tenant.place(portal, stack.policies[9])
    tenant.pass_time(picture.BELIEVED_TO_DELETE + 1)
    with pytest.raises(StillUsed):
        tenant.run(policy.delete(KIND, run, stack.policies[9], stack.state(9)))


def test_page_that_has_grown_old_behind_a_throttled_one_deletes_nothing(tenant: Tenant) -> None:
    Stack(tenant, 0, others=150)
    run = tenant.connect()
    first, *_, last = (found.id for found in tenant.run(run.picture.every(KIND)))
    for _ in range(16):  # which pays for two pages, and these once more
        tenant.run(run.picture.users(KIND, last))
    tenant.pass_time(picture.BELIEVED_TO_DELETE + 1)
    tenant.graph.fault(path=f"{KIND.collection}$", skip=1, status=429, headers={"Retry-After": "60"})

    async def both() -> tuple[Any, Any]:
        return await asyncio.gather(run.picture.users(KIND, last), run.picture.users(KIND, first))

    assert list(tenant.run(both())) == [None, None]
    assert tenant.waits == [60.0]


def test_policy_that_is_assigned_while_a_page_is_on_its_way_is_asked_for(tenant: Tenant, portal: Registration) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    stack.work(assignment.delete(run, id_, state) for id_, state in stack.slots.items())
    run.made.add(stack.policies[9])
    for _ in range(3):
        tenant.run(run.picture.users(KIND, stack.policies[0]))
    tenant.graph.fault(method="GET", path=f"{KIND.collection}$", delay=0.3, when="after")

    async def both() -> Any:
        deleted = asyncio.ensure_future(policy.delete(KIND, run, stack.policies[9], stack.state(9)))
        await asyncio.sleep(0.05)  # the page is on its way
        await assignment.create(run, to(portal, stack.policies[9]))
        return await deleted

    with pytest.raises(StillUsed):
        tenant.run(both())


def test_without_permission_to_read_users_a_picture_deletes_nothing(tenant: Tenant) -> None:
    stack, run = Stack(tenant, 10), tenant.connect()
    stack.work(assignment.delete(run, id_, state) for id_, state in stack.slots.items())
    tenant.graph.grant({"Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"})
    for number, policy_id in enumerate(stack.policies):
        with pytest.raises(EntraError, match=r"Application\.Read\.All"):
            tenant.run(policy.delete(KIND, run, policy_id, stack.state(number)))


def test_replicas_that_are_late_mislead_nobody(portal: Registration) -> None:
    with Emulator(seed=1, replicas=(0, 3, 6)) as graph, Tenant(graph) as tenant:
        stack = Stack(tenant, 10)
        directory = graph.directory
        directory.update(directory.any(stack.policies[3]), {"displayName": "By hand"})
        tenant.pass_time(60)
        found = stack.refresh()
        assert found[3].inputs["displayName"] == "By hand"
        assert None not in found
