"""Resource options that name properties, in Python's names, as they reach the engine; it has tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc
from tests.test_resources import GUID, monitored

import pulumi_entra_policies as entra

ON_THE_WIRE = {
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "hide_diffs": "hideDiffs",
}
ENTRY = {"source": "user", "id": "employeeid", "jwt_claim_type": "employee"}


def claims(opts: pulumi.ResourceOptions, definition: Any = None) -> Any:
    return entra.ClaimsMappingPolicy("one", opts, display_name="P", definition=definition or {"claims_schema": [ENTRY]})


def assigned(opts: pulumi.ResourceOptions) -> Any:
    return entra.PolicyAssignment(
        "portal", opts, policy_id=GUID, policy_type="TokenIssuancePolicy", application_id=GUID
    )


def sent(option: str, *paths: str, make: Callable[[pulumi.ResourceOptions], Any] = claims) -> list[str]:
    """What the engine is told."""
    options: dict[str, Any] = {option: list(paths)}
    request = monitored(lambda: make(pulumi.ResourceOptions(**options)).id).request
    return list(getattr(request, ON_THE_WIRE[option]))


@pytest.mark.parametrize("option", ON_THE_WIRE)
def test_names_are_the_wires_in_every_option(option: str) -> None:
    names = ["display_name", "definitionJson", "force_destroy"]

    assert sorted(set(sent(option, *names))) == ["definitionJson", "displayName", "forceDestroy"]


@pytest.mark.parametrize(
    ("path", "wire"),
    [
        ("definition.include_basic_claim_set", "definition.includeBasicClaimSet"),
        ("definition.includeBasicClaimSet", "definition.includeBasicClaimSet"),
        ("definition.IncludeBasicClaimSet", "definition.includeBasicClaimSet"),
        ('definition["include_basic_claim_set"]', 'definition["includeBasicClaimSet"]'),
        ('["definition"].group_filter.match_on', '["definition"].groupFilter.matchOn'),
        ("definition.claims_schema", "definition.claimsSchema"),
        ("definition.claims_schema[0]", "definition.claimsSchema[0]"),
        ("definition.claims_schema[0].extension_id", "definition.claimsSchema[0].extensionId"),
        ("definition.claims_schema[*].jwt_claim_type", "definition.claimsSchema[*].jwtClaimType"),
        ('definition.claims_schema["*"].jwt_claim_type', 'definition.claimsSchema["*"].jwtClaimType'),
        (
            'definition["claims_transformations"][1]["input_claims"][0].treat_as_multi_value',
            'definition["claimsTransformations"][1]["inputClaims"][0].treatAsMultiValue',
        ),
        ("definition.*[0].id", "definition.*[0].id"),
        ("definition[*].match_on", "definition[*].matchOn"),
        ("*", "*"),
        ("if_exists", "ifExists"),
        ("tenant_id", "tenantId"),
        ("__provider", "__provider"),
    ],
)
def test_path_is_the_wires_at_every_depth(path: str, wire: str) -> None:
    assert sent("ignore_changes", path) == [wire]


def test_assignments_names_are_the_wires() -> None:
    names = (
        "policy_id",
        "application_unique_name",
        "service_principal_client_id",
        "replaceExisting",
        "replaced_policy_id",
    )

    assert sent("ignore_changes", *names, make=assigned) == [
        "policyId",
        "applicationUniqueName",
        "servicePrincipalClientId",
        "replaceExisting",
        "replacedPolicyId",
    ]


@pytest.mark.parametrize(
    ("path", "flaw"),
    [
        ("display_nam", "the resource has no property 'display_nam'; the nearest is 'display_name'"),
        ("definition.include_basic_claims", "definition has no property .*; the nearest is 'include_basic_claim_set'"),
        ("definition.claims_schema[0].ide", r"definition.claims_schema\[0\] has no property 'ide'; .* 'id'"),
        ("definition.*.match", "the nearest is 'match_on'"),
        ("definition.claims_schema.id", r"is a list: name an entry, .*claims_schema\[0\], or all of them"),
        ("definition.version.x", "definition.version has no properties"),
        ("definition.version.*", "definition.version is no list"),
        ("definition.version[0]", "definition.version is no list"),
        ("definition[0]", "definition is no list"),
        ("[0]", "the resource is no list"),
        ("definition['version']", "is no path"),
        (".definition", "is no path"),
        ("definition..version", "is no path"),
    ],
)
@pytest.mark.parametrize("option", ["ignore_changes", "hide_diffs"])
def test_name_that_does_not_exist_stops_the_program(option: str, path: str, flaw: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"ClaimsMappingPolicy 'one': {option} names .*{flaw}"):
        sent(option, path)


@pytest.mark.parametrize("path", ["definition.version", "definition.claims_schema[0]", "*"])
def test_part_of_an_output_cannot_be_a_secret(path: str) -> None:
    with pytest.raises(pulumi.RunError, match="takes outputs as a whole, such as 'definition'"):
        sent("additional_secret_outputs", path)


NEW = {"Version": 1, "NewRule": {"Depth": 1}, "ClaimsSchema": [{**ENTRY, "NewRule": 1}]}


@pytest.mark.parametrize(
    ("definition", "path", "known"),
    [
        (lambda: {"ClaimsMappingPolicy": NEW}, "definition.NewRule.Depth", True),
        (lambda: {"ClaimsMappingPolicy": NEW}, "definition.claimsSchema[0].NewRule", True),
        (lambda: {"ClaimsMappingPolicy": NEW}, "definition.*[0].NewRule", True),
        (lambda: pulumi.Output.from_input({"ClaimsMappingPolicy": NEW}), "definition.NewRule.Depth", True),
        (lambda: pulumi.Output.from_input({"ClaimsMappingPolicy": NEW}), "definition.newRule", False),
        (lambda: {"ClaimsMappingPolicy": NEW}, "definition.groupFilter.NewRule", False),
    ],
    ids=["given", "in a list", "by a wildcard", "in an output", "not in Graph's spelling", "not given there"],
)
def test_key_that_only_graph_knows_is_a_name_where_it_is_given(
    definition: Callable[[], Any], path: str, known: bool
) -> None:
    def asked() -> list[str]:
        return sent("ignore_changes", path, make=lambda opts: claims(opts, definition()))

    if known:
        assert asked() == [path]
    else:
        with pytest.raises(pulumi.RunError, match=r"has no property '(N|n)ewRule'"):
            asked()


def test_options_of_the_caller_stay_as_they_are() -> None:
    given = pulumi.ResourceOptions(ignore_changes=["display_name"], protect=True)

    assert list(monitored(lambda: claims(given).id).request.ignoreChanges) == ["displayName"]
    assert given.ignore_changes == ["display_name"]


def test_policy_that_is_read_takes_pythons_names_too() -> None:
    options = pulumi.ResourceOptions(additional_secret_outputs=["definition_jso"])

    with pytest.raises(pulumi.RunError, match="the nearest is 'definition_json'"):
        monitored(lambda: entra.ClaimsMappingPolicy.get("one", GUID, options).id)


@pytest.mark.parametrize("output", ["definition", "definition_json", "definitionJson"])
def test_definition_that_is_a_secret_is_one_in_every_property(output: str) -> None:
    request = monitored(lambda: claims(pulumi.ResourceOptions(additional_secret_outputs=[output])).id).request

    assert "definitionJson" in request.additionalSecretOutputs
    assert rpc.is_rpc_secret(rpc.deserialize_properties(request.object)["definition"])
