"""Users of one application are sent straight to their own identity provider.

The service principal's object id comes from the stack's configuration.
"""

import pulumi

import pulumi_entra_policies as entra

config = pulumi.Config()

straight = entra.HomeRealmDiscoveryPolicy(
    "portal-realm",
    display_name="Portal: straight to our identity provider",
    definition=entra.HomeRealmDiscoveryDefinitionArgs(
        accelerate_to_federated_domain=True,
        preferred_domain="federated.example.edu",
        allow_cloud_password_validation=False,
    ),
)
entra.PolicyAssignment("portal-realm", policy=straight, service_principal_id=config.require("servicePrincipalId"))

pulumi.export("policyId", straight.id)
pulumi.export("definition", straight.definition_json)
