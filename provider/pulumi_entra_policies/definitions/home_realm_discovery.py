"""HomeRealmDiscoveryPolicy: where federated users are sent to sign in. Its definition has no Version.

Source: https://learn.microsoft.com/graph/api/resources/homerealmdiscoverypolicy and
https://learn.microsoft.com/entra/identity/enterprise-apps/prevent-domain-hints-with-home-realm-discovery
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .effect import ORGANIZATION, Effect, Said
from .fields import Field, Shape
from .kinds import Kind
from .values import Problem, is_known

_DISCOVERY = "https://learn.microsoft.com/entra/identity/enterprise-apps/home-realm-discovery-policy"


def _doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterator[Problem]:
    if is_known(organization_default) and not organization_default:
        for name in ("alternateIdLogin", "domainHintPolicy"):
            if name in bag:
                reason = "is ignored by the service unless is_organization_default is true"
                yield Problem(f"definition.{name}", reason)


KIND = Kind(
    name="HomeRealmDiscoveryPolicy",
    collection="homeRealmDiscoveryPolicies",
    noun="home realm discovery policy",
    reference="https://learn.microsoft.com/graph/api/resources/homerealmdiscoverypolicy",
    targets=("servicePrincipals",),
    has_default=True,
    doubts=_doubts,
    effect=Effect(
        order=("servicePrincipals", ORGANIZATION),
        source=_DISCOVERY,
        built_in=Said(
            "Users type their name on Microsoft Entra's page, and are sent to where the domain in it signs in.",
            _DISCOVERY,
        ),
        also=(
            Said(
                "A domain hint in the sign-in request comes before any of it, unless the organisation's default says "
                "to ignore that.",
                _DISCOVERY,
            ),
        ),
        tenant_wide=("alternateIdLogin", "domainHintPolicy"),
    ),
    fields=(
        Field(
            "AccelerateToFederatedDomain",
            "boolean",
            "Whether users are sent to their federated identity provider without being asked for a user name.",
        ),
        Field(
            "PreferredDomain",
            "string",
            "The federated domain they are sent to; needed if the tenant has several.",
        ),
        Field(
            "AllowCloudPasswordValidation",
            "boolean",
            "Whether an application may send a federated user's name and password to Microsoft Entra itself.",
        ),
        Field(
            "AlternateIdLogin",
            Shape(
                "AlternateIdLogin",
                (Field("Enabled", "boolean", "Whether users sign in with their email address.", required=True),),
            ),
            "Sign-in with email as an alternate login id. In the organisation's default only.",
        ),
        Field(
            "DomainHintPolicy",
            Shape(
                "DomainHintPolicy",
                (
                    Field("IgnoreDomainHintForDomains", "string", "Domains whose hints are ignored.", many=True),
                    Field("RespectDomainHintForDomains", "string", "Domains whose hints are heeded.", many=True),
                    Field(
                        "IgnoreDomainHintForApps",
                        "string",
                        "Client ids of applications whose hints are ignored.",
                        many=True,
                    ),
                    Field(
                        "RespectDomainHintForApps",
                        "string",
                        "Client ids of applications whose hints are heeded.",
                        many=True,
                    ),
                ),
            ),
            "Which domain hints of applications are heeded. In the organisation's default only.",
        ),
    ),
)
