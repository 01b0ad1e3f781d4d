"""The sign-in authority beside the emulated Graph, for credentials that get their own tokens.

Client credentials only. The tokens look like Entra's, are signed by nobody, and are good for this one
emulator. Sources: "OAuth 2.0 client credentials flow on the Microsoft identity platform" and "Microsoft
Entra authentication and authorization error codes".
"""

import base64
import json
import time
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import refusals
from .directory import Directory

LIFETIME = 3599  # seconds, what Entra answers most often
ROLES = ("Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All")
EVERYTHING = "/.default"


class Denial(Exception):
    """The authority's no: RFC 6749's error, Entra's number and text."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.error = error
        self.number = number
        self.text = text

    def as_json(self, directory: Directory) -> dict[str, object]:
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.text}",
            "error_codes": [self.number],
            "timestamp": time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime()),
            "trace_id": directory.new_id(),
            "correlation_id": directory.new_id(),
        }


class Authority:
    def __init__(self, directory: Directory, clients: Mapping[str, str]) -> None:
        self._directory = directory
        self._clients = clients
        self._roles = list(ROLES)
        self._issued: set[str] = set()

    def grant(self, permissions: Iterable[str] | None) -> None:
        self._roles = list(ROLES) if permissions is None else sorted(permissions)

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.discovery, methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
        ]

    def issued(self) -> set[str]:
        """Every token that it has given out."""
        return set(self._issued)

    def check(self, authorization: str) -> None:
        """Whether a request to Graph carries a token from here."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refusals.not_signed_in()
        if token not in self._issued:
            raise refusals.unknown_token()

    async def discovery(self, request: Request) -> Response:
        root = f"{request.base_url}{request.path_params['tenant']}"
        return JSONResponse(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def token(self, request: Request) -> Response:
        fields = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        try:
            self._check_request(request.path_params["tenant"], fields)
        except Denial as denial:
            return JSONResponse(denial.as_json(self._directory), status_code=denial.status)
        token = self._issue(f"{request.base_url}{self._directory.tenant_id}/v2.0", fields)
        return JSONResponse(
            {
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "ext_expires_in": LIFETIME,
                "access_token": token,
            }
        )

    def _check_request(self, tenant: str, fields: Mapping[str, str]) -> None:
        client, grant, scope = (fields.get(name, "") for name in ("client_id", "grant_type", "scope"))
        if tenant.lower() != self._directory.tenant_id:
            raise Denial(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if grant != "client_credentials":
            text = f"The app requested an unsupported grant type '{grant}'."
            raise Denial(400, "unsupported_grant_type", 70003, text)
        if client not in self._clients:
            text = f"Application with identifier '{client}' was not found in the directory."
            raise Denial(400, "unauthorized_client", 700016, text)
        if fields.get("client_secret") != self._clients[client]:
            text = f"Invalid client secret provided for app '{client}'."
            raise Denial(401, "invalid_client", 7000215, text)
        if not scope.endswith(EVERYTHING):
            text = f"The provided value for scope {scope} is not valid: it does not end in {EVERYTHING}."
            raise Denial(400, "invalid_scope", 1002012, text)

    def _issue(self, issuer: str, fields: Mapping[str, str]) -> str:
        now = int(time.time())
        claims = {
            "aud": fields["scope"].removesuffix(EVERYTHING),
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": fields["client_id"],
            "tid": self._directory.tenant_id,
            "roles": self._roles,
            "uti": self._directory.new_id(),
        }
        token = f"{_part({'typ': 'JWT', 'alg': 'none'})}.{_part(claims)}."
        self._issued.add(token)
        return token


def _part(content: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
