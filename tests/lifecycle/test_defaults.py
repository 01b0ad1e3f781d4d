"""The organisation's default of a kind: one in a tenant, changed in place, and only when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.lifecycle.tenant import Tenant

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Directory, Emulator
from pulumi_entra_policies.graph.errors import AnswerLost, DefaultTaken
from pulumi_entra_policies.lifecycle import policy
from pulumi_entra_policies.lifecycle.outcomes import Live

KIND = KINDS["TokenLifetimePolicy"]
POLICIES = "/v1.0/policies/tokenLifetimePolicies"
DEFAULT: dict[str, Any] = {"isOrganizationDefault": True}


def inputs(name: str = "Short", **more: Any) -> dict[str, Any]:
    return {"displayName": name, "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}, **more}


def created(tenant: Tenant, name: str = "Short", **more: Any) -> Live:
    live = tenant.run(policy.create(KIND, tenant.process, inputs(name, **more)))
    tenant.graph.clear_journal()
    return live


def update(tenant: Tenant, old: Live, **new: Any) -> Live:
    return tenant.run(policy.update(KIND, tenant.process, old.id, old.outputs, inputs(**new)))


def bodies(tenant: Tenant, method: str) -> list[dict[str, Any]]:
    return [entry["body"] for entry in tenant.graph.journal() if entry["method"] == method]


def by_hand(tenant: Tenant, policy_id: str, **changes: Any) -> None:
    directory = tenant.graph.directory
    directory.update(directory.any(policy_id), changes)


def stored(tenant: Tenant, policy_id: str) -> bool:
    return bool(tenant.graph.directory.any(policy_id).properties["isOrganizationDefault"])


@pytest.fixture
def stubborn() -> Iterator[Tenant]:
    """Of a Graph that answers 500 to every change of isOrganizationDefault."""
    with Emulator(directory=Directory(seed=1, default_patch_status=500)) as graph, Tenant(graph) as tenant:
        yield tenant


def test_default_is_created_and_read_as_such(tenant: Tenant) -> None:
    live = created(tenant, **DEFAULT)

    read = tenant.run(policy.read(KIND, tenant.process, live.id, live.outputs))
    assert stored(tenant, live.id)
    assert read is not None
    assert read.inputs == inputs(**DEFAULT)


def test_policy_that_is_no_default_says_nothing_of_it(tenant: Tenant) -> None:
    live = tenant.run(policy.create(KIND, tenant.process, inputs()))

    assert tenant.requests() == ["GET", "POST"]
    assert "isOrganizationDefault" not in live.outputs


def test_default_is_sent_only_when_it_changes(tenant: Tenant) -> None:
    live = created(tenant, **DEFAULT)

    update(tenant, live, name="Renamed", **DEFAULT)

    assert bodies(tenant, "PATCH") == [
        {"@odata.type": "#microsoft.graph.tokenLifetimePolicy", "displayName": "Renamed"}
    ]


@pytest.mark.parametrize("default", [True, False])
def test_default_is_changed_in_place(tenant: Tenant, default: bool) -> None:
    live = created(tenant, **({} if default else DEFAULT))

    changed = update(tenant, live, **(DEFAULT if default else {}))

    assert (changed.id, stored(tenant, live.id)) == (live.id, default)
    assert [body["isOrganizationDefault"] for body in bodies(tenant, "PATCH")] == [default]


def test_default_set_by_hand_is_drift(tenant: Tenant) -> None:
    live = created(tenant)
    by_hand(tenant, live.id, isOrganizationDefault=True)

    read = tenant.run(policy.read(KIND, tenant.process, live.id, live.outputs))

    assert read is not None
    assert policy.diff(KIND, read.outputs, inputs()).changed


@pytest.mark.parametrize("verb", ["create", "update"])
def test_second_default_is_refused_by_name_before_it_is_sent(tenant: Tenant, verb: str) -> None:
    first, other = created(tenant, "First", **DEFAULT), created(tenant, "Other")
    tenant.process = tenant.connect()  # another run made the first one
    wanted = inputs("Second", **DEFAULT)
    verbs: dict[str, Any] = {
        "create": lambda: policy.create(KIND, tenant.process, wanted),
        "update": lambda: policy.update(KIND, tenant.process, other.id, other.outputs, wanted),
    }

    with pytest.raises(DefaultTaken, match=rf'policy "First" \({first.id}\) is it, and a tenant has one of a kind'):
        tenant.run(verbs[verb]())

    assert bodies(tenant, "POST") + bodies(tenant, "PATCH") == []
    assert not tenant.process.defaults


def test_default_that_moves_in_one_run_goes_to_whoever_waits_for_it_in_the_program(tenant: Tenant) -> None:
    first, second = created(tenant, "First", **DEFAULT), created(tenant, "Second")
    tenant.process = tenant.connect()
    third = created(tenant, "Third")  # and with it the listing, which shows the first as the default

    update(tenant, first, name="First")
    update(tenant, second, name="Second", **DEFAULT)

    assert [stored(tenant, live.id) for live in (first, second, third)] == [False, True, False]
    assert (tenant.requests(), tenant.waits) == (["PATCH", "PATCH"], [])


def test_default_that_has_not_let_go_is_refused_at_once_and_says_depends_on(tenant: Tenant) -> None:
    first, second = created(tenant, "First", **DEFAULT), created(tenant, "Second")
    tenant.process = tenant.connect()

    with pytest.raises(DefaultTaken, match=rf"{first.id}(?s:.)*depends_on=\[<that resource>\]"):
        update(tenant, second, name="Second", **DEFAULT)
    assert (tenant.requests(), tenant.waits) == (["GET", "GET"], [])


def test_default_that_only_a_late_listing_shows_is_none(tenant: Tenant) -> None:
    first, second = created(tenant, "First", **DEFAULT), created(tenant, "Second")
    tenant.process = tenant.connect()
    created(tenant, "Third")  # and with it the listing
    by_hand(tenant, first.id, isOrganizationDefault=False)

    update(tenant, second, name="Second", **DEFAULT)
    assert stored(tenant, second.id)


def test_two_defaults_of_one_run_are_refused(tenant: Tenant) -> None:
    created(tenant, "First", **DEFAULT)

    with pytest.raises(DefaultTaken, match='token lifetime policy "First", of this program, is it'):
        created(tenant, "Second", **DEFAULT)


def test_default_let_go_in_one_run_can_be_taken_in_it(tenant: Tenant) -> None:
    first = created(tenant, "First", **DEFAULT)
    update(tenant, first, name="First")

    assert stored(tenant, created(tenant, "Second", **DEFAULT).id)


def test_default_let_go_is_not_the_one_that_is_taken(tenant: Tenant) -> None:
    first, other = created(tenant, "First"), created(tenant, "Other", **DEFAULT)
    by_hand = {**first.outputs, **DEFAULT}

    tenant.run(policy.update(KIND, tenant.process, first.id, by_hand, inputs("First")))
    assert stored(tenant, other.id)
    with pytest.raises(DefaultTaken, match='token lifetime policy "Other", of this program, is it'):
        created(tenant, "Second", **DEFAULT)


@pytest.mark.parametrize("verb", ["create", "update"])
def test_default_that_graph_refuses_is_taken(tenant: Tenant, verb: str) -> None:
    live, code = created(tenant), "Request_MultipleObjectsWithSameKeyValue"
    tenant.graph.fault(method="POST" if verb == "create" else "PATCH", status=400, code=code)

    with pytest.raises(DefaultTaken, match=rf"Graph says that another one is it(?s:.)*Graph answered 400 {code}"):
        created(tenant, "Second", **DEFAULT) if verb == "create" else update(tenant, live, **DEFAULT)
    assert (stored(tenant, live.id), tenant.process.defaults) == (False, {})


def test_patch_that_was_carried_out_in_spite_of_a_500_is_a_success(tenant: Tenant) -> None:
    live = created(tenant)
    tenant.graph.fault(method="PATCH", status=500, when="after")

    update(tenant, live, **DEFAULT)

    assert stored(tenant, live.id)
    assert len(bodies(tenant, "PATCH")) == 1


def test_patch_that_was_not_carried_out_is_repeated_once(tenant: Tenant) -> None:
    live = created(tenant)
    tenant.graph.fault(method="PATCH", status=500)

    update(tenant, live, **DEFAULT)

    assert stored(tenant, live.id)
    assert len(bodies(tenant, "PATCH")) == 2


def test_graph_that_never_changes_a_default_keeps_the_policy_and_its_assignments(stubborn: Tenant) -> None:
    live, portal = created(stubborn), stubborn.graph.create_application("Portal")
    directory = stubborn.graph.directory
    directory.add_reference(directory.any(portal.object_id), directory.policy_sets[KIND.collection], live.id)

    with pytest.raises(
        AnswerLost, match=r"assignments are untouched; .* run pulumi up --replace with this resource's URN"
    ):
        update(stubborn, live, **DEFAULT)

    assert not stored(stubborn, live.id)
    assert [reference["policyId"] for reference in directory.snapshot()["references"]] == [live.id]
    assert not stubborn.process.defaults


def test_update_whose_outcome_cannot_be_read_is_an_error(tenant: Tenant) -> None:
    live = created(tenant)
    tenant.graph.fault(method="PATCH", drop=True, times=100)
    tenant.graph.fault(method="GET", status=403, times=100)

    with pytest.raises(AnswerLost, match="run pulumi refresh, then pulumi up again"):
        update(tenant, live, name="Renamed")
    assert tenant.requests() == ["PATCH", "GET"] * 7


def test_kind_without_default_ignores_what_the_tenant_says(tenant: Tenant) -> None:
    policy_id = tenant.policy()
    tenant.graph.directory.any(policy_id).properties["isOrganizationDefault"] = True

    read = tenant.run(policy.read(KINDS["TokenIssuancePolicy"], tenant.process, policy_id, {}))

    assert read is not None
    assert "isOrganizationDefault" not in read.inputs
