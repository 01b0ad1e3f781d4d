"""What the resource classes put on the wire, seen by Pulumi's mocked monitor; the engine has tests of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, settings

import pulumi_entra_policies as entra
from pulumi_entra_policies.resources.arguments import DefinitionArgs

GUID = "00000000-0000-0000-0000-00000000000a"
WIRE = {"version": 1, "samlTokenVersion": "2.0"}
GRAPHS = '{"TokenIssuancePolicy": {"Version": 1, "SamlTokenVersion": "2.0"}}'


class Monitor(mocks.Mocks):
    """Keeps what is registered; its outputs are the inputs."""

    def __init__(self) -> None:
        self.inputs: dict[str, Any] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.inputs = {name: value for name, value in args.inputs.items() if name != "__provider"}
        return args.resource_id or GUID, {**args.inputs, "tenantId": GUID, "definitionJson": GRAPHS}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {}, []


def registered(program: Callable[[], Any]) -> dict[str, Any]:
    monitor = Monitor()

    worker_loop = asyncio.new_event_loop()  # else Pulumi's mocks make one in a worker thread, and leave it

    async def run() -> None:
        worker = ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(worker_loop,))
        asyncio.get_running_loop().set_default_executor(worker)
        mocks.set_mocks(monitor, project="tests", stack="dev", preview=False)
        await pulumi.Output.from_input(program()).future()
        await settings._shutdown_callbacks()  # type: ignore[no-untyped-call]  # they would run for ever
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)

    try:
        asyncio.run(run())
    finally:
        worker_loop.close()
    return monitor.inputs


def policy(definition: Any) -> entra.TokenIssuancePolicy:
    return entra.TokenIssuancePolicy("saml", display_name="P", definition=definition)


def typed() -> entra.TokenIssuanceDefinitionArgs:
    return entra.TokenIssuanceDefinitionArgs(saml_token_version="2.0")


FORMS: dict[str, Callable[[], Any]] = {
    "typed": typed,
    "snake": lambda: {"saml_token_version": "2.0"},
    "camel with output": lambda: {"samlTokenVersion": pulumi.Output.from_input("2.0")},
    "Graph's": lambda: {"TokenIssuancePolicy": {"Version": 1, "SamlTokenVersion": "2.0"}},
    "JSON": lambda: GRAPHS,
    "array": lambda: [GRAPHS],
    "output": lambda: pulumi.Output.from_input(GRAPHS),
    "output of typed": lambda: pulumi.Output.from_input(0).apply(lambda _: typed()),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_definition_is_one_on_the_wire(form: str) -> None:
    assert registered(lambda: policy(FORMS[form]()).id) == {"displayName": "P", "definition": WIRE}


def test_invalid_keywords_go_on_for_check_to_report() -> None:
    wire = registered(lambda: policy({"saml_token_version": "3"}).id)["definition"]
    assert wire == {"version": 1, "samlTokenVersion": "3"}


def test_invalid_form_of_graphs_goes_on_untouched_for_check_to_report() -> None:
    own = {"TokenIssuancePolicy": {"SamlTokenVersion": "2.0"}}
    assert registered(lambda: policy(own).id)["definition"] == own


def test_outputs_are_typed() -> None:
    seen: list[Any] = []

    def program() -> Any:
        made = policy({"saml_token_version": "2.0"})
        outputs = pulumi.Output.all(made.definition, made.display_name, made.definition_json, made.tenant_id)
        return outputs.apply(seen.extend)

    registered(program)

    definition, *others = seen
    assert isinstance(definition, entra.TokenIssuanceDefinition)
    assert (definition.saml_token_version, definition.emit_saml_name_format) == ("2.0", None)
    assert others == ["P", GRAPHS, GUID]


def test_assignment_consumes_the_policys_id_and_kind() -> None:
    def program() -> Any:
        return entra.PolicyAssignment("portal", policy=policy({}), application_id=f"/applications/{GUID}").id

    assert registered(program) == {
        "policyId": GUID,
        "policyType": "TokenIssuancePolicy",
        "applicationId": f"/applications/{GUID}",
    }


OUTPUTS = {
    "policyId": "policy_id",
    "policyType": "policy_type",
    "applicationId": "application_id",
    "applicationClientId": "application_client_id",
    "servicePrincipalId": "service_principal_id",
    "servicePrincipalClientId": "service_principal_client_id",
    "replaceExisting": "replace_existing",
    "replacedPolicyId": "replaced_policy_id",
    "tenantId": "tenant_id",
}


def test_assignment_has_every_property_as_an_output() -> None:
    seen: list[Any] = []

    def program() -> Any:
        made = entra.PolicyAssignment(
            "p", policy_id="one", policy_type="TokenIssuancePolicy", service_principal_id="two", replace_existing=True
        )
        return pulumi.Output.all(*(getattr(made, name) for name in OUTPUTS.values())).apply(seen.extend)

    inputs = registered(program)

    assert dict(zip(OUTPUTS, seen, strict=True)) == {**dict.fromkeys(OUTPUTS), **inputs, "tenantId": GUID}
    assert inputs["replaceExisting"] is True


def test_two_assignments_of_one_slot_stop_the_program() -> None:
    slot: dict[str, Any] = {"policy_type": "TokenIssuancePolicy", "application_id": GUID}

    def program() -> Any:
        one = entra.PolicyAssignment("one", policy_id="a", **slot)
        two = entra.PolicyAssignment("two", policy_id="b", **slot)
        return pulumi.Output.all(one.id, two.id)

    with pytest.raises(
        pulumi.RunError, match=rf"'two' and PolicyAssignment 'one' have the same slot, applications/{GUID}/"
    ):
        registered(program)


def test_lifetime_takes_a_timedelta() -> None:
    definition = entra.TokenLifetimeDefinitionArgs(access_token_lifetime=timedelta(hours=2))

    def program() -> Any:
        made = entra.TokenLifetimePolicy("lifetime", display_name="P", definition=definition)
        return made.definition.access_token_lifetime

    assert registered(program)["definition"] == {"version": 1, "accessTokenLifetime": "02:00:00"}


@pytest.mark.parametrize(
    "form",
    [
        lambda: [pulumi.Output.from_input(GRAPHS)],
        lambda: {"TokenIssuancePolicy": pulumi.Output.from_input({"Version": 1, "SamlTokenVersion": "2.0"})},
    ],
    ids=["array", "root"],
)
def test_graphs_form_may_hold_an_output(form: Callable[[], Any]) -> None:
    assert registered(lambda: policy(form()).id)["definition"] == WIRE


def test_output_of_a_timedelta_is_a_text_on_the_wire() -> None:
    def program() -> Any:
        later = pulumi.Output.from_input(2).apply(lambda hours: timedelta(hours=hours))
        definition = {"access_token_lifetime": later}
        return entra.TokenLifetimePolicy("lifetime", display_name="P", definition=definition).id

    assert registered(program)["definition"]["accessTokenLifetime"] == "02:00:00"


def test_force_destroy_is_on_the_wire_when_it_is_on() -> None:
    def program() -> Any:
        made = entra.TokenIssuancePolicy("saml", display_name="P", definition={}, force_destroy=True)
        return made.force_destroy

    assert registered(program)["forceDestroy"] is True


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("way", ["fail", "adopt", "create"])
def test_if_exists_is_on_the_wire(way: str, later: bool) -> None:
    def program() -> Any:
        given = pulumi.Output.from_input(way) if later else way
        return entra.TokenIssuancePolicy("saml", display_name="P", definition={}, if_exists=given).id

    assert registered(program) == {"displayName": "P", "definition": {"version": 1}, "ifExists": way}


@pytest.mark.parametrize(
    ("kind", "definition"),
    [
        (entra.TokenIssuancePolicy, {}),
        (entra.TokenLifetimePolicy, {}),
        (entra.ClaimsMappingPolicy, {}),
        (entra.HomeRealmDiscoveryPolicy, {"account_linking": True}),
        (entra.ActivityBasedTimeoutPolicy, {"web_session_idle_timeout": "01:00:00"}),
    ],
)
def test_every_kind_takes_if_exists(kind: Any, definition: Any) -> None:
    sent = registered(lambda: kind("one", display_name="P", definition=definition, if_exists="adopt").id)

    assert sent["ifExists"] == "adopt"
    assert "ifExists" not in registered(lambda: kind("one", display_name="P", definition=definition).id)


def test_get_reads_by_id_and_sends_no_inputs() -> None:
    assert registered(lambda: entra.TokenIssuancePolicy.get("saml", GUID).id) == {}
    slot = f"applications/{GUID}/tokenIssuancePolicies"
    assert registered(lambda: entra.PolicyAssignment.get("portal", slot).id) == {}


def test_typed_definition_is_a_pulumi_input_type() -> None:
    arguments = entra.TokenIssuanceDefinitionArgs(version=1)

    assert isinstance(arguments, DefinitionArgs)
    assert arguments.version == 1


def test_two_defaults_of_a_kind_stop_the_program() -> None:
    def program() -> Any:
        made = [
            entra.TokenLifetimePolicy(name, display_name="P", definition={}, is_organization_default=True)
            for name in ("one", "two")
        ]
        return pulumi.Output.all(*(policy.id for policy in made))

    with pytest.raises(
        pulumi.RunError, match="TokenLifetimePolicy 'two' and 'one' are both the organisation's default"
    ):
        registered(program)
