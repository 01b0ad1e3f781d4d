"""ClaimsMappingPolicy: which claims the tokens of an application carry, and where their values come from.

Source: https://learn.microsoft.com/entra/identity-platform/reference-claims-customization, which names the
transformations ClaimsTransformation, where Microsoft's examples say ClaimsTransformations. Nobody knows which of them
the service reads, so both go through.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from .effect import Effect, Said
from .fields import Field, Shape
from .kinds import Kind
from .restricted_claims import restriction
from .values import Problem, is_known, shown, snake


class ClaimSource(str, Enum):
    """Where the value of a claim comes from."""

    USER = "user"
    APPLICATION = "application"
    RESOURCE = "resource"
    AUDIENCE = "audience"
    COMPANY = "company"
    TRANSFORMATION = "transformation"
    CUSTOM_CLAIMS_PROVIDER = "CustomClaimsProvider"


class SamlNameForm(str, Enum):
    """NameFormat of an attribute in a SAML token."""

    UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
    URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
    BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


class TransformationMethod(str, Enum):
    """What a transformation does with its input."""

    JOIN = "Join"
    EXTRACT_MAIL_PREFIX = "ExtractMailPrefix"
    TO_LOWERCASE = "ToLowercase()"
    TO_UPPERCASE = "ToUppercase()"
    REGEX_REPLACE = "RegexReplace()"


class GroupFilterAttribute(str, Enum):
    """The attribute of a group that a filter looks at."""

    DISPLAY_NAME = "displayname"
    SAM_ACCOUNT_NAME = "samaccountname"


class GroupFilterType(str, Enum):
    """How a filter compares."""

    PREFIX = "prefix"
    SUFFIX = "suffix"
    CONTAINS = "contains"


def _entry_rule(entry: Mapping[str, Any]) -> Iterator[Problem]:
    """A value, or a source with what to take from it."""
    source = entry.get("source")
    if "value" not in entry and "source" not in entry:
        yield Problem("", "says nothing about where its value comes from: add value, or source with id")
    if source == ClaimSource.TRANSFORMATION.value and "transformationId" not in entry:
        yield Problem("transformationId", 'is required where source is "transformation"')
    if is_known(source) and source not in (None, "transformation") and not {"id", "extensionId"} & set(entry):
        yield Problem("id", "is required where source is given: add id or extension_id")


_ENTRY = Shape(
    "ClaimsSchemaEntry",
    (
        Field("Value", "string", "A static value, instead of a source."),
        Field("Source", "string", "Where the value comes from.", allowed=ClaimSource, open_ended=True),
        Field("ID", "string", "The property of the source, such as `employeeid`; names the entry to transformations."),
        Field("ExtensionID", "string", "A directory extension attribute of the source, instead of `id`."),
        Field("TransformationId", "string", "The transformation that makes the value, if that is the source."),
        Field("JwtClaimType", "string", "The claim's name in JWTs."),
        Field("SamlClaimType", "string", "The claim's URI in SAML tokens."),
        Field("SAMLNameForm", "string", "The claim's NameFormat in SAML tokens.", allowed=SamlNameForm),
    ),
    rule=_entry_rule,
)
_TRANSFORMATION = Shape(
    "ClaimsTransformation",
    (
        Field("ID", "string", "Names the transformation; unique in the policy.", required=True),
        Field(
            "TransformationMethod",
            "string",
            "What it does.",
            allowed=TransformationMethod,
            open_ended=True,
            required=True,
        ),
        Field(
            "InputClaims",
            Shape(
                "TransformationInputClaim",
                (
                    Field("ClaimTypeReferenceId", "string", "The `id` of a claims schema entry."),
                    Field("TransformationClaimType", "string", "The method's name for this input, such as `string1`."),
                    Field("TreatAsMultiValue", "boolean", "Whether all values are transformed, or the first alone."),
                ),
            ),
            "Inputs that are claims.",
            many=True,
        ),
        Field(
            "InputParameters",
            Shape(
                "TransformationInputParameter",
                (
                    Field("ID", "string", "The method's name for this input, such as `separator`."),
                    Field("Value", "string", "The constant."),
                ),
            ),
            "Inputs that are constants.",
            many=True,
        ),
        Field(
            "OutputClaims",
            Shape(
                "TransformationOutputClaim",
                (
                    Field(
                        "ClaimTypeReferenceId", "string", "The `id` of the claims schema entry that gets the output."
                    ),
                    Field("TransformationClaimType", "string", "The method's name for the output: `outputClaim`."),
                ),
            ),
            "Where the output goes.",
            many=True,
        ),
    ),
)
_GROUP_FILTER = Shape(
    "GroupFilter",
    (
        Field("MatchOn", "string", "The attribute of a group to look at.", allowed=GroupFilterAttribute),
        Field("Type", "string", "How to compare it.", allowed=GroupFilterType),
        Field("Value", "string", "What to compare it with."),
    ),
)
_SIGNING_KEY = "is ignored by the service unless the application has a signing key of its own"
_SPELLINGS = {
    "claimsTransformation": "claimsTransformations",
    "claimsTransformations": "claimsTransformation",
}


def _doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterator[Problem]:
    yield from _restricted(bag)
    yield from _spelling_doubts(bag)
    yield from _dangling(bag)


def _restricted(bag: Mapping[str, Any]) -> Iterator[Problem]:
    for path, entry in _objects(bag, "claimsSchema", "definition"):
        for name in ("jwtClaimType", "samlClaimType"):
            claim = entry.get(name)
            reason = restriction(name, claim) if isinstance(claim, str) else None
            if reason:
                yield Problem(f"{path}.{name}", f"{shown(claim)} is in the restricted claim set, {reason}")


def _spelling_doubts(bag: Mapping[str, Any]) -> Iterator[Problem]:
    given = [name for name in _SPELLINGS if name in bag]
    if len(given) == 2:
        yield Problem(
            "definition.claimsTransformations", "is given beside claims_transformation, of which one will be ignored"
        )
    for name in given[:1] if len(given) == 1 else []:
        yield Problem(
            f"definition.{name}",
            f"is one of two spellings in Microsoft's pages, the other is {snake(_SPELLINGS[name])}: "
            "if the claims do not show in a token, use that",
        )


def _dangling(bag: Mapping[str, Any]) -> Iterator[Problem]:
    """Ids given twice, and references between entries and transformations that lead nowhere."""
    transformations = [found for name in _SPELLINGS for found in _objects(bag, name, "definition")]
    ids, claims = _ids(bag, *_SPELLINGS), _ids(bag, "claimsSchema")
    for path, transformation in transformations:
        if isinstance(transformation.get("id"), str) and ids.count(transformation["id"]) > 1:
            yield Problem(f"{path}.id", f"{shown(transformation['id'])} names two transformations")
    for path, entry in _objects(bag, "claimsSchema", "definition"):
        if _leads_nowhere(entry.get("transformationId"), ids):
            yield Problem(f"{path}.transformationId", f"{shown(entry['transformationId'])} names no transformation")
    for path, transformation in transformations:
        for name in ("inputClaims", "outputClaims"):
            for claim_path, claim in _objects(transformation, name, path):
                wanted = claim.get("claimTypeReferenceId")
                if _leads_nowhere(wanted, claims):
                    reason = f"{shown(wanted)} is the id of no claims schema entry"
                    yield Problem(f"{claim_path}.claimTypeReferenceId", reason)


def _leads_nowhere(wanted: Any, there: list[Any]) -> bool:
    return isinstance(wanted, str) and all(map(is_known, there)) and wanted not in there


def _ids(bag: Mapping[str, Any], *names: str) -> list[Any]:
    """The ids in these lists; what is not known yet stands for itself."""
    lists = [bag.get(name) for name in names]
    items = [item for given in lists for item in (given if isinstance(given, list) else [given])]
    return [item.get("id") if isinstance(item, Mapping) else item for item in items]


def _objects(document: Mapping[str, Any], name: str, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list that may not be known yet, or be no list at all, with their paths."""
    items = document.get(name)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, Mapping):
            yield f"{path}.{name}[{index}]", item


_CUSTOMIZATION = "https://learn.microsoft.com/entra/identity-platform/reference-claims-customization"

KIND = Kind(
    name="ClaimsMappingPolicy",
    collection="claimsMappingPolicies",
    noun="claims mapping policy",
    reference=_CUSTOMIZATION,
    targets=("servicePrincipals",),
    effect=Effect(
        order=("servicePrincipals",),
        source="https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy",
        built_in=Said(
            "Tokens carry the core and the basic claim set, and the optional claims that the application has chosen.",
            _CUSTOMIZATION,
        ),
        also=(
            Said(
                "Beside a claims mapping policy, the service principal's custom claims policy and what the Entra admin "
                "center says of its claims are ignored; without one, they decide. They are not read here.",
                _CUSTOMIZATION,
            ),
        ),
    ),
    doubts=_doubts,
    assignment_doubt=(
        "works only if the application has acceptMappedClaims in its manifest or a signing key of its own; "
        "else sign-in fails with AADSTS50146"
    ),
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field("IncludeBasicClaimSet", "boolean", "Whether tokens carry the basic claim set as well."),
        Field("ClaimsSchema", _ENTRY, "The claims, an entry each.", many=True),
        Field("ClaimsTransformations", _TRANSFORMATION, "Transformations that entries take values from.", many=True),
        Field(
            "ClaimsTransformation",
            _TRANSFORMATION,
            "The same under the name that Microsoft's reference page gives it.",
            many=True,
        ),
        Field("GroupFilter", _GROUP_FILTER, "Which of the user's groups the groups claim holds."),
        Field(
            "issuerWithApplicationId",
            "boolean",
            "Whether the issuer claim holds the application's id.",
            warning=_SIGNING_KEY,
        ),
        Field(
            "audienceOverride",
            "string",
            "The audience claim, an absolute URI, instead of the application's own.",
            warning=_SIGNING_KEY,
        ),
    ),
)
