"""What this tenant has of an application, and what that decides before any policy does."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions.effect import Said
from ..lifecycle.application import Application

OBJECTS = "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals"
_WITHOUT_APPLICATION = ("ManagedIdentity", "Legacy")
"""Types of service principals that have no application in any tenant.

Source: OBJECTS.
"""


def about(found: Application, tenant_id: str) -> Iterator[Said]:
    """What decides before any policy does."""
    principal = found.half("servicePrincipals")
    if principal is None:
        yield Said(
            "Nobody can sign in to it in this tenant, which has no service principal of it "
            f"(az ad sp create --id {found.client_id}); what follows is what it would get.",
            OBJECTS,
        )
        return
    if principal.facts["accountEnabled"] is False:
        yield Said(
            "Nobody can sign in to it: its service principal is disabled.",
            "https://learn.microsoft.com/graph/api/resources/serviceprincipal",
        )
    if hides_application(found):
        owner = principal.facts["appOwnerOrganizationId"]
        where = f"registered in tenant {owner}" if owner and owner != tenant_id else "not found in this tenant"
        yield Said(
            f"Its application is {where}: what the application itself has there cannot be seen from here.",
            OBJECTS,
        )


def hides_application(found: Application) -> bool:
    """Whether there is an application somewhere that this tenant does not show."""
    principal = found.half("servicePrincipals")
    has_one = principal is None or principal.facts["servicePrincipalType"] not in _WITHOUT_APPLICATION
    return has_one and found.half("applications") is None
