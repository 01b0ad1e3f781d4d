"""A contract with Microsoft's metadata: each typed builder of the SDK is answered, or declared with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import httpx
import pytest
from docs.emulated import NOT_EMULATED
from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.serialization import Parsable
from msgraph.generated.models.activity_based_timeout_policy import ActivityBasedTimeoutPolicy
from msgraph.generated.models.application import Application
from msgraph.generated.models.claims_mapping_policy import ClaimsMappingPolicy
from msgraph.generated.models.home_realm_discovery_policy import HomeRealmDiscoveryPolicy
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.sts_policy import StsPolicy
from msgraph.generated.models.token_issuance_policy import TokenIssuancePolicy
from msgraph.generated.models.token_lifetime_policy import TokenLifetimePolicy
from msgraph.graph_service_client import GraphServiceClient
from tests.emulator import builders
from tests.emulator.builders import Call, snake
from tests.emulator.metadata import of_today
from tests.emulator.tenant import DEFINITIONS, NO_CERTIFICATES

from pulumi_entra_policies.emulator import STS_POLICY_SETS, Emulator, PolicySet

MODELS: dict[str, type[StsPolicy]] = {
    "activityBasedTimeoutPolicies": ActivityBasedTimeoutPolicy,
    "claimsMappingPolicies": ClaimsMappingPolicy,
    "homeRealmDiscoveryPolicies": HomeRealmDiscoveryPolicy,
    "tokenIssuancePolicies": TokenIssuancePolicy,
    "tokenLifetimePolicies": TokenLifetimePolicy,
}
NO_GROUPS = "no users, groups or roles are in the tenant"
REFUSED = {
    "directory.deleted_items.get": "the page says: not supported without a type",
    "directory.deleted_items.count.get": "the page says: not supported without a type",
    "*_policies.*.applies_to.count.get": "policies know no advanced queries",
    "*_policies.count.get": "policies know no advanced queries",
}
"""What Graph itself refuses."""

ABSENT = {
    "policies.activity_based_timeout_policies.*.applies_to.by_*": "assigned to nothing, ever",
    "applications.*.home_realm_discovery_policies.by_*": "always empty: nothing can be assigned there",
    "*.owners.by_directory_object_id.graph_app_role_assignment.get": "no owner is one",
    "*.owners.by_directory_object_id.graph_endpoint.get": "no owner is one",
    "*.owners.by_directory_object_id.graph_user.get": NO_GROUPS,
    "directory.*.by_directory_object_id.graph_administrative_unit.get": NO_GROUPS,
    "directory.*.by_directory_object_id.graph_device.get": NO_GROUPS,
    "directory.*.by_directory_object_id.graph_group.get": NO_GROUPS,
    "directory.*.by_directory_object_id.graph_user.get": NO_GROUPS,
}
"""What is emulated, but never there: 404."""

pytestmark = [
    # What the SDK says of classes of its own to whoever imports one of its builders.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.xdist_group("sdk_builders"),  # what they share takes long to make
]


class Scene:
    """A tenant in which there is something for every builder, and what each of them is given."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.directory = emulator.directory
        portal, gone, bare = (
            emulator.create_application(name, with_service_principal=True) for name in ("Portal", "Gone", "Bare")
        )
        self.without_service_principal = emulator.create_application("Alone").client_id
        self.directory.create_application({"displayName": "Named", "uniqueName": "named"})
        self.targets = {"applications": portal.object_id, "servicePrincipals": portal.service_principal_id}
        self.keys = {
            "*.ref.post applications": bare.object_id,
            "*.ref.post service_principals": bare.service_principal_id,
            "* applications": portal.object_id,
            "* service_principals": portal.service_principal_id,
            "* *_with_app_id": portal.client_id,
            "* *_with_unique_name": "named",
            "* applies_to": portal.service_principal_id,
            "* owners": bare.service_principal_id,
            "*.graph_service_principal.get deleted_items": gone.service_principal_id,
            "* deleted_items": gone.object_id,
            **{f"* {snake(policy_set.collection)}": self.policy(policy_set) for policy_set in STS_POLICY_SETS},
            "*": "x",
        }
        """By the call and what is keyed; the first pattern that fits counts."""
        for target in self.targets.values():
            self.directory.add_owner(self.directory.any(target), bare.service_principal_id)
        self.directory.delete(self.directory.any(gone.object_id))
        self.document = self.directory.snapshot()

    def policy(self, policy_set: PolicySet) -> str:
        """One that is assigned to whatever can carry it."""
        body = {"displayName": "P", "definition": [DEFINITIONS[policy_set.collection]]}
        policy = self.directory.create_policy(policy_set, body)
        for collection in policy_set.targets:
            self.directory.add_reference(self.directory.any(self.targets[collection]), policy_set, policy.id)
        return policy.id

    def key(self, call: Call, collection: str) -> str:
        return next(key for pattern, key in self.keys.items() if fnmatchcase(f"{call} {collection}", pattern))

    def arguments(self, call: Call, builder: Any) -> dict[str, Any]:
        """What the call takes besides its keys."""
        if call.verb in ("post", "patch") and call.path[-1] != "restore":
            return {"body": self.body(call)}
        if call.verb == "delete" and hasattr(builder, "RefRequestBuilderDeleteQueryParameters"):
            parameters = builder.RefRequestBuilderDeleteQueryParameters(id=self.address(call))
            return {"request_configuration": RequestConfiguration(query_parameters=parameters)}
        return {"request_configuration": advanced()} if call.path[-1] == "count" else {}

    def body(self, call: Call) -> Parsable:
        if call.path[-1] == "ref":
            return ReferenceCreate(odata_id=self.address(call))
        if call.path[0] == "policies":
            collection = next(one for one in DEFINITIONS if snake(one) == call.path[1])
            return MODELS[collection](display_name="New", definition=[DEFINITIONS[collection]])
        if call.path[0].startswith("applications"):
            return Application(display_name="New")
        return ServicePrincipal(app_id=self.without_service_principal if call.verb == "post" else None)

    def address(self, call: Call) -> str:
        return f"{self.emulator.url}/v1.0/directoryObjects/{self.key(call, call.path[-2])}"


def advanced() -> RequestConfiguration[Any]:
    """ "Advanced query capabilities on directory objects": `$count` wants this header."""
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    return RequestConfiguration(headers=headers)


Outcomes = dict[Call, str]
DONE, UNKNOWN, NOT_THERE, REFUSED_ANYHOW = "done", "unknown", "not there", "refused"


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    """What each builder's call comes to, in a tenant that is the same before each."""
    with Emulator(seed="builders") as emulator:
        scene = Scene(emulator)

        async def all_of_them() -> Outcomes:
            async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as http:
                client = builders.client(http, emulator.url)
                return {call: await outcome(scene, client, call) for call in builders.calls()}

        yield asyncio.run(all_of_them())


async def outcome(scene: Scene, client: GraphServiceClient, call: Call) -> str:
    builder = call.builder(client, lambda collection: scene.key(call, collection))
    try:
        if declared(call, NOT_EMULATED):
            await plain(client, builder, call.verb)
        else:
            await getattr(builder, call.verb)(**scene.arguments(call, builder))
    except ODataError as error:
        return judged(error)
    finally:
        if call.verb != "get":
            scene.emulator.load(scene.document)
    return DONE


async def plain(client: GraphServiceClient, builder: BaseRequestBuilder, verb: str) -> None:
    """The request of a builder that is not emulated: nobody here knows what its body should be."""
    request = RequestInformation(Method[verb.upper()], builder.url_template, builder.path_parameters)
    if verb != "get":
        request.set_stream_content(b"{}", "application/json")
    await client.request_adapter.send_no_response_content_async(request, {"XXX": ODataError})


def judged(error: ODataError) -> str:
    message = error.error.message if error.error and error.error.message else ""
    if error.response_status_code == 405 or "not found for the segment" in message:
        return UNKNOWN
    return NOT_THERE if error.response_status_code == 404 else f"{REFUSED_ANYHOW}: {message}"


def declared(call: Call, table: dict[str, str]) -> bool:
    return any(fnmatchcase(str(call), pattern) for pattern in table)


def test_builder_answers_or_is_declared(outcomes: Outcomes) -> None:
    undeclared = [
        call for call in outcomes if not any(declared(call, table) for table in (NOT_EMULATED, ABSENT, REFUSED))
    ]

    assert len(undeclared) > 100
    assert {str(call): outcomes[call] for call in undeclared if outcomes[call] != DONE} == {}


@of_today
@pytest.mark.parametrize(
    ("table", "expected"), [(NOT_EMULATED, UNKNOWN), (ABSENT, NOT_THERE), (REFUSED, REFUSED_ANYHOW)]
)
def test_what_is_declared_is_so_and_exists(outcomes: Outcomes, table: dict[str, str], expected: str) -> None:
    emulated = {call: came for call, came in outcomes.items() if not declared(call, NOT_EMULATED)}
    judged = outcomes if table is NOT_EMULATED else emulated
    for pattern in table:
        found = {came.partition(":")[0] for call, came in judged.items() if fnmatchcase(str(call), pattern)}
        assert found == {expected}, pattern
