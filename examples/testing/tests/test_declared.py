"""What the program declares. Pulumi's mocks take the place of the engine and the tenant, and nothing else runs."""

import pulumi
import pytest

import pulumi_entra_policies as entra

COMPANY = "50ed5245-3bde-4c5a-839b-0d0656100876"


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}_id", args.inputs

    def call(self, args):
        assert args.token == "entra-policies:index:getPolicy"
        return {"id": COMPANY, "displayName": args.args["displayName"]}


@pytest.fixture(scope="module")
def portal():
    pulumi.runtime.set_mocks(Mocks(), project="portal", preview=False)
    pulumi.runtime.set_all_config({"portal:applicationId": COMPANY, "portal:samlTokenVersion": "2.0"})
    import portal

    return portal


@pulumi.runtime.test
def test_portal_gets_saml_2(portal):
    def check(values):
        definition, policy_id = values
        assert definition.saml_token_version == "2.0"
        assert policy_id == "portal-saml_id"

    return pulumi.Output.all(portal.saml.definition, portal.gets_saml.policy_id).apply(check)


def test_company_has_a_lifetime(portal):
    assert portal.company.id == COMPANY


def test_version_that_does_not_exist_is_refused(portal):
    with pytest.raises(pulumi.RunError, match=r"definition\.saml_token_version"):
        entra.TokenIssuancePolicy("old", display_name="Old", definition={"saml_token_version": "3.0"})
