from collections.abc import Callable

import pytest
from tests.settings.loading import load, refusal

from pulumi_entra_policies.settings import CLOUDS, Cloud, Settings

GLOBAL = ("https://graph.microsoft.com", "https://login.microsoftonline.com")
L4 = ("https://graph.microsoft.us", "https://login.microsoftonline.us")
L5 = ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us")
CHINA = ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn")


def with_endpoint(endpoint: str, **config: str) -> Settings:
    return load({"entra-policies:graphEndpoint": endpoint, **{f"entra-policies:{key}": config[key] for key in config}})


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("global", GLOBAL),
        ("public", GLOBAL),
        ("Public", GLOBAL),
        ("AzureCloud", GLOBAL),
        ("AzurePublicCloud", GLOBAL),
        ("usgovernment", L4),
        ("usgovernmentl4", L4),
        ("AzureUSGovernment", L4),
        ("AzureUSGovernmentCloud", L4),
        ("usgovernmentl5", L5),
        ("dod", L5),
        ("china", CHINA),
        ("AzureChinaCloud", CHINA),
    ],
)
def test_cloud_is_known_by_our_names_azureads_and_azures(name: str, hosts: tuple[str, str]) -> None:
    settings = load({"azuread:environment": name})
    assert (settings.graph_endpoint, settings.authority) == hosts


@pytest.mark.parametrize("source", ["entra-policies:environment", "azuread:environment", "ARM_ENVIRONMENT"])
def test_unknown_cloud_is_refused_with_those_that_are_allowed(source: str) -> None:
    assert refusal({source: "germany"}) == (
        f'{source}: "germany" is not a cloud; allowed are global, usgovernment, dod, china'
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


@pytest.mark.parametrize("namespace", ["entra-policies", "azuread"])
def test_endpoint_of_another_cloud_is_refused(namespace: str) -> None:
    given = {f"{namespace}:graphEndpoint": "https://graph.microsoft.us", "ARM_ENVIRONMENT": "public"}
    assert refusal(given) == (
        f"{namespace}:graphEndpoint: https://graph.microsoft.us belongs to the cloud usgovernment, "
        "but ARM_ENVIRONMENT says global"
    )


# -- the host of metadata ----------------------------------------------------------------------------------------------

METADATA = {"ARM_METADATA_HOSTNAME": "management.local"}


def test_metadata_host_that_was_to_name_the_cloud_is_refused() -> None:
    assert refusal(METADATA) == (
        "ARM_METADATA_HOSTNAME is not read: name the cloud with entra-policies:environment (or ARM_ENVIRONMENT)"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"azuread:environment": "china"},
        {"entra-policies:graphEndpoint": "https://microsoftgraph.chinacloudapi.cn"},
        {"entra-policies:graphEndpoint": "http://127.0.0.1:8080"},
    ],
    ids=["named", "by its Graph", "emulator"],
)
def test_metadata_host_does_not_matter_where_the_cloud_is_known(given: dict[str, str]) -> None:
    assert load({**METADATA, **given}) == load(given)


def test_user_and_password_of_an_endpoint_are_not_shown() -> None:
    assert "hunter2" not in refusal({"entra-policies:graphEndpoint": "https://user:hunter2@graph.microsoft.com"})
