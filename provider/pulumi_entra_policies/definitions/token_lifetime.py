"""TokenLifetimePolicy: how long access tokens live.

Source: https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy and
https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .fields import Field
from .kinds import Kind
from .values import Problem

_RETIRED = "is ignored by the service since 2021-01-30; use Conditional Access sign-in frequency instead"


def _doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterator[Problem]:
    if organization_default is True:
        yield Problem(
            "isOrganizationDefault",
            "applies to every application of the tenant, also to those with a token lifetime policy of their own: "
            "the organisation's default beats it",
        )


KIND = Kind(
    name="TokenLifetimePolicy",
    collection="tokenLifetimePolicies",
    noun="token lifetime policy",
    reference="https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy",
    targets=("applications", "servicePrincipals"),
    has_default=True,
    doubts=_doubts,
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field(
            "AccessTokenLifetime",
            "duration",
            "How long an access, ID or SAML token is valid; the service's own default is 60 to 90 minutes.",
            within=("00:10:00", "23:59:59"),
        ),
        *(
            Field(name, "string", "Retired: ignored by the service since 2021-01-30.", warning=_RETIRED)
            for name in (
                "MaxInactiveTime",
                "MaxAgeSingleFactor",
                "MaxAgeMultiFactor",
                "MaxAgeSessionSingleFactor",
                "MaxAgeSessionMultiFactor",
            )
        ),
    ),
)
