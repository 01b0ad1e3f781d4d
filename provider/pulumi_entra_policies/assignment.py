"""The assignment of a policy to an application or service principal, as a user writes it."""

from __future__ import annotations

from typing import Any

import pulumi

from .policies import EntraResource, Policy


class PolicyAssignment(EntraResource, module="entra-policies", name="PolicyAssignment"):
    """Assigns a policy to an application or a service principal.

    Graph allows one policy of a kind per object. The resource's id is that slot, for example
    `applications/<object id>/tokenIssuancePolicies`: another policy in it is an update, another target a replacement.

    ## Permissions

    `Policy.Read.All`, and `Application.ReadWrite.OwnedBy` for targets that the caller owns, else
    `Application.ReadWrite.All`.

    ## Example Usage

    ```python
    import pulumi_azuread as azuread
    import pulumi_entra_policies as entra

    portal = azuread.Application("portal", display_name="Portal")
    saml = entra.TokenIssuancePolicy(
        "portal-saml",
        display_name="Portal SAML tokens",
        definition=entra.TokenIssuanceDefinitionArgs(saml_token_version="2.0"),
    )
    entra.PolicyAssignment("portal-saml", policy=saml, application_id=portal.object_id)
    ```

    Source: https://learn.microsoft.com/graph/api/application-post-tokenissuancepolicies
    """

    @property
    @pulumi.getter(name="policyId")
    def policy_id(self) -> pulumi.Output[str]:
        """The id of the policy, a GUID."""
        return self._output("policyId")

    @property
    @pulumi.getter(name="policyType")
    def policy_type(self) -> pulumi.Output[str]:
        """The policy's kind, such as `TokenIssuancePolicy`."""
        return self._output("policyType")

    @property
    @pulumi.getter(name="applicationId")
    def application_id(self) -> pulumi.Output[str | None]:
        """The application's object id, a GUID; None if the target is a service principal."""
        return self._output("applicationId")

    @property
    @pulumi.getter(name="servicePrincipalId")
    def service_principal_id(self) -> pulumi.Output[str | None]:
        """The service principal's object id, a GUID; None if the target is an application."""
        return self._output("servicePrincipalId")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        policy: Policy | None = None,
        policy_id: pulumi.Input[str] | None = None,
        policy_type: pulumi.Input[str] | None = None,
        application_id: pulumi.Input[str] | None = None,
        service_principal_id: pulumi.Input[str] | None = None,
    ) -> None:
        """
        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param Policy policy: The policy, as a resource of this program. Either this, or `policy_id` and `policy_type`.
        :param pulumi.Input[str] policy_id: The policy's id, a GUID.
        :param pulumi.Input[str] policy_type: The policy's kind, for example `TokenIssuancePolicy`.
        :param pulumi.Input[str] application_id: Object id of the application (not its client id), a GUID, bare or as
               pulumi-azuread gives it (`/applications/<object id>`). Exactly one target is given.
        :param pulumi.Input[str] service_principal_id: Object id of the service principal, a GUID, bare or as
               `/servicePrincipals/<object id>`.
        :raises ValueError: if both or neither of `policy` and `policy_id` are given.
        """
        if (policy is None) == (policy_id is None):
            raise ValueError(f"PolicyAssignment {resource_name!r}: give either policy, or policy_id with policy_type")
        if policy is not None:
            # The id alone: all else of a policy is unknown while its update is previewed.
            policy_id, policy_type = policy.id, type(policy).__name__
        properties: dict[str, Any] = {
            "policyId": policy_id,
            "policyType": policy_type,
            "applicationId": application_id,
            "servicePrincipalId": service_principal_id,
        }
        super().__init__(resource_name, properties, opts)

    @classmethod
    def get(
        cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None
    ) -> PolicyAssignment:
        """An assignment that is in the tenant already, read and never changed. One that does not exist is an error.

        :param str resource_name: The resource's name in the program.
        :param pulumi.Input[str] id: `applications/<object id>/tokenIssuancePolicies` or
               `servicePrincipals/<object id>/tokenIssuancePolicies`, followed by `/<policy id>` or not.
        :param pulumi.ResourceOptions opts: Options for the resource.
        """
        names = ("policyId", "policyType", "applicationId", "servicePrincipalId")
        return cls._existing(resource_name, names, id, opts)
