"""Which certificates are trusted: the same ones at sign-in and by Graph."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

from ..settings import Settings, SettingsError


def trusted(settings: Settings) -> ssl.SSLContext:
    """The given bundle's, else the system's. Raises SettingsError for a file that holds none."""
    if settings.ca_bundle is None:
        return _system_trust() if settings.signs_in else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nobody's
    given = settings.ca_bundle
    try:
        return ssl.create_default_context(cafile=given.text)
    except OSError as error:
        raise SettingsError(f"{given.source}: {given.text} holds no certificates ({error})") from error


@cache
def _system_trust() -> ssl.SSLContext:
    """What httpx trusts by itself, and what azure-identity does. Reading it takes a while; plain http needs none."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
