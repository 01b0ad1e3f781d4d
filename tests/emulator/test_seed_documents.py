"""The HTTP examples of five Microsoft Graph pages, sent to the emulator; the answers are those that they print.

The examples are the pages' own, with {placeholders} for the ids; a placeholder value of a page that the service
would refuse ("definition-value") is replaced by the example of the resource page.
"""

import json
from dataclasses import dataclass

import pytest
from tests.emulator.tenant import Json, Tenant

# "tokenIssuancePolicy resource type": the definition as the page prints it.
PRINTED_DEFINITION = r"""
"definition": [
    "{ \"TokenIssuancePolicy\":{\"TokenResponseSigningPolicy\":\"TokenOnly\",\"SamlTokenVersion\":\"1.1\",\"SigningAlgorithm\":\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\",\"Version\":1}}"
  ]
"""
ISSUANCE_DEFINITION: list[str] = json.loads(f"{{{PRINTED_DEFINITION}}}")["definition"]
LIFETIME_DEFINITION = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}']


@dataclass(frozen=True)
class Assignment:
    """An assign example: its page, its path, the `@odata.id` of its body, and whose policy it assigns."""

    page: str
    path: str
    odata_id: str
    collection: str

    def __str__(self) -> str:
        return f"{self.page}: {self.path}"


BETA = "https://graph.microsoft.com/beta/policies"
V1 = "https://graph.microsoft.com/v1.0/policies"
JSON = {"content-type": "application/json"}
ISSUANCE, LIFETIME = "tokenIssuancePolicies", "tokenLifetimePolicies"

ASSIGNMENTS = [
    Assignment(page, path, odata_id, collection)
    for page, collection, odata_id, paths in (
        (
            "Assign tokenIssuancePolicy",
            ISSUANCE,
            f"{BETA}/{ISSUANCE}/{{policy}}",
            (
                "/beta/applications/{application}/tokenIssuancePolicies/$ref",
                "/beta/applications(appId='{appId}')/tokenIssuancePolicies/$ref",
            ),
        ),
        (
            "Assign tokenLifetimePolicy",
            LIFETIME,
            f"{V1}/{LIFETIME}/{{policy}}",
            (
                "/v1.0/applications/{application}/tokenLifetimePolicies/$ref",
                "/v1.0/applications(appId='{appId}')/tokenLifetimePolicies/$ref",
            ),
        ),
        (
            "Assign Policy (retired, as the page has it)",
            LIFETIME,
            f"{BETA}/{{policy}}",
            (
                "/beta/applications/{application}/policies/$ref",
                "/beta/serviceprincipals/{servicePrincipal}/policies/$ref",
            ),
        ),
        (
            "Assign Policy (retired, in its modern typed form)",
            LIFETIME,
            f"{V1}/{LIFETIME}/{{policy}}",
            (
                "/v1.0/applications/{application}/tokenLifetimePolicies/$ref",
                "/v1.0/servicePrincipals/{servicePrincipal}/tokenLifetimePolicies/$ref",
            ),
        ),
        (
            "Assign Policy (retired, in its modern typed form, token issuance)",
            ISSUANCE,
            f"{V1}/{ISSUANCE}/{{policy}}",
            (
                "/v1.0/applications/{application}/tokenIssuancePolicies/$ref",
                "/v1.0/servicePrincipals/{servicePrincipal}/tokenIssuancePolicies/$ref",
            ),
        ),
    )
    for path in paths
]


@pytest.mark.parametrize("example", ASSIGNMENTS, ids=str)
def test_assign_example_is_answered_as_printed(tenant: Tenant, example: Assignment) -> None:
    ids = real_ids(tenant, example.collection)
    body = {"@odata.id": example.odata_id.format(**ids)}
    response = tenant.http.post(tenant.emulator.url + example.path.format(**ids), json=body)
    assert (response.status_code, response.content) == (204, b"")
    is_application = "/applications" in example.path
    target = f"applications/{ids['application']}" if is_application else f"servicePrincipals/{ids['servicePrincipal']}"
    assert tenant.assigned(target, example.collection) == [ids["policy"]]


def test_create_token_issuance_policy_example_is_answered_as_printed(beta: Tenant) -> None:
    """The page: "Create tokenIssuancePolicy"."""
    example = {"definition": ISSUANCE_DEFINITION, "displayName": "displayName-value", "isOrganizationDefault": True}
    response = beta.http.post("policies/tokenIssuancePolicies", json=example)
    assert response.status_code == 201
    assert response.headers["content-type"].startswith("application/json")
    printed = example | {"id": response.json()["id"]}
    assert printed.items() <= response.json().items()


def test_definition_of_the_resource_page_comes_back_byte_for_byte(beta: Tenant) -> None:
    """The page: "tokenIssuancePolicy resource type". The text goes out exactly as printed, escapes included."""
    content = f'{{"displayName": "Portal", {PRINTED_DEFINITION}}}'
    response = beta.http.post("policies/tokenIssuancePolicies", content=content, headers=JSON)
    assert response.status_code == 201
    found = beta.get(f"policies/tokenIssuancePolicies/{response.json()['id']}")
    assert found["definition"] == ISSUANCE_DEFINITION


def real_ids(tenant: Tenant, collection: str) -> dict[str, str]:
    service_principal = tenant.service_principal()
    application: Json = tenant.get(f"applications(appId='{service_principal['appId']}')")
    definition = ISSUANCE_DEFINITION if collection == ISSUANCE else LIFETIME_DEFINITION
    return {
        "application": application["id"],
        "appId": application["appId"],
        "servicePrincipal": service_principal["id"],
        "policy": tenant.policy(collection, definition=definition)["id"],
    }
