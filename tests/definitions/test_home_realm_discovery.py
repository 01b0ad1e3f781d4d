from __future__ import annotations

import json
from typing import Any

import pytest
from tests.definitions import readings

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS, codec
from pulumi_entra_policies.resources.arguments import normal

KIND = KINDS["HomeRealmDiscoveryPolicy"]
UNKNOWN = object()

GRAPH = {
    "AccelerateToFederatedDomain": True,
    "PreferredDomain": "federated.example.edu",
    "AllowCloudPasswordValidation": False,
    "AlternateIdLogin": {"Enabled": True},
    "DomainHintPolicy": {"IgnoreDomainHintForDomains": ["*"], "RespectDomainHintForApps": ["a", "b"]},
}
BAG = {
    "accelerateToFederatedDomain": True,
    "preferredDomain": "federated.example.edu",
    "allowCloudPasswordValidation": False,
    "alternateIdLogin": {"enabled": True},
    "domainHintPolicy": {"ignoreDomainHintForDomains": ["*"], "respectDomainHintForApps": ["a", "b"]},
}
SNAKE = {
    "accelerate_to_federated_domain": "true",
    "preferred_domain": "federated.example.edu",
    "allow_cloud_password_validation": "False",
    "alternate_id_login": {"enabled": "true"},
    "domain_hint_policy": {"ignore_domain_hint_for_domains": ("*",), "respect_domain_hint_for_apps": ["a", "b"]},
}
TYPED = entra.HomeRealmDiscoveryDefinitionArgs(
    accelerate_to_federated_domain=True,
    preferred_domain="federated.example.edu",
    allow_cloud_password_validation=False,
    alternate_id_login=entra.AlternateIdLoginArgs(enabled=True),
    domain_hint_policy=entra.DomainHintPolicyArgs(
        ignore_domain_hint_for_domains=["*"], respect_domain_hint_for_apps=["a", "b"]
    ),
)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(TYPED, id="typed"),
        pytest.param(SNAKE, id="snake_case"),
        pytest.param(BAG, id="camelCase"),
        pytest.param(GRAPH, id="Graph's keys without the root"),
        pytest.param({"HomeRealmDiscoveryPolicy": GRAPH}, id="Graph's mapping"),
        pytest.param(json.dumps({"HomeRealmDiscoveryPolicy": GRAPH}), id="JSON"),
        pytest.param([json.dumps({"HomeRealmDiscoveryPolicy": GRAPH})], id="Graph's array"),
    ],
)
def test_every_spelling_becomes_the_same_bag_without_a_version(value: Any) -> None:
    bag = normal(KIND, value)
    assert json.dumps(bag) == json.dumps(BAG)
    assert json.loads(codec.to_graph(KIND, bag)) == {"HomeRealmDiscoveryPolicy": GRAPH}
    assert codec.from_graph(KIND, codec.to_graph(KIND, bag)) == BAG


@pytest.mark.parametrize("key", ["domain_hint_policy", "domainHintPolicy", "DomainHintPolicy"])
def test_domain_hint_policy_alone_is_a_property_and_no_root(key: str) -> None:
    assert readings.problems(KIND, {key: {}}) == []
    assert readings.bag(KIND, {key: {}}) == {"domainHintPolicy": {}}
    assert readings.bag(KIND, {key: UNKNOWN}) == {"domainHintPolicy": UNKNOWN}


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        pytest.param(
            {"accelerateToFederatedDomain": "yes"},
            "accelerateToFederatedDomain",
            'must be true or false, not "yes"',
            id="text for a boolean",
        ),
        pytest.param({"preferredDomain": ["a"]}, "preferredDomain", "must be a string, not a list", id="list"),
        pytest.param({"alternateIdLogin": True}, "alternateIdLogin", "must be an object, not true", id="no object"),
        pytest.param({"alternateIdLogin": {}}, "alternateIdLogin.enabled", "is required: add enabled", id="empty"),
        pytest.param(
            {"domainHintPolicy": {"ignoreDomainHintForDomains": "*"}},
            "domainHintPolicy.ignoreDomainHintForDomains",
            'must be a list, not "*"',
            id="text for a list",
        ),
        pytest.param(
            {"domainHintPolicy": {"respectDomainHintForApps": ["a", None]}},
            "domainHintPolicy.respectDomainHintForApps[1]",
            "must be a string, not null",
            id="null in a list",
        ),
        pytest.param(
            {"domainHintPolicy": {"respectDomainHintForApps": ["a", {"b": 1}]}},
            "domainHintPolicy.respectDomainHintForApps[1]",
            "must be a string, not an object",
            id="object in a list",
        ),
    ],
)
def test_refused_value_is_named_by_its_path(value: Any, path: str, reason: str) -> None:
    (problem,) = readings.problems(KIND, value)
    assert (problem.path, problem.reason) == (f"definition.{path}", reason)
    assert readings.bag(KIND, value) is value


@pytest.mark.parametrize(
    "value",
    [
        {"alternateIdLogin": {"enabled": UNKNOWN}},
        {"domainHintPolicy": {"ignoreDomainHintForApps": UNKNOWN}},
        {"domainHintPolicy": {"ignoreDomainHintForApps": ["a", UNKNOWN]}},
        {"domainHintPolicy": {"New": {"deep": [UNKNOWN]}}, "Newer": 1},
    ],
    ids=["property", "list", "item", "unknown key"],
)
def test_what_is_not_known_yet_or_not_declared_passes(value: Any) -> None:
    assert readings.problems(KIND, value) == []
    assert readings.bag(KIND, value) == value


@pytest.mark.parametrize("default", [None, False])
@pytest.mark.parametrize("name", ["alternateIdLogin", "domainHintPolicy"])
def test_property_of_the_default_alone_is_a_warning_without_it(name: str, default: bool | None) -> None:
    (warning,) = codec.warnings(KIND, {"preferredDomain": "a", name: UNKNOWN}, default)
    reason = "is ignored by the service unless is_organization_default is true"
    assert (warning.path, warning.reason) == (f"definition.{name}", reason)


@pytest.mark.parametrize(("bag", "default"), [(BAG, True), (BAG, UNKNOWN), ({"preferredDomain": "a"}, False)])
def test_default_or_unknown_or_neither_property_is_no_warning(bag: Any, default: Any) -> None:
    assert codec.warnings(KIND, bag, default) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            {"alternateIdLogin": {"Enabled": "true"}}, {"ALTERNATEIDLOGIN": {"enabled": True}}, True, id="nested"
        ),
        pytest.param({"domainHintPolicy": {"a": 1, "b": 2}}, {"domainHintPolicy": {"b": 2, "a": 1}}, True, id="order"),
        pytest.param(
            {"domainHintPolicy": {"ignoreDomainHintForApps": ["a", "b"]}},
            {"domainHintPolicy": {"ignoreDomainHintForApps": ["b", "a"]}},
            False,
            id="order of a list",
        ),
        pytest.param({"preferredDomain": "a"}, {"preferredDomain": "A"}, False, id="letter case of a value"),
        pytest.param({"allowCloudPasswordValidation": False}, {}, False, id="false and nothing"),
    ],
)
def test_same_compares_by_meaning(one: Any, other: Any, expected: bool) -> None:
    assert codec.same(KIND, one, other) is expected


@pytest.mark.parametrize(
    "inner",
    [
        {"AlternateIdLogin": True},
        {"AlternateIdLogin": [{"Enabled": True}]},
        {"AlternateIdLogin": {"Enabled": {}}},
        {"DomainHintPolicy": []},
        {"DomainHintPolicy": {"IgnoreDomainHintForDomains": "*"}},
        {"DomainHintPolicy": {"IgnoreDomainHintForDomains": [["*"]]}},
        {"DomainHintPolicy": {"IgnoreDomainHintForDomains": [{}]}},
        {"PreferredDomain": []},
    ],
    ids=json.dumps,
)
def test_tenants_definition_of_another_form_is_unreadable(inner: Any) -> None:
    text = json.dumps({"HomeRealmDiscoveryPolicy": inner})
    assert codec.from_graph(KIND, text) == {"unreadable": text}
