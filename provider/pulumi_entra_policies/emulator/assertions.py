"""Assertions, signed in place of a secret: by the client's certificate, or by an issuer whose word is taken for it.

A client's assertion is judged by the machine's clock, which is the one that the client goes by; a federated one by
the emulator's, which its issuer goes by. Sources: "Microsoft identity platform application authentication certificate
credentials" and "Workload identity federation".
"""

import time
from typing import Any

import jwt

from . import denials
from .clients import Certified, Client
from .clock import Clock
from .keys import Key, is_current, verified

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "api://AzureADTokenExchange"
REQUIRED = {"aud", "exp", "iss", "jti", "nbf", "sub"}


class Assertions:
    """The check of either kind: which it is, its issuer says."""

    def __init__(self, federation: Key, clock: Clock) -> None:
        self._federation = federation
        self._clock = clock

    def check(self, assertion: str, client_id: str, client: Client, endpoint: str) -> None:
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.InvalidTokenError as error:
            raise denials.malformed_assertion(f"{error}.") from None
        if client_id in (claims.get("iss"), claims.get("sub")):
            _check_certified(assertion, header, claims, client_id, client, endpoint)
        else:
            self._check_federated(assertion, claims, client_id, client)

    def _check_federated(self, assertion: str, claims: dict[str, Any], client_id: str, client: Client) -> None:
        issuer, subject, audience = (claims.get(name) for name in ("iss", "sub", "aud"))
        if not client.federated:
            raise denials.not_federated(client_id)
        if all(issuer != known for known, _ in client.federated):
            raise denials.unknown_issuer(issuer)
        try:
            self._federation.claims(assertion)
        except jwt.InvalidTokenError:
            raise denials.foreign_signature() from None
        if audience not in (AUDIENCE, [AUDIENCE]):
            raise denials.unknown_audience(audience)
        if all((issuer, subject) != known for known in client.federated):
            raise denials.unknown_subject(subject)
        _check_time(claims, self._clock.date().timestamp())


def _check_certified(
    assertion: str, header: dict[str, Any], claims: dict[str, Any], client_id: str, client: Client, endpoint: str
) -> None:
    thumbprint = str(header.get("x5t#S256", header.get("x5t", ""))).rstrip("=")  # some clients pad it
    if not thumbprint:
        raise denials.malformed_assertion("No certificate thumbprint specified in token header.")
    if missing := sorted(REQUIRED - claims.keys()):
        raise denials.malformed_assertion(f"Claims are missing: {', '.join(missing)}.")
    if client.key is None or thumbprint not in client.key.x5t.values():
        raise denials.unknown_certificate(client_id, thumbprint)
    _check_signature(assertion, client.key, thumbprint)
    if claims["iss"] != claims["sub"]:
        raise denials.wrong_subject()
    if claims["aud"] != endpoint:
        raise denials.wrong_audience()
    _check_time(claims, time.time())


def _check_signature(assertion: str, key: Certified, thumbprint: str) -> None:
    if key.ends < time.time():
        raise denials.bad_signature(thumbprint, "The key used is expired.")
    try:
        verified(assertion, key.public, "RS256", "PS256")
    except jwt.InvalidTokenError:
        reason = "The provided signature value did not match the expected signature value."
        raise denials.bad_signature(thumbprint, reason) from None


def _check_time(claims: dict[str, Any], now: float) -> None:
    if not is_current(claims, now):
        raise denials.out_of_time(now, claims.get("nbf"), claims.get("exp"))
