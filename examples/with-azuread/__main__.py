"""Token policies for an application of pulumi-azuread, whose resources are taken as they are.

The configuration is pulumi-azuread's as well, and nothing else: `azuread:tenantId`, `azuread:clientId` and so on, or
their ARM_* variables.
"""

import pulumi
import pulumi_azuread as azuread

import pulumi_entra_policies as entra

me = azuread.get_client_config()
portal = azuread.Application(
    "portal",
    display_name="Portal",
    owners=[me.object_id],  # so that Application.ReadWrite.OwnedBy is enough to assign policies to it
    api=azuread.ApplicationApiArgs(
        mapped_claims_enabled=True
    ),  # without it, a claims mapping policy ends in AADSTS50146
)
principal = azuread.ServicePrincipal("portal", client_id=portal.client_id, owners=[me.object_id])

saml = entra.TokenIssuancePolicy(
    "portal-saml",
    display_name="Portal SAML tokens",
    definition=entra.TokenIssuanceDefinitionArgs(
        saml_token_version="2.0",
        signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
    ),
)
entra.PolicyAssignment(
    "portal-saml", policy=saml, application_id=portal.id
)  # or portal.object_id, which means the same

claims = entra.ClaimsMappingPolicy(
    "portal-claims",
    display_name="Portal claims",
    definition=entra.ClaimsMappingDefinitionArgs(
        include_basic_claim_set=True,
        claims_schema=[
            entra.ClaimsSchemaEntryArgs(
                source=entra.ClaimSource.USER,
                id="employeeid",
                jwt_claim_type="employee_id",
            ),
        ],
    ),
)
entra.PolicyAssignment("portal-claims", policy=claims, service_principal_id=principal.object_id)

pulumi.export("clientId", portal.client_id)
