"""Where a program on Azure gets tokens without a credential: the metadata service (IMDS), and App Service's endpoint.

Each has errors of a form of its own. Sources: "How to use managed identities for Azure resources on an Azure VM to
acquire an access token", "REST endpoint reference" of App Service; what an unknown identity gets is seen in users'
issue threads, the answer to a wrong X-IDENTITY-HEADER is open.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .directory import Directory
from .tokens import Tokens

METADATA_PATH, APP_SERVICE_PATH = "/metadata/identity/oauth2/token", "/msi/token"
SYSTEM_ASSIGNED = ""
OTHER_SELECTORS = ("object_id", "principal_id", "mi_res_id", "msi_res_id")
SEVERAL = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token "
    "request"
)
UNKNOWN_TO_APP_SERVICE = "Managed Identity found for specified ClientId/ResourceId/PrincipalId."

Identities = Mapping[str, Iterable[str] | None]
"""Client id, or "" for the system-assigned identity, and its permissions; None: what `Emulator.grant` says."""


class ManagedIdentities:
    def __init__(self, directory: Directory, tokens: Tokens, identities: Identities) -> None:
        self.header = secrets.token_urlsafe(32)
        """What App Service wants to see, so that no request forged from outside gets a token."""
        self._directory = directory
        self._tokens = tokens
        self._roles = {name: None if roles is None else frozenset(roles) for name, roles in identities.items()}
        self._system_id = directory.new_id() if SYSTEM_ASSIGNED in identities else ""

    def routes(self) -> list[Route]:
        return [
            Route(METADATA_PATH, self.metadata, methods=["GET"]),
            Route(APP_SERVICE_PATH, self.app_service, methods=["GET"]),
        ]

    async def metadata(self, request: Request) -> Response:
        named = self._default(_named(request.query_params))
        if problem := _ill_formed(request) or self._unknown(named):
            return JSONResponse({"error": "invalid_request", "error_description": problem}, 400)
        lifetime, now = str(self._tokens.lifetime), str(self._tokens.now())
        times = {"expires_in": lifetime, "ext_expires_in": lifetime, "not_before": now}
        return JSONResponse(self._token(request, named) | times)

    async def app_service(self, request: Request) -> Response:
        if request.headers.get("x-identity-header") != self.header:
            return self._app_service_error(401, "Unauthorized")
        if missing := _missing(request):
            return self._app_service_error(400, f"The {missing} parameter is required.")
        named = _named(request.query_params)
        if named not in self._roles:
            kind = "No " if named == SYSTEM_ASSIGNED else "No User Assigned or Delegated "
            return self._app_service_error(400, kind + UNKNOWN_TO_APP_SERVICE)
        return JSONResponse(self._token(request, named))

    def _default(self, named: str) -> str:
        """A machine's only identity need not be named."""
        return next(iter(self._roles)) if named == SYSTEM_ASSIGNED and len(self._roles) == 1 else named

    def _unknown(self, named: str) -> str:
        if named in self._roles:
            return ""
        if named == SYSTEM_ASSIGNED and self._roles:
            return SEVERAL
        return "Identity not found"

    def _token(self, request: Request, named: str) -> dict[str, Any]:
        client_id, resource = named or self._system_id, request.query_params["resource"]
        issuer = f"{request.base_url}{self._directory.tenant_id}/v2.0"
        return {
            "access_token": self._tokens.issue(issuer, resource, client_id, self._roles[named]),
            "client_id": client_id,
            "expires_on": str(self._tokens.now() + self._tokens.lifetime),
            "resource": resource,
            "token_type": "Bearer",
        }

    def _app_service_error(self, status: int, message: str) -> Response:
        body = {"statusCode": status, "message": message, "correlationId": self._directory.new_id()}
        return JSONResponse(body, status)


def _named(asked: Mapping[str, str]) -> str:
    """The identity that is asked for. By another name than the client id none is known."""
    other = next((asked[name] for name in OTHER_SELECTORS if name in asked), None)
    return f"not a client id: {other}" if other else asked.get("client_id", SYSTEM_ASSIGNED)


def _ill_formed(request: Request) -> str:
    if request.headers.get("metadata", "").lower() != "true" or "x-forwarded-for" in request.headers:
        return "Required metadata header not specified"
    missing = _missing(request)
    return f"Required query variable '{missing}' is missing" if missing else ""


def _missing(request: Request) -> str:
    return next((name for name in ("api-version", "resource") if not request.query_params.get(name)), "")
