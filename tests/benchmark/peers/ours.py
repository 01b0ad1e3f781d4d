"""The package itself."""

import pulumi

import pulumi_entra_policies as entra


def policy(name: str, display_name: str) -> pulumi.Resource:
    return entra.TokenIssuancePolicy(name, display_name=display_name, definition={"saml_token_version": "2.0"})


def assignment(name: str, to: pulumi.Resource, application_id: str) -> None:
    assert isinstance(to, entra.TokenIssuancePolicy)
    entra.PolicyAssignment(name, policy=to, application_id=application_id)
