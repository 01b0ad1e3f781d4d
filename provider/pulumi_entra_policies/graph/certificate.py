"""The certificate that signs in, looked at before Entra is: what is wrong with it is said here more clearly."""

from __future__ import annotations

import base64
from datetime import datetime, timezone

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

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
    found = _certificate(data, source, chosen.get("clientCertificatePassword"))
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


def _certificate(data: bytes, source: Value, password: str | None) -> x509.Certificate:
    try:
        if _PEM in data:
            return x509.load_pem_x509_certificate(data)
        found = pkcs12.load_key_and_certificates(data, password.encode() if password else None)[1]
    except (ValueError, TypeError) as error:
        advice = f"; if it has a password, {names_of('clientCertificatePassword')} must be that"
        raise SettingsError(f"{source.source}: no certificate can be read from it ({error}){advice}") from error
    if found is None:
        raise SettingsError(f"{source.source}: there is no certificate in it")
    return found
