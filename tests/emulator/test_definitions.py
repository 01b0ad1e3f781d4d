import json
from typing import Any

import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, Tenant, assert_refused, definition

RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


def post(tenant: Tenant, value: Any, collection: str = ISSUANCE) -> Any:
    return tenant.http.post(f"policies/{collection}", json={"displayName": "Portal", "definition": value})


@pytest.mark.parametrize(
    "text",
    [
        definition(),
        definition(Version="1"),
        '{"TokenIssuancePolicy":{"version":1}}',
        definition(TokenResponseSigningPolicy="ResponseAndToken"),
        definition(SamlTokenVersion="1.1"),
        definition(SamlTokenVersion=1.1),
        definition(SigningAlgorithm=RSA_SHA1),
        definition(EmitSamlNameFormat=True),
        definition(EmitSamlNameFormat="False"),
        definition(EmitSAMLNameFormat="true"),
        definition(SomethingNew={"any": ["thing"]}),
        '\n{ "TokenIssuancePolicy" :\t{"Version": 1 , "SamlTokenVersion":"2.0"} }  ',
        '{"TokenIssuancePolicy":{"Version":1,"Note":"Grüße \\u00e4 \\/"}}',
    ],
)
def test_valid_definition_comes_back_byte_for_byte(tenant: Tenant, text: str) -> None:
    response = post(tenant, [text])
    assert response.status_code == 201
    assert tenant.get(f"policies/{ISSUANCE}/{response.json()['id']}")["definition"] == [text]


@pytest.mark.parametrize(
    "value",
    [
        None,
        definition(),
        [],
        [definition(), definition()],
        [{"TokenIssuancePolicy": {"Version": 1}}],
        ["no json"],
        [""],
        ["[" * 100_000],
        ["7"],
        ["[]"],
        ["{}"],
        ['{"TokenIssuancePolicy":{"Version":1,"Limit":NaN}}'],
        ['{"TokenIssuancePolicy":[]}'],
        ['{"tokenIssuancePolicy":{"Version":1}}'],
        ['{"Version":1}'],
        ['{"TokenIssuancePolicy":{}}'],
        ['{"TokenIssuancePolicy":{"Version":1},"TokenLifetimePolicy":{"Version":1}}'],
        [definition("TokenLifetimePolicy")],
        [definition(Version=2)],
        [definition(Version=None)],
        [definition(Version=True)],
        [definition(TokenResponseSigningPolicy="Nothing")],
        [definition(TokenResponseSigningPolicy=None)],
        [definition(SamlTokenVersion="3.0")],
        [definition(samltokenversion="3.0")],
        [definition(SigningAlgorithm="rsa-sha256")],
        [definition(SigningAlgorithm=[RSA_SHA1])],
        [definition(EmitSamlNameFormat="yes")],
        [definition(EmitSamlNameFormat=1)],
    ],
)
def test_invalid_definition_is_refused_without_detail(tenant: Tenant, value: Any) -> None:
    message = "Property definition has an invalid value."
    assert_refused(post(tenant, value), 400, "Request_BadRequest", message)


@pytest.mark.parametrize("collection", sorted(set(DEFINITIONS) - {ISSUANCE, "homeRealmDiscoveryPolicies"}))
def test_version_is_required(tenant: Tenant, collection: str) -> None:
    content = json.loads(DEFINITIONS[collection])
    for properties in content.values():
        del properties["Version"]
    assert post(tenant, [json.dumps(content)], collection).status_code == 400


@pytest.mark.parametrize("collection", DEFINITIONS)
def test_another_sets_definition_is_refused(tenant: Tenant, collection: str) -> None:
    others = [text for name, text in DEFINITIONS.items() if name != collection]
    assert {post(tenant, [text], collection).status_code for text in others} == {400}
