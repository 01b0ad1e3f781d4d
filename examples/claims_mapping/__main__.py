"""Claims for one application: the employee's number, and a name made of two attributes.

The service principal's object id comes from the stack's configuration. Its application needs acceptMappedClaims in its
manifest or a signing key of its own.
"""

import pulumi

import pulumi_entra_policies as entra

config = pulumi.Config()

claims = entra.ClaimsMappingPolicy(
    "portal-claims",
    display_name="Portal claims",
    definition=entra.ClaimsMappingDefinitionArgs(
        include_basic_claim_set=True,
        claims_schema=[
            entra.ClaimsSchemaEntryArgs(
                source=entra.ClaimSource.USER,
                id="employeeid",
                jwt_claim_type="employee_number",
                saml_claim_type="https://portal.example.com/claims/employeenumber",
                saml_name_form=entra.SamlNameForm.URI,
            ),
            entra.ClaimsSchemaEntryArgs(source=entra.ClaimSource.USER, id="extensionattribute1"),
            entra.ClaimsSchemaEntryArgs(source=entra.ClaimSource.USER, id="extensionattribute2"),
            entra.ClaimsSchemaEntryArgs(
                source=entra.ClaimSource.TRANSFORMATION,
                id="costcenter",
                transformation_id="JoinCostCenter",
                jwt_claim_type="cost_center",
            ),
            entra.ClaimsSchemaEntryArgs(value="production", jwt_claim_type="stage"),
        ],
        claims_transformations=[
            entra.ClaimsTransformationArgs(
                id="JoinCostCenter",
                transformation_method=entra.TransformationMethod.JOIN,
                input_claims=[
                    entra.TransformationInputClaimArgs(
                        claim_type_reference_id="extensionattribute1", transformation_claim_type="string1"
                    ),
                    entra.TransformationInputClaimArgs(
                        claim_type_reference_id="extensionattribute2", transformation_claim_type="string2"
                    ),
                ],
                input_parameters=[entra.TransformationInputParameterArgs(id="separator", value="-")],
                output_claims=[
                    entra.TransformationOutputClaimArgs(
                        claim_type_reference_id="costcenter", transformation_claim_type="outputClaim"
                    ),
                ],
            ),
        ],
        group_filter=entra.GroupFilterArgs(
            match_on=entra.GroupFilterAttribute.DISPLAY_NAME, type=entra.GroupFilterType.PREFIX, value="portal-"
        ),
    ),
)
entra.PolicyAssignment("portal-claims", policy=claims, service_principal_id=config.require("servicePrincipalId"))

pulumi.export("policyId", claims.id)
pulumi.export("definition", claims.definition_json)
