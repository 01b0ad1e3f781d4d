"""ClaimsMappingPolicy, as a user writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..definitions.claims_mapping import KIND
from .arguments import DefinitionArgs, DefinitionOutputs, arguments
from .policy import IfExists, Policy


@arguments
class ClaimsSchemaEntryArgs(DefinitionArgs):
    """One claim: where its value comes from, and what it is called in tokens.

    Either `value`; or `source` with `id` or `extension_id`, and with `transformation_id` if that is the source.
    Source: https://learn.microsoft.com/entra/identity-platform/reference-claims-customization#claim-schema-entry-elements
    """

    value: pulumi.Input[str] | None = pulumi.property("value", default=None)
    """A static value, instead of a source."""

    source: pulumi.Input[str] | None = pulumi.property("source", default=None)
    """A `ClaimSource` or its name: `user`, `application`, `resource`, `audience`, `company`, `transformation`."""

    id: pulumi.Input[str] | None = pulumi.property("id", default=None)
    """The property of the source, such as `employeeid`; also names the entry to transformations."""

    extension_id: pulumi.Input[str] | None = pulumi.property("extensionId", default=None)
    """A directory extension attribute of the source, `extension_<client id>_<name>`, instead of `id`."""

    transformation_id: pulumi.Input[str] | None = pulumi.property("transformationId", default=None)
    """The `id` of the transformation that makes the value, if the source is `transformation`."""

    jwt_claim_type: pulumi.Input[str] | None = pulumi.property("jwtClaimType", default=None)
    """The claim's name in JWTs. Claims of the restricted set cannot be changed."""

    saml_claim_type: pulumi.Input[str] | None = pulumi.property("samlClaimType", default=None)
    """The claim's URI in SAML tokens. Claims of the restricted set cannot be changed."""

    saml_name_form: pulumi.Input[str] | None = pulumi.property("samlNameForm", default=None)
    """A `SamlNameForm` or its URN."""


@arguments
class TransformationInputClaimArgs(DefinitionArgs):
    """An input of a transformation that is a claim."""

    claim_type_reference_id: pulumi.Input[str] | None = pulumi.property("claimTypeReferenceId", default=None)
    """The `id` of a claims schema entry."""

    transformation_claim_type: pulumi.Input[str] | None = pulumi.property("transformationClaimType", default=None)
    """The method's name for this input, such as `string1`, `string2` or `mail`."""

    treat_as_multi_value: pulumi.Input[bool] | None = pulumi.property("treatAsMultiValue", default=None)
    """Whether all values are transformed. The service's default is the first alone."""


@arguments
class TransformationInputParameterArgs(DefinitionArgs):
    """An input of a transformation that is a constant."""

    id: pulumi.Input[str] | None = pulumi.property("id", default=None)
    """The method's name for this input, such as `separator`."""

    value: pulumi.Input[str] | None = pulumi.property("value", default=None)
    """The constant."""


@arguments
class TransformationOutputClaimArgs(DefinitionArgs):
    """Where the output of a transformation goes."""

    claim_type_reference_id: pulumi.Input[str] | None = pulumi.property("claimTypeReferenceId", default=None)
    """The `id` of the claims schema entry that gets the output."""

    transformation_claim_type: pulumi.Input[str] | None = pulumi.property("transformationClaimType", default=None)
    """The method's name for the output: `outputClaim`."""


@arguments
class ClaimsTransformationArgs(DefinitionArgs):
    """A transformation that claims take their values from.

    Source: https://learn.microsoft.com/entra/identity-platform/reference-claims-customization#claims-transformation
    """

    id: pulumi.Input[str] = pulumi.property("id")
    """Names the transformation; unique in the policy."""

    transformation_method: pulumi.Input[str] = pulumi.property("transformationMethod")
    """A `TransformationMethod` or its name: `Join`, `ExtractMailPrefix`, `ToLowercase()`, `ToUppercase()`,
    `RegexReplace()`."""

    input_claims: (
        pulumi.Input[
            Sequence[pulumi.Input[TransformationInputClaimArgs | TransformationInputClaim | Mapping[str, Any]]]
        ]
        | None
    ) = pulumi.property("inputClaims", default=None)
    """Inputs that are claims."""

    input_parameters: (
        pulumi.Input[
            Sequence[pulumi.Input[TransformationInputParameterArgs | TransformationInputParameter | Mapping[str, Any]]]
        ]
        | None
    ) = pulumi.property("inputParameters", default=None)
    """Inputs that are constants."""

    output_claims: (
        pulumi.Input[
            Sequence[pulumi.Input[TransformationOutputClaimArgs | TransformationOutputClaim | Mapping[str, Any]]]
        ]
        | None
    ) = pulumi.property("outputClaims", default=None)
    """Where the output goes."""


@arguments
class GroupFilterArgs(DefinitionArgs):
    """Which of the user's groups the groups claim holds.

    Source: https://learn.microsoft.com/entra/identity-platform/reference-claims-customization#group-filter
    """

    match_on: pulumi.Input[str] | None = pulumi.property("matchOn", default=None)
    """A `GroupFilterAttribute` or its name: `displayname`, `samaccountname`."""

    type: pulumi.Input[str] | None = pulumi.property("type", default=None)
    """A `GroupFilterType` or its name: `prefix`, `suffix`, `contains`."""

    value: pulumi.Input[str] | None = pulumi.property("value", default=None)
    """What to compare it with."""


@arguments
class ClaimsMappingDefinitionArgs(DefinitionArgs):
    """The definition of a claims mapping policy.

    Source: https://learn.microsoft.com/entra/identity-platform/reference-claims-customization
    """

    include_basic_claim_set: pulumi.Input[bool] | None = pulumi.property("includeBasicClaimSet", default=None)
    """Whether tokens carry the basic claim set as well."""

    claims_schema: (
        pulumi.Input[Sequence[pulumi.Input[ClaimsSchemaEntryArgs | ClaimsSchemaEntry | Mapping[str, Any]]]] | None
    ) = pulumi.property("claimsSchema", default=None)
    """The claims, an entry each."""

    claims_transformations: (
        pulumi.Input[Sequence[pulumi.Input[ClaimsTransformationArgs | ClaimsTransformation | Mapping[str, Any]]]] | None
    ) = pulumi.property("claimsTransformations", default=None)
    """Transformations that entries take values from."""

    claims_transformation: (
        pulumi.Input[Sequence[pulumi.Input[ClaimsTransformationArgs | ClaimsTransformation | Mapping[str, Any]]]] | None
    ) = pulumi.property("claimsTransformation", default=None)
    """The same under the name that Microsoft's reference page gives it; its examples use the plural."""

    group_filter: pulumi.Input[GroupFilterArgs | GroupFilter | Mapping[str, Any]] | None = pulumi.property(
        "groupFilter", default=None
    )
    """Which of the user's groups the groups claim holds."""

    issuer_with_application_id: pulumi.Input[bool] | None = pulumi.property("issuerWithApplicationId", default=None)
    """Whether the issuer claim holds the application's id. Ignored unless the application has a signing key."""

    audience_override: pulumi.Input[str] | None = pulumi.property("audienceOverride", default=None)
    """The audience claim, an absolute URI. Ignored unless the application has a signing key."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class ClaimsSchemaEntry(DefinitionOutputs):
    """One claim, as outputs; a property that the entry does not set is None."""

    value: str | None = pulumi.property("value")
    source: str | None = pulumi.property("source")
    id: str | None = pulumi.property("id")
    extension_id: str | None = pulumi.property("extensionId")
    transformation_id: str | None = pulumi.property("transformationId")
    jwt_claim_type: str | None = pulumi.property("jwtClaimType")
    saml_claim_type: str | None = pulumi.property("samlClaimType")
    saml_name_form: str | None = pulumi.property("samlNameForm")


@pulumi.output_type
class TransformationInputClaim(DefinitionOutputs):
    """An input that is a claim, as outputs."""

    claim_type_reference_id: str | None = pulumi.property("claimTypeReferenceId")
    transformation_claim_type: str | None = pulumi.property("transformationClaimType")
    treat_as_multi_value: bool | None = pulumi.property("treatAsMultiValue")


@pulumi.output_type
class TransformationInputParameter(DefinitionOutputs):
    """An input that is a constant, as outputs."""

    id: str | None = pulumi.property("id")
    value: str | None = pulumi.property("value")


@pulumi.output_type
class TransformationOutputClaim(DefinitionOutputs):
    """Where the output goes, as outputs."""

    claim_type_reference_id: str | None = pulumi.property("claimTypeReferenceId")
    transformation_claim_type: str | None = pulumi.property("transformationClaimType")


@pulumi.output_type
class ClaimsTransformation(DefinitionOutputs):
    """A transformation, as outputs."""

    id: str | None = pulumi.property("id")
    transformation_method: str | None = pulumi.property("transformationMethod")
    input_claims: Sequence[TransformationInputClaim] | None = pulumi.property("inputClaims")
    input_parameters: Sequence[TransformationInputParameter] | None = pulumi.property("inputParameters")
    output_claims: Sequence[TransformationOutputClaim] | None = pulumi.property("outputClaims")


@pulumi.output_type
class GroupFilter(DefinitionOutputs):
    """The filter of the groups claim, as outputs."""

    match_on: str | None = pulumi.property("matchOn")
    type: str | None = pulumi.property("type")
    value: str | None = pulumi.property("value")


@pulumi.output_type
class ClaimsMappingDefinition(DefinitionOutputs):
    """The definition as outputs; a property that the policy does not set is None."""

    include_basic_claim_set: bool | None = pulumi.property("includeBasicClaimSet")
    claims_schema: Sequence[ClaimsSchemaEntry] | None = pulumi.property("claimsSchema")
    claims_transformations: Sequence[ClaimsTransformation] | None = pulumi.property("claimsTransformations")
    claims_transformation: Sequence[ClaimsTransformation] | None = pulumi.property("claimsTransformation")
    group_filter: GroupFilter | None = pulumi.property("groupFilter")
    issuer_with_application_id: bool | None = pulumi.property("issuerWithApplicationId")
    audience_override: str | None = pulumi.property("audienceOverride")
    version: int | None = pulumi.property("version")


class ClaimsMappingPolicy(Policy, module="entra-policies", name="ClaimsMappingPolicy"):
    """A claims mapping policy: which claims the tokens of an application carry, and where their values come from.

    It has no effect until it is assigned to a service principal, with `PolicyAssignment`, and the application has
    `acceptMappedClaims` in its manifest or a signing key of its own; else sign-in fails with AADSTS50146.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; to delete, `Application.Read.All`, to
    ask first who still uses the policy.

    ## Example Usage

    ```python
    import pulumi_entra_policies as entra

    claims = entra.ClaimsMappingPolicy(
        "portal-claims",
        display_name="Portal claims",
        definition=entra.ClaimsMappingDefinitionArgs(
            include_basic_claim_set=True,
            claims_schema=[
                entra.ClaimsSchemaEntryArgs(
                    source=entra.ClaimSource.USER, id="employeeid", jwt_claim_type="employee_id"
                ),
            ],
        ),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy
    """

    _kind = KIND

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[ClaimsMappingDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[
            ClaimsMappingDefinitionArgs
            | ClaimsMappingDefinition
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
        :param definition: `ClaimsMappingDefinitionArgs`, or any other form that `TokenIssuancePolicy` takes.
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
        )
