"""The certificates and keys of an application or service principal, as the directory keeps them.

A write gives the whole list. Who writes it has read it before, without the keys themselves, and sends it back so: an
entry whose id is there already keeps the key that it has (seen: azuread's provider adds and removes certificates so).
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from .. import refusals

Credential = Mapping[str, Any]

NAME = "keyCredentials"
UNKNOWN = dict.fromkeys(("customKeyIdentifier", "displayName", "startDateTime", "endDateTime", "key"))
COMMON: Credential = {**UNKNOWN, "type": "AsymmetricX509Cert", "usage": "Verify"}


@dataclass(frozen=True)
class KeyCredentials:
    """Completes those that are written."""

    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def completed(self, given: Sequence[Credential], before: Sequence[Credential]) -> list[Credential]:
        known = {one["keyId"]: one for one in before}
        return [self._kept(one, known.get(_key_id(one))) or self._new(one) for one in given]

    def _kept(self, given: Credential, known: Credential | None) -> Credential | None:
        if known is None or given.get("key") not in (None, known["key"]):
            return None
        return known

    def _new(self, given: Credential) -> Credential:
        named = {name: value for name, value in given.items() if value is not None and "@" not in name}
        found = self._read(given)
        credential = {**COMMON, **found, **named, "keyId": _key_id(given) or self.new_id()}
        if found and _moment(credential["endDateTime"]) > _moment(found["endDateTime"]):
            raise refusals.invalid_end_date()
        return credential

    def _read(self, given: Credential) -> dict[str, Any]:
        """What the key itself says. Without one, which the metadata allows, nothing (open)."""
        if not given.get("key"):
            return {}
        return self._of_symmetric_key() if given.get("type") == "Symmetric" else _of_certificate(given["key"])

    def _of_symmetric_key(self) -> dict[str, Any]:
        """How long it is valid by itself is open."""
        now = self.now()
        return {"startDateTime": _written(now), "endDateTime": _written(now + timedelta(days=730))}


def _of_certificate(key: str) -> dict[str, Any]:
    """DER or PEM, both in base64: azuread's provider sends PEM. What is read from it is seen, its forms are open."""
    content = base64.b64decode(key)
    load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
    try:
        certificate = load(content)
    except ValueError:
        raise refusals.invalid_value(NAME) from None
    return {
        "customKeyIdentifier": base64.b64encode(certificate.fingerprint(hashes.SHA1())).decode(),  # noqa: S303
        "displayName": certificate.subject.rfc4514_string(),
        "startDateTime": _written(certificate.not_valid_before_utc),
        "endDateTime": _written(certificate.not_valid_after_utc),
    }


def _key_id(credential: Credential) -> str:
    return str(credential.get("keyId") or "").lower()


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
