"""What a tenant has, read in few requests, or not at all."""

from __future__ import annotations

import pytest
from tests.lifecycle.tenant import KIND, Tenant
from tests.lifecycle.test_picture import Permitted

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import Forbidden
from pulumi_entra_policies.lifecycle import inventory


def test_policies_come_by_kind_name_and_id_with_who_has_them(tenant: Tenant, portal: Registration) -> None:
    ids = [tenant.stranger(name) for name in ("B", "A", "A")]
    tenant.place(portal, ids[0])

    found = tenant.run(inventory.every(tenant.process, list(KINDS.values()), tenant.told.append))

    assert [one.policy.id for one in found] == [*sorted(ids[1:]), ids[0]]
    assert [(user.noun, user.id, user.client_id) for user in found[-1].users] == [
        ("application", portal.object_id, portal.client_id)
    ]
    assert tenant.requests() == ["GET"] * len(KINDS)


def test_token_that_may_not_read_users_is_refused_before_anything_is_asked(tenant: Tenant) -> None:
    run = tenant.connect()
    run.connection._credential = Permitted()  # type: ignore[assignment]

    with pytest.raises(Forbidden, match=r"permission Application\.Read\.All and Policy\.Read\.All, with admin consent"):
        tenant.run(inventory.every(run, [KIND], tenant.told.append))

    assert tenant.requests() == []


def test_kind_that_nobody_can_have_needs_no_such_permission(tenant: Tenant) -> None:
    run = tenant.connect()
    run.connection._credential = Permitted()  # type: ignore[assignment]

    assert tenant.run(inventory.every(run, [KINDS["ActivityBasedTimeoutPolicy"]], tenant.told.append)) == []
