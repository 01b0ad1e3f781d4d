"""TokenIssuancePolicy: how SAML tokens are signed and shaped.

Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy, which spells one property both
EmitSamlNameFormat and EmitSAMLNameFormat. That it goes on service principals as well is said by
https://learn.microsoft.com/graph/api/tokenissuancepolicy-list-appliesto alone.
"""

from enum import Enum

from .effect import Effect, Said
from .fields import Field
from .kinds import Kind


class SigningAlgorithm(str, Enum):
    """Algorithms that Microsoft Entra signs SAML tokens with."""

    RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


class TokenResponseSigningPolicy(str, Enum):
    """What Microsoft Entra signs: the SAML response, the token in it, or both."""

    RESPONSE_ONLY = "ResponseOnly"
    TOKEN_ONLY = "TokenOnly"  # noqa: S105 - the value's name, no secret
    RESPONSE_AND_TOKEN = "ResponseAndToken"  # noqa: S105 - likewise


KIND = Kind(
    name="TokenIssuancePolicy",
    collection="tokenIssuancePolicies",
    noun="token issuance policy",
    reference="https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy",
    targets=("applications", "servicePrincipals"),
    effect=Effect(
        source="https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy",
        gap="Microsoft does not document which token issuance policy comes first, the application's own or the service "
        "principal's own; its pages contradict each other on which of the two can have one.",
        built_in=Said(
            "SAML is signed with SHA-256, for most gallery applications the assertion alone. Microsoft documents no "
            "default of SamlTokenVersion and EmitSamlNameFormat.",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/certificate-signing-options",
        ),
        also=(
            Said(
                "It is about SAML tokens alone.", "https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy"
            ),
        ),
    ),
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field("SigningAlgorithm", "string", "Algorithm that signs SAML tokens.", allowed=SigningAlgorithm),
        Field("SamlTokenVersion", "string", "Version of the SAML token.", allowed=("1.1", "2.0")),
        Field(
            "TokenResponseSigningPolicy",
            "string",
            "What is signed: the response, the token in it, or both.",
            allowed=TokenResponseSigningPolicy,
        ),
        Field("EmitSamlNameFormat", "boolean", "Whether attributes in the SAML token carry a NameFormat."),
    ),
)
