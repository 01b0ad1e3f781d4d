"""TokenLifetimePolicy: how long access tokens live.

Source: https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy and
https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .effect import ORGANIZATION, Effect, Excepted, Said
from .fields import Field
from .kinds import Kind
from .values import Problem

_LIFETIMES = "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes"
_RETIRED = tuple(
    Field(
        name,
        "string",
        "Retired: ignored by the service since 2021-01-30.",
        warning="is ignored by the service since 2021-01-30; use Conditional Access sign-in frequency instead",
    )
    for name in (
        "MaxInactiveTime",
        "MaxAgeSingleFactor",
        "MaxAgeMultiFactor",
        "MaxAgeSessionSingleFactor",
        "MaxAgeSessionMultiFactor",
    )
)


def _doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterator[Problem]:
    if organization_default is True:
        yield Problem(
            "isOrganizationDefault",
            "applies to every application of the tenant, also to those with a token lifetime policy of their own: "
            "the organisation's default beats it",
        )


def _share(bag: Mapping[str, Any], client_id: str) -> Mapping[str, Any]:
    """Without what is ignored."""
    retired = [field.wire for field in _RETIRED]
    return {name: value for name, value in bag.items() if name not in retired}


KIND = Kind(
    name="TokenLifetimePolicy",
    collection="tokenLifetimePolicies",
    noun="token lifetime policy",
    reference="https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy",
    targets=("applications", "servicePrincipals"),
    has_default=True,
    doubts=_doubts,
    effect=Effect(
        order=(ORGANIZATION, "applications"),
        source=_LIFETIMES,
        gap="Microsoft does not document where a service principal's own token lifetime policy stands: its page has "
        "the organisation's default before the application's own, and earlier versions of the page had the service "
        "principal's own before both.",
        built_in=Said(
            "Access tokens live 60 to 90 minutes, at random, 75 on average; ID and SAML tokens one hour.", _LIFETIMES
        ),
        also=(
            Said(
                "Access tokens follow the policies of the application that is accessed, not of the one that asks for "
                "them.",
                _LIFETIMES,
            ),
            Said(
                "Where client and resource support continuous access evaluation, access tokens may live up to "
                "28 hours.",
                _LIFETIMES,
            ),
            Said(
                "How often users have to sign in is decided by Conditional Access (sign-in frequency), not by this.",
                "https://learn.microsoft.com/entra/identity/conditional-access/howto-conditional-access-session-lifetime",
            ),
        ),
        excepted=(
            Excepted(
                "Microsoft does not support token lifetimes for managed identities.",
                _LIFETIMES,
                "servicePrincipalType",
                ("ManagedIdentity",),
            ),
            Excepted(
                "Microsoft does not support token lifetimes for applications with personal Microsoft accounts.",
                _LIFETIMES,
                "signInAudience",
                ("AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"),
            ),
        ),
        share=_share,
    ),
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field(
            "AccessTokenLifetime",
            "duration",
            "How long an access, ID or SAML token is valid; the service's own default is 60 to 90 minutes.",
            within=("00:10:00", "23:59:59"),
        ),
        *_RETIRED,
    ),
)
