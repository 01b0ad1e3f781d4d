"""Rules for every program and stack of the company, also without its component: a Pulumi policy pack.

`pulumi preview --policy-pack policy_pack` shows what is broken in a preview, and `pulumi up` then changes nothing.
"""

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

KIND = "pulumi-python:dynamic/entra-policies:"
SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
LONGEST = {"type": "string", "default": "12:00:00"}  # hh:mm:ss


def no_sha1(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == f"{KIND}TokenIssuancePolicy" and args.props["definition"].get("signingAlgorithm") == SHA1:
        report("sign with entra.SigningAlgorithm.RSA_SHA256", args.urn)


def short_lifetime(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != f"{KIND}TokenLifetimePolicy":
        return
    lifetime, longest = args.props["definition"].get("accessTokenLifetime"), args.get_config()["longest"]
    if lifetime and lifetime.rjust(8, "0") > longest:
        report(f"access tokens live {longest} at most, not {lifetime}", args.urn)


PolicyPack(
    name="entra-token-policies",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy("no-rsa-sha1", "SAML tokens are not signed with SHA-1.", validate=no_sha1),
        ResourceValidationPolicy(
            "short-lifetime",
            "Access tokens do not live long.",
            validate=short_lifetime,
            config_schema=PolicyConfigSchema({"longest": LONGEST}),
        ),
    ],
)
