from pathlib import Path

import pytest
from tests.settings.loading import Given, load, sources

from pulumi_entra_policies.settings import SettingsError
from pulumi_entra_policies.settings.sources import OPTIONS, Value, is_true, names_of, read_bytes

# The environment variables of each option in their order; the configuration's two namespaces come before.
VARIABLES: dict[str, tuple[str, ...]] = {
    "tenantId": ("ARM_TENANT_ID", "AZURE_TENANT_ID"),
    "clientId": ("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
    "clientIdFilePath": ("ARM_CLIENT_ID_FILE_PATH",),
    "clientSecret": ("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
    "clientSecretFilePath": ("ARM_CLIENT_SECRET_FILE_PATH",),
    "clientCertificate": ("ARM_CLIENT_CERTIFICATE",),
    "clientCertificatePath": ("ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "clientCertificatePassword": ("ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"),
    "useOidc": ("ARM_USE_OIDC",),
    "oidcToken": ("ARM_OIDC_TOKEN",),
    "oidcTokenFilePath": ("ARM_OIDC_TOKEN_FILE_PATH",),
    "oidcRequestUrl": ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"),
    "oidcRequestToken": ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"),
    "oidcAudience": ("ARM_OIDC_AUDIENCE",),
    "adoPipelineServiceConnectionId": (
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    ),
    "useAksWorkloadIdentity": ("ARM_USE_AKS_WORKLOAD_IDENTITY",),
    "federatedTokenFile": ("AZURE_FEDERATED_TOKEN_FILE",),
    "useMsi": ("ARM_USE_MSI",),
    "msiEndpoint": ("ARM_MSI_ENDPOINT",),
    "useCli": ("ARM_USE_CLI",),
    "useDefaultAzureCredential": ("ARM_USE_DEFAULT_AZURE_CREDENTIAL",),
    "environment": ("ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"),
    "metadataHost": ("ARM_METADATA_HOSTNAME",),
    "graphEndpoint": (),
    "caBundle": ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),
    "preflight": (),
    "waits": (),
}
SOURCES = {key: (f"entra-policies:{key}", f"azuread:{key}", *names) for key, names in VARIABLES.items()}
ROWS = [(key, number) for key, names in SOURCES.items() for number in range(len(names))]
SWITCHES = ("useOidc", "useAksWorkloadIdentity", "useMsi", "useCli", "useDefaultAzureCredential")


def test_every_option_is_in_the_table() -> None:
    assert SOURCES.keys() == OPTIONS.keys()


@pytest.mark.parametrize(("key", "number"), ROWS, ids=[SOURCES[key][number] + f"-{key}" for key, number in ROWS])
def test_source_is_used_when_all_before_it_are_empty(key: str, number: int) -> None:
    given = {name: "" if place < number else f"from {name}" for place, name in enumerate(SOURCES[key])}
    name = SOURCES[key][number]
    found = sources(given).find(key)
    assert found == Value(f"from {name}", name)
    assert found.is_configured is (number < 2)


@pytest.mark.parametrize("key", SOURCES)
def test_option_is_nothing_where_all_its_sources_are_empty(key: str) -> None:
    assert sources({}).find(key) is None
    assert sources(dict.fromkeys(SOURCES[key], "")).find(key) is None


def test_all_values_are_known_with_the_nearest_first() -> None:
    given = {"AZURE_CLIENT_ID": "3", "azuread:clientId": "1", "ARM_CLIENT_ID": "2"}
    found = sources(given).all("clientId")
    assert [(value.text, value.rank) for value in found] == [("1", 1), ("2", 2), ("3", 3)]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("tenantId", "entra-policies:tenantId (or ARM_TENANT_ID)"),
        ("federatedTokenFile", "entra-policies:federatedTokenFile (or AZURE_FEDERATED_TOKEN_FILE)"),
        ("waits", "entra-policies:waits"),
    ],
)
def test_option_is_named_by_key_and_first_variable(key: str, names: str) -> None:
    assert names_of(key) == names


# -- switches ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SWITCHES)
@pytest.mark.parametrize(
    ("near", "far", "result"),
    [
        (None, None, None),
        ("", "", None),
        ("", "true", True),
        (None, "false", False),
        ("false", "true", False),
        ("true", "false", True),
        ("false", None, False),
    ],
)
def test_switch_has_three_states_and_an_unset_one_overrides_nothing(
    key: str, near: str | None, far: str | None, result: bool | None
) -> None:
    given = {f"azuread:{key}": near, VARIABLES[key][0]: far}
    assert sources({name: text for name, text in given.items() if text is not None}).switch(key) is result


@pytest.mark.parametrize(
    ("text", "result"), [("true", True), ("True", True), ("1", True), ("false", False), ("FALSE", False), ("0", False)]
)
def test_switch_is_true_or_false_in_the_words_of_azuread(text: str, result: bool) -> None:
    assert is_true(Value(text, "ARM_USE_MSI")) is result


@pytest.mark.parametrize("text", ["yes", "on", "2", " true", "truee"])
def test_switch_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        is_true(Value(text, "ARM_USE_MSI"))
    assert str(caught.value) == f'ARM_USE_MSI: "{text}" is neither true nor false'


# -- files -------------------------------------------------------------------------------------------------------------

PATH = "entra-policies:clientIdFilePath"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a file: of the client's id"


def test_clients_id_may_be_in_a_file(file: Path) -> None:
    file.write_text("client\n")
    found = sources({"ARM_CLIENT_ID_FILE_PATH": str(file)}).find("clientId")
    assert found == Value("client", f"ARM_CLIENT_ID_FILE_PATH {file}")
    assert not found.is_configured


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"ARM_CLIENT_ID": "other"}, "client"),
        ({"entra-policies:clientId": "other"}, "other"),
        ({"azuread:clientId": "client"}, "client"),
    ],
    ids=["a farther value", "a nearer value", "the same"],
)
def test_file_and_value_are_chosen_by_their_sources(given: Given, text: str, file: Path) -> None:
    file.write_text(" client ")
    found = sources({"azuread:clientIdFilePath": str(file), **given}).find("clientId")
    assert found is not None
    assert found.text == text


def test_file_that_is_not_used_is_not_read(file: Path) -> None:
    given = {"entra-policies:clientId": "client", "ARM_CLIENT_ID_FILE_PATH": str(file)}
    assert sources(given).find("clientId") == Value("client", "entra-policies:clientId")


def test_file_that_says_something_else_is_refused(file: Path) -> None:
    file.write_text("client")
    with pytest.raises(SettingsError) as caught:
        sources({PATH: str(file), "entra-policies:clientId": "other"}).find("clientId")
    assert str(caught.value) == f"entra-policies:clientId and {PATH} are both set, and differ: take one of them out"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is no text"),
    ],
    ids=["absent", "empty", "blank", "binary"],
)
def test_file_without_a_text_is_refused(content: bytes | None, reason: str, file: Path) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        sources({PATH: str(file)}).find("clientId")
    assert str(caught.value) == f"{PATH}: the file {file} {reason}"


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\)$"):
        read_bytes(Value(str(tmp_path), PATH))


# -- the environment ---------------------------------------------------------------------------------------------------


def test_values_text_is_not_in_its_repr() -> None:
    assert repr(Value("hunter2", "ARM_CLIENT_SECRET")) == "Value(source='ARM_CLIENT_SECRET', rank=0)"


def test_sources_that_are_as_near_do_not_make_other_settings() -> None:
    assert Value("1", "ARM_CLIENT_ID", 2) == Value("1", "ARM_CLIENT_ID", 3)
    assert Value("1", "ARM_CLIENT_ID") != Value("1", "AZURE_CLIENT_ID")


def test_no_option_is_read_from_pulumi_azure_natives_configuration() -> None:
    given = {f"azure-native:{key}": "true" for key in OPTIONS}
    assert load(given) == load()


@pytest.mark.parametrize("text", ["-----BEGIN PRIVATE KEY-----\n", "hunter2" * 50, "a\0b"], ids=["PEM", "token", "0"])
def test_content_in_place_of_a_files_name_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_bytes(Value(text, PATH))
    assert str(caught.value) == f"{PATH}: it must be the name of a file, and not what is in it"
