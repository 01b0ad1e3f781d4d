"""HomeRealmDiscoveryPolicy, as a user writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..definitions.home_realm_discovery import KIND
from .arguments import DefinitionArgs, DefinitionOutputs, arguments
from .policy import IfExists, OrganizationPolicy


@arguments
class AlternateIdLoginArgs(DefinitionArgs):
    """Sign-in with email as an alternate login id.

    Source: https://learn.microsoft.com/entra/identity/authentication/howto-authentication-use-email-signin
    """

    enabled: pulumi.Input[bool] = pulumi.property("enabled")
    """Whether users sign in with their email address."""


@arguments
class DomainHintPolicyArgs(DefinitionArgs):
    """Which domain hints of applications are heeded. What respects a hint beats what ignores it.

    Source: https://learn.microsoft.com/entra/identity/enterprise-apps/prevent-domain-hints-with-home-realm-discovery
    """

    ignore_domain_hint_for_domains: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "ignoreDomainHintForDomains", default=None
    )
    """Domains whose hints are ignored; `"*"` for all."""

    respect_domain_hint_for_domains: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "respectDomainHintForDomains", default=None
    )
    """Domains whose hints are heeded."""

    ignore_domain_hint_for_apps: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "ignoreDomainHintForApps", default=None
    )
    """Client ids of applications whose hints are ignored; `"*"` for all."""

    respect_domain_hint_for_apps: pulumi.Input[Sequence[pulumi.Input[str]]] | None = pulumi.property(
        "respectDomainHintForApps", default=None
    )
    """Client ids of applications whose hints are heeded."""


@arguments
class HomeRealmDiscoveryDefinitionArgs(DefinitionArgs):
    """The definition of a home realm discovery policy.

    Source: https://learn.microsoft.com/graph/api/resources/homerealmdiscoverypolicy
    """

    accelerate_to_federated_domain: pulumi.Input[bool] | None = pulumi.property(
        "accelerateToFederatedDomain", default=None
    )
    """Whether users are sent to their federated identity provider without being asked for a user name."""

    preferred_domain: pulumi.Input[str] | None = pulumi.property("preferredDomain", default=None)
    """The federated domain they are sent to, such as `federated.example.edu`; needed if the tenant has several."""

    allow_cloud_password_validation: pulumi.Input[bool] | None = pulumi.property(
        "allowCloudPasswordValidation", default=None
    )
    """Whether an application may send a federated user's name and password to Microsoft Entra itself."""

    alternate_id_login: pulumi.Input[AlternateIdLoginArgs | AlternateIdLogin | Mapping[str, Any]] | None = (
        pulumi.property("alternateIdLogin", default=None)
    )
    """Sign-in with email as an alternate login id. In the organisation's default only."""

    domain_hint_policy: pulumi.Input[DomainHintPolicyArgs | DomainHintPolicy | Mapping[str, Any]] | None = (
        pulumi.property("domainHintPolicy", default=None)
    )
    """Which domain hints of applications are heeded. In the organisation's default only."""


@pulumi.output_type
class AlternateIdLogin(DefinitionOutputs):
    """Sign-in with email, as outputs."""

    enabled: bool | None = pulumi.property("enabled")


@pulumi.output_type
class DomainHintPolicy(DefinitionOutputs):
    """Domain hints, as outputs; a property that the policy does not set is None."""

    ignore_domain_hint_for_domains: Sequence[str] | None = pulumi.property("ignoreDomainHintForDomains")
    respect_domain_hint_for_domains: Sequence[str] | None = pulumi.property("respectDomainHintForDomains")
    ignore_domain_hint_for_apps: Sequence[str] | None = pulumi.property("ignoreDomainHintForApps")
    respect_domain_hint_for_apps: Sequence[str] | None = pulumi.property("respectDomainHintForApps")


@pulumi.output_type
class HomeRealmDiscoveryDefinition(DefinitionOutputs):
    """The definition as outputs; a property that the policy does not set is None."""

    accelerate_to_federated_domain: bool | None = pulumi.property("accelerateToFederatedDomain")
    preferred_domain: str | None = pulumi.property("preferredDomain")
    allow_cloud_password_validation: bool | None = pulumi.property("allowCloudPasswordValidation")
    alternate_id_login: AlternateIdLogin | None = pulumi.property("alternateIdLogin")
    domain_hint_policy: DomainHintPolicy | None = pulumi.property("domainHintPolicy")


class HomeRealmDiscoveryPolicy(OrganizationPolicy, module="entra-policies", name="HomeRealmDiscoveryPolicy"):
    """A home realm discovery policy: where federated users are sent to sign in.

    It has no effect until it is assigned to a service principal, with `PolicyAssignment`, or made the organisation's
    default, which a service principal's own policy beats.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; to delete, `Application.Read.All`, to
    ask first who still uses the policy.

    ## Example Usage

    ```python
    import pulumi_entra_policies as entra

    straight = entra.HomeRealmDiscoveryPolicy(
        "portal-realm",
        display_name="Portal: straight to our identity provider",
        definition=entra.HomeRealmDiscoveryDefinitionArgs(
            accelerate_to_federated_domain=True,
            preferred_domain="federated.example.edu",
        ),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/homerealmdiscoverypolicy
    """

    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[HomeRealmDiscoveryDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[
            HomeRealmDiscoveryDefinitionArgs
            | HomeRealmDiscoveryDefinition
            | Mapping[str, Any]
            | Sequence[pulumi.Input[str]]
            | str
        ],
        is_organization_default: pulumi.Input[bool] | None = None,
        if_exists: pulumi.Input[IfExists] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        accept_warnings: Sequence[str] | None = None,
    ) -> None:
        """
        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param pulumi.Input[str] display_name: The policy's name in the tenant. Required, not empty, not unique.
        :param definition: `HomeRealmDiscoveryDefinitionArgs`, or any other form that `TokenIssuancePolicy` takes.
        :param pulumi.Input[bool] is_organization_default: Whether it applies to every service principal that has no
               policy of its own. A tenant has one default of a kind. Default: False.
        :param pulumi.Input[str] if_exists: As for `TokenIssuancePolicy`.
        :param pulumi.Input[bool] force_destroy: As for `TokenIssuancePolicy`.
        :param accept_warnings: Warnings that are meant, and not to be given on this resource: the paths that they begin
               with, such as `"definition.max_inactive_time"`, or that in camelCase; for an item of a list with its
               index, or without for every item. One that names nothing is an error. Default: none.
        """
        super().__init__(
            resource_name,
            opts,
            display_name=display_name,
            definition=definition,
            if_exists=if_exists,
            force_destroy=force_destroy,
            accept_warnings=accept_warnings,
            isOrganizationDefault=is_organization_default,
        )
