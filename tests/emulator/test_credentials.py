"""Certificates of applications and service principals, as azuread's provider and the Azure CLI write and read them."""

import base64
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.emulator.tenant import NOWHERE, Json, Tenant, assert_refused

TARGETS = pytest.mark.parametrize("targets", ["applications", "servicePrincipals"])


@pytest.fixture(scope="module")
def certificate(certificates: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((certificates / "ca.pem").read_bytes())


def encoded(certificate: x509.Certificate, encoding: Encoding = Encoding.DER) -> str:
    return base64.b64encode(certificate.public_bytes(encoding)).decode()


def added(tenant: Tenant, target: str, *credentials: Json) -> list[Json]:
    response = tenant.http.patch(target, json={"keyCredentials": list(credentials)})
    assert response.status_code == 204, response.text
    return list(tenant.get(target)["keyCredentials"])


@TARGETS
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_certificate_is_completed_by_what_it_says(
    tenant: Tenant, targets: str, encoding: Encoding, certificate: x509.Certificate
) -> None:
    [found] = added(tenant, tenant.target(targets), {"key": encoded(certificate, encoding)})
    assert found["endDateTime"] == f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"
    assert found["startDateTime"] == f"{certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}"
    assert (found["type"], found["usage"]) == ("AsymmetricX509Cert", "Verify")
    assert found["displayName"]
    assert found["keyId"]


@TARGETS
def test_key_is_told_to_whom_selects_it(tenant: Tenant, targets: str, certificate: x509.Certificate) -> None:
    target, key = tenant.target(targets), encoded(certificate)
    [found] = added(tenant, target, {"key": key, "keyId": NOWHERE})
    assert (found["keyId"], found["key"]) == (NOWHERE, None)
    assert tenant.get(targets)["value"][0]["keyCredentials"][0]["key"] is None
    assert tenant.get(target, **{"$select": "keyCredentials"})["keyCredentials"][0]["key"] == key


@TARGETS
def test_list_as_it_was_read_keeps_the_keys(tenant: Tenant, targets: str, certificate: x509.Certificate) -> None:
    target, key = tenant.target(targets), encoded(certificate)
    read = added(tenant, target, {"key": key})
    both = added(tenant, target, *read, {"key": key, "keyId": NOWHERE, "displayName": "Second"})
    assert [one["displayName"] for one in both] == [read[0]["displayName"], "Second"]
    kept = tenant.get(target, **{"$select": "keyCredentials"})["keyCredentials"]
    assert [one["key"] for one in kept] == [key, key]
    assert added(tenant, target, both[1]) == [both[1]]
    assert added(tenant, target) == []


def test_end_after_that_of_the_certificate_is_refused(tenant: Tenant, certificate: x509.Certificate) -> None:
    late = certificate.not_valid_after_utc + timedelta(days=1)
    body = {"keyCredentials": [{"key": encoded(certificate), "endDateTime": f"{late:%Y-%m-%dT%H:%M:%SZ}"}]}
    response = tenant.http.patch(tenant.target("applications"), json=body)
    assert_refused(response, 400, "Request_BadRequest", "Key credential end date is invalid.")


def test_end_before_that_of_the_certificate_is_kept(tenant: Tenant, certificate: x509.Certificate) -> None:
    credential = {"key": encoded(certificate), "endDateTime": "2027-01-01T00:00:00.1234567+01:00"}
    [found] = added(tenant, tenant.target("applications"), credential)
    assert found["endDateTime"] == "2027-01-01T00:00:00.1234567+01:00"


def test_symmetric_key_is_valid_for_a_while(tenant: Tenant) -> None:
    [found] = added(tenant, tenant.target("applications"), {"type": "Symmetric", "key": "YWJj"})
    assert datetime.fromisoformat(found["endDateTime"].replace("Z", "+00:00")) > datetime.now(timezone.utc)


def test_entry_without_a_key_is_as_empty_as_it_was_given(tenant: Tenant) -> None:
    [found] = added(tenant, tenant.target("applications"), {"usage": "Sign"})
    assert (found["usage"], found["endDateTime"], found["key"]) == ("Sign", None, None)


@TARGETS
def test_passwords_are_kept_without_their_secrets(tenant: Tenant, targets: str) -> None:
    target = tenant.target(targets)
    for body in ([{"displayName": "A", "secretText": "secret"}], None, [{"displayName": "B"}]):
        known = tenant.get(target)["passwordCredentials"]
        written = [*known, *(body or [])]
        assert tenant.http.patch(target, json={"passwordCredentials": written}).status_code == 204
    found = tenant.get(target)["passwordCredentials"]
    assert [(one["displayName"], one["secretText"]) for one in found] == [("A", None), ("B", None)]
    assert all(one["keyId"] and one["endDateTime"] for one in found)


def test_credentials_are_part_of_the_state(tenant: Tenant, certificate: x509.Certificate) -> None:
    target = tenant.target("applications")
    added(tenant, target, {"key": encoded(certificate)})
    before = tenant.get(target, **{"$select": "keyCredentials"})
    tenant.emulator.load(tenant.emulator.directory.snapshot())
    assert tenant.get(target, **{"$select": "keyCredentials"}) == before
