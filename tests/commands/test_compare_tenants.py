"""Tenants that were filled over HTTP, each other's and a state's other side."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from tests.commands import handmade
from tests.commands.command import Command
from tests.commands.states import DEV, Compare, State
from tests.emulator.tenant import Json, Tenant

from pulumi_entra_policies.emulator import Emulator

FORMAT = ("--format", "json")


@pytest.fixture(scope="module")
def another() -> Iterator[Emulator]:
    with Emulator(seed="another") as emulator:
        yield emulator


@pytest.fixture
def other(another: Emulator) -> Iterator[Tenant]:
    another.reset()
    tenant = Tenant(another)
    yield tenant
    tenant.http.close()
    another.grant(None)


def signed_in(left: Emulator, right: Emulator) -> tuple[str, ...]:
    configured = ("--config-a", f"graphEndpoint={left.url}", "--config-b", f"graphEndpoint={right.url}")
    return ("tenant:", "tenant:", *configured)


def results(found: dict[str, Any], of: str) -> dict[str, str]:
    return {one.get("displayName") or one["policy"]: one["result"] for one in found[of]}


def test_tenants_that_were_filled_alike(
    command: Command, compare: Compare, made: dict[str, Json], other: Tenant
) -> None:
    handmade.fill(other.emulator)

    found = json.loads(compare(*signed_in(command.emulator, other.emulator), *FORMAT, "--all", code=1))

    assert set(results(found, "policies").values()) == {"same"}
    assert {one["result"] for one in found["assignments"]} == {"missing"}  # client ids are made by each
    assert [side["tenantIds"] for side in found["sides"]] == [
        [command.emulator.tenant_id],
        [other.emulator.tenant_id],
    ]
    assert "tenant: (--config-b): TokenIssuancePolicy: 5 read\n" in compare.told


def test_assignments_of_one_application_in_two_tenants(
    command: Command, compare: Compare, tenant: Tenant, other: Tenant
) -> None:
    client_id = "33333333-3333-4333-8333-333333333333"
    for here, definition in ((tenant, "2.0"), (other, "1.1")):
        body = f'{{"TokenIssuancePolicy":{{"Version":1,"SamlTokenVersion":"{definition}"}}}}'
        application = {"id": str(uuid.uuid4()), "appId": client_id, "displayName": "Portal"}
        here.emulator.load({"applications": [application]})
        assert here.assign(f"applications/{application['id']}", here.policy(definition=[body])).status_code == 204

    found = json.loads(compare(*signed_in(tenant.emulator, other.emulator), *FORMAT, "--all", code=1))

    (policy,), (assignment,) = found["policies"], found["assignments"]
    assert policy["differences"] == [{"property": "definition.samlTokenVersion", "values": ["2.0", "1.1"]}]
    assert (assignment["result"], assignment["resources"]) == ("same", [None, None])
    assert assignment["target"]["names"] == {"applicationClientId": client_id}
    assert compare(*signed_in(tenant.emulator, other.emulator), "--all", code=1).count('"Portal"') == 1


def test_application_of_one_unique_name_is_one_in_two_tenants(
    command: Command, compare: Compare, tenant: Tenant, other: Tenant
) -> None:
    for here in (tenant, other):
        application = here.application(uniqueName="portal")
        assert here.assign(f"applications/{application['id']}", here.policy()).status_code == 204
    state = State("dev", DEV)
    state.assignment(state.policy(), applicationUniqueName="portal")

    assert "2 same, 0 different, 0 missing, 0 not compared" in compare(*signed_in(tenant.emulator, other.emulator))
    file, endpoint = compare.file("dev.json", state), f"graphEndpoint={other.emulator.url}"
    assert "2 same, 0 different, 0 missing, 0 not compared" in compare(file, "tenant:", "--config-b", endpoint)


def test_object_that_no_program_can_name_is_compared_too(
    compare: Compare, tenant: Tenant, other: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = {"@odata.type": "#microsoft.graph.group", "id": DEV, "displayName": "All staff"}
    listed = {**tenant.policy(), "appliesTo": [user]}
    other.policy()
    tenant.emulator.fault(method="GET", path="tokenIssuancePolicies$", status=200, body=json.dumps({"value": [listed]}))
    tenant.emulator.fault(method="GET", path="appliesTo$", status=200, body=json.dumps({"value": [user]}))

    monkeypatch.setenv("COLUMNS", "300")
    said = compare(*signed_in(tenant.emulator, other.emulator), code=1)

    assert f'token issuance policy "Portal SAML" on group "All staff" ({DEV})' in said
    assert "| there " in said


def test_state_and_its_own_tenant_are_matched_by_ids(command: Command, compare: Compare, tenant: Tenant) -> None:
    state = State("dev", tenant.emulator.tenant_id)
    twins = [tenant.policy() for _ in range(2)]
    application = tenant.application()
    tenant.assign(f"applications/{application['id']}", twins[0])
    for number, twin in enumerate(twins):
        state.policy(f"twin-{number}", displayName=f"Renamed in the portal {number}")["id"] = twin["id"]
    assigned = state.assignment(state.resources[1], object_id=application["id"])
    assigned["outputs"]["policyId"] = twins[0]["id"]

    arguments = compare.file("dev.json", state), "tenant:", "--config-b", f"graphEndpoint={tenant.emulator.url}"
    found = json.loads(compare(*arguments, *FORMAT, "--all", code=1))

    assert [one["differences"][0]["property"] for one in found["policies"]] == ["displayName", "displayName"]
    assert [one["result"] for one in found["assignments"]] == ["same"]
    assert "a tenant has no switches of a program" in compare(*arguments, "--switches", code=2)


def test_tenant_of_a_stack_is_signed_in_to_as_the_stack_is(
    command: Command, compare: Compare, tenant: Tenant, other: Tenant
) -> None:
    for here in (tenant, other):
        here.policy()
    answers = [
        (f"config --show-secrets --json --stack {name}", json.dumps({"entra-policies:graphEndpoint": {"value": url}}))
        for name, url in (("dev", tenant.emulator.url), ("prod", other.emulator.url), ("test", tenant.emulator.url))
    ]
    command.pulumi(*answers)

    assert "Compared tenant:dev with tenant:prod: 1 same" in compare("tenant:dev", "tenant:prod")
    assert f"both are the tenant {tenant.emulator.tenant_id}" in compare("tenant:dev", "tenant:test", code=2)


def test_permission_that_is_missing_is_named(command: Command, compare: Compare, tenant: Tenant, other: Tenant) -> None:
    other.emulator.grant(["Application.Read.All"])

    error = compare(*signed_in(tenant.emulator, other.emulator), code=2)

    assert "Forbidden: tenant: (--config-b): cannot list every" in error
    assert "Policy.Read.All" in error


def test_option_that_is_none_says_of_which_side(compare: Compare) -> None:
    error = compare("tenant:", "tenant:", "--config-b", "clientId=x", "--config-a", "tenantID=x", code=2)

    assert error.startswith("entra-policies: SettingsError: tenant: (--config-a): ")
