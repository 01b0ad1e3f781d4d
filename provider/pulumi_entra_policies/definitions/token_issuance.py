"""TokenIssuancePolicy: how SAML tokens are signed and shaped.

Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy, which spells one property both
EmitSamlNameFormat and EmitSAMLNameFormat.
"""

from .fields import Field
from .kinds import Kind

RESPONSE_ONLY = "ResponseOnly"
TOKEN_ONLY = "TokenOnly"  # noqa: S105 - the value's name, no secret
RESPONSE_AND_TOKEN = "ResponseAndToken"  # noqa: S105 - likewise
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"

TOKEN_ISSUANCE = Kind(
    name="TokenIssuancePolicy",
    collection="tokenIssuancePolicies",
    noun="token issuance policy",
    targets=("applications", "servicePrincipals"),
    reference="https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy",
    fields=(
        Field(
            "Version",
            "integer",
            "Version of the definition's format.",
            allowed=(1,),
            default=1,
            required=True,
        ),
        Field(
            "SigningAlgorithm",
            "string",
            "Algorithm that signs SAML tokens.",
            allowed=(RSA_SHA256, RSA_SHA1),
        ),
        Field("SamlTokenVersion", "string", "Version of the SAML token.", allowed=("1.1", "2.0")),
        Field(
            "TokenResponseSigningPolicy",
            "string",
            "What is signed: the response, the token in it, or both.",
            allowed=(RESPONSE_ONLY, TOKEN_ONLY, RESPONSE_AND_TOKEN),
        ),
        Field("EmitSamlNameFormat", "boolean", "Whether attributes in the SAML token carry a NameFormat."),
    ),
)
