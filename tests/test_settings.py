import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pulumi_entra_policies.settings import CLOUDS, OPTIONS, Cloud, Settings, SettingsError

TENANT = "72f988bf-0000-4000-8000-000000000001"
SIGN_IN = {"entra-policies:tenantId": TENANT, "entra-policies:clientId": "client"}


def load(config: Mapping[str, str] | None = None, **environment: str) -> Settings:
    return Settings.load((config or {}).get, environment)


def refusal(config: Mapping[str, str] | None = None, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(config, **environment)
    return str(caught.value)


def with_endpoint(endpoint: str, **config: str) -> Settings:
    return load({"entra-policies:graphEndpoint": endpoint, **{f"entra-policies:{key}": config[key] for key in config}})


def test_nothing_set_means_the_global_cloud_and_no_credential() -> None:
    settings = load()
    assert settings == Settings(CLOUDS[0], "https://graph.microsoft.com")
    assert (settings.authority, settings.signs_in, settings.on_loopback) == (
        "https://login.microsoftonline.com",
        True,
        False,
    )


# -- where an option comes from ----------------------------------------------------------------------------------------

# For each option, its sources in their order.
SOURCES = {
    "tenant_id": ("entra-policies:tenantId", "azuread:tenantId", "ARM_TENANT_ID", "AZURE_TENANT_ID"),
    "client_id": ("entra-policies:clientId", "azuread:clientId", "ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
    "client_secret": (
        "entra-policies:clientSecret",
        "azuread:clientSecret",
        "ARM_CLIENT_SECRET",
        "AZURE_CLIENT_SECRET",
    ),
    "environment": ("entra-policies:environment", "azuread:environment", "ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"),
    "graph_endpoint": ("entra-policies:graphEndpoint", "azuread:graphEndpoint"),
    "ca_bundle": ("entra-policies:caBundle", "azuread:caBundle"),
    "waits": ("entra-policies:waits", "azuread:waits"),
}
VALUES = {
    "environment": ("china", "dod", "usgovernment", "global"),
    "graph_endpoint": ("http://127.0.0.1:1", "http://127.0.0.1:2"),
    "waits": ("1.0", "2.5"),
}
ROWS = [(option, rank) for option, sources in SOURCES.items() for rank in range(len(sources))]


def found(option: str, given: Mapping[str, str]) -> str:
    config = {name: value for name, value in given.items() if ":" in name}
    environment = {name: value for name, value in given.items() if ":" not in name}
    if option == "client_secret":
        config |= SIGN_IN
    settings = load(config, **environment)
    return settings.cloud.name if option == "environment" else str(getattr(settings, option))


def test_every_option_is_in_the_table_of_sources() -> None:
    assert SOURCES.keys() == OPTIONS.keys()


@pytest.mark.parametrize(("option", "rank"), ROWS, ids=[SOURCES[option][rank] for option, rank in ROWS])
def test_source_is_used_when_all_before_it_are_silent(
    option: str, rank: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = VALUES.get(option, ("one", "two", "three", "four"))
    for name in values if option == "ca_bundle" else ():
        Path(name).touch()
    given = {source: "" if number < rank else values[number] for number, source in enumerate(SOURCES[option])}
    assert found(option, given) == values[rank]


def test_environment_that_is_given_is_the_only_one_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARM_TENANT_ID", TENANT)
    assert load().tenant_id is None
    assert Settings.load(lambda name: None).tenant_id == TENANT


def test_environment_of_this_machine_is_hidden_from_tests() -> None:
    assert not [name for name in os.environ if name.startswith(("ARM_", "AZURE_", "PULUMI_", "SSL_"))]


# -- clouds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "graph", "authority"),
    [
        ("global", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
        ("public", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
        ("Public", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
        ("usgovernment", "https://graph.microsoft.us", "https://login.microsoftonline.us"),
        ("usgovernmentl4", "https://graph.microsoft.us", "https://login.microsoftonline.us"),
        ("usgovernmentl5", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
        ("dod", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
        ("china", "https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
    ],
)
def test_cloud_is_known_by_our_names_and_by_pulumi_azureads(name: str, graph: str, authority: str) -> None:
    settings = load({"azuread:environment": name})
    assert (settings.graph_endpoint, settings.authority) == (graph, authority)


def test_unknown_cloud_is_refused_with_those_that_are_allowed() -> None:
    assert refusal({"entra-policies:environment": "germany"}) == (
        'entra-policies:environment: "germany" is not a cloud; allowed are global, usgovernment, dod, china'
    )


# -- the endpoint ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cloud", CLOUDS, ids=[cloud.name for cloud in CLOUDS])
@pytest.mark.parametrize("spell", [str, str.upper, "{}/".format], ids=["as is", "upper case", "slash"])
def test_clouds_graph_host_chooses_the_cloud(cloud: Cloud, spell: Callable[[str], str]) -> None:
    settings = with_endpoint(spell(cloud.graph))
    assert settings.cloud is cloud
    assert settings.signs_in


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:8080",
        "http://127.200.3.4:8080",
        "https://127.0.0.1:8443",
        "http://[::1]:8080",
        "https://[::1]:8443",
        "http://localhost:8080",
        "https://localhost",
    ],
)
def test_loopback_is_the_emulator(endpoint: str) -> None:
    settings = with_endpoint(endpoint)
    assert settings.graph_endpoint == settings.authority == endpoint
    assert settings.on_loopback
    assert settings.signs_in is endpoint.startswith("https:")


@pytest.mark.parametrize(("given", "kept"), [("HTTP://LocalHost:80//", "http://localhost:80")])
def test_endpoint_is_kept_in_lower_case_without_slashes(given: str, kept: str) -> None:
    assert with_endpoint(given).graph_endpoint == kept


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://graph.microsoft.com",
        "http://example.com",
        "https://example.com",
        "https://graph.microsoft.com.evil.com",
        "https://graph.microsoft.com@evil.com",
        "https://evil.com/graph.microsoft.com",
        "https://evil.com#graph.microsoft.com",
        "https://evil.com\\@127.0.0.1",
        "https://graph.microsoft.com:8443",
        "https://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com?x",
        "https://graph.microsoft.de",
        "https://graphamicrosoft.com",
        "http://127.0.0.1.evil.com",
        "http://127.0.0.1\t.evil.com",
        "http://localhost.evil.com",
        "http://127.0.0.1@evil.com",
        "http://user@127.0.0.1",
        "http://user:secret@127.0.0.1",
        "http://@127.0.0.1",
        "http://127.0.0.1/v1.0",
        "http://127.0.0.1?x=1",
        "http://127.0.0.1?",
        "http://127.0.0.1#x",
        " https://127.0.0.1",
        "http://127.0.\n0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:http",
        "http://[::1",
        "http://10.0.0.1",
        "http://0.0.0.0:8080",
        "http://169.254.169.254",
        "http://2130706433",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "graph.microsoft.com",
        "http://",
    ],
)
def test_any_other_endpoint_is_refused(endpoint: str) -> None:
    message = refusal({"entra-policies:graphEndpoint": endpoint})
    assert message.startswith("entra-policies:graphEndpoint: ")
    assert "is neither a Microsoft Graph host (https://graph.microsoft.com, " in message
    assert message.endswith("nor an address on loopback such as http://127.0.0.1:8080")


def test_emulator_may_stand_for_any_cloud() -> None:
    assert with_endpoint("https://127.0.0.1:8443", environment="china").cloud.name == "china"


def test_cloud_and_its_own_endpoint_may_both_be_named() -> None:
    assert with_endpoint("https://dod-graph.microsoft.us", environment="usgovernmentl5").cloud.name == "dod"


def test_endpoint_of_another_cloud_is_refused() -> None:
    config = {"entra-policies:graphEndpoint": "https://graph.microsoft.us", "azuread:environment": "public"}
    assert refusal(config) == (
        "entra-policies:graphEndpoint: https://graph.microsoft.us belongs to the cloud usgovernment, "
        "but entra-policies:environment says global"
    )


# -- the credential ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "entra-policies:clientId (or ARM_CLIENT_ID) and entra-policies:tenantId (or ARM_TENANT_ID)"),
        ({"ARM_CLIENT_ID": "client"}, "entra-policies:tenantId (or ARM_TENANT_ID)"),
        ({"ARM_TENANT_ID": TENANT}, "entra-policies:clientId (or ARM_CLIENT_ID)"),
    ],
    ids=["alone", "no tenant", "no client"],
)
def test_secret_without_the_rest_is_refused_and_not_shown(given: dict[str, str], missing: str) -> None:
    message = refusal(None, ARM_CLIENT_SECRET="hunter2", **given)
    assert message == f"entra-policies:clientSecret is set, but to sign in with it {missing} must be set too"


def test_secret_is_not_in_the_repr() -> None:
    settings = load(SIGN_IN, ARM_CLIENT_SECRET="hunter2")
    assert settings.client_secret == "hunter2"
    assert "hunter2" not in f"{settings} {settings!r}"


def test_settings_with_another_secret_are_other_settings() -> None:
    assert load(SIGN_IN, ARM_CLIENT_SECRET="one") != load(SIGN_IN, ARM_CLIENT_SECRET="two")


@pytest.mark.parametrize("tenant", [TENANT, "contoso.onmicrosoft.com", "organizations"])
def test_tenant_is_an_id_or_a_domain_name(tenant: str) -> None:
    assert load({"entra-policies:tenantId": tenant}).tenant_id == tenant


@pytest.mark.parametrize("tenant", ["my tenant", "contoso/x", "{id}", f"{TENANT}\n"])
def test_tenant_that_is_neither_is_refused(tenant: str) -> None:
    message = refusal({"azuread:tenantId": tenant})
    assert message == f'entra-policies:tenantId: "{tenant}" is neither a tenant id nor a domain name'


@pytest.mark.parametrize("name", ["none.pem", "."], ids=["absent", "folder"])
def test_certificates_that_are_no_file_are_refused(name: str, tmp_path: Path) -> None:
    bundle = str(tmp_path / name)
    assert refusal({"entra-policies:caBundle": bundle}) == f"entra-policies:caBundle: there is no file {bundle}"


# -- waiting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("0", 0.0), ("0.0", 0.0), ("7", 7.0), ("07", 7.0), ("2.25", 2.25), ("600", 600.0), ("600.0", 600.0)],
)
def test_waits_is_a_number_of_seconds(given: str, seconds: float) -> None:
    assert load({"entra-policies:waits": given}).waits == seconds


@pytest.mark.parametrize("config", [{}, {"entra-policies:waits": ""}], ids=["absent", "empty"])
def test_waits_is_half_a_minute_unless_it_is_set(config: dict[str, str]) -> None:
    assert load(config).waits == 30.0


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
