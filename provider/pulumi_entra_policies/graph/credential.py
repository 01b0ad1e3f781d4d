"""Signing in to Microsoft Entra by azure-identity's own classes, and what a token says of itself.

Source: https://learn.microsoft.com/python/api/overview/azure/identity-readme
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import re
import textwrap
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ServiceRequestError, ServiceResponseError
from azure.identity.aio import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from ..settings import Settings, SettingsError, methods
from ..settings.sources import read_file
from . import assertion, certificate
from .errors import STORED, NoAnswer, SignInError
from .trust import trusted

# What azure-identity logs of its tries is in its error as well; without a handler, Python prints it to the user.
logging.getLogger("azure").addHandler(logging.NullHandler())

Options = dict[str, Any]

LONGEST_SIGN_IN = 100.0  # seconds; azure-identity alone would wait for a silent host four times five minutes
FRESH = 300.0  # seconds that a token has left when azure-identity asks for another


class Credential(AsyncTokenCredential):
    """The one way to sign in that the settings have chosen, for one scope. Remembers its last token, what that permits.

    Raises SettingsError for a certificate, or AZURE_… variables, that azure-identity cannot use.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token: AccessToken | None = None
        self.permissions: tuple[str, ...] = ()
        options: Options = {"authority": settings.authority, "use_env_settings": not settings.on_loopback}
        if settings.on_loopback:
            options["disable_instance_discovery"] = True  # else the public cloud is asked about the emulator
        if settings.ca_bundle:
            trusted(settings)  # azure-identity would say it later, and worse
            options["connection_verify"] = settings.ca_bundle.text
        try:
            self._credential = _BUILDERS[settings.sign_in.method](settings, options)
        except (OSError, ValueError) as error:
            raise SettingsError(f"azure-identity cannot sign in {settings.sign_in}: {error}") from error

    async def get_token(
        self, *scopes: str, claims: str | None = None, tenant_id: str | None = None, **more: Any
    ) -> AccessToken:
        """The last one while it is fresh: the Azure CLI keeps none, and would be started for every request.

        Raises SignInError.
        """
        if claims or self._token is None or self._token.expires_on - time.time() < FRESH:
            asked = self._credential.get_token(*scopes, claims=claims, tenant_id=tenant_id, **more)
            self._token = await self._answer(asked)
            found = said(self._token.token)
            self.permissions = tuple(found.get("roles") or str(found.get("scp") or "").split())
        return self._token

    async def _answer(self, asked: Awaitable[AccessToken]) -> AccessToken:
        try:
            return await asyncio.wait_for(asked, LONGEST_SIGN_IN)
        except asyncio.TimeoutError as error:
            silence = f"there was no answer within {LONGEST_SIGN_IN:.0f} seconds"
            raise _no_token(ServiceResponseError(silence), self._settings) from error
        except AzureError as error:
            raise _no_token(error, self._settings) from error

    async def close(self) -> None:
        await self._credential.close()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()


def said(token: str) -> dict[str, Any]:
    """A token's claims, read without verifying it: Graph verifies, we only report. None of what is no such token."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}


# -- the methods -------------------------------------------------------------------------------------------------------


def _secret(settings: Settings, options: Options) -> AsyncTokenCredential:
    given = settings.sign_in.find("clientSecretFilePath")
    secret = read_file(given) if given else settings.sign_in.get("clientSecret") or ""
    return ClientSecretCredential(*_identity(settings), secret, **options)


def _certificate(settings: Settings, options: Options) -> AsyncTokenCredential:
    data = certificate.usable(settings.sign_in)
    password = settings.sign_in.get("clientCertificatePassword")
    return CertificateCredential(*_identity(settings), certificate_data=data, password=password, **options)


def _token(settings: Settings, options: Options) -> AsyncTokenCredential:
    """A file is read anew whenever a token is asked for: whoever keeps it replaces it."""
    path = settings.sign_in.find("oidcTokenFilePath") or settings.sign_in.find("federatedTokenFile")
    given = settings.sign_in.get("oidcToken") or ""
    return ClientAssertionCredential(
        *_identity(settings), (lambda: read_file(path)) if path else lambda: given, **options
    )


def _github(settings: Settings, options: Options) -> AsyncTokenCredential:
    """Source: https://docs.github.com/actions/reference/security/oidc"""
    audience = {"audience": settings.sign_in.get("oidcAudience") or assertion.AUDIENCE}
    return ClientAssertionCredential(
        *_identity(settings), assertion.asked(settings, "GET", audience, "value"), **options
    )


def _azure_devops(settings: Settings, options: Options) -> AsyncTokenCredential:
    """As AzurePipelinesCredential asks, which takes the address from one environment variable alone."""
    connection = settings.sign_in.get("adoPipelineServiceConnectionId") or ""
    query = {"api-version": "7.1", "serviceConnectionId": connection}
    return ClientAssertionCredential(
        *_identity(settings), assertion.asked(settings, "POST", query, "oidcToken"), **options
    )


def _managed_identity(settings: Settings, options: Options) -> AsyncTokenCredential:
    return ManagedIdentityCredential(client_id=settings.sign_in.get("clientId"), **options)


def _cli(settings: Settings, options: Options) -> AsyncTokenCredential:
    return AzureCliCredential(tenant_id=settings.sign_in.get("tenantId") or "")


def _default(settings: Settings, options: Options) -> AsyncTokenCredential:
    chosen = settings.sign_in
    if client_id := chosen.get("clientId"):
        options["managed_identity_client_id"] = client_id
    if tenant_id := chosen.get("tenantId"):
        options["additionally_allowed_tenants"] = [tenant_id]
    return DefaultAzureCredential(exclude_cli_credential=chosen.cli_is_off, **options)


_BUILDERS: dict[methods.Method, Callable[[Settings, Options], AsyncTokenCredential]] = {
    methods.DEFAULT: _default,
    methods.CERTIFICATE: _certificate,
    methods.SECRET: _secret,
    methods.OIDC: _token,
    methods.AKS: _token,
    methods.AZURE_DEVOPS: _azure_devops,
    methods.GITHUB: _github,
    methods.MANAGED_IDENTITY: _managed_identity,
    methods.CLI: _cli,
}


def _identity(settings: Settings) -> tuple[str, str]:
    return settings.sign_in.get("tenantId") or "", settings.sign_in.get("clientId") or ""


# -- what to do now ----------------------------------------------------------------------------------------------------

_OTHERWISE = "correct what is named above"
_NETWORK = "check the network, proxy and firewall of this machine"
# Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_ADVICE = {
    "7000215": "set the secret's value, not its id; it may have been replaced",
    "7000222": "the secret has expired: make a new one, and set it",
    "700016": "check clientId, tenantId and environment: the tenant, or the cloud, has no such application",
    "90002": "check tenantId and environment: this cloud has no such tenant",
    "700027": "upload the certificate to the application, or give the one that it has",
    "700024": "the token that was given has expired: let the pipeline give a new one",
    "70021": "give the application a federated credential with this issuer, subject and audience",
    "70025": "give the application a federated credential with the issuer, subject and audience of the token",
    "700211": "give the application a federated credential with this issuer",
    "700212": "give the application a federated credential with this audience, or set oidcAudience",
    "700213": "give the application a federated credential with this subject",
}


def _no_token(error: AzureError, settings: Settings) -> SignInError:
    """What azure-identity said, as an error that tells what to set."""
    reason = textwrap.shorten(re.sub(r"^Microsoft Entra ID error '(.*)'$", r"\1", error.message), 600, placeholder=" …")
    code = re.search(r"AADSTS(\d+)", reason)
    is_silent = isinstance(error, (ServiceRequestError, ServiceResponseError))
    advice = _ADVICE.get(code[1] if code else "", _NETWORK if is_silent else _OTHERWISE)
    if not settings.sign_in.is_asked_for:
        advice = (
            "set entra-policies:tenantId, clientId and clientSecret (or ARM_TENANT_ID, ARM_CLIENT_ID, "
            "ARM_CLIENT_SECRET), or what another way to sign in takes, or sign in with az login"
        )
    stored = STORED if settings.is_configured else ""
    named = f", as {settings.cloud_named.source} says" if settings.cloud_named else ""
    cloud = f"Microsoft Entra ({settings.cloud.name}{named})"
    what = f"cannot sign in to {cloud} {settings.sign_in}"
    return (NoAnswer if is_silent else SignInError)(what, reason, advice + stored)
