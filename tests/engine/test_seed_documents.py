"""The operations of Microsoft's documents that the project started from, through the resources and the real engine.

https://learn.microsoft.com/graph/api/tokenissuancepolicy-post-tokenissuancepolicy,
https://learn.microsoft.com/graph/api/application-post-tokenissuancepolicies,
https://learn.microsoft.com/graph/api/application-post-tokenlifetimepolicies, and the retired page that assigned a
policy to an application or a service principal.
"""

from __future__ import annotations

from tests.engine.harness import Stack

from pulumi_entra_policies.emulator.server import Registration

# The definition of the resource page, as printed there.
PRINTED = (
    '{ "TokenIssuancePolicy":{"TokenResponseSigningPolicy":"TokenOnly","SamlTokenVersion":"1.1",'
    '"SigningAlgorithm":"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256","Version":1}}'
)
PROGRAM = f"""
config = pulumi.Config()
issuance = entra.TokenIssuancePolicy("issuance", display_name="displayName-value", definition=[{PRINTED!r}])
lifetime = entra.TokenLifetimePolicy(
    "lifetime",
    display_name="lifetime",
    definition={{"access_token_lifetime": "8:00:00", "max_inactive_time": "1.00:00:00"}},
)
for name, policy in (("issuance", issuance), ("lifetime", lifetime)):
    entra.PolicyAssignment(f"{{name}} by id", policy=policy, application_id=config.require("application"))
    entra.PolicyAssignment(
        f"{{name}} by appId", policy_id=policy.id, policy_type=type(policy).__name__,
        service_principal_client_id=config.require("client"),
    )
"""


def test_every_operation_of_the_documents_works(stack: Stack, portal: Registration) -> None:
    stack.configuration |= {"tests:application": portal.object_id, "tests:client": portal.client_id}
    stack.program(PROGRAM)

    done = stack.up()

    assert "warning: definition.max_inactive_time is ignored by the service since 2021-01-30" in done
    directory = stack.graph.directory
    for object_id in (portal.object_id, portal.service_principal_id):
        for collection, name in (("tokenIssuancePolicies", "displayName-value"), ("tokenLifetimePolicies", "lifetime")):
            (assigned,) = directory.assigned(directory.any(object_id), directory.policy_sets[collection])
            assert assigned.properties["displayName"] == name
    assert stack.preview() == []
    assert stack.preview("--refresh") == []
    stack.destroy()
    assert directory.snapshot()["references"] == []
