"""Short-lived tokens for one application.

The application's object id comes from the stack's configuration.
"""

from datetime import timedelta

import pulumi

import pulumi_entra_policies as entra

config = pulumi.Config()

short = entra.TokenLifetimePolicy(
    "portal-lifetime",
    display_name="Portal tokens live half an hour",
    definition=entra.TokenLifetimeDefinitionArgs(access_token_lifetime=timedelta(minutes=30)),
)
entra.PolicyAssignment("portal-lifetime", policy=short, application_id=config.require("applicationId"))

pulumi.export("policyId", short.id)
pulumi.export("definition", short.definition_json)
