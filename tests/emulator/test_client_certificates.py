"""By azure-identity's own assertion, and by assertions that a test signs wrong."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import trustme
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import CertificateCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.utils import base64url_encode
from tests.emulator.signing import CLIENT, SCOPE, claims, token, trusting

from pulumi_entra_policies.emulator import Client, Emulator

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUTHORITY = trustme.CA(key_type=trustme.KeyType.RSA)
SECRET_ONLY, EXPIRED = "44444444-4444-4444-8444-444444444444", "55555555-5555-4555-8555-555555555555"


class Pair:
    """A certificate with its private key."""

    def __init__(self, **options: Any) -> None:
        made = AUTHORITY.issue_cert("client.test", key_type=trustme.KeyType.RSA, **options)
        self.public = made.cert_chain_pems[0].bytes().decode()
        self.both = made.private_key_and_cert_chain_pem.bytes()
        self.private: Any = load_pem_private_key(made.private_key_pem.bytes(), None)
        fingerprint = x509.load_pem_x509_certificate(self.public.encode()).fingerprint
        self.x5t, self.x5t_s256 = (
            base64url_encode(fingerprint(algorithm)).decode()
            for algorithm in (hashes.SHA1(), hashes.SHA256())  # noqa: S303
        )


OWN, STRANGER = Pair(), Pair()
YESTERDAY = Pair(not_after=datetime.now(timezone.utc) - timedelta(days=1))


@pytest.fixture(scope="module")
def secured(signing: Callable[..., Emulator]) -> Emulator:
    clients = {
        CLIENT: Client(certificate=OWN.public),
        EXPIRED: Client(certificate=YESTERDAY.public),
        SECRET_ONLY: "one",
    }
    return signing(clients=clients)


def sign_in(emulator: Emulator, certificates: Path, pair: Pair, client: str = CLIENT) -> str:
    trusted = trusting(emulator, certificates)
    return token(CertificateCredential(emulator.tenant_id, client, certificate_data=pair.both, **trusted))


def assertion(endpoint: str, headers: dict[str, str] | None = None, alg: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    own = {"aud": endpoint, "iss": CLIENT, "sub": CLIENT, "jti": "1", "nbf": now, "exp": now + 600} | changes
    named = {"x5t": OWN.x5t} if headers is None else headers
    present = {name: value for name, value in own.items() if value is not None}
    return jwt.encode(present, OWN.private if alg != "HS256" else "x" * 32, alg, named)


def post(http: httpx.Client, emulator: Emulator, signed: str, **changes: str) -> httpx.Response:
    fields = {"client_id": CLIENT, "client_assertion": signed, "client_assertion_type": TYPE, "scope": SCOPE}
    return http.post(endpoint(emulator), data=fields | {"grant_type": "client_credentials"} | changes)


def endpoint(emulator: Emulator) -> str:
    return f"{emulator.url}/{emulator.tenant_id}/oauth2/v2.0/token"


def test_certificate_signs_in(secured: Emulator, certificates: Path) -> None:
    assert claims(sign_in(secured, certificates, OWN))["appid"] == CLIENT


def test_certificate_is_given_as_a_file_too(
    signing: Callable[..., Emulator], certificates: Path, tmp_path: Path
) -> None:
    (tmp_path / "client.pem").write_text(OWN.public)
    emulator = signing(clients={CLIENT: Client(certificate=tmp_path / "client.pem")})
    assert claims(sign_in(emulator, certificates, OWN))["appid"] == CLIENT


@pytest.mark.parametrize(
    ("pair", "client", "said"),
    [
        (STRANGER, CLIENT, "is not registered on application"),
        (OWN, SECRET_ONLY, "is not registered on application"),
        (YESTERDAY, EXPIRED, "The key used is expired"),
    ],
)
def test_certificate_that_does_not_count_is_refused(
    secured: Emulator, certificates: Path, pair: Pair, client: str, said: str
) -> None:
    with pytest.raises(ClientAuthenticationError, match=f"AADSTS700027: .*{said}"):
        sign_in(secured, certificates, pair, client)


@pytest.mark.parametrize("header", [{"x5t": OWN.x5t}, {"x5t#S256": OWN.x5t_s256}, {"x5t": OWN.x5t + "="}])
@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_assertion_names_its_certificate_by_either_thumbprint(
    secured: Emulator, http: httpx.Client, header: dict[str, str], alg: str
) -> None:
    response = post(http, secured, assertion(endpoint(secured), header, alg))
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"headers": {"x5t": STRANGER.x5t}}, 700027),
        ({"alg": "HS256"}, 700027),
        ({"headers": {}}, 50027),
        ({"jti": None}, 50027),
        ({"sub": SECRET_ONLY}, 700021),
        ({"aud": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}, 700023),
        ({"exp": 1}, 700024),
        ({"nbf": time.time() + 3600}, 700024),
        ({"exp": "tomorrow"}, 700024),
    ],
)
def test_wrong_assertion_is_refused(
    secured: Emulator, http: httpx.Client, changes: dict[str, Any], number: int
) -> None:
    response = post(http, secured, assertion(**{"endpoint": endpoint(secured)} | changes))
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response.json()["error_codes"] == [number]


def test_assertion_by_another_key_than_it_names_is_refused(secured: Emulator, http: httpx.Client) -> None:
    named = {"x5t": OWN.x5t}
    whole = jwt.decode(assertion(endpoint(secured)), options={"verify_signature": False})
    forged = jwt.encode(whole, STRANGER.private, "RS256", named)
    found = post(http, secured, forged).json()
    assert found["error_codes"] == [700027]
    assert "did not match the expected signature value" in found["error_description"]


def test_what_is_no_assertion_is_refused(secured: Emulator, http: httpx.Client) -> None:
    assert post(http, secured, "no.jwt").json()["error_codes"] == [50027]
    unsupported = post(http, secured, assertion(endpoint(secured)), client_assertion_type="saml")
    assert (unsupported.status_code, unsupported.json()["error"]) == (400, "invalid_request")


def test_certificate_of_another_kind_of_key_is_the_callers_error() -> None:
    elliptic = trustme.CA().cert_pem.bytes().decode()
    with pytest.raises(ValueError, match="one of an RSA key"):
        Client(certificate=elliptic)


def test_client_shows_no_secret() -> None:
    assert "hidden" not in repr(Client("hidden"))
