"""TokenLifetimePolicy, as a user writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pulumi

from ..definitions.token_lifetime import KIND
from .arguments import DefinitionArgs, DefinitionOutputs, arguments
from .policy import IfExists, OrganizationPolicy


@arguments
class TokenLifetimeDefinitionArgs(DefinitionArgs):
    """The definition of a token lifetime policy.

    Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
    """

    access_token_lifetime: pulumi.Input[timedelta | str] | None = pulumi.property("accessTokenLifetime", default=None)
    """How long access, ID and SAML tokens are valid: a `timedelta`, or `hh:mm:ss`; 10 minutes to 23:59:59.
    The service's own default is 60 to 90 minutes."""

    max_inactive_time: pulumi.Input[str] | None = pulumi.property("maxInactiveTime", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_single_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSingleFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_multi_factor: pulumi.Input[str] | None = pulumi.property("maxAgeMultiFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_session_single_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSessionSingleFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_session_multi_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSessionMultiFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class TokenLifetimeDefinition(DefinitionOutputs):
    """The definition as outputs, durations as `hh:mm:ss`; a property that the policy does not set is None."""

    access_token_lifetime: str | None = pulumi.property("accessTokenLifetime")
    max_inactive_time: str | None = pulumi.property("maxInactiveTime")
    max_age_single_factor: str | None = pulumi.property("maxAgeSingleFactor")
    max_age_multi_factor: str | None = pulumi.property("maxAgeMultiFactor")
    max_age_session_single_factor: str | None = pulumi.property("maxAgeSessionSingleFactor")
    max_age_session_multi_factor: str | None = pulumi.property("maxAgeSessionMultiFactor")
    version: int | None = pulumi.property("version")


class TokenLifetimePolicy(OrganizationPolicy, module="entra-policies", name="TokenLifetimePolicy"):
    """A token lifetime policy: how long the tokens of an application live.

    It has no effect until it is assigned to an application or service principal, with `PolicyAssignment`, or made the
    organisation's default, which beats whatever is assigned.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; to delete, `Application.Read.All`, to
    ask first who still uses the policy.

    ## Example Usage

    ```python
    import datetime
    import pulumi_entra_policies as entra

    short = entra.TokenLifetimePolicy(
        "portal-lifetime",
        display_name="Portal tokens live two hours",
        definition=entra.TokenLifetimeDefinitionArgs(access_token_lifetime=datetime.timedelta(hours=2)),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy
    """

    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[TokenLifetimeDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[
            TokenLifetimeDefinitionArgs
            | TokenLifetimeDefinition
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
        :param definition: `TokenLifetimeDefinitionArgs`, or any other form that `TokenIssuancePolicy` takes.
        :param pulumi.Input[bool] is_organization_default: Whether it applies to every application of the tenant, also
               to those with a policy of their own. A tenant has one default of a kind. Default: False.
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
