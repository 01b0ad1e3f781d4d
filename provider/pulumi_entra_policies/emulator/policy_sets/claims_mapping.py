"""Which claims tokens carry, and where their values come from.

"claimsMappingPolicy resource type" and "Claims customization using a policy" are the sources. Where they are open, this
is lenient: it refuses wrong JSON types, and what has no meaning.
"""

from .checks import any_object, any_of, boolean, list_of, one_of_any_case, record, text
from .policy_set import SERVICE_PRINCIPALS, PolicySet

OBJECTS = ("user", "application", "resource", "audience", "company", "CustomClaimsProvider")
TEXTS = dict.fromkeys(
    (
        *("ID", "ExtensionID", "Value", "TransformationId"),
        *("JwtClaimType", "SamlClaimType", "SAMLNameForm", "SAMLNameFormat"),
    ),
    text,
)
OF_AN_OBJECT = {"Source": one_of_any_case(*OBJECTS), **TEXTS}
OF_A_TRANSFORMATION = {"Source": one_of_any_case("transformation"), **TEXTS}

CLAIM = any_of(
    record(OF_AN_OBJECT, required=("Source", "ID")),
    record(OF_AN_OBJECT, required=("Source", "ExtensionID")),
    record(OF_A_TRANSFORMATION, required=("Source", "TransformationId")),
    record({"Source": one_of_any_case(*OBJECTS, "transformation"), **TEXTS}, required=("Value",)),
)

# Any method: "Create claimsMappingPolicy" prints CreateStringClaim, which is in no page's list of them.
TRANSFORMATION = record(
    {
        **dict.fromkeys(("ID", "TransformationMethod"), text),
        **dict.fromkeys(("InputClaims", "InputParameters", "OutputClaims"), list_of(any_object)),
    },
    required=("ID", "TransformationMethod"),
)

# "Assign claimsMappingPolicy": to service principals; one per object is open.
CLAIMS_MAPPING = PolicySet(
    "claimsMappingPolicies",
    "ClaimsMappingPolicy",
    targets=(SERVICE_PRINCIPALS,),
    checks={
        "IncludeBasicClaimSet": boolean,
        "ClaimsSchema": list_of(CLAIM),
        # Both spellings, because the pages contradict each other (open).
        **dict.fromkeys(("ClaimsTransformation", "ClaimsTransformations"), list_of(TRANSFORMATION)),
        "GroupFilter": any_object,
    },
)
