"""One program for dev, staging and prod; what differs is in the configuration of each stack."""

import pulumi

from company_policies import ApplicationPolicies, Environment

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

# An enterprise application: there is only its service principal, whose client id the configuration knows.
ApplicationPolicies(
    "payroll",
    display_name="Payroll",
    client_id=environment.payroll_client_id,
    rules=environment.rules,
    claims={"employee_id": "employeeid", "cost_center": "extensionattribute1"},
)
