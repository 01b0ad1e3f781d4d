"""The portal gets SAML 2.0 tokens of its own, and the lifetime that the company has a policy for."""

import pulumi

import pulumi_entra_policies as entra

config = pulumi.Config()
application_id = config.require("applicationId")

saml = entra.TokenIssuancePolicy(
    "portal-saml",
    display_name="Portal SAML tokens",
    definition=entra.TokenIssuanceDefinitionArgs(saml_token_version=config.require("samlTokenVersion")),
)
gets_saml = entra.PolicyAssignment("portal-saml", policy=saml, application_id=application_id)

company = entra.get_policy(entra.TokenLifetimePolicy, display_name="Company lifetime")
lives_as_long = entra.PolicyAssignment(
    "portal-lifetime", policy_id=company.id, policy_type=entra.TokenLifetimePolicy, application_id=application_id
)
