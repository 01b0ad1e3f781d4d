"""Builders with defaults, all through HTTP, so that a test names only what it is about."""

import json
import ssl
from typing import Any

import httpx

from pulumi_entra_policies.emulator import Emulator

Json = dict[str, Any]

DEFINITIONS = {
    "tokenIssuancePolicies": '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}',
    "tokenLifetimePolicies": '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}',
    "claimsMappingPolicies": '{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true"}}',
    "homeRealmDiscoveryPolicies": '{"HomeRealmDiscoveryPolicy":{"AccelerateToFederatedDomain":true}}',
    "activityBasedTimeoutPolicies": '{"ActivityBasedTimeoutPolicy":{"Version":1,"ApplicationPolicies":[]}}',
}
ISSUANCE = "tokenIssuancePolicies"
NOWHERE = "00000000-0000-4000-8000-000000000000"

# httpx loads the world's certificates for each client, plain http or not, and that takes 20 ms.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def client(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url, verify=NO_CERTIFICATES, trust_env=False)


class Tenant:
    def __init__(self, emulator: Emulator, version: str = "v1.0") -> None:
        self.emulator = emulator
        self.http = client(f"{emulator.url}/{version}")

    def get(self, path: str, **options: str) -> Json:
        response = self.http.get(path, params=options or None)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def names(self, path: str, **options: str) -> list[str]:
        return [one["displayName"] for one in self.get(path, **options)["value"]]

    def created(self, path: str, body: Json) -> Json:
        response = self.http.post(path, json=body)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def policy(self, collection: str = ISSUANCE, **changes: Any) -> Json:
        body = {"displayName": "Portal SAML", "definition": [DEFINITIONS[collection]]}
        return self.created(f"policies/{collection}", body | changes)

    def application(self, **changes: Any) -> Json:
        return self.created("applications", {"displayName": "Portal"} | changes)

    def service_principal(self) -> Json:
        return self.created("servicePrincipals", {"appId": self.application()["appId"]})

    def target(self, targets: str) -> str:
        """The path of a new application or service principal."""
        one = self.application() if targets == "applications" else self.service_principal()
        return f"{targets}/{one['id']}"

    def assign(self, target: str, policy: Json, collection: str = ISSUANCE) -> httpx.Response:
        address = f"{self.http.base_url}policies/{collection}/{policy['id']}"
        return self.http.post(f"{target}/{collection}/$ref", json={"@odata.id": address})

    def assigned(self, target: str, collection: str = ISSUANCE) -> list[str]:
        return [one["id"] for one in self.get(f"{target}/{collection}")["value"]]


def assert_refused(response: httpx.Response, status: int, code: str, message: str) -> None:
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["message"]) == (status, code, message)


def absent(identifier: str) -> tuple[int, str, str]:
    text = f"Resource '{identifier}' does not exist or one of its queried reference-property objects are not present."
    return 404, "Request_ResourceNotFound", text


def definition(root: str = "TokenIssuancePolicy", **properties: Any) -> str:
    return json.dumps({root: {"Version": 1} | properties})
