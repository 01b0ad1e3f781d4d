"""All that sign-in needs, invented: for a certificate of loopback that nobody has to make, and one client."""

import contextlib
import secrets
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme


@dataclass(frozen=True)
class SignIn:
    ca_bundle: Path
    """Whom to trust."""
    server: Path
    """Certificate and private key of the server."""
    client_id: str
    client_secret: str = field(repr=False)


@contextlib.contextmanager
def sign_in_on_the_fly() -> Iterator[SignIn]:
    """Its files are gone at the end. The authority's private key is in none of them."""
    with tempfile.TemporaryDirectory(prefix="entra-policies-") as folder:
        authority, certificates = trustme.CA(), Path(folder)
        served = authority.issue_cert("127.0.0.1", "::1", "localhost").private_key_and_cert_chain_pem
        made = SignIn(certificates / "ca.pem", certificates / "server.pem", str(uuid.uuid4()), secrets.token_hex(20))
        authority.cert_pem.write_to_path(str(made.ca_bundle))
        served.write_to_path(str(made.server))
        yield made
