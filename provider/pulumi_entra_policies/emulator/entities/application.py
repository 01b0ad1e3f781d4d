"""Applications: "application resource type" has properties, lengths, enumerations and what $filter may use.

The defaults are those that "Create application" prints.
"""

import re
from typing import Any

from .. import refusals
from .entity import Entity, Properties, given, made, required
from .shared import (
    ADD_IN,
    APP_ROLE,
    AUDIENCE,
    INFORMATION,
    KEY_CREDENTIAL,
    NO_INFORMATION,
    NOT_VERIFIED,
    PARENTAL_CONTROL,
    PASSWORD_CREDENTIAL,
    REDIRECT_INDEX,
    SCOPES,
    VERIFIED_PUBLISHER,
)
from .values import (
    BOOLEAN,
    DATE_TIME,
    GUID_VALUE,
    OPTIONAL_TEXT,
    TEXT,
    TEXTS,
    Type,
    collection,
    matching,
    nullable,
    one_of,
    record,
    text,
)

# Blank is refused (open). "application resource type" gives no length.
NAME = matching(re.compile(r"(?s).*\S.*"))
# "Validation differences by supported account types".
IDENTIFIER_URIS = collection(text(255, shortest=1), distinct=True)
IDENTIFIER_URIS_OF_PERSONAL_ACCOUNTS = collection(text(120), 50)
TAGS = collection(text(256, shortest=1))  # open: the page gives no length
# One of these, or several with commas between them (seen: azuread sends them so).
GROUP_CLAIM = "None|SecurityGroup|DirectoryRole|ApplicationGroup|All"
GROUP_CLAIMS = matching(re.compile(rf"({GROUP_CLAIM})(,\s?({GROUP_CLAIM}))*"))

API = record(
    acceptMappedClaims=nullable(BOOLEAN),
    knownClientApplications=collection(GUID_VALUE),
    oauth2PermissionScopes=SCOPES,
    preAuthorizedApplications=collection(record(appId=OPTIONAL_TEXT, delegatedPermissionIds=TEXTS)),
    requestedAccessTokenVersion=Type("number", lambda value: value in (None, 1, 2) and not isinstance(value, bool)),
)
WEB = record(
    homePageUrl=OPTIONAL_TEXT,
    implicitGrantSettings=nullable(
        record(enableAccessTokenIssuance=nullable(BOOLEAN), enableIdTokenIssuance=nullable(BOOLEAN))
    ),
    logoutUrl=OPTIONAL_TEXT,
    redirectUriSettings=collection(REDIRECT_INDEX),
    redirectUris=TEXTS,
)
REDIRECTS = record(redirectUris=TEXTS)
OPTIONAL_CLAIM = collection(
    record(additionalProperties=TEXTS, essential=BOOLEAN, name=TEXT, source=OPTIONAL_TEXT),
)
OPTIONAL_CLAIMS = record(accessToken=OPTIONAL_CLAIM, idToken=OPTIONAL_CLAIM, saml2Token=OPTIONAL_CLAIM)
RESOURCE_ACCESS = collection(record(id=GUID_VALUE, type=nullable(one_of("Role", "Scope"))))
# "No more than 50 resource services", "must not exceed 400" permissions in all.
REQUIRED_ACCESS = collection(record(resourceAccess=RESOURCE_ACCESS, resourceAppId=TEXT), 50)
MOST_PERMISSIONS = 400

PERSONAL = ("AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount")

APPLICATION = Entity(
    "Application",
    {
        "id": made(TEXT, filters="eq ne not in"),
        "deletedDateTime": made(DATE_TIME),
        "addIns": given(collection(ADD_IN), []),
        "api": given(
            API,
            {
                "acceptMappedClaims": None,
                "knownClientApplications": [],
                "oauth2PermissionScopes": [],
                "preAuthorizedApplications": [],
                "requestedAccessTokenVersion": None,
            },
        ),
        # The page says eq alone; `in` works as for service principals (open).
        "appId": made(TEXT, filters="eq in"),
        "appRoles": given(collection(APP_ROLE), []),
        "applicationTemplateId": made(TEXT, filters="eq ne not"),
        "authenticationBehaviors": given(
            record(
                blockAzureADGraphAccess=nullable(BOOLEAN),
                coopEnforcement=nullable(BOOLEAN),
                removeUnverifiedEmailClaim=nullable(BOOLEAN),
                requireClientServicePrincipal=nullable(BOOLEAN),
            )
        ),
        "certification": made(record(isPublisherAttested=nullable(BOOLEAN))),
        "createdByAppId": made(TEXT),
        "createdDateTime": made(DATE_TIME, filters="eq ne not ge le in", sorts=True, advanced=True),
        "defaultRedirectUri": given(TEXT),
        "description": given(text(1024), filters="eq ne not ge le startswith", searches=True, advanced=True),
        "disabledByMicrosoftStatus": made(TEXT, filters="eq ne not"),
        "displayName": required(NAME, filters="eq ne not ge le in startswith", sorts=True, searches=True),
        "groupMembershipClaims": given(GROUP_CLAIMS),
        "identifierUris": given(IDENTIFIER_URIS, [], filters="eq ne ge le startswith"),
        "info": given(INFORMATION, NO_INFORMATION, filters="eq ne not ge le"),
        "isDeviceOnlyAuthSupported": given(BOOLEAN),
        "isDisabled": given(BOOLEAN),
        "isFallbackPublicClient": given(BOOLEAN),
        "keyCredentials": given(collection(KEY_CREDENTIAL), [], filters="eq not ge le"),
        "logo": made(TEXT),
        "nativeAuthenticationApisEnabled": given(one_of("none", "all")),
        # The page gives the length for service principals alone (open).
        "notes": given(text(1024)),
        "oauth2RequirePostResponse": given(BOOLEAN, False),
        "optionalClaims": given(OPTIONAL_CLAIMS),
        "parentalControlSettings": given(
            PARENTAL_CONTROL, {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"}
        ),
        "passwordCredentials": given(collection(PASSWORD_CREDENTIAL), []),
        "publicClient": given(REDIRECTS, {"redirectUris": []}, filters="eq"),
        "publisherDomain": made(TEXT, filters="eq ne ge le startswith"),
        "requestSignatureVerification": given(
            record(allowedWeakAlgorithms=nullable(one_of("rsaSha1")), isSignedRequestRequired=nullable(BOOLEAN))
        ),
        "requiredResourceAccess": given(REQUIRED_ACCESS, [], filters="eq not ge le"),
        "samlMetadataUrl": given(TEXT),
        "serviceManagementReference": given(TEXT),
        "servicePrincipalLockConfiguration": given(
            record(
                allProperties=nullable(BOOLEAN),
                credentialsWithUsageSign=nullable(BOOLEAN),
                credentialsWithUsageVerify=nullable(BOOLEAN),
                isEnabled=BOOLEAN,
                tokenEncryptionKeyId=nullable(BOOLEAN),
            )
        ),
        "signInAudience": given(AUDIENCE, "AzureADMyOrg", filters="eq ne not"),
        "spa": given(REDIRECTS, {"redirectUris": []}, filters="eq"),
        "tags": given(TAGS, [], filters="eq not ge le startswith", searches=True),
        "tokenEncryptionKeyId": given(GUID_VALUE),
        "uniqueName": given(TEXT, filters="eq"),
        "verifiedPublisher": made(VERIFIED_PUBLISHER, NOT_VERIFIED),
        "web": given(
            WEB,
            {
                "homePageUrl": None,
                "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
                "logoutUrl": None,
                "redirectUriSettings": [],
                "redirectUris": [],
            },
            filters="eq",
        ),
    },
    knows_advanced_queries=True,
    navigation=frozenset(
        {
            *("appManagementPolicies", "createdOnBehalfOf", "extensionProperties", "federatedIdentityCredentials"),
            *("homeRealmDiscoveryPolicies", "managerApplications", "owners", "synchronization"),
            *("tokenIssuancePolicies", "tokenLifetimePolicies"),
        }
    ),
)


def check(application: Properties) -> None:
    """What no property alone breaks."""
    access = application["requiredResourceAccess"]
    if sum(len(one.get("resourceAccess", ())) for one in access) > MOST_PERMISSIONS:
        raise refusals.invalid_value("requiredResourceAccess")
    if application["signInAudience"] not in PERSONAL:
        return
    if not IDENTIFIER_URIS_OF_PERSONAL_ACCOUNTS.accepts(application["identifierUris"]):
        raise refusals.invalid_value("identifierUris")
    # "apiApplication resource type": "must be 2" for these.
    if application["api"]["requestedAccessTokenVersion"] != 2:
        raise refusals.invalid_value("api")


def check_entitlements(before: Properties, after: Properties) -> None:
    """An enabled role or scope stays as it is until it has been disabled (seen, on every way to write them)."""
    for kept in (_roles, _scopes):
        now = {one.get("id"): one for one in kept(after)}
        for one in kept(before):
            changed = now.get(one.get("id"))
            if one.get("isEnabled") and changed != one and changed != {**one, "isEnabled": False}:
                raise refusals.enabled_entitlement()


def _roles(application: Properties) -> list[Any]:
    return list(application["appRoles"])


def _scopes(application: Properties) -> list[Any]:
    return list(application["api"]["oauth2PermissionScopes"])
