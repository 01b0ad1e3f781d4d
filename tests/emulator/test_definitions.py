import json
from typing import Any

import pytest
from tests.emulator.tenant import DEFINITIONS, ISSUANCE, NOWHERE, Tenant, assert_refused, definition

RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
INVALID = (400, "Request_BadRequest", "Property definition has an invalid value.")


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
    assert_refused(post(tenant, value), *INVALID)


DEFINED = {
    "tokenLifetimePolicies": "TokenLifetimePolicy",
    "claimsMappingPolicies": "ClaimsMappingPolicy",
    "homeRealmDiscoveryPolicies": "HomeRealmDiscoveryPolicy",
    "activityBasedTimeoutPolicies": "ActivityBasedTimeoutPolicy",
}
LIFETIME, CLAIMS, REALM, TIMEOUT = DEFINED

# "Create claimsMappingPolicy" prints this method, which is in no page's list of methods.
PRINTED = {
    "ID": "CreateTermsOfService",
    "TransformationMethod": "CreateStringClaim",
    "InputParameters": [{"ID": "value", "DataType": "string", "Value": "sandbox"}],
    "OutputClaims": [{"ClaimTypeReferenceId": "TOS", "TransformationClaimType": "createdClaim"}],
}
JOIN = {
    "ID": "JoinTheData",
    "TransformationMethod": "Join",
    "InputClaims": [{"ClaimTypeReferenceId": "extensionattribute1", "TransformationClaimType": "string1"}],
    "InputParameters": [{"Id": "separator", "Value": "."}],
    "OutputClaims": [{"ClaimTypeReferenceId": "DataJoin", "TransformationClaimType": "outputClaim"}],
}


def claim(**properties: Any) -> dict[str, Any]:
    return {"ClaimsSchema": [properties]}


def idle(application: Any = "default", timeout: Any = "01:00:00") -> dict[str, Any]:
    return {"ApplicationPolicies": [{"ApplicationId": application, "WebSessionIdleTimeout": timeout}]}


@pytest.mark.parametrize(
    ("collection", "properties"),
    [
        (LIFETIME, {}),
        *((LIFETIME, {"AccessTokenLifetime": time}) for time in ("00:10:00", "8:00:00", "0.08:00:00", "23:59:59")),
        (LIFETIME, {"accesstokenlifetime": "08:00:00"}),
        (LIFETIME, {"MaxInactiveTime": "90.00:00:00", "MaxAgeMultiFactor": "until-revoked"}),
        *((CLAIMS, {"IncludeBasicClaimSet": value}) for value in (True, False, "true", "False")),
        (CLAIMS, claim(Source="user", ID="employeeid", SamlClaimType="urn:id", SAMLNameForm="unspecified")),
        (CLAIMS, claim(source="Company", id="tenantcountry", jwtClaimType="country")),
        (CLAIMS, claim(Source="user", ExtensionID="extension_x_y", JwtClaimType="y")),
        (CLAIMS, claim(Value="sandbox", JwtClaimType="environment")),
        (CLAIMS, claim(Source="transformation", ID="DataJoin", TransformationId="JoinTheData", JwtClaimType="j")),
        (CLAIMS, claim(Source="Transformation", ID="DataJoin", TransformationID="JoinTheData")),
        (CLAIMS, {"ClaimsTransformation": [JOIN, PRINTED]}),
        (CLAIMS, {"ClaimsTransformations": [JOIN | {"TransformationMethod": "ToLowercase()"}]}),
        (CLAIMS, {"GroupFilter": {"MatchOn": "displayname", "Type": "prefix", "Value": "app_"}}),
        (CLAIMS, {"issuerWithApplicationId": True, "audienceOverride": "api://portal"}),
        (REALM, {}),
        (REALM, {"Version": 1, "AccelerateToFederatedDomain": "true", "PreferredDomain": "federated.example.edu"}),
        (REALM, {"AllowCloudPasswordValidation": True, "AlternateIdLogin": {"Enabled": True}}),
        (REALM, {"DomainHintPolicy": {"IgnoreDomainHintForDomains": ["*"], "RespectDomainHintForApps": []}}),
        (TIMEOUT, {}),
        *((TIMEOUT, idle(timeout=time)) for time in ("00:05:00", "23:59:59", "8:00:00")),
        *((TIMEOUT, idle(application)) for application in ("Default", NOWHERE, NOWHERE.upper())),
        *((collection, {"SomethingNew": [{"any": "thing"}]}) for collection in DEFINED),
    ],
)
def test_valid_definition_of_every_kind_is_taken(tenant: Tenant, collection: str, properties: dict[str, Any]) -> None:
    text = definition(DEFINED[collection], **properties)
    assert tenant.policy(collection, definition=[text])["definition"] == [text]


@pytest.mark.parametrize(
    ("collection", "properties"),
    [
        *((LIFETIME, {"AccessTokenLifetime": time}) for time in ("00:09:59", "24:00:00", "1.00:00:00", "00:60:00")),
        *((LIFETIME, {"AccessTokenLifetime": time}) for time in ("00:00:75", "8 hours", "PT8H", "")),
        (LIFETIME, {"AccessTokenLifetime": 28800}),
        (LIFETIME, {"AccessTokenLifetime": None}),
        (LIFETIME, {"MaxInactiveTime": ["90.00:00:00"]}),
        *((CLAIMS, {"IncludeBasicClaimSet": value}) for value in ("yes", "1", "")),
        *((CLAIMS, {"IncludeBasicClaimSet": value}) for value in (1, 0)),
        (CLAIMS, {"IncludeBasicClaimSet": None}),
        (CLAIMS, {"ClaimsSchema": {}}),
        (CLAIMS, {"ClaimsSchema": ["user"]}),
        (CLAIMS, claim()),
        (CLAIMS, claim(Source="user", SamlClaimType="urn:id")),
        (CLAIMS, claim(Source="group", ID="displayname")),
        (CLAIMS, claim(Source="group", Value="sandbox")),
        (CLAIMS, claim(Source=["user"], ID="displayname")),
        (CLAIMS, claim(Source="user", ID={"name": "displayname"})),
        (CLAIMS, claim(Source="user", ID="displayname", JwtClaimType=None)),
        (CLAIMS, claim(Source="transformation", ID="DataJoin")),
        (CLAIMS, {"ClaimsTransformation": JOIN}),
        (CLAIMS, {"ClaimsTransformations": [{"ID": "JoinTheData"}]}),
        (CLAIMS, {"ClaimsTransformations": [JOIN | {"InputClaims": {}}]}),
        (CLAIMS, {"ClaimsTransformations": [JOIN | {"OutputClaims": ["DataJoin"]}]}),
        (CLAIMS, {"GroupFilter": "app_"}),
        *((REALM, {"AccelerateToFederatedDomain": value}) for value in ("yes", 1, None)),
        (REALM, {"PreferredDomain": ["federated.example.edu"]}),
        (REALM, {"AllowCloudPasswordValidation": {}}),
        (REALM, {"AlternateIdLogin": True}),
        (REALM, {"AlternateIdLogin": {"enabled": "on"}}),
        (REALM, {"DomainHintPolicy": []}),
        (REALM, {"DomainHintPolicy": {"IgnoreDomainHintForDomains": "*"}}),
        (TIMEOUT, {"ApplicationPolicies": {}}),
        (TIMEOUT, {"ApplicationPolicies": [{"ApplicationId": "default"}]}),
        *((TIMEOUT, idle(timeout=time)) for time in ("00:04:59", "24:00:00", "1.00:00:00", 5)),
        *((TIMEOUT, idle(application)) for application in ("Portal", "", 7, None)),
        *((collection, {"Version": 2}) for collection in DEFINED),
    ],
)
def test_invalid_definition_of_every_kind_is_refused(
    tenant: Tenant, collection: str, properties: dict[str, Any]
) -> None:
    response = post(tenant, [definition(DEFINED[collection], **properties)], collection)
    assert_refused(response, *INVALID)


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
