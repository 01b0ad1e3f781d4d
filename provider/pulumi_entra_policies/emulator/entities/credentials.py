"""The certificates, keys and passwords of an application or service principal, as the directory keeps them.

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
from .values import moment

Credential = Mapping[str, Any]
Properties = dict[str, Any]

NAME, PASSWORDS = "keyCredentials", "passwordCredentials"
UNKNOWN = dict.fromkeys(("customKeyIdentifier", "displayName", "startDateTime", "endDateTime", "key"))
COMMON: Credential = {**UNKNOWN, "type": "AsymmetricX509Cert", "usage": "Verify"}


@dataclass(frozen=True)
class Credentials:
    """Completes those that are written."""

    new_id: Callable[[], str]
    now: Callable[[], datetime]

    def completed(self, after: Properties, before: Properties) -> Properties:
        """An object's properties, after a write and before it."""
        changed = {}
        for name, completed in ((NAME, self._keys), (PASSWORDS, self._passwords)):
            if after[name] is not before.get(name):
                known = {one["keyId"]: one for one in before.get(name, ())}
                changed[name] = completed(after[name], known)
        return after | changed if changed else after

    def _keys(self, given: Sequence[Credential], known: Mapping[str, Credential]) -> list[Credential]:
        return [self._kept(one, known.get(_key_id(one))) or self._new(one) for one in given]

    def _passwords(self, given: Sequence[Credential], known: Mapping[str, Credential]) -> list[Credential]:
        """Nobody reads a secret again ("passwordCredential resource type"). How long it is valid is open."""
        common = {"customKeyIdentifier": None, "displayName": None, "hint": None, **self._validity()}
        return [
            known.get(_key_id(one)) or {**common, **one, "keyId": _key_id(one) or self.new_id(), "secretText": None}
            for one in given
        ]

    def _kept(self, given: Credential, known: Credential | None) -> Credential | None:
        if known is None or given.get("key") not in (None, known["key"]):
            return None
        return known

    def _new(self, given: Credential) -> Credential:
        named = {name: value for name, value in given.items() if value is not None and "@" not in name}
        found = self._read(given)
        credential = {**COMMON, **found, **named, "keyId": _key_id(given) or self.new_id()}
        if found and moment(credential["endDateTime"]) > moment(found["endDateTime"]):
            raise refusals.invalid_end_date()
        return credential

    def _read(self, given: Credential) -> dict[str, Any]:
        """What the key itself says. Without one, which the metadata allows, nothing (open)."""
        if not given.get("key"):
            return {}
        return self._validity() if given.get("type") == "Symmetric" else _of_certificate(given["key"])

    def _validity(self) -> dict[str, Any]:
        """Of what does not say it itself (open)."""
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


def _written(date: datetime) -> str:
    return f"{date:%Y-%m-%dT%H:%M:%SZ}"
