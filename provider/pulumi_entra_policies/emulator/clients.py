"""Who may sign in, and by what: the credentials of an application as "application resource type" has them."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


@dataclass
class Client:
    """Who may sign in, and by what.

    ```python
    Client("a secret")
    Client(certificate="portal.pem", permissions={"Policy.Read.All"})
    Client(federated=[("https://token.actions.githubusercontent.com", "repo:octo/portal:environment:live")])
    ```
    """

    secret: str | None = field(default=None, repr=False)
    certificate: str | PathLike[str] | None = None
    """A public one of an RSA key: PEM text, or the path of its file."""
    federated: Sequence[tuple[str, str]] = ()
    """Issuer and subject of each assertion that signs in like the client itself."""
    permissions: Iterable[str] | None = None
    """What the client itself is granted. None: what `Emulator.grant` says."""
    key: "Certified | None" = field(init=False, repr=False)
    roles: frozenset[str] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.key = None if self.certificate is None else Certified(_loaded(self.certificate))
        self.federated = [(issuer, subject) for issuer, subject in self.federated]
        self.roles = None if self.permissions is None else frozenset(self.permissions)


class Certified:
    """What Entra keeps of a certificate."""

    def __init__(self, certificate: x509.Certificate) -> None:
        public = certificate.public_key()
        if not isinstance(public, RSAPublicKey):
            raise ValueError("a client's certificate is one of an RSA key: assertions are signed RS256 or PS256")
        self.public = public
        self.ends = certificate.not_valid_after_utc.timestamp()
        self.x5t = {  # the header that names it, as in RFC 7515
            "x5t": _thumbprint(certificate, hashes.SHA1()),  # noqa: S303
            "x5t#S256": _thumbprint(certificate, hashes.SHA256()),
        }


def declared(clients: Mapping[str, str | Client]) -> dict[str, Client]:
    return {name: Client(client) if isinstance(client, str) else client for name, client in clients.items()}


def _loaded(certificate: str | PathLike[str]) -> x509.Certificate:
    is_text = isinstance(certificate, str) and "-----BEGIN" in certificate
    pem = str(certificate).encode() if is_text else Path(certificate).read_bytes()
    return x509.load_pem_x509_certificate(pem)


def _thumbprint(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> str:
    return base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).rstrip(b"=").decode()
