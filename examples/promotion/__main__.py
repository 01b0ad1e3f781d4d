"""One program for dev, staging and prod; what differs is in the configuration of each stack."""

import pulumi

from company_policies import ApplicationPolicies, Environment

PAYROLL = "5c2ab1f0-1111-4c8e-8f5a-7b1d2e3f4a00"

environment = Environment.load(pulumi.Config())

# The application was made in each tenant by its own team. Object id and client id differ, its unique name does not.
ApplicationPolicies(
    "portal",
    display_name="Portal",
    application_unique_name="portal",
    rules=environment.rules,
    saml_signing_algorithm=environment.signing_algorithm,
    access_token_lifetime=environment.access_token_lifetime,
)

# Another company's multi-tenant application: a tenant has its service principal alone, by one client id everywhere.
ApplicationPolicies(
    "payroll",
    display_name="Payroll",
    client_id=PAYROLL,
    rules=environment.rules,
    claims={"employee_id": "employeeid", "cost_center": "extensionattribute1"},
)
