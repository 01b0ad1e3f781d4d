"""The sign-in authority beside the emulated Graph, for credentials that get their own tokens.

Client credentials only, by a secret, by a signed assertion, or by an assertion of an issuer that the client trusts.
Sources: "OAuth 2.0 client credentials flow on the Microsoft identity platform", "OpenID Connect on the Microsoft
identity platform" and RFC 6749, 2.3.1.
"""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import cloud, denials
from .assertions import TYPE, Assertions
from .clients import Client, declared
from .clock import Clock
from .denials import Denial
from .directory import Directory
from .federation import Federation
from .managed_identity import Identities, ManagedIdentities
from .tokens import GRAPH_ID, Caller, Tokens

EVERYTHING = "/.default"


class Authority:
    def __init__(
        self,
        directory: Directory,
        clock: Clock,
        clients: Mapping[str, str | Client],
        identities: Identities,
        lifetime: int,
    ) -> None:
        self.tokens = Tokens(directory, clock, lifetime)
        self._directory = directory
        self._clock = clock
        self._clients = declared(clients)
        self.federation = Federation(clock)
        self.identities = ManagedIdentities(directory, self.tokens, identities)
        self._assertions = Assertions(self.federation.key, clock)

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.discovery, methods=["GET"]),
            Route("/{tenant}/discovery/v2.0/keys", self.keys, methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
            Route(cloud.PATH, self.endpoints, methods=["GET"]),
            *self.federation.routes(),
            *self.identities.routes(),
        ]

    def caller(self, request: Request) -> Caller:
        """Who calls Graph, and what they may do."""
        return self.tokens.caller(request.headers.get("authorization", ""))

    def challenge(self, request: Request) -> dict[str, str]:
        """What comes with a 401 of Graph: where to sign in, and for what (as seen on graph.microsoft.com)."""
        authorize = f"{request.base_url}common/oauth2/authorize"
        return {"WWW-Authenticate": f'Bearer realm="", authorization_uri="{authorize}", client_id="{GRAPH_ID}"'}

    async def discovery(self, request: Request) -> Response:
        root = f"{request.base_url}{request.path_params['tenant']}"
        return JSONResponse(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                    "private_key_jwt",
                ],
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def endpoints(self, request: Request) -> Response:
        return JSONResponse(cloud.endpoints(str(request.base_url).rstrip("/"), self._directory.tenant_id))

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.tokens.key.as_json()]})

    async def token(self, request: Request) -> Response:
        try:
            fields = await _fields(request)
            client = self._authenticated(request, fields)
        except Denial as denial:
            return JSONResponse(denial.as_json(self._directory, self._clock.date()), status_code=denial.status)
        token = self.tokens.issue(
            f"{request.base_url}{self._directory.tenant_id}/v2.0",
            fields["scope"].removesuffix(EVERYTHING),
            fields["client_id"],
            client.roles,
        )
        lifetime = self.tokens.lifetime
        return JSONResponse(
            {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}
        )

    def _authenticated(self, request: Request, fields: Mapping[str, str]) -> Client:
        tenant = request.path_params["tenant"]
        client_id, grant, scope = (fields.get(name, "") for name in ("client_id", "grant_type", "scope"))
        if tenant.lower() != self._directory.tenant_id:
            raise denials.unknown_tenant(tenant)
        if grant != "client_credentials":
            raise denials.unsupported_grant(grant)
        if client_id not in self._clients:
            raise denials.unknown_client(client_id)
        self._check_credential(client_id, fields, str(request.url))
        if not scope.endswith(EVERYTHING):
            raise denials.invalid_scope(scope, EVERYTHING)
        return self._clients[client_id]

    def _check_credential(self, client_id: str, fields: Mapping[str, str], endpoint: str) -> None:
        client = self._clients[client_id]
        if "client_assertion" in fields:
            kind = fields.get("client_assertion_type", "")
            if kind != TYPE:
                raise denials.unsupported_assertion(kind)
            self._assertions.check(fields["client_assertion"], client_id, client, endpoint)
        elif "client_secret" not in fields:
            raise denials.no_credential()
        elif fields["client_secret"] != client.secret:
            raise denials.wrong_secret(client_id)


async def _fields(request: Request) -> dict[str, str]:
    """Those of the form, and of a header that has client and secret instead."""
    form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
    fields = {name: values[0] for name, values in form.items()}
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return fields
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise denials.no_credential() from None
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)} | fields
