"""TokenLifetimePolicy: how long access tokens live.

Source: https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy and
https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
"""

from .fields import Field
from .kinds import Kind

_RETIRED = "is ignored by the service since 2021-01-30; use Conditional Access sign-in frequency instead"

TOKEN_LIFETIME = Kind(
    name="TokenLifetimePolicy",
    collection="tokenLifetimePolicies",
    noun="token lifetime policy",
    targets=("applications", "servicePrincipals"),
    reference="https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy",
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field(
            "AccessTokenLifetime",
            "duration",
            "How long an access, ID or SAML token is valid.",
            within=("00:10:00", "23:59:59"),
        ),
        Field("MaxInactiveTime", "string", "Retired.", warning=_RETIRED),
        Field("MaxAgeSingleFactor", "string", "Retired.", warning=_RETIRED),
        Field("MaxAgeMultiFactor", "string", "Retired.", warning=_RETIRED),
        Field("MaxAgeSessionSingleFactor", "string", "Retired.", warning=_RETIRED),
        Field("MaxAgeSessionMultiFactor", "string", "Retired.", warning=_RETIRED),
    ),
)
