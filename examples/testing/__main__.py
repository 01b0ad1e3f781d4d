"""The program is a module, `portal`, so that tests can import it."""

import portal
import pulumi

pulumi.export("policyId", portal.saml.id)
