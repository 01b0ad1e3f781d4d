"""TokenIssuancePolicy, as a user writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..definitions.token_issuance import KIND
from .arguments import DefinitionArgs, DefinitionOutputs, arguments
from .policy import IfExists, Policy


@arguments
class TokenIssuanceDefinitionArgs(DefinitionArgs):
    """The definition of a token issuance policy; what is left out is the service's default.

    Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy
    """

    signing_algorithm: pulumi.Input[str] | None = pulumi.property("signingAlgorithm", default=None)
    """A `SigningAlgorithm` or its URI: `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256` or
    `http://www.w3.org/2000/09/xmldsig#rsa-sha1`."""

    saml_token_version: pulumi.Input[str] | None = pulumi.property("samlTokenVersion", default=None)
    """`"1.1"` or `"2.0"`."""

    token_response_signing_policy: pulumi.Input[str] | None = pulumi.property(
        "tokenResponseSigningPolicy", default=None
    )
    """A `TokenResponseSigningPolicy` or its name: `ResponseOnly`, `TokenOnly`, `ResponseAndToken`."""

    emit_saml_name_format: pulumi.Input[bool] | None = pulumi.property("emitSamlNameFormat", default=None)
    """Whether attributes in the SAML token carry a NameFormat."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class TokenIssuanceDefinition(DefinitionOutputs):
    """The definition as outputs; a property that the policy does not set is None."""

    signing_algorithm: str | None = pulumi.property("signingAlgorithm")
    saml_token_version: str | None = pulumi.property("samlTokenVersion")
    token_response_signing_policy: str | None = pulumi.property("tokenResponseSigningPolicy")
    emit_saml_name_format: bool | None = pulumi.property("emitSamlNameFormat")
    version: int | None = pulumi.property("version")


class TokenIssuancePolicy(Policy, module="entra-policies", name="TokenIssuancePolicy"):
    """A token issuance policy: how Microsoft Entra signs and shapes SAML tokens.

    It has no effect until it is assigned to an application, with `PolicyAssignment`.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; to delete, `Application.Read.All`, to
    ask first who still uses the policy.

    ## Example Usage

    ```python
    import pulumi_entra_policies as entra

    saml = entra.TokenIssuancePolicy(
        "portal-saml",
        display_name="Portal SAML tokens",
        definition=entra.TokenIssuanceDefinitionArgs(
            saml_token_version="2.0",
            signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
            token_response_signing_policy="ResponseAndToken",
        ),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy
    """

    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[TokenIssuanceDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[
            TokenIssuanceDefinitionArgs
            | TokenIssuanceDefinition
            | Mapping[str, Any]
            | Sequence[pulumi.Input[str]]
            | str
        ],
        if_exists: pulumi.Input[IfExists] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        accept_warnings: Sequence[str] | None = None,
    ) -> None:
        """
        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param pulumi.Input[str] display_name: The policy's name in the tenant. Required, not empty, not unique.
        :param definition: `TokenIssuanceDefinitionArgs`; a mapping of the same names in snake_case or camelCase;
               Graph's own mapping under the key `TokenIssuancePolicy`; that as a JSON string; or Graph's array of that
               one string. Keys that are not known here are sent in Graph's own three forms, with a warning; in the
               others they are an error.
        :param pulumi.Input[str] if_exists: What to do if a policy of this kind and name is there already: `"fail"`, an
               error that names it and says how to go on; `"create"`, make a second one of that name. Default: `"fail"`.
               Looked at when the resource is created, and never again.
        :param pulumi.Input[bool] force_destroy: Delete the policy even while applications or service principals that
               this stack does not manage still have it; they silently lose it. Default: False, which makes that an
               error. It has to be in the state, by an `up`, before the delete.
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
        )
