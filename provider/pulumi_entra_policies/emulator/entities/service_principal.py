"""Service principals: "servicePrincipal resource type"; the defaults are those that "Create servicePrincipal" prints.

What the application has as well, it copies from there, whenever the application is written.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .application import NAME, TAGS
from .entity import Entity, Properties, given, made
from .shared import (
    ADD_IN,
    APP_ROLE,
    AUDIENCE,
    INFORMATION,
    KEY_CREDENTIAL,
    NO_INFORMATION,
    NOT_VERIFIED,
    PASSWORD_CREDENTIAL,
    SCOPES,
    VERIFIED_PUBLISHER,
)
from .values import BOOLEAN, DATE_TIME, GUID_VALUE, OPTIONAL_TEXT, TEXT, TEXTS, collection, one_of, record, text

SERVICE_PRINCIPAL = Entity(
    "ServicePrincipal",
    {
        "id": made(TEXT, filters="eq ne not in"),
        "deletedDateTime": made(DATE_TIME),
        "accountEnabled": given(BOOLEAN, True, filters="eq ne not in"),
        "addIns": given(collection(ADD_IN), []),
        "alternativeNames": given(TEXTS, [], filters="eq not ge le startswith"),
        "appDescription": made(TEXT),
        "appDisplayName": made(TEXT),
        "appId": given(TEXT, "", filters="eq ne not in startswith"),
        "appOwnerOrganizationId": made(GUID_VALUE, filters="eq ne not ge le", advanced=True),
        "appRoleAssignmentRequired": given(BOOLEAN, False, filters="eq ne not", advanced=True),
        "appRoles": given(collection(APP_ROLE), []),
        "applicationTemplateId": made(TEXT, filters="eq ne not"),
        "createdByAppId": made(TEXT),
        "customSecurityAttributes": given(record()),
        "description": given(text(1024), filters="eq ne not ge le startswith", searches=True, advanced=True),
        "disabledByMicrosoftStatus": made(TEXT, filters="eq ne not"),
        "displayName": given(NAME, filters="eq ne not ge le in startswith", sorts=True, searches=True),
        "homepage": given(TEXT),
        "info": given(INFORMATION, NO_INFORMATION, filters="eq ne not ge le"),
        "isDisabled": given(BOOLEAN),
        "keyCredentials": given(collection(KEY_CREDENTIAL), [], filters="eq not ge le"),
        "loginUrl": given(TEXT),
        "logoutUrl": given(TEXT),
        "notes": given(text(1024)),
        "notificationEmailAddresses": given(TEXTS, []),
        "oauth2PermissionScopes": given(SCOPES, []),
        "passwordCredentials": given(collection(PASSWORD_CREDENTIAL), []),
        "preferredSingleSignOnMode": given(one_of("password", "saml", "notSupported", "oidc")),
        "preferredTokenSigningKeyThumbprint": given(TEXT),
        "replyUrls": given(TEXTS, []),
        "resourceSpecificApplicationPermissions": made(collection(record()), []),
        "samlSingleSignOnSettings": given(record(relayState=OPTIONAL_TEXT)),
        "servicePrincipalNames": given(TEXTS, [], filters="eq not ge le startswith"),
        "servicePrincipalType": made(TEXT, "Application", filters="eq in"),
        "signInAudience": made(AUDIENCE),
        "tags": given(TAGS, [], filters="eq not ge le startswith"),
        "tokenEncryptionKeyId": given(GUID_VALUE),
        "verifiedPublisher": made(VERIFIED_PUBLISHER, NOT_VERIFIED),
    },
    knows_advanced_queries=True,
    navigation=frozenset(
        {
            *("appManagementPolicies", "appRoleAssignedTo", "appRoleAssignments", "claimsMappingPolicies"),
            *("createdObjects", "delegatedPermissionClassifications", "endpoints", "federatedIdentityCredentials"),
            *("homeRealmDiscoveryPolicies", "memberOf", "oauth2PermissionGrants", "ownedObjects", "owners"),
            *("remoteDesktopSecurityConfiguration", "synchronization", "tokenIssuancePolicies"),
            *("tokenLifetimePolicies", "transitiveMemberOf"),
        }
    ),
    # azuread's provider asks beta for it.
    in_beta=frozenset({"samlMetadataUrl"}),
)

COPIED: Mapping[str, Callable[[Properties], Any]] = {
    "appDescription": lambda application: application["description"],
    "appDisplayName": lambda application: application["displayName"],
    "appRoles": lambda application: application["appRoles"],
    "displayName": lambda application: application["displayName"],
    "homepage": lambda application: application["web"]["homePageUrl"],
    "info": lambda application: application["info"],
    "logoutUrl": lambda application: application["web"]["logoutUrl"],
    "oauth2PermissionScopes": lambda application: application["api"]["oauth2PermissionScopes"],
    "replyUrls": lambda application: [
        uri for place in ("web", "spa", "publicClient") for uri in application[place]["redirectUris"]
    ],
    "servicePrincipalNames": lambda application: [*application["identifierUris"], application["appId"]],
    "signInAudience": lambda application: application["signInAudience"],
}


def copied(application: Properties) -> Properties:
    return {name: copy(application) for name, copy in COPIED.items()} | {"tags": application["tags"]}


def following(own: Properties, before: Properties, after: Properties) -> Properties:
    """What becomes of it when its application is written: only what changed there changes here too."""
    changed = {name: copy(after) for name, copy in COPIED.items() if copy(before) != copy(after)}
    # "The value is the union of strings set here and on the associated application entity's tags property."
    others = [tag for tag in own["tags"] if tag not in before["tags"] and tag not in after["tags"]]
    return own | changed | {"tags": [*after["tags"], *others]}
