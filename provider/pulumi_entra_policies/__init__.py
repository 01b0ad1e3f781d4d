"""Microsoft Entra token policies as code: Pulumi resources for Python."""

from ._version import __version__
from .definitions.claims_mapping import (
    ClaimSource,
    GroupFilterAttribute,
    GroupFilterType,
    SamlNameForm,
    TransformationMethod,
)
from .definitions.token_issuance import SigningAlgorithm, TokenResponseSigningPolicy
from .lookups import PolicyResult, get_policies, get_policies_output, get_policy, get_policy_output
from .resources.activity_based_timeout import (
    ActivityBasedTimeoutDefinition,
    ActivityBasedTimeoutDefinitionArgs,
    ActivityBasedTimeoutPolicy,
    ApplicationTimeout,
    ApplicationTimeoutArgs,
)
from .resources.assignment import PolicyAssignment
from .resources.claims_mapping import (
    ClaimsMappingDefinition,
    ClaimsMappingDefinitionArgs,
    ClaimsMappingPolicy,
    ClaimsSchemaEntry,
    ClaimsSchemaEntryArgs,
    ClaimsTransformation,
    ClaimsTransformationArgs,
    GroupFilter,
    GroupFilterArgs,
    TransformationInputClaim,
    TransformationInputClaimArgs,
    TransformationInputParameter,
    TransformationInputParameterArgs,
    TransformationOutputClaim,
    TransformationOutputClaimArgs,
)
from .resources.home_realm_discovery import (
    AlternateIdLogin,
    AlternateIdLoginArgs,
    DomainHintPolicy,
    DomainHintPolicyArgs,
    HomeRealmDiscoveryDefinition,
    HomeRealmDiscoveryDefinitionArgs,
    HomeRealmDiscoveryPolicy,
)
from .resources.policy import Policy
from .resources.token_issuance import TokenIssuanceDefinition, TokenIssuanceDefinitionArgs, TokenIssuancePolicy
from .resources.token_lifetime import TokenLifetimeDefinition, TokenLifetimeDefinitionArgs, TokenLifetimePolicy

__all__ = [
    "ActivityBasedTimeoutDefinition",
    "ActivityBasedTimeoutDefinitionArgs",
    "ActivityBasedTimeoutPolicy",
    "AlternateIdLogin",
    "AlternateIdLoginArgs",
    "ApplicationTimeout",
    "ApplicationTimeoutArgs",
    "ClaimSource",
    "ClaimsMappingDefinition",
    "ClaimsMappingDefinitionArgs",
    "ClaimsMappingPolicy",
    "ClaimsSchemaEntry",
    "ClaimsSchemaEntryArgs",
    "ClaimsTransformation",
    "ClaimsTransformationArgs",
    "DomainHintPolicy",
    "DomainHintPolicyArgs",
    "GroupFilter",
    "GroupFilterArgs",
    "GroupFilterAttribute",
    "GroupFilterType",
    "HomeRealmDiscoveryDefinition",
    "HomeRealmDiscoveryDefinitionArgs",
    "HomeRealmDiscoveryPolicy",
    "Policy",
    "PolicyAssignment",
    "PolicyResult",
    "SamlNameForm",
    "SigningAlgorithm",
    "TokenIssuanceDefinition",
    "TokenIssuanceDefinitionArgs",
    "TokenIssuancePolicy",
    "TokenLifetimeDefinition",
    "TokenLifetimeDefinitionArgs",
    "TokenLifetimePolicy",
    "TokenResponseSigningPolicy",
    "TransformationInputClaim",
    "TransformationInputClaimArgs",
    "TransformationInputParameter",
    "TransformationInputParameterArgs",
    "TransformationMethod",
    "TransformationOutputClaim",
    "TransformationOutputClaimArgs",
    "__version__",
    "get_policies",
    "get_policies_output",
    "get_policy",
    "get_policy_output",
]
