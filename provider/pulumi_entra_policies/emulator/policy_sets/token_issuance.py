"""What SAML tokens look like and how they are signed."""

from .checks import boolean, one_of
from .policy_set import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

# "tokenIssuancePolicy resource type" gives keys and values; EmitSamlNameFormat is seen on live tenants.
# "Assign tokenIssuancePolicy" names applications; service principals are in the metadata only (open).
# One per object: seen on live tenants.
TOKEN_ISSUANCE = PolicySet(
    "tokenIssuancePolicies",
    "TokenIssuancePolicy",
    targets=(APPLICATIONS, SERVICE_PRINCIPALS),
    checks={
        "TokenResponseSigningPolicy": one_of("ResponseOnly", "TokenOnly", "ResponseAndToken"),
        "SamlTokenVersion": one_of("1.1", "2.0"),
        "SigningAlgorithm": one_of(
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        ),
        "EmitSamlNameFormat": boolean,
    },
)
