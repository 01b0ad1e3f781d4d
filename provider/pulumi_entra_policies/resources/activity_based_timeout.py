"""ActivityBasedTimeoutPolicy, as a user writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pulumi

from ..definitions.activity_based_timeout import KIND
from .arguments import DefinitionArgs, DefinitionOutputs, arguments
from .policy import IfExists, OrganizationPolicy


@arguments
class ApplicationTimeoutArgs(DefinitionArgs):
    """The idle timeout of one application, or of all of them.

    Source: https://learn.microsoft.com/graph/api/resources/activitybasedtimeoutpolicy
    """

    application_id: pulumi.Input[str] = pulumi.property("applicationId")
    """Client id of an application that supports it, such as the Azure portal's
    `c44b4083-3bb0-49c1-b47d-974e53cbdf3c`, or `"default"` for all of them."""

    web_session_idle_timeout: pulumi.Input[timedelta | str] = pulumi.property("webSessionIdleTimeout")
    """How long a web session may be idle: a `timedelta`, or `hh:mm:ss`; 5 minutes to 23:59:59."""


@arguments
class ActivityBasedTimeoutDefinitionArgs(DefinitionArgs):
    """The definition of an activity-based timeout policy.

    Source: https://learn.microsoft.com/graph/api/resources/activitybasedtimeoutpolicy
    """

    application_policies: pulumi.Input[
        Sequence[pulumi.Input[ApplicationTimeoutArgs | ApplicationTimeout | Mapping[str, Any]]]
    ] = pulumi.property("applicationPolicies")
    """The idle timeouts, an application at a time."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class ApplicationTimeout(DefinitionOutputs):
    """The idle timeout of an application, as outputs; `hh:mm:ss`."""

    application_id: str | None = pulumi.property("applicationId")
    web_session_idle_timeout: str | None = pulumi.property("webSessionIdleTimeout")


@pulumi.output_type
class ActivityBasedTimeoutDefinition(DefinitionOutputs):
    """The definition as outputs; a property that the policy does not set is None."""

    application_policies: Sequence[ApplicationTimeout] | None = pulumi.property("applicationPolicies")
    version: int | None = pulumi.property("version")


class ActivityBasedTimeoutPolicy(OrganizationPolicy, module="entra-policies", name="ActivityBasedTimeoutPolicy"):
    """An activity-based timeout policy: after how much idleness web sessions end.

    It cannot be assigned, and has no effect unless it is the organisation's default.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`.

    ## Example Usage

    ```python
    import datetime
    import pulumi_entra_policies as entra

    idle = entra.ActivityBasedTimeoutPolicy(
        "idle",
        display_name="Web sessions end after an hour",
        definition=entra.ActivityBasedTimeoutDefinitionArgs(
            application_policies=[
                entra.ApplicationTimeoutArgs(
                    application_id="default", web_session_idle_timeout=datetime.timedelta(hours=1)
                ),
            ],
        ),
        is_organization_default=True,
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/activitybasedtimeoutpolicy
    """

    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[ActivityBasedTimeoutDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[
            ActivityBasedTimeoutDefinitionArgs
            | ActivityBasedTimeoutDefinition
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
        :param definition: `ActivityBasedTimeoutDefinitionArgs`, or any other form that `TokenIssuancePolicy` takes.
        :param pulumi.Input[bool] is_organization_default: Whether the policy is in force; a tenant has one of a kind.
               Default: False, which makes it do nothing, and a warning says so.
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
