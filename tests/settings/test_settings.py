import os
from pathlib import Path

import pytest
from tests.settings.loading import TENANT, Given, load, refusal

from pulumi_entra_policies.settings import CLOUDS, Settings
from pulumi_entra_policies.settings.methods import AZURE_DEVOPS, DEFAULT, GITHUB, MANAGED_IDENTITY
from pulumi_entra_policies.settings.sources import OPTIONS

IDENTITY = {"ARM_CLIENT_ID": "client", "ARM_TENANT_ID": TENANT}


def test_nothing_set_means_the_global_cloud_and_a_preview_that_asks_the_tenant() -> None:
    settings = load()
    assert settings == Settings(CLOUDS[0], "https://graph.microsoft.com")
    assert (settings.authority, settings.signs_in, settings.on_loopback) == (
        "https://login.microsoftonline.com",
        True,
        False,
    )
    assert (settings.preflight, settings.waits) == ("tenant", 30.0)
    assert not settings.is_configured


def test_environment_that_is_given_is_the_only_one_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARM_TENANT_ID", TENANT)
    assert load().tenant is None
    found = Settings.load(lambda name: None).tenant
    assert (found and found.text) == TENANT


def test_environment_of_this_machine_is_hidden_from_tests() -> None:
    ours = {name for option in OPTIONS.values() for name in (*option.near, *option.far)}
    assert not [name for name in os.environ if name in ours or name.startswith(("ARM_", "AZURE_", "PULUMI_", "SSL_"))]


def test_settings_with_another_secret_are_other_settings() -> None:
    one, two = ({**IDENTITY, "ARM_CLIENT_SECRET": secret} for secret in ("one", "two"))
    assert load(one) == load(dict(one))
    assert load(one) != load(two)
    assert len({load(one), load(two), load(dict(one))}) == 2


# -- the tenant --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenant", [TENANT, "contoso.onmicrosoft.com", "organizations"])
def test_tenant_is_an_id_or_a_domain_name(tenant: str) -> None:
    found = load({"azuread:tenantId": tenant}).tenant
    assert found is not None
    assert (found.text, found.source) == (tenant, "azuread:tenantId")


@pytest.mark.parametrize("tenant", ["my tenant", "contoso/x", "{id}", f"{TENANT}\n"])
@pytest.mark.parametrize("source", ["azuread:tenantId", "AZURE_TENANT_ID"])
def test_tenant_that_is_neither_is_refused(source: str, tenant: str) -> None:
    assert refusal({source: tenant}) == f'{source}: "{tenant}" is neither a tenant id nor a domain name'


@pytest.mark.parametrize(
    ("given", "is_configured"),
    [
        ({"azuread:tenantId": TENANT}, True),
        ({"ARM_TENANT_ID": TENANT}, False),
        ({"ARM_TENANT_ID": TENANT, "azuread:useCli": "true"}, True),
        ({"azuread:environment": "china"}, True),
        ({"ARM_ENVIRONMENT": "china"}, False),
        ({"entra-policies:graphEndpoint": "https://graph.microsoft.us"}, True),
        ({"entra-policies:waits": "1"}, False),
    ],
)
def test_settings_are_configured_if_tenant_cloud_or_sign_in_are(given: Given, is_configured: bool) -> None:
    assert load(given).is_configured is is_configured


@pytest.mark.parametrize("source", ["azuread:tenantId", "ARM_TENANT_ID", "AZURE_TENANT_ID"])
def test_tenant_where_others_sign_in_is_not_that_of_the_emulator_over_http(source: str) -> None:
    emulator = {"entra-policies:graphEndpoint": "http://127.0.0.1:8080"}
    assert load({source: TENANT, **emulator}).tenant is None
    found = load({"entra-policies:tenantId": TENANT, source: "elsewhere", **emulator}).tenant
    assert found is not None
    assert found.text == TENANT


# -- signing in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["azuread:msiEndpoint", "ARM_MSI_ENDPOINT"])
def test_endpoint_of_a_managed_identity_is_refused(source: str) -> None:
    assert refusal({"ARM_USE_MSI": "true", source: "http://169.254.169.254"}) == (
        f"{source} is not read: azure-identity finds the endpoint of a managed identity by itself, "
        "with IDENTITY_ENDPOINT where the platform sets it; take it out"
    )


def test_endpoint_of_a_managed_identity_does_not_matter_to_others() -> None:
    endpoint = {"ARM_MSI_ENDPOINT": "http://169.254.169.254"}
    assert load({"ARM_USE_CLI": "true", **endpoint}) == load({"ARM_USE_CLI": "true"})
    assert load(endpoint) == load()
    assert load({"ARM_USE_MSI": "true"}).sign_in.method is MANAGED_IDENTITY


def test_azure_pipelines_without_a_service_connection_are_not_taken_for_github() -> None:
    job = {"ARM_USE_OIDC": "true", "SYSTEM_OIDCREQUESTURI": "https://issuer", "SYSTEM_ACCESSTOKEN": "hunter2"}
    assert refusal({**IDENTITY, **job}) == (
        "SYSTEM_OIDCREQUESTURI is set, but to sign in with an Azure DevOps service connection "
        "entra-policies:adoPipelineServiceConnectionId (or ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID) must be set too"
    )
    connection = {"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection"}
    assert load({**IDENTITY, **job, **connection}).sign_in.method is AZURE_DEVOPS
    assert load({**IDENTITY, **job, "ARM_OIDC_REQUEST_URL": "https://issuer"}).sign_in.method is GITHUB


@pytest.mark.parametrize(
    "given",
    [
        {"ARM_CLIENT_SECRET": "hunter2"},
        {"ARM_USE_OIDC": "maybe"},
        {"ARM_OIDC_TOKEN": "hunter2"},
        {"ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT": "http://169.254.169.254"},
        {"ARM_CLIENT_ID_FILE_PATH": "/absent"},
    ],
)
def test_emulator_over_http_looks_at_no_way_to_sign_in(given: Given) -> None:
    emulator = {"entra-policies:graphEndpoint": "http://127.0.0.1:8080"}
    settings = load({**emulator, **given})
    assert settings == load(emulator)
    assert (settings.sign_in.method, settings.sign_in.is_asked_for) == (DEFAULT, False)
    assert refusal({"entra-policies:graphEndpoint": "https://127.0.0.1:8443", **given}) == refusal(given)


# -- certificates to trust ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["entra-policies:caBundle", "azuread:caBundle", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]
)
def test_certificates_to_trust_are_a_file(source: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.touch()
    found = load({source: str(bundle)}).ca_bundle
    assert found is not None
    assert (found.text, found.source) == (str(bundle), source)


@pytest.mark.parametrize(("name", "reason"), [("none.pem", "No such file or directory"), ("", "Is a directory")])
def test_certificates_that_are_no_file_are_refused(name: str, reason: str, tmp_path: Path) -> None:
    bundle = str(tmp_path / name)
    assert refusal({"SSL_CERT_FILE": bundle}) == f"SSL_CERT_FILE: the file {bundle} cannot be read ({reason})"


# -- previews ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "preflight"),
    [
        ({"entra-policies:preflight": "none"}, "none"),
        ({"azuread:preflight": "sign-in"}, "sign-in"),
        ({"entra-policies:preflight": "tenant"}, "tenant"),
    ],
)
def test_preflight_says_how_far_a_preview_looks(given: Given, preflight: str) -> None:
    assert load(given).preflight == preflight


@pytest.mark.parametrize("word", ["None", "signin", "true", "Tenant"])
def test_preflight_of_another_word_is_refused(word: str) -> None:
    message = refusal({"entra-policies:preflight": word})
    assert message == f'entra-policies:preflight: "{word}" must be none, sign-in or tenant'


# -- waiting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("0", 0.0), ("0.0", 0.0), ("7", 7.0), ("07", 7.0), ("2.25", 2.25), ("600", 600.0), ("600.0", 600.0)],
)
def test_waits_is_a_number_of_seconds(given: str, seconds: float) -> None:
    assert load({"entra-policies:waits": given}).waits == seconds


@pytest.mark.parametrize("given", [{}, {"entra-policies:waits": ""}], ids=["absent", "empty"])
def test_waits_is_half_a_minute_unless_it_is_set(given: Given) -> None:
    assert load(given).waits == 30.0


@pytest.mark.parametrize(
    "given",
    [
        "601",
        "600.1",
        "999",
        "1000",
        "-1",
        "+1",
        "1e2",
        "inf",
        "nan",
        "1.",
        ".5",
        "1,5",
        " 1",
        "1\n",
        "\u0661",
        "soon",
        "true",
    ],
)
def test_waits_that_is_none_or_too_long_is_refused(given: str) -> None:
    message = refusal({"entra-policies:waits": given})
    assert message == f'entra-policies:waits: "{given}" is not a number of seconds from 0 to 600'
