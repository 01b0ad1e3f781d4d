import pytest

from pulumi_entra_policies.definitions.restricted_claims import restriction

WS = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


@pytest.mark.parametrize(
    "claim", ["aud", "AUD", "Groups", "xms_tpl", "XMS_New", "extn.anything", ".", "_claim_names", "x5c_ca", "ztdid"]
)
def test_jwt_claim_is_restricted_in_any_letter_case(claim: str) -> None:
    assert restriction("jwtClaimType", claim) == "which a policy cannot change"


@pytest.mark.parametrize(
    "claim",
    [
        f"{WS}/wids",
        f"{WS}/GROUPS",
        f"{SOAP}/SPN",
        "http://schemas.microsoft.com/identity/claims/tenantid",
        "HTTP://schemas.microsoft.com/identity/claims/xms_et",
        "http://schemas.microsoft.com/claims/groups.link",
        "http://schemas.xmlsoap.org/ws/2009/09/identity/claims/actor",
    ],
)
def test_saml_claim_is_restricted_in_any_letter_case(claim: str) -> None:
    assert restriction("samlClaimType", claim) == "which a policy cannot change"


@pytest.mark.parametrize("claim", [f"{WS}/role", f"{WS}/Role", f"{SOAP}/upn", f"{SOAP}/UPN"])
def test_some_saml_claims_need_a_signing_key(claim: str) -> None:
    assert restriction("samlClaimType", claim) == "unless the application has a signing key of its own"


@pytest.mark.parametrize(
    ("claim_type", "claim"),
    [
        ("jwtClaimType", "department"),
        ("jwtClaimType", "employee_xms_id"),
        ("jwtClaimType", "extn"),
        ("jwtClaimType", f"{WS}/role"),
        ("jwtClaimType", ""),
        ("samlClaimType", "aud"),
        ("samlClaimType", "xms_et"),
        ("samlClaimType", f"{WS}/department"),
        ("samlClaimType", f"{SOAP}/emailaddress"),
        ("samlClaimType", f"{WS}/role/"),
    ],
)
def test_other_claim_is_free(claim_type: str, claim: str) -> None:
    assert restriction(claim_type, claim) is None
