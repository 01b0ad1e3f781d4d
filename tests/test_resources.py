"""What the resource classes put on the wire, seen by Pulumi's mocked monitor; the engine has tests of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pulumi
import pytest
from pulumi.dynamic import Resource
from pulumi.runtime import mocks, settings

import pulumi_entra_policies as entra
from pulumi_entra_policies.resources.arguments import DefinitionArgs

GUID = "00000000-0000-0000-0000-00000000000a"
WRITTEN = "2026-01-31T12:00:00Z"
WIRE = {"version": 1, "samlTokenVersion": "2.0"}
GRAPHS = '{"TokenIssuancePolicy": {"Version": 1, "SamlTokenVersion": "2.0"}}'


class Monitor(mocks.Mocks):
    """Keeps what is registered; its outputs are the inputs."""

    def __init__(self) -> None:
        self.inputs: dict[str, Any] = {}
        self.registrations: list[mocks.MockResourceArgs] = []
        self.request: Any = None

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.registrations.append(args)
        self.inputs = {name: value for name, value in args.inputs.items() if name != "__provider"}
        computed = {"tenantId": GUID, "definitionJson": GRAPHS, "writtenAt": WRITTEN}
        return args.resource_id or GUID, {**args.inputs, **computed}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {}, []


class Engine:
    """Answers as the mocks' monitor does, and is none: a program is to take it for the engine."""

    def __init__(self, monitor: Monitor) -> None:
        self._mocks: Any = mocks.MockMonitor(monitor)
        self._monitor = monitor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mocks, name)

    def RegisterResource(self, request: Any) -> Any:
        self._monitor.request = request
        return self._mocks.RegisterResource(request)


def registered(program: Callable[[], Any]) -> dict[str, Any]:
    """The inputs of the program's last resource."""
    return monitored(program).inputs


def monitored(program: Callable[[], Any], mocked: Monitor | None = None, *, preview: bool = False) -> Monitor:
    """What was registered; `mocked` is for a program that is to know that it is."""
    monitor = mocked or Monitor()
    engine: Any = None if mocked else Engine(monitor)
    worker_loop = asyncio.new_event_loop()  # else Pulumi's mocks make one in a worker thread, and leave it

    async def run() -> None:
        worker = ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(worker_loop,))
        asyncio.get_running_loop().set_default_executor(worker)
        mocks.set_mocks(monitor, project="tests", stack="dev", preview=preview, monitor=engine)
        await pulumi.Output.from_input(program()).future()
        await settings._shutdown_callbacks()  # type: ignore[no-untyped-call]  # they would run for ever
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)

    try:
        asyncio.run(run())
    finally:
        worker_loop.close()
    return monitor


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
        others = (made.display_name, made.definition_json, made.tenant_id, made.written_at)
        outputs = pulumi.Output.all(made.definition, *others)
        return outputs.apply(seen.extend)

    registered(program)

    definition, *others = seen
    assert isinstance(definition, entra.TokenIssuanceDefinition)
    assert (definition.saml_token_version, definition.emit_saml_name_format) == ("2.0", None)
    assert others == ["P", GRAPHS, GUID, WRITTEN]


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
    "applicationUniqueName": "application_unique_name",
    "servicePrincipalId": "service_principal_id",
    "servicePrincipalClientId": "service_principal_client_id",
    "replaceExisting": "replace_existing",
    "replacedPolicyId": "replaced_policy_id",
    "tenantId": "tenant_id",
    "writtenAt": "written_at",
}


def test_assignment_has_every_property_as_an_output() -> None:
    seen: list[Any] = []

    def program() -> Any:
        made = entra.PolicyAssignment(
            "p", policy_id="one", policy_type="TokenIssuancePolicy", service_principal_id="two", replace_existing=True
        )
        return pulumi.Output.all(*(getattr(made, name) for name in OUTPUTS.values())).apply(seen.extend)

    inputs = registered(program)

    computed = {"tenantId": GUID, "writtenAt": WRITTEN}
    assert dict(zip(OUTPUTS, seen, strict=True)) == {**dict.fromkeys(OUTPUTS), **inputs, **computed}
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
@pytest.mark.parametrize("way", ["fail", "create"])
def test_if_exists_is_on_the_wire(way: Any, later: bool) -> None:
    def program() -> Any:
        given = pulumi.Output.from_input(way) if later else way
        return entra.TokenIssuancePolicy("saml", display_name="P", definition={}, if_exists=given).id

    assert registered(program) == {"displayName": "P", "definition": {"version": 1}, "ifExists": way}


KINDS = [
    (entra.TokenIssuancePolicy, {}),
    (entra.TokenLifetimePolicy, {}),
    (entra.ClaimsMappingPolicy, {}),
    (entra.HomeRealmDiscoveryPolicy, {"account_linking": True}),
    (entra.ActivityBasedTimeoutPolicy, {"web_session_idle_timeout": "01:00:00"}),
]


@pytest.mark.parametrize(("kind", "definition"), KINDS)
def test_every_kind_takes_if_exists(kind: Any, definition: Any) -> None:
    sent = registered(lambda: kind("one", display_name="P", definition=definition, if_exists="create").id)

    assert sent["ifExists"] == "create"
    assert "ifExists" not in registered(lambda: kind("one", display_name="P", definition=definition).id)


@pytest.mark.parametrize("opts", [None, pulumi.ResourceOptions(protect=True)])
def test_get_reads_by_id_and_sends_no_inputs(opts: pulumi.ResourceOptions | None) -> None:
    assert registered(lambda: entra.TokenIssuancePolicy.get("saml", GUID, opts).id) == {}
    slot = f"applications/{GUID}/tokenIssuancePolicies"
    assert registered(lambda: entra.PolicyAssignment.get("portal", slot).id) == {}


# -- import_ -----------------------------------------------------------------------------------------------------------


def imports(**options: Any) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=options.pop("import_", GUID), **options)


Maker = Callable[[pulumi.ResourceOptions], Any]
SLOT: dict[str, Any] = {"policy_id": GUID, "policy_type": "TokenIssuancePolicy", "application_id": GUID}


def maker(kind: Any, **arguments: Any) -> Maker:
    return lambda opts: kind("one", opts, **arguments)


EVERY = {
    "PolicyAssignment": maker(entra.PolicyAssignment, **SLOT),
    **{kind.__name__: maker(kind, display_name="P", definition=definition) for kind, definition in KINDS},
}


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> list[pulumi.ResourceOptions]:
    """The options that Pulumi's own class was given."""
    seen: list[pulumi.ResourceOptions] = []
    given = Resource.__init__

    def init(resource: Resource, provider: Any, name: str, props: Any, opts: pulumi.ResourceOptions) -> None:
        seen.append(opts)
        given(resource, provider, name, props, opts)

    monkeypatch.setattr(Resource, "__init__", init)
    return seen


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("later", [False, True], ids=["known", "output"])
def test_import_is_handed_to_create_as_an_input(
    make: Maker, later: bool, handed_on: list[pulumi.ResourceOptions]
) -> None:
    def program() -> Any:
        return make(imports(import_=pulumi.Output.from_input(GUID) if later else GUID)).id

    assert registered(program)["importId"] == GUID
    assert [opts.import_ for opts in handed_on] == [None]


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_nothing_is_imported_where_nobody_says_so(make: Maker, handed_on: list[pulumi.ResourceOptions]) -> None:
    assert "importId" not in registered(lambda: make(pulumi.ResourceOptions()).id)
    assert [opts.delete_before_replace for opts in handed_on] == [None]


@pytest.mark.parametrize("own", [None, False, True])
def test_replacement_of_what_is_imported_deletes_first(
    own: bool | None, handed_on: list[pulumi.ResourceOptions]
) -> None:
    registered(lambda: EVERY["PolicyAssignment"](imports(delete_before_replace=own)).id)

    assert [opts.delete_before_replace for opts in handed_on] == [True]


def test_other_options_are_handed_on_beside_import(handed_on: list[pulumi.ResourceOptions]) -> None:
    aliases, timeouts = [pulumi.Alias(name="old")], pulumi.CustomTimeouts(create="1m")
    opts = imports(aliases=aliases, protect=True, custom_timeouts=timeouts)
    registered(lambda: EVERY["TokenIssuancePolicy"](opts).id)

    (given,) = handed_on
    assert (given.aliases, given.protect, given.custom_timeouts) == (aliases, True, timeouts)


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_callers_own_options_are_left_as_they_are(make: Maker) -> None:
    opts = imports(protect=True)
    before = vars(opts).copy()

    registered(lambda: make(opts).id)

    assert vars(opts) == before


@pytest.mark.parametrize("later", [False, True], ids=["known", "output"])
def test_resource_says_that_it_imports_and_what(monkeypatch: pytest.MonkeyPatch, later: bool) -> None:
    said: list[tuple[str, pulumi.Resource]] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, resource: said.append((text, resource)))
    made: list[Any] = []

    def program() -> Any:
        made.append(EVERY["TokenIssuancePolicy"](imports(import_=pulumi.Output.from_input(GUID) if later else GUID)))
        made.append(entra.TokenIssuancePolicy("two", display_name="Q", definition={}))
        return pulumi.Output.all(*(resource.id for resource in made))

    registered(program)

    ((text, resource),) = said
    assert text.startswith(f"imports {GUID}: ")
    assert "nothing is created or written" in text
    assert "take it out of the options" in text
    assert resource is made[0]


@pytest.mark.parametrize("kind", [entra.PolicyAssignment, *(kind for kind, _ in KINDS)])
def test_get_with_import_is_an_error(kind: Any) -> None:
    with pytest.raises(pulumi.RunError, match=rf"{kind.__name__} 'one': get\(\) reads and manages nothing"):
        registered(lambda: kind.get("one", GUID, imports()).id)


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


# -- what the host is told in a preview --------------------------------------------------------------------------------

SAML_URN = "pulumi-python:dynamic/entra-policies:TokenIssuancePolicy::saml"


class Site(pulumi.ComponentResource):
    def __init__(self, parent: pulumi.Resource | None = None) -> None:
        super().__init__("tests:index:Site", "site", None, pulumi.ResourceOptions(parent=parent))


def told(program: Callable[[], Any], name: str = "saml", *, mocked: Monitor | None = None, preview: bool = True) -> Any:
    """What was told with the resource of that name."""
    done = monitored(program, mocked, preview=preview)
    (made,) = (args for args in done.registrations if args.name == name)
    return made.inputs.get("_preview")


def saml(parent: pulumi.Resource | None = None, **more: Any) -> entra.TokenIssuancePolicy:
    options = pulumi.ResourceOptions(parent=parent, **more)
    return entra.TokenIssuancePolicy("saml", options, display_name="P", definition=WIRE)


def test_preview_tells_which_resource_it_is_and_how_often_it_is_assigned() -> None:
    def program() -> Any:
        made = saml()
        for name in ("one", "two"):
            entra.PolicyAssignment(name, policy=made, application_id=GUID.replace("a", name[0].replace("o", "b")))
        return made.id

    assert told(program) == {"urn": f"urn:pulumi:dev::tests::{SAML_URN}", "assignments": 2}


def test_preview_of_an_assignment_tells_which_it_is() -> None:
    def program() -> Any:
        return entra.PolicyAssignment(
            "portal", policy_id=GUID, policy_type="TokenIssuancePolicy", application_id=GUID
        ).id

    urn = "urn:pulumi:dev::tests::pulumi-python:dynamic/entra-policies:PolicyAssignment::portal"
    assert told(program, "portal") == {"urn": urn}


def test_resource_of_a_component_has_its_place() -> None:
    urn = f"urn:pulumi:dev::tests::tests:index:Site$tests:index:Site${SAML_URN}"
    assert told(lambda: saml(Site(Site())).id)["urn"] == urn


def test_resource_of_a_users_own_class_is_the_same_resource() -> None:
    class Own(entra.TokenIssuancePolicy):
        pass

    assert (
        told(lambda: Own("saml", display_name="P", definition=WIRE).id)["urn"] == f"urn:pulumi:dev::tests::{SAML_URN}"
    )


@pytest.mark.parametrize(
    ("program", "more"),
    [
        (lambda: saml().id, {"preview": False}),
        (lambda: saml().id, {"mocked": Monitor()}),
        (lambda: entra.TokenIssuancePolicy.get("saml", GUID).id, {}),
    ],
    ids=["up", "mocks", "get"],
)
def test_nobody_is_told_but_a_check_in_a_preview(program: Callable[[], Any], more: dict[str, Any]) -> None:
    assert told(program, **more) is None
