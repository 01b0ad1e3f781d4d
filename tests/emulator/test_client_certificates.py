"""By azure-identity's own assertion, and by assertions that a test signs wrong."""

import time
from collections.abc import Callable
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
OTHER = "44444444-4444-4444-8444-444444444444"


class Pair:
    """A certificate with its private key."""

    def __init__(self, **options: Any) -> None:
        made = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("client.test", key_type=trustme.KeyType.RSA, **options)
        self.public = made.cert_chain_pems[0].bytes().decode()
        self.both = made.private_key_and_cert_chain_pem.bytes()
        self.private: Any = load_pem_private_key(made.private_key_pem.bytes(), None)

    def x5t(self, algorithm: hashes.HashAlgorithm) -> str:
        return base64url_encode(x509.load_pem_x509_certificate(self.public.encode()).fingerprint(algorithm)).decode()
