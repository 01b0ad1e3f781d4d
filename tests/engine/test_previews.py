"""What a preview says of the tenant on the real engine, and what `up` then says of the same."""

from __future__ import annotations

from tests.engine.harness import Stack

from pulumi_entra_policies.emulator.server import Registration

MADE = "entra.TokenIssuancePolicy('saml', display_name='SAML', definition={'saml_token_version': '2.0'})\n"


def test_trial(stack: Stack, portal: Registration) -> None:
    d = stack.graph.directory
    made = d.create_policy(
        d.policy_sets["tokenIssuancePolicies"],
        {"displayName": "SAML", "definition": ['{"TokenIssuancePolicy":{"Version":1}}']},
    )
    d.add_reference(d.any(portal.object_id), d.policy_sets["tokenIssuancePolicies"], made.id)
    stack.program(f"""
saml = {MADE}
entra.PolicyAssignment("portal", policy=saml, application_client_id="{portal.client_id}")
entra.PolicyAssignment("none", policy=saml, application_id="{made.id}")
claims = entra.ClaimsMappingPolicy("claims", display_name="C", definition={{}})
entra.PolicyAssignment("mapped", policy=claims, service_principal_id="{portal.service_principal_id}")
""")
    r = stack.run("preview", ok=None)
    print(r.text)
    print("\n".join(stack.requests()))
    stack.program(f"""
saml = entra.TokenIssuancePolicy('saml', display_name='SAML2', definition={{'saml_token_version': '2.0'}})
entra.PolicyAssignment("portal", policy=saml, application_client_id="{portal.client_id}", replace_existing=True)
""")
    print(stack.up().text)
    print("\n".join(stack.requests()))
    stack.program(f"""
saml = entra.TokenIssuancePolicy('saml', display_name='SAML2', definition={{'saml_token_version': '1.1'}})
entra.PolicyAssignment("portal", policy=saml, application_client_id="{portal.client_id}", replace_existing=True)
""")
    print(stack.run("preview").text)
    print("\n".join(stack.requests()))
    assert 0
