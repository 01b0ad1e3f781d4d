"""A token issuance policy, assigned to one application.

The application's object id comes from the stack's configuration, so the same program runs against the emulator and
against a tenant.
"""

import pulumi

import pulumi_entra_policies as entra

config = pulumi.Config()

saml = entra.TokenIssuancePolicy(
    "portal-saml",
    display_name="Portal SAML tokens",
    definition=entra.TokenIssuanceDefinitionArgs(
        signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
        saml_token_version=config.require("samlTokenVersion"),
        token_response_signing_policy="ResponseAndToken",
    ),
)

assignment = entra.PolicyAssignment(
    "portal-saml",
    policy=saml,
    application_id=config.require("applicationId"),
)

pulumi.export("policyId", saml.id)
pulumi.export("definition", saml.definition_json)
pulumi.export("tenantId", saml.tenant_id)
