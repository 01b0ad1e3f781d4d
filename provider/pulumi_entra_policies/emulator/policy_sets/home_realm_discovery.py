"""Where users sign in: at Entra, or at the identity provider that their domain is federated with."""

from .checks import boolean, list_of, record, text
from .policy_set import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

# "Disable auto-acceleration sign-in" has the keys.
DOMAIN_HINTS = (
    "IgnoreDomainHintForDomains",
    "RespectDomainHintForDomains",
    "IgnoreDomainHintForApps",
    "RespectDomainHintForApps",
)

# "homeRealmDiscoveryPolicy resource type": the definition has no Version.
# "Assign homeRealmDiscoveryPolicy": to service principals, one per object. On applications it is in the metadata only.
HOME_REALM_DISCOVERY = PolicySet(
    "homeRealmDiscoveryPolicies",
    "HomeRealmDiscoveryPolicy",
    targets=(SERVICE_PRINCIPALS,),
    shown_on=(APPLICATIONS,),
    requires_version=False,
    honours_default=True,
    checks={
        "AccelerateToFederatedDomain": boolean,
        "PreferredDomain": text,
        "AllowCloudPasswordValidation": boolean,
        "AlternateIdLogin": record({"Enabled": boolean}),
        "DomainHintPolicy": record(dict.fromkeys(DOMAIN_HINTS, list_of(text))),
    },
)
