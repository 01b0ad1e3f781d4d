"""The pipelines and clusters that vouch for their programs: issuers of the assertions of workload identity federation.

One key signs for every issuer. Sources: "OpenID Connect reference" of GitHub Actions, "Oidctoken - Create" of Azure
DevOps, "Workload identity federation" of Microsoft Entra.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .assertions import AUDIENCE
from .clock import Clock
from .keys import Key

# Issuer and subject, as a client's federated credential names them.
GITHUB_WORKFLOW = ("https://token.actions.githubusercontent.com", "repo:contoso/portal:ref:refs/heads/main")
CLUSTER_ACCOUNT = (
    "https://eastus.oic.prod-aks.azure.com/5a4f8e0c-0d5c-4e0f-9d5e-6f0f6d2b7a11/",
    "system:serviceaccount:portal:deployer",
)
AZURE_DEVOPS = "https://vstoken.dev.azure.com/7d2c3c2e-53a4-4f7a-8a0e-1d2f6f1c9b20"

GITHUB_PATH, AZURE_DEVOPS_PATH = "/github/idtoken", "/azure-devops/oidctoken"


def service_connection(identifier: str) -> tuple[str, str]:
    """Azure DevOps has the connection's name in the subject; here it is the id that one asks with."""
    return AZURE_DEVOPS, f"sc://contoso/portal/{identifier}"


class Federation:
    def __init__(self, clock: Clock) -> None:
        self.key = Key()
        self.request_token = secrets.token_urlsafe(32)
        """The bearer by which a pipeline's job asks for its assertions."""
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route(GITHUB_PATH, self.github, methods=["GET"]),
            Route(AZURE_DEVOPS_PATH, self.azure_devops, methods=["POST"]),
        ]

    def assertion(self, issuer: str, subject: str, audience: str, lifetime: float) -> str:
        now = self._clock.date().timestamp()
        claims: Mapping[str, Any] = {
            "iss": issuer,
            "sub": subject,
            "aud": audience,
            "jti": secrets.token_hex(16),
            "iat": int(now),
            "nbf": int(min(now, now + lifetime)),
            "exp": int(now + lifetime),
        }
        return self.key.signed(claims)

    async def github(self, request: Request) -> Response:
        audience = request.query_params.get("audience", "https://github.com/contoso")
        assertion = self.assertion(*GITHUB_WORKFLOW, audience, lifetime=300)
        return self._answer(request, {"value": assertion, "count": len(assertion)})

    async def azure_devops(self, request: Request) -> Response:
        """Its audience is always Entra's."""
        asked = request.query_params
        if missing := sorted({"api-version", "serviceConnectionId"} - asked.keys()):
            return self._answer(request, {"message": f"Missing: {', '.join(missing)}."}, 400)
        assertion = self.assertion(*service_connection(asked["serviceConnectionId"]), AUDIENCE, lifetime=600)
        return self._answer(request, {"oidcToken": assertion})

    def _answer(self, request: Request, body: Mapping[str, object], status: int = 200) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token == self.request_token:
            return JSONResponse(body, status)
        return JSONResponse({"message": "TF400813: The user '' is not authorized to access this resource."}, 401)
