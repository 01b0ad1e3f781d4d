"""The certificate that signs in, looked at before Entra is: what is wrong with it is said here more clearly."""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from ..settings import SettingsError, SignIn
from ..settings.sources import Value, names_of, read_bytes

_PEM = b"-----BEGIN"


def usable(chosen: SignIn) -> bytes:
    """The certificate with its key, PEM or PKCS#12, from a file or inline.

    Raises SettingsError for what is no certificate, for a wrong password, and for one that is out of date.
    """
    path, inline = chosen.find("clientCertificatePath"), chosen.find("clientCertificate")
    source = path or inline or Value("", "")
    data = read_bytes(source) if path else _decoded(source)
    found, key = _pair(data, source, chosen.get("clientCertificatePassword"))
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SettingsError(f"{source.source}: the certificate must come with its RSA private key")
    if key.public_key() != found.public_key():
        advice = "of several, the key's own certificate must be the first"
        raise SettingsError(f"{source.source}: the private key is not that of the certificate; {advice}")
    if found.not_valid_after_utc < datetime.now(timezone.utc):
        day = f"{found.not_valid_after_utc:%Y-%m-%d}"
        advice = "make a new one, and upload it to the application"
        raise SettingsError(f"{source.source}: the certificate has expired on {day}; {advice}")
    return data


def _decoded(inline: Value) -> bytes:
    """PEM as it is; PKCS#12 comes in base64, as in pulumi-azuread."""
    if inline.text.lstrip().startswith(_PEM.decode()):
        return inline.text.encode()
    try:
        return base64.b64decode("".join(inline.text.split()), validate=True)
    except ValueError as error:
        raise SettingsError(f"{inline.source}: it is neither PEM nor PKCS#12 in base64") from error


def _pair(data: bytes, source: Value, password: str | None) -> tuple[x509.Certificate, Any]:
    """As azure-identity reads them, of several certificates the first."""
    secret = password.encode() if password else None
    try:
        if _PEM in data:
            return x509.load_pem_x509_certificate(data), load_pem_private_key(data, secret)
        key, found, _ = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        advice = f"; if it has a password, {names_of('clientCertificatePassword')} must be that, and else not be set"
        raise SettingsError(f"{source.source}: no certificate and key can be read from it ({error}){advice}") from error
    if found is None:
        raise SettingsError(f"{source.source}: there is no certificate with its private key in it")
    return found, key
