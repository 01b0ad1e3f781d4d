"""Access tokens: what the authority gives out and Graph checks, both on the emulator's clock.

Source: "Access tokens in the Microsoft identity platform".
"""

from collections.abc import Iterable
from dataclasses import dataclass

import jwt

from . import refusals
from .clock import Clock
from .directory import Directory
from .keys import Key, is_current
from .policy_sets import SERVICE_PRINCIPALS

LIFETIME = 3599  # seconds, what Entra answers most often
ROLES = ("Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All")
GRAPH_ID = "00000003-0000-0000-c000-000000000000"  # its application id everywhere
# Graph in each of Microsoft's clouds ("National cloud deployments"); and here it is where the token was issued.
AUDIENCES = (
    GRAPH_ID,
    "https://graph.microsoft.com",
    "https://graph.microsoft.us",
    "https://dod-graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
)


@dataclass(frozen=True)
class Caller:
    permissions: frozenset[str] | None
    """None: all of them."""
    client_id: str = ""
    """Empty if nobody signs in."""


class Tokens:
    def __init__(self, directory: Directory, clock: Clock, lifetime: int) -> None:
        self.key = Key()
        self.lifetime = lifetime
        self._directory = directory
        self._clock = clock
        self._granted = frozenset(ROLES)
        self._issued: set[str] = set()

    def grant(self, permissions: Iterable[str] | None) -> None:
        self._granted = frozenset(ROLES if permissions is None else permissions)

    def issued(self) -> set[str]:
        """Every token that was given out."""
        return set(self._issued)

    def issue(self, issuer: str, resource: str, client_id: str, roles: frozenset[str] | None) -> str:
        """roles None: those that are granted to everybody now."""
        now = self.now()
        claims = {
            "aud": resource,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "appid": client_id,
            "idtyp": "app",
            "tid": self._directory.tenant_id,
            "roles": sorted(self._granted if roles is None else roles),
            "uti": self._directory.new_id(),
            **self._principal(client_id),
        }
        token = self.key.signed(claims)
        self._issued.add(token)
        return token

    def _principal(self, client_id: str) -> dict[str, str]:
        """The service principal of who signs in, as far as the tenant has it: azuread's provider reads it."""
        found = self._directory.contents.with_value(SERVICE_PRINCIPALS, "appId", client_id)
        return {"oid": found.id, "sub": found.id} if found else {}

    def now(self) -> int:
        return int(self._clock.date().timestamp())

    def caller(self, authorization: str) -> Caller:
        """By the token that a request to Graph carries."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refusals.not_signed_in()
        try:
            claims = self.key.claims(token)
        except jwt.InvalidTokenError:
            raise refusals.unknown_token() from None
        if claims["aud"].rstrip("/") not in (*AUDIENCES, claims["iss"].removesuffix(f"/{claims['tid']}/v2.0")):
            raise refusals.wrong_audience()
        if not is_current(claims, self._clock.date().timestamp()):
            raise refusals.expired_token()
        return Caller(frozenset(claims["roles"]), claims["appid"])
