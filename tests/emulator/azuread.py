"""The requests of azuread's provider, which pulumi-azuread is made of, in their order.

From its public source, version 3 (hashicorp/terraform-provider-azuread, hashicorp/go-azure-sdk): which requests, with
which bodies; no code of it. The provider itself was not run: its plugin comes from the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.emulator.tenant import Json

ACCEPT = "application/json; charset=utf-8; odata.metadata=full; IEEE754Compatible=false"
CONTENT = "application/json; charset=utf-8"
UPDATING = "TERRAFORM_UPDATE_6f0a"

GRAPH_ID, USER_READ = "00000003-0000-0000-c000-000000000000", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
KEY_ID = "22222222-2222-4222-8222-222222222222"


@dataclass(frozen=True)
class Step:
    method: str
    path: str
    body: Json | None = None
    status: int = 200
    keeps: str = ""
    """The name by which later steps have the id in its answer."""


@dataclass
class Provider:
    """One that has signed in: it fills in the ids that it has come to know."""

    http: httpx.Client
    known: dict[str, str]
    answers: list[Json] = field(default_factory=list)

    def run(self, steps: Sequence[Step]) -> Json:
        """The last answer with a body."""
        for step in steps:
            self.do(step)
        return self.answers[-1]

    def do(self, step: Step) -> None:
        path, body = self.filled(step.path), self.filled(step.body)
        headers = {"Accept": ACCEPT, "Content-Type": CONTENT}
        response = self.http.request(step.method, path, json=body, headers=headers)
        assert response.status_code == step.status, f"{step.method} {path}: {response.status_code} {response.text}"
        if response.content:
            self.answers.append(response.json())
        if step.keeps:
            self.known[step.keeps] = self.answers[-1]["id"]

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, str):
            for name, known in self.known.items():
                value = value.replace(f"{{{name}}}", known)
        return value


# -- applications ------------------------------------------------------------------------------------------------------

API: Json = {
    "acceptMappedClaims": False,
    "knownClientApplications": [],
    "oauth2PermissionScopes": [],
    "requestedAccessTokenVersion": 2,
}


def application(**changes: Any) -> Json:
    """Its whole body: what the program leaves out it sends as null or empty."""
    return {
        "@odata.type": "#microsoft.graph.application",
        "api": API,
        "appRoles": [],
        "description": None,
        "displayName": "Portal",
        "groupMembershipClaims": None,
        "identifierUris": [],
        "info": {"marketingUrl": None, "privacyStatementUrl": None, "supportUrl": None, "termsOfServiceUrl": None},
        "isDeviceOnlyAuthSupported": False,
        "isFallbackPublicClient": False,
        "notes": None,
        "oauth2RequirePostResponse": False,
        "optionalClaims": {},
        "publicClient": {"redirectUris": []},
        "requiredResourceAccess": [
            {"resourceAppId": GRAPH_ID, "resourceAccess": [{"id": USER_READ, "type": "Scope"}]},
        ],
        "serviceManagementReference": None,
        "signInAudience": "AzureADMyOrg",
        "spa": {"redirectUris": []},
        "tags": [],
        "web": {
            "homePageUrl": "https://portal.example",
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": True},
            "logoutUrl": None,
            "redirectUris": ["https://portal.example/in"],
        },
    } | changes


def renamed(name: str) -> Step:
    """Written only to learn whether the application has arrived everywhere."""
    return Step("PATCH", "/v1.0/applications/{app}", {"displayName": name}, 204)


READ_APPLICATION = [Step("GET", "/v1.0/applications/{app}/owners"), Step("GET", "/v1.0/applications/{app}")]
OWNER = "{graph}/v1.0/directoryObjects/{%s}"

CREATE_APPLICATION = [
    Step(
        "POST",
        "/v1.0/applications",
        # acceptMappedClaims comes later: with Application.ReadWrite.OwnedBy alone it cannot be set here.
        application(
            api={name: value for name, value in API.items() if name != "acceptMappedClaims"},
            **{"owners@odata.bind": [OWNER % "caller"]},
        ),
        201,
        keeps="app",
    ),
    renamed(UPDATING),
    renamed("Portal"),
    Step("PATCH", "/v1.0/applications/{app}", {"api": API | {"acceptMappedClaims": True}}, 204),
    *READ_APPLICATION,
]

UPDATED_APPLICATION = application(
    api=API | {"acceptMappedClaims": True},
    displayName="Portal two",
    identifierUris=["api://portal"],
    optionalClaims={
        "accessToken": [],
        "idToken": [{"additionalProperties": [], "essential": True, "name": "email"}],
        "saml2Token": [],
    },
    requiredResourceAccess=[],
)
UPDATE_APPLICATION = [
    # One read before roles, one before scopes are disabled.
    Step("GET", "/v1.0/applications/{app}"),
    Step("GET", "/v1.0/applications/{app}"),
    Step("PATCH", "/v1.0/applications/{app}", UPDATED_APPLICATION, 204),
    *READ_APPLICATION,
]

DELETE_APPLICATION = [
    Step("DELETE", "/v1.0/applications/{app}", status=204),
    *[Step("GET", "/v1.0/applications/{app}", status=404)] * 3,
]

CHANGE_OWNERS = [
    Step("GET", "/v1.0/applications/{app}/owners"),
    Step("POST", "/v1.0/applications/{app}/owners/$ref", {"@odata.id": OWNER % "other"}, 204),
    Step("DELETE", "/v1.0/applications/{app}/owners/{caller}/$ref", status=204),
    Step("GET", "/v1.0/applications/{app}/owners"),
]

# -- service principals ------------------------------------------------------------------------------------------------


def principal(**changes: Any) -> Json:
    return {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        "accountEnabled": True,
        "alternativeNames": [],
        "appRoleAssignmentRequired": False,
        "description": None,
        "loginUrl": None,
        "notes": None,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": None,
        "samlSingleSignOnSettings": {"relayState": None},
        "tags": [],
    } | changes


READ_PRINCIPAL = [
    Step("GET", "/beta/servicePrincipals/{sp}?$select=samlMetadataUrl"),
    Step("GET", "/v1.0/servicePrincipals/{sp}/owners"),
    Step("GET", "/v1.0/servicePrincipals/{sp}"),
]

CREATE_PRINCIPAL = [
    Step("GET", "/v1.0/servicePrincipals?$filter=appId eq '{client}'"),
    Step(
        "POST",
        "/v1.0/servicePrincipals",
        principal(appId="{client}", description=UPDATING, **{"owners@odata.bind": [OWNER % "caller"]}),
        201,
        keeps="sp",
    ),
    Step("PATCH", "/v1.0/servicePrincipals/{sp}", {"description": None}, 204),
    *READ_PRINCIPAL,
]

UPDATED_PRINCIPAL = principal(notes="Kept by Pulumi", preferredSingleSignOnMode="saml", tags=["HideApp"])
UPDATE_PRINCIPAL = [Step("PATCH", "/v1.0/servicePrincipals/{sp}", UPDATED_PRINCIPAL, 204), *READ_PRINCIPAL]

DELETE_PRINCIPAL = [
    Step("DELETE", "/v1.0/servicePrincipals/{sp}", status=204),
    *[Step("GET", "/v1.0/servicePrincipals/{sp}", status=404)] * 3,
]

# -- certificates ------------------------------------------------------------------------------------------------------


def credentials(*entries: Json) -> Step:
    """The whole list, in a body that names its application, too."""
    return Step("PATCH", "/v1.0/applications/{app}", {"id": "{app}", "keyCredentials": list(entries)}, 204)


def added_certificate(key: str, *present: Json) -> list[Step]:
    """It waits until five reads in a row show it, and then reads."""
    credential = {"keyId": KEY_ID, "type": "AsymmetricX509Cert", "usage": "Verify", "key": key}
    read = Step("GET", "/v1.0/applications/{app}")
    return [read, credentials(*present, credential), *[read] * 5, read]


def removed_certificate(*left: Json) -> list[Step]:
    read = Step("GET", "/v1.0/applications/{app}")
    return [read, credentials(*left), *[read] * 3]
