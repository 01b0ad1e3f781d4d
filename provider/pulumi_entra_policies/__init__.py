"""Microsoft Entra token policies as code: Pulumi resources for Python."""

from ._version import __version__
from .assignment import PolicyAssignment
from .policies import (
    Policy,
    SigningAlgorithm,
    TokenIssuanceDefinition,
    TokenIssuanceDefinitionArgs,
    TokenIssuancePolicy,
    TokenLifetimeDefinition,
    TokenLifetimeDefinitionArgs,
    TokenLifetimePolicy,
    TokenResponseSigningPolicy,
)

__all__ = [
    "Policy",
    "PolicyAssignment",
    "SigningAlgorithm",
    "TokenIssuanceDefinition",
    "TokenIssuanceDefinitionArgs",
    "TokenIssuancePolicy",
    "TokenLifetimeDefinition",
    "TokenLifetimeDefinitionArgs",
    "TokenLifetimePolicy",
    "TokenResponseSigningPolicy",
    "__version__",
]
