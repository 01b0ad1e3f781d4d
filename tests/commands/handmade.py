"""A tenant as people leave one behind: filled over HTTP by somebody who has never heard of this package."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.tenant import Json, Tenant

from pulumi_entra_policies.emulator import Emulator

ISSUANCE, LIFETIME, CLAIMS = "tokenIssuancePolicies", "tokenLifetimePolicies", "claimsMappingPolicies"
REALM, TIMEOUT = "homeRealmDiscoveryPolicies", "activityBasedTimeoutPolicies"
INJECTION = 'Evil """\n# type: ignore\r\nimport os; os.system("x") \\ \u202e \u2028 # fmt: off'
SIGNED = 'TokenIssuancePolicy":{"Version":1,"SigningAlgorithm":"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"'

BY_HAND = '{ "TokenIssuancePolicy" :\t{"version":"1",\n "samltokenversion": "2.0", "EmitSamlNameFormat":"True"} }\n'
TWICE = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0","SamlTokenVersion":"1.1"}}'
"""Graph takes it; which of the two counts, nobody can say."""

UNKNOWN = '{"TokenIssuancePolicy":{"Version":1,"Colour":{"Red":[1,true,0.5,"\\u202e"]},"Shade":"it\'s \\"dark\\""}}'
TIMEOUTS = [{"ApplicationId": "default", "WebSessionIdleTimeout": "1:00:00"}]
SCHEMA = [
    {"Source": "user", "ID": "employeeid", "JwtClaimType": "employee_id"},
    {"Source": "transformation", "ID": "mail", "TransformationId": "prefix", "SamlClaimType": "urn:mail"},
]
PREFIX = {
    "ID": "prefix",
    "TransformationMethod": "extractmailprefix",
    "InputClaims": [{"ClaimTypeReferenceId": "mail", "TransformationClaimType": "mail", "TreatAsMultiValue": "true"}],
    "InputParameters": [{"ID": "separator", "Value": "."}],
    "OutputClaims": [{"ClaimTypeReferenceId": "mail", "TransformationClaimType": "outputClaim"}],
}
POLICIES: list[tuple[str, str, str, bool]] = [
    (ISSUANCE, "Portal SAML", BY_HAND, False),
    (ISSUANCE, "Twins", f'{{"{SIGNED}}}}}', False),
    (ISSUANCE, "Twins", f'{{"{SIGNED},"SamlTokenVersion":"1.1"}}}}', False),
    (ISSUANCE, "Said twice", TWICE, False),
    (ISSUANCE, "Not known here", UNKNOWN, False),
    (
        LIFETIME,
        "Größe 大きさ",
        json.dumps({"TokenLifetimePolicy": {"Version": 1, "AccessTokenLifetime": "8:00:00"}}),
        True,
    ),
    (LIFETIME, INJECTION, '{"TokenLifetimePolicy":{"Version":1,"MaxInactiveTime":"90.00:00:00"}}', False),
    (LIFETIME, "class", '{"TokenLifetimePolicy":{"Version":1}}', False),
    (LIFETIME, "Portal SAML", '{"TokenLifetimePolicy":{"Version":1}}', False),
    (
        CLAIMS,
        "1st claims",
        json.dumps(
            {
                "ClaimsMappingPolicy": {
                    "Version": 1,
                    "IncludeBasicClaimSet": "true",
                    "ClaimsSchema": SCHEMA,
                    "ClaimsTransformations": [PREFIX],
                }
            }
        ),
        False,
    ),
    (CLAIMS, "Refused today", '{"ClaimsMappingPolicy":{"Version":1,"GroupFilter":{"MatchOn":"objectid"}}}', False),
    (REALM, "???", '{"HomeRealmDiscoveryPolicy":{"AlternateIdLogin":{"Enabled":true}}}', True),
    (REALM, "entra", '{"HomeRealmDiscoveryPolicy":{"PreferredDomain":"federated.example.edu"}}', False),
    (
        TIMEOUT,
        "Idle",
        json.dumps({"ActivityBasedTimeoutPolicy": {"Version": 1, "ApplicationPolicies": TIMEOUTS}}),
        True,
    ),
]


def fill(emulator: Emulator) -> dict[str, Json]:
    """The tenant; its policies and targets by name, of policies of one name the last one."""
    tenant = Tenant(emulator)
    try:
        return _filled(tenant)
    finally:
        tenant.http.close()
        emulator.clear_journal()


def _filled(tenant: Tenant) -> dict[str, Json]:
    made: dict[str, Any] = {}
    for name in ("Portal", "Legacy"):
        made[name] = tenant.application(displayName=name)
        made[f"{name} principal"] = tenant.created("servicePrincipals", {"appId": made[name]["appId"]})
    for collection, name, definition, default in POLICIES:
        made[name] = tenant.policy(collection, displayName=name, definition=[definition], isOrganizationDefault=default)
        made[f"{collection} {name}"] = made[name]
    for target, collection, name in (
        ("Portal", ISSUANCE, "Portal SAML"),
        ("Portal principal", ISSUANCE, "Portal SAML"),
        ("Legacy", ISSUANCE, "Said twice"),
        ("Portal", LIFETIME, INJECTION),
        ("Portal principal", CLAIMS, "1st claims"),
        ("Legacy principal", CLAIMS, "Refused today"),
        ("Portal principal", REALM, "entra"),
    ):
        targets = "servicePrincipals" if target.endswith("principal") else "applications"
        answer = tenant.assign(f"{targets}/{made[target]['id']}", made[f"{collection} {name}"], collection)
        assert answer.status_code == 204, answer.text
    return made


ASSIGNMENTS = 7
