"""How to sign in to Microsoft Entra, and what a token says of itself.

Source: https://learn.microsoft.com/python/api/overview/azure/identity-readme
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import textwrap
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.identity.aio import ClientSecretCredential, DefaultAzureCredential

from ..settings import Settings, SettingsError
from .errors import SignInError

# What azure-identity logs of its tries is in its error as well; without a handler, Python prints it to the user.
logging.getLogger("azure").addHandler(logging.NullHandler())


def credential(settings: Settings) -> AsyncTokenCredential:
    """A client secret if there is one, else whatever DefaultAzureCredential finds. Raises SettingsError."""
    shared: dict[str, Any] = {"authority": settings.authority}
    if settings.on_loopback:
        shared["disable_instance_discovery"] = True  # else the public cloud is asked about the emulator
    if settings.ca_bundle:
        shared["connection_verify"] = settings.ca_bundle
    if settings.client_secret and settings.client_id and settings.tenant_id:
        return ClientSecretCredential(settings.tenant_id, settings.client_id, settings.client_secret, **shared)
    if settings.client_id:
        shared["managed_identity_client_id"] = settings.client_id
    if settings.tenant_id:
        shared["additionally_allowed_tenants"] = [settings.tenant_id]
    try:
        return DefaultAzureCredential(**shared)
    except (OSError, ValueError) as error:  # it reads AZURE_… variables and the files that they name
        raise SettingsError(f"azure-identity cannot use the AZURE_… variables of this environment: {error}") from error


def claim(token: str, name: str) -> str | None:
    """One claim of a token, read without verifying it: Graph verifies, we only report."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims[name])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return None


STORED = (
    "; pulumi refresh and pulumi destroy use the configuration that the last up has stored: with --run-program they "
    "use the stack's present one"
)
"""For whoever has corrected the configuration and meets the old one."""


def no_token(error: AzureError, settings: Settings) -> SignInError:
    """What azure-identity said, as an error that tells what to set."""
    said = textwrap.shorten(str(error.message), 600, placeholder=" …")
    return SignInError(
        "cannot sign in to Microsoft Entra",
        said,
        "set or correct entra-policies:tenantId, clientId and clientSecret (or ARM_TENANT_ID, ARM_CLIENT_ID, "
        f"ARM_CLIENT_SECRET), or sign in with az login{STORED if settings.configured else ''}",
    )
