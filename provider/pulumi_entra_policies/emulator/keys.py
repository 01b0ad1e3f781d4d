"""A signing key, made on the fly, and its JSON web tokens.

Times are not judged where a token is read, since the library knows the machine's clock only.
"""

import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ALGORITHM = "RS256"
SIGNATURE_ONLY: Any = {f"verify_{claim}": False for claim in ("aud", "exp", "iat", "iss", "jti", "nbf", "sub")}


class Key:
    def __init__(self) -> None:
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._id = secrets.token_urlsafe(20)

    def signed(self, claims: Mapping[str, object]) -> str:
        return jwt.encode(dict(claims), self._private, ALGORITHM, headers={"kid": self._id})

    def claims(self, token: str) -> dict[str, Any]:
        """Raises jwt.InvalidTokenError if the token is not of this key."""
        return verified(token, self._private.public_key(), ALGORITHM)

    def as_json(self) -> dict[str, Any]:
        """The public half, for a `jwks_uri`."""
        public = RSAAlgorithm.to_jwk(self._private.public_key(), as_dict=True)
        return {name: public[name] for name in ("kty", "n", "e")} | {"use": "sig", "kid": self._id, "alg": ALGORITHM}


def verified(token: str, key: rsa.RSAPublicKey, *algorithms: str) -> dict[str, Any]:
    return dict(jwt.decode(token, key, algorithms, options=SIGNATURE_ONLY))


def is_current(claims: Mapping[str, Any], now: float) -> bool:
    begin, end = claims.get("nbf", 0), claims.get("exp")
    return isinstance(begin, int | float) and isinstance(end, int | float) and begin <= now < end
