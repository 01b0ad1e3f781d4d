"""The complex types that applications and service principals have in common.

From the metadata and the pages "keyCredential resource type", "appRole resource type" and so on.
"""

from .values import (
    BINARY,
    BOOLEAN,
    DATE_TIME,
    GUID_VALUE,
    NUMBER,
    OPTIONAL_TEXT,
    TEXT,
    TEXTS,
    Type,
    collection,
    nullable,
    one_of,
    record,
)

ADD_IN = record(id=GUID_VALUE, type=TEXT, properties=collection(record(key=OPTIONAL_TEXT, value=OPTIONAL_TEXT)))

APP_ROLE = record(
    allowedMemberTypes=collection(one_of("User", "Application")),
    description=OPTIONAL_TEXT,
    displayName=OPTIONAL_TEXT,
    id=GUID_VALUE,
    isEnabled=BOOLEAN,
    origin=OPTIONAL_TEXT,
    value=OPTIONAL_TEXT,
)

PERMISSION_SCOPE = record(
    adminConsentDescription=OPTIONAL_TEXT,
    adminConsentDisplayName=OPTIONAL_TEXT,
    id=GUID_VALUE,
    isEnabled=BOOLEAN,
    origin=OPTIONAL_TEXT,
    type=nullable(one_of("User", "Admin")),
    userConsentDescription=OPTIONAL_TEXT,
    userConsentDisplayName=OPTIONAL_TEXT,
    value=OPTIONAL_TEXT,
)

KEY_CREDENTIAL = record(
    customKeyIdentifier=nullable(BINARY),
    displayName=OPTIONAL_TEXT,
    endDateTime=nullable(DATE_TIME),
    key=nullable(BINARY),
    keyId=nullable(GUID_VALUE),
    startDateTime=nullable(DATE_TIME),
    type=nullable(one_of("AsymmetricX509Cert", "Symmetric", "X509CertAndPassword")),
    usage=nullable(one_of("Sign", "Verify", "Encrypt")),
)

PASSWORD_CREDENTIAL = record(
    customKeyIdentifier=nullable(BINARY),
    displayName=OPTIONAL_TEXT,
    endDateTime=nullable(DATE_TIME),
    hint=OPTIONAL_TEXT,
    keyId=nullable(GUID_VALUE),
    secretText=OPTIONAL_TEXT,
    startDateTime=nullable(DATE_TIME),
)

INFORMATION = record(
    logoUrl=OPTIONAL_TEXT,
    marketingUrl=OPTIONAL_TEXT,
    privacyStatementUrl=OPTIONAL_TEXT,
    supportUrl=OPTIONAL_TEXT,
    termsOfServiceUrl=OPTIONAL_TEXT,
)
NO_INFORMATION = dict.fromkeys(INFORMATION.properties)

VERIFIED_PUBLISHER = record(
    addedDateTime=nullable(DATE_TIME), displayName=OPTIONAL_TEXT, verifiedPublisherId=OPTIONAL_TEXT
)
NOT_VERIFIED = dict.fromkeys(VERIFIED_PUBLISHER.properties)

SCOPES = collection(PERMISSION_SCOPE)
AUDIENCE: Type = one_of(
    "AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"
)
PARENTAL_CONTROL = record(countriesBlockedForMinors=TEXTS, legalAgeGroupRule=OPTIONAL_TEXT)
REDIRECT_INDEX = record(uri=OPTIONAL_TEXT, index=nullable(NUMBER))
