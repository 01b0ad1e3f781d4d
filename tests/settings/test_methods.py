import base64
from itertools import combinations
from pathlib import Path

import pytest
from tests.settings.loading import TENANT, Given, load, refusal, sources

from pulumi_entra_policies.settings import SignIn
from pulumi_entra_policies.settings.methods import (
    AKS,
    AZURE_DEVOPS,
    CERTIFICATE,
    CLI,
    DEFAULT,
    GITHUB,
    MANAGED_IDENTITY,
    METHODS,
    OIDC,
    SECRET,
    Method,
    choose,
)
from pulumi_entra_policies.settings.sources import NAMESPACES, OPTIONS

IDENTITY = {"ARM_CLIENT_ID": "client", "ARM_TENANT_ID": TENANT}
JOB = {"ARM_OIDC_REQUEST_URL": "https://issuer/token", "ARM_OIDC_REQUEST_TOKEN": "hunter2"}
# What asks for each method, in the order in which one source is read.
ASKS = {
    DEFAULT: {"useDefaultAzureCredential": "true"},
    CERTIFICATE: {"clientCertificate": "hunter2"},
    SECRET: {"clientSecret": "hunter2"},
    OIDC: {"useOidc": "true", "oidcToken": "hunter2"},
    AKS: {"useAksWorkloadIdentity": "true"},
    AZURE_DEVOPS: {"useOidc": "true", "adoPipelineServiceConnectionId": "connection"},
    GITHUB: {"useOidc": "true"},
    MANAGED_IDENTITY: {"useMsi": "true"},
    CLI: {"useCli": "true"},
}
ORDER = tuple(ASKS)
EVERY = pytest.mark.parametrize("method", METHODS, ids=lambda method: str(method.name))


def asking(method: Method, rank: int = 2) -> dict[str, str]:
    """What asks for a method, said by one source: 0 and 1 are the namespaces, 2 is ARM_*."""
    return {source(key, rank): text for key, text in ASKS[method].items()}


def source(key: str, rank: int) -> str:
    return f"{NAMESPACES[rank]}:{key}" if rank < 2 else OPTIONS[key].near[0]


@pytest.fixture
def token(tmp_path: Path) -> str:
    (tmp_path / "token").write_text("hunter2\n")
    return str(tmp_path / "token")


@pytest.fixture
def rest(token: str) -> dict[str, str]:
    """All that any method needs and that asks for none."""
    return {**IDENTITY, **JOB, "AZURE_FEDERATED_TOKEN_FILE": token}


def chosen(given: Given) -> SignIn:
    return choose(sources(given))


# -- which one ---------------------------------------------------------------------------------------------------------


def test_table_is_in_azureads_order_after_the_default_credential() -> None:
    assert METHODS == ORDER


@EVERY
@pytest.mark.parametrize("rank", [0, 1, 2])
def test_every_source_can_ask_for_every_method(method: Method, rank: int, rest: dict[str, str]) -> None:
    found = chosen({**rest, **asking(method, rank)})
    assert (found.method, found.is_asked_for) == (method, True)
    assert found.unused == ()


def ways_of_oidc(pair: tuple[Method, Method]) -> bool:
    return all(method.switch == OIDC.switch for method in pair)


@pytest.mark.parametrize(
    ("first", "second"),
    [pair for pair in combinations(METHODS, 2) if not ways_of_oidc(pair)],
    ids=lambda method: str(method.name),
)
def test_nearest_source_decides_and_in_one_source_the_order(
    first: Method, second: Method, rest: dict[str, str]
) -> None:
    for near, far in ((0, 1), (0, 2), (1, 2)):
        assert chosen({**rest, **asking(first, near), **asking(second, far)}).method is first
        assert chosen({**rest, **asking(first, far), **asking(second, near)}).method is second
        assert chosen({**rest, **asking(first, far), **asking(second, far)}).method is first


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({}, GITHUB),
        ({"azuread:adoPipelineServiceConnectionId": "connection"}, AZURE_DEVOPS),
        ({"ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "connection"}, AZURE_DEVOPS),
        ({"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection"}, AZURE_DEVOPS),
        ({"entra-policies:useAksWorkloadIdentity": "true", "ARM_OIDC_TOKEN": "hunter2"}, OIDC),
        ({"entra-policies:useAksWorkloadIdentity": "true"}, AKS),
        ({"ARM_OIDC_TOKEN": "hunter2", "azuread:adoPipelineServiceConnectionId": "connection"}, OIDC),
    ],
)
def test_oidc_is_the_first_way_whose_parts_are_there_wherever_they_are(
    given: Given, method: Method, rest: dict[str, str]
) -> None:
    assert chosen({**rest, "entra-policies:useOidc": "true", **given}).method is method


@pytest.mark.parametrize(
    "job",
    [
        {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://issuer/token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hunter2"},
        {"SYSTEM_OIDCREQUESTURI": "https://issuer/token", "SYSTEM_ACCESSTOKEN": "hunter2"},
        JOB,
    ],
    ids=["GitHub", "Azure DevOps", "azuread"],
)
@pytest.mark.parametrize("method", [GITHUB, AZURE_DEVOPS], ids=["alone", "with a service connection"])
def test_pipelines_own_variables_are_read(method: Method, job: Given) -> None:
    found = chosen({**IDENTITY, **job, **asking(method)})
    assert found.method is method
    assert (found.get("oidcRequestUrl"), found.get("oidcRequestToken")) == ("https://issuer/token", "hunter2")


def test_token_may_be_in_a_file(token: str) -> None:
    found = chosen({**IDENTITY, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN_FILE_PATH": token})
    assert found.method is OIDC
    assert (found.get("oidcToken"), found.get("oidcTokenFilePath")) == (None, token)


def test_audience_is_githubs_alone() -> None:
    given = {**IDENTITY, **JOB, "ARM_OIDC_AUDIENCE": "api://AzureADTokenExchangeChina"}
    assert chosen({**given, **asking(GITHUB)}).get("oidcAudience") == "api://AzureADTokenExchangeChina"
    assert chosen({**given, **asking(AZURE_DEVOPS)}).get("oidcAudience") is None


@pytest.mark.parametrize("switch", sorted({method.switch for method in METHODS if method.switch}))
def test_nearer_false_takes_a_farther_true_back(switch: str, rest: dict[str, str]) -> None:
    given = {**rest, OPTIONS[switch].near[0]: "true"}
    assert chosen(given).is_asked_for
    assert not chosen({**given, f"azuread:{switch}": "false"}).is_asked_for
    assert chosen({**given, f"azuread:{switch}": ""}).is_asked_for


def test_nothing_that_asks_means_default_azure_credential(rest: dict[str, str]) -> None:
    found = chosen(rest)
    assert (found.method, found.is_asked_for, found.unused) == (DEFAULT, False, ())
    assert [key for key, _ in found.values] == ["clientId", "tenantId"]


@pytest.mark.parametrize(("text", "is_off"), [("false", True), ("true", False), ("", False)])
def test_cli_that_is_switched_off_is_left_out_of_the_default_credential(text: str, is_off: bool) -> None:
    assert chosen({"azuread:useCli": text, "ARM_USE_DEFAULT_AZURE_CREDENTIAL": "1"}).cli_is_off is is_off
    assert chosen({"azuread:useCli": text}).cli_is_off is is_off


def test_default_credential_that_is_switched_off_is_not_the_reason_for_itself() -> None:
    found = chosen({"entra-policies:useDefaultAzureCredential": "false"})
    assert found == SignIn()
    assert not found.is_configured


@pytest.mark.parametrize(
    ("given", "is_configured"),
    [
        ({"ARM_CLIENT_SECRET": "hunter2", **IDENTITY}, False),
        ({"azuread:clientSecret": "hunter2", **IDENTITY}, True),
        ({"ARM_CLIENT_SECRET": "hunter2", **IDENTITY, "azuread:clientId": "client"}, True),
        ({"azuread:useMsi": "true"}, True),
        ({"azuread:tenantId": TENANT}, True),
    ],
)
def test_sign_in_is_configured_if_any_of_it_is(given: Given, is_configured: bool) -> None:
    assert chosen(given).is_configured is is_configured


# -- Pulumi ESC --------------------------------------------------------------------------------------------------------

# The environment of https://www.pulumi.com/docs/esc/providers/login/azure-login/
ESC = {**IDENTITY, "ARM_SUBSCRIPTION_ID": "/subscriptions/00000000-0000-0000-0000-000000000000"}


@pytest.mark.parametrize(
    ("login", "method", "key"),
    [
        ({"ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "hunter2"}, OIDC, "oidcToken"),
        ({"ARM_CLIENT_SECRET": "hunter2"}, SECRET, "clientSecret"),
        ({"ARM_CLIENT_SECRET": "hunter2", "ARM_USE_OIDC": "", "ARM_OIDC_TOKEN": ""}, SECRET, "clientSecret"),
    ],
    ids=["oidc", "static", "static, with oidc's left empty"],
)
def test_pulumi_escs_login_works_as_it_is(login: Given, method: Method, key: str) -> None:
    settings = load({**ESC, **login})
    assert (settings.sign_in.method, settings.sign_in.get(key)) == (method, "hunter2")
    assert (settings.tenant and settings.tenant.text, settings.sign_in.get("clientId")) == (TENANT, "client")


# -- half a method -----------------------------------------------------------------------------------------------------

CLIENT = "entra-policies:clientId (or ARM_CLIENT_ID)"
TENANT_ID = "entra-policies:tenantId (or ARM_TENANT_ID)"
URL = "entra-policies:oidcRequestUrl (or ARM_OIDC_REQUEST_URL)"
BEARER = "entra-policies:oidcRequestToken (or ARM_OIDC_REQUEST_TOKEN)"
TOKEN_FILE = "entra-policies:federatedTokenFile (or AZURE_FEDERATED_TOKEN_FILE)"
ELSE = "; without GitHub, oidcToken, oidcTokenFilePath or adoPipelineServiceConnectionId"
# Method, what asks for it as messages name it, what is missing, and what the message says in the end.
HALVES = [
    (CERTIFICATE, "ARM_CLIENT_CERTIFICATE", (CLIENT, TENANT_ID), ""),
    (SECRET, "ARM_CLIENT_SECRET", (CLIENT, TENANT_ID), ""),
    (OIDC, "ARM_OIDC_TOKEN", (CLIENT, TENANT_ID), ""),
    (AKS, "ARM_USE_AKS_WORKLOAD_IDENTITY", (CLIENT, TENANT_ID, TOKEN_FILE), ""),
    (AZURE_DEVOPS, "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", (CLIENT, TENANT_ID, URL, BEARER), ""),
    (GITHUB, "ARM_USE_OIDC", (CLIENT, TENANT_ID, URL, BEARER), ELSE),
]
VARIABLES = {
    CLIENT: "ARM_CLIENT_ID",
    TENANT_ID: "ARM_TENANT_ID",
    URL: "ARM_OIDC_REQUEST_URL",
    BEARER: "ARM_OIDC_REQUEST_TOKEN",
    TOKEN_FILE: "AZURE_FEDERATED_TOKEN_FILE",
}
HALF = pytest.mark.parametrize(("method", "asks", "needs", "end"), HALVES, ids=[row[0].name for row in HALVES])


def test_table_has_every_method_that_needs_something() -> None:
    assert [row[0] for row in HALVES] == [method for method in METHODS if method.needs]


@HALF
def test_method_without_all_that_it_needs_names_it(method: Method, asks: str, needs: tuple[str, ...], end: str) -> None:
    assert refusal(asking(method)) == (
        f"{asks} is set, but to sign in with {method.name} {' and '.join(needs)} must be set too{end}"
    )


@HALF
def test_method_that_lacks_one_thing_names_that_alone(
    method: Method, asks: str, needs: tuple[str, ...], end: str, rest: dict[str, str]
) -> None:
    for name in needs:
        given = {key: text for key, text in rest.items() if key != VARIABLES[name]}
        assert refusal({**given, **asking(method, 1)}) == (
            f"{asking_name(method)} is set, but to sign in with {method.name} {name} must be set too{end}"
        )


def asking_name(method: Method) -> str:
    """The option that a message names, in azuread's namespace: what is given rather than the switch."""
    return f"azuread:{next(key for key in (*method.given, method.switch) if key in ASKS[method])}"


def test_half_a_nearer_method_is_not_passed_over_for_a_whole_one() -> None:
    message = refusal({"azuread:useOidc": "true", "ARM_CLIENT_SECRET": "hunter2", **IDENTITY})
    assert message.startswith("azuread:useOidc is set, but to sign in with GitHub's OIDC token ")


@pytest.mark.parametrize("name", ["azuread:oidcToken", "ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH"])
def test_token_without_its_switch_is_refused(name: str) -> None:
    assert refusal({**IDENTITY, name: "hunter2"}) == (
        f"{name} is set, but to sign in with it entra-policies:useOidc (or ARM_USE_OIDC) must be true"
    )


@pytest.mark.parametrize("other", [{"ARM_USE_OIDC": "false"}, {"ARM_USE_CLI": "true"}], ids=["off", "another method"])
def test_token_is_passed_over_where_somebody_has_said_so(other: Given) -> None:
    assert chosen({"ARM_OIDC_TOKEN": "hunter2", **other}).unused == ("ARM_OIDC_TOKEN",)


# -- a value and a file ------------------------------------------------------------------------------------------------

# The value's option, the file's, and what else the method takes.
PAIRS = [("clientSecret", "clientSecretFilePath"), ("oidcToken", "oidcTokenFilePath")]
PAIRED = pytest.mark.parametrize(("value", "path"), PAIRS, ids=[pair[0] for pair in PAIRS])


@PAIRED
def test_value_and_file_that_say_the_same_are_fine(value: str, path: str, token: str) -> None:
    given = {**IDENTITY, "ARM_USE_OIDC": "true", f"azuread:{value}": "hunter2", f"azuread:{path}": token}
    found = chosen(given)
    assert (found.get(value), found.get(path)) == ("hunter2", None)


@PAIRED
def test_value_and_file_that_differ_are_refused(value: str, path: str, token: str) -> None:
    given = {**IDENTITY, "ARM_USE_OIDC": "true", f"azuread:{value}": "hunter3", f"azuread:{path}": token}
    assert refusal(given) == f"azuread:{value} and azuread:{path} are both set, and differ: take one of them out"


@PAIRED
def test_nearer_one_of_value_and_file_is_used(value: str, path: str, token: str) -> None:
    given = {**IDENTITY, "ARM_USE_OIDC": "true", f"azuread:{value}": "hunter3"}
    assert chosen({**given, f"entra-policies:{path}": token}).get(path) == token
    farther = chosen({**given, OPTIONS[path].near[0]: token})
    assert farther.get(value) == "hunter3"
    assert OPTIONS[path].near[0] in farther.unused


@pytest.mark.parametrize("content", [b"-----BEGIN CERTIFICATE-----\n", b"\xff\xfe PKCS#12"], ids=["PEM", "PKCS#12"])
def test_certificate_may_be_given_twice_if_it_is_one(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "certificate").write_bytes(content)
    inline = content.decode() if content.startswith(b"-") else base64.encodebytes(content).decode()
    given = {**IDENTITY, "ARM_CLIENT_CERTIFICATE_PATH": str(tmp_path / "certificate")}
    assert chosen({**given, "ARM_CLIENT_CERTIFICATE": inline}).get("clientCertificate") == inline
    assert refusal({**given, "ARM_CLIENT_CERTIFICATE": "another"}) == (
        "ARM_CLIENT_CERTIFICATE and ARM_CLIENT_CERTIFICATE_PATH are both set, and differ: take one of them out"
    )


@pytest.mark.parametrize(
    ("name", "switch"),
    [
        ("ARM_CLIENT_SECRET_FILE_PATH", ""),
        ("ARM_OIDC_TOKEN_FILE_PATH", "ARM_USE_OIDC"),
        ("AZURE_FEDERATED_TOKEN_FILE", "ARM_USE_AKS_WORKLOAD_IDENTITY"),
    ],
)
@pytest.mark.parametrize("content", [None, "", " \n"], ids=["absent", "empty", "blank"])
def test_file_of_the_method_is_looked_at_before_anything_is_sent(
    name: str, switch: str, content: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    reason = "cannot be read (No such file or directory)" if content is None else "is empty"
    assert refusal({**IDENTITY, switch: "true", name: str(file)}) == f"{name}: the file {file} {reason}"


def test_file_of_another_method_is_not_looked_at() -> None:
    given = {"ARM_USE_CLI": "true", "AZURE_FEDERATED_TOKEN_FILE": "/absent", "ARM_OIDC_TOKEN_FILE_PATH": "/absent"}
    assert chosen(given).method is CLI


# -- in words ----------------------------------------------------------------------------------------------------------

AS = f"as application client (ARM_CLIENT_ID) in tenant {TENANT} (ARM_TENANT_ID)"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "with DefaultAzureCredential (nothing is configured)"),
        (IDENTITY, f"with DefaultAzureCredential (nothing is configured) {AS}"),
        ({"azuread:useDefaultAzureCredential": "1"}, "with DefaultAzureCredential (azuread:useDefaultAzureCredential)"),
        (
            {"ARM_CLIENT_CERTIFICATE": "hunter2", "ARM_CLIENT_CERTIFICATE_PASSWORD": "hunter3", **IDENTITY},
            f"with a client certificate (ARM_CLIENT_CERTIFICATE, ARM_CLIENT_CERTIFICATE_PASSWORD) {AS}",
        ),
        (
            {"ARM_CLIENT_SECRET": "hunter2", **IDENTITY, "azuread:clientId": "other"},
            f"with a client secret (ARM_CLIENT_SECRET) as application other (azuread:clientId) "
            f"in tenant {TENANT} (ARM_TENANT_ID)",
        ),
        (
            {"ARM_OIDC_TOKEN": "hunter2", "azuread:useOidc": "true", **IDENTITY},
            f"with an OIDC token (ARM_OIDC_TOKEN, azuread:useOidc) {AS}",
        ),
        (
            {
                "SYSTEM_OIDCREQUESTURI": "https://issuer",
                "SYSTEM_ACCESSTOKEN": "hunter2",
                **asking(AZURE_DEVOPS),
                **IDENTITY,
            },
            "with an Azure DevOps service connection (ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID, ARM_USE_OIDC, "
            f"SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN) {AS}",
        ),
        (
            {**JOB, **asking(GITHUB), **IDENTITY},
            f"with GitHub's OIDC token (ARM_USE_OIDC, ARM_OIDC_REQUEST_URL, ARM_OIDC_REQUEST_TOKEN) {AS}",
        ),
        ({"ARM_USE_MSI": "true"}, "with managed identity (ARM_USE_MSI)"),
        (
            {"ARM_USE_MSI": "true", **IDENTITY},
            "with managed identity (ARM_USE_MSI) as application client (ARM_CLIENT_ID)",
        ),
        ({"ARM_USE_CLI": "1", **IDENTITY}, f"with the Azure CLI (ARM_USE_CLI) in tenant {TENANT} (ARM_TENANT_ID)"),
    ],
)
def test_sign_in_is_told_with_the_sources_of_its_parts(given: Given, words: str) -> None:
    assert str(chosen(given)) == words


def test_file_of_the_clients_id_is_told(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("client")
    given = {"ARM_USE_MSI": "true", "ARM_CLIENT_ID_FILE_PATH": str(tmp_path / "id")}
    assert str(chosen(given)).endswith(f"as application client (ARM_CLIENT_ID_FILE_PATH {tmp_path / 'id'})")


def test_what_else_was_set_is_told() -> None:
    given = {
        **IDENTITY,
        "azuread:clientSecret": "hunter2",
        "ARM_CLIENT_SECRET": "hunter3",
        "ARM_USE_OIDC": "true",
        "ARM_USE_MSI": "false",
        "ARM_OIDC_TOKEN": "hunter4",
    }
    assert str(chosen(given)).endswith("; also set, but not used: ARM_CLIENT_SECRET, ARM_OIDC_TOKEN, ARM_USE_OIDC")


def test_what_else_was_set_makes_no_other_settings() -> None:
    given = {"azuread:useCli": "true"}
    assert chosen(given) == chosen({**given, "ARM_CLIENT_SECRET": "hunter2"})


@EVERY
def test_no_secret_is_in_any_text(method: Method, rest: dict[str, str]) -> None:
    given = {**rest, **asking(method), "ARM_CLIENT_CERTIFICATE_PASSWORD": "hunter2", "AZURE_CLIENT_SECRET": "hunter2"}
    settings = load(given)
    texts = [repr(settings), str(settings), repr(settings.sign_in), str(settings.sign_in)]
    texts += [repr(value) for value in dict(settings.sign_in.values).values()]
    assert [text for text in texts if "hunter2" in text] == []


@pytest.mark.parametrize(
    "given",
    [
        *(asking(method) for method in METHODS if method.needs),
        {"ARM_OIDC_TOKEN": "hunter2"},
        {**IDENTITY, "ARM_CLIENT_SECRET": "hunter2", "ARM_CLIENT_SECRET_FILE_PATH": "/absent"},
        {**IDENTITY, "ARM_CLIENT_SECRET": "hunter2", "ARM_CLIENT_SECRET_FILE_PATH": __file__},
        {**IDENTITY, "ARM_CLIENT_SECRET": "hunter2", "ARM_USE_MSI": "maybe"},
    ],
)
def test_no_secret_is_in_any_message(given: Given) -> None:
    assert "hunter2" not in refusal(given)
