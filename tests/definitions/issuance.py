"""One definition in every form that users and tenants write it in."""

import json
from typing import Any

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.token_issuance import SigningAlgorithm

RSA_SHA1, RSA_SHA256 = SigningAlgorithm.RSA_SHA1.value, SigningAlgorithm.RSA_SHA256.value
KIND = KINDS["TokenIssuancePolicy"]

GRAPH = {
    "Version": 1,
    "SigningAlgorithm": RSA_SHA256,
    "SamlTokenVersion": "2.0",
    "TokenResponseSigningPolicy": "ResponseAndToken",
    "EmitSamlNameFormat": True,
}
BAG = {
    "version": 1,
    "signingAlgorithm": RSA_SHA256,
    "samlTokenVersion": "2.0",
    "tokenResponseSigningPolicy": "ResponseAndToken",
    "emitSamlNameFormat": True,
}
SNAKE = {
    "version": 1,
    "signing_algorithm": RSA_SHA256,
    "saml_token_version": "2.0",
    "token_response_signing_policy": "ResponseAndToken",
    "emit_saml_name_format": True,
}

__all__ = ["BAG", "GRAPH", "KIND", "RSA_SHA1", "RSA_SHA256", "SNAKE", "rooted", "text"]


def rooted(root: str = "TokenIssuancePolicy", **properties: Any) -> dict[str, Any]:
    """Graph's own mapping."""
    return {root: {"Version": 1, **properties}}


def text(root: str = "TokenIssuancePolicy", **properties: Any) -> str:
    """Graph's JSON string."""
    return json.dumps(rooted(root, **properties))
