"""Every option, its names, and where its value is found: the nearest source first.

Names and variables are those of pulumi-azuread, whose configuration is read as it is, and of azure-identity:
https://www.pulumi.com/registry/packages/azuread/installation-configuration/
https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAMESPACES = ("entra-policies", "azuread")
LONGEST_NAME = 255  # characters


class SettingsError(Exception):
    """The configuration cannot be used. Raised before anything is sent."""

    __module__ = "builtins"  # the host prints the class with its module; users should read one word


@dataclass(frozen=True)
class Option:
    """One option's environment variables: what pulumi-azuread and the pipelines set, then what azure-identity reads."""

    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    path: str = ""
    """The key of the option that names a file instead."""


# By the key of the configuration.
OPTIONS = {
    "tenantId": Option(("ARM_TENANT_ID",), ("AZURE_TENANT_ID",)),
    "clientId": Option(("ARM_CLIENT_ID",), ("AZURE_CLIENT_ID",), "clientIdFilePath"),
    "clientIdFilePath": Option(("ARM_CLIENT_ID_FILE_PATH",)),
    "clientSecret": Option(("ARM_CLIENT_SECRET",), ("AZURE_CLIENT_SECRET",)),
    "clientSecretFilePath": Option(("ARM_CLIENT_SECRET_FILE_PATH",)),
    "clientCertificate": Option(("ARM_CLIENT_CERTIFICATE",)),
    "clientCertificatePath": Option(("ARM_CLIENT_CERTIFICATE_PATH",), ("AZURE_CLIENT_CERTIFICATE_PATH",)),
    "clientCertificatePassword": Option(("ARM_CLIENT_CERTIFICATE_PASSWORD",), ("AZURE_CLIENT_CERTIFICATE_PASSWORD",)),
    "useOidc": Option(("ARM_USE_OIDC",)),
    "oidcToken": Option(("ARM_OIDC_TOKEN",)),
    "oidcTokenFilePath": Option(("ARM_OIDC_TOKEN_FILE_PATH",)),
    "oidcRequestUrl": Option(("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI")),
    "oidcRequestToken": Option(("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN")),
    "oidcAudience": Option(("ARM_OIDC_AUDIENCE",)),
    "adoPipelineServiceConnectionId": Option(
        (
            "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
            "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        )
    ),
    "useAksWorkloadIdentity": Option(("ARM_USE_AKS_WORKLOAD_IDENTITY",)),
    "federatedTokenFile": Option((), ("AZURE_FEDERATED_TOKEN_FILE",)),
    "useMsi": Option(("ARM_USE_MSI",)),
    "msiEndpoint": Option(("ARM_MSI_ENDPOINT",)),
    "useCli": Option(("ARM_USE_CLI",)),
    "useDefaultAzureCredential": Option(("ARM_USE_DEFAULT_AZURE_CREDENTIAL",)),
    "environment": Option(("ARM_ENVIRONMENT",), ("AZURE_ENVIRONMENT",)),
    "metadataHost": Option(("ARM_METADATA_HOSTNAME",)),
    "graphEndpoint": Option(),
    "caBundle": Option(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")),
    "preflight": Option(),
    "waits": Option(),
}


@dataclass(frozen=True)
class Value:
    """What an option was found to be."""

    text: str = field(repr=False)

    source: str
    """The configuration key or environment variable that says so, as a user would look for it."""

    rank: int = field(compare=False, default=0)
    """How near the source is: 0 is the nearest."""

    @property
    def is_configured(self) -> bool:
        """Whether it is from the configuration, which may be the state's copy of an old one."""
        return self.source.partition(":")[0] in NAMESPACES


class Sources:
    """The stack's configuration (called with `namespace:key`) and the process environment."""

    def __init__(self, config: Callable[[str], str | None], environment: Mapping[str, str]) -> None:
        self._config, self._environment = config, environment

    def all(self, key: str) -> list[Value]:
        """Every value of an option, the nearest first; an empty one is none."""
        option = OPTIONS[key]
        names = [(f"{namespace}:{key}", self._config) for namespace in NAMESPACES]
        ranked = [[names[0]], [names[1]], self._variables(option.near), self._variables(option.far)]
        return [
            Value(str(text), name, rank)
            for rank, sources in enumerate(ranked)
            for name, source in sources
            if (text := source(name)) not in (None, "")
        ]

    def _variables(self, names: tuple[str, ...]) -> list[tuple[str, Callable[[str], str | None]]]:
        return [(name, self._environment.get) for name in names]

    def find(self, key: str) -> Value | None:
        """The option's nearest value. Raises SettingsError for the file that has it."""
        given, path = self._nearest(key), self._nearest(OPTIONS[key].path)
        if path and given and path.rank == given.rank:
            refuse_difference(given, path)
        if path and (given is None or path.rank < given.rank):
            return Value(read_file(path), f"{path.source} {path.text}", path.rank)
        return given

    def _nearest(self, key: str) -> Value | None:
        return next(iter(self.all(key)), None) if key else None

    def switch(self, key: str) -> bool | None:
        """Whether it is on; None if nobody says. Raises SettingsError for what is neither true nor false."""
        found = self.find(key)
        return None if found is None else is_true(found)


def is_true(value: Value) -> bool:
    """Raises SettingsError for what is neither true nor false."""
    word = value.text.lower()
    if word not in ("true", "1", "false", "0"):
        raise SettingsError(f'{value.source}: "{value.text}" is neither true nor false')
    return word in ("true", "1")


def read_file(path: Value) -> str:
    """The text of a file that an option names, without blanks around it. Raises SettingsError."""
    try:
        text = read_bytes(path).decode().strip()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.source}: the file {path.text} is no text") from error
    if not text:
        raise SettingsError(f"{path.source}: the file {path.text} is empty")
    return text


def read_bytes(path: Value) -> bytes:
    """What is in a file that an option names. Raises SettingsError."""
    try:
        return Path(path.text).read_bytes()
    except (OSError, ValueError) as error:
        if len(path.text) > LONGEST_NAME or not path.text.isprintable():  # perhaps a key: it is not shown
            raise SettingsError(f"{path.source}: it must be the name of a file, and not what is in it") from None
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(f"{path.source}: the file {path.text} cannot be read ({reason})") from error


def refuse_difference(given: Value, path: Value) -> None:
    """The value itself and a file, as pulumi-azuread does; the same twice is none. Raises SettingsError."""
    data = read_bytes(path)
    try:
        same = data.decode().strip() == given.text.strip()
    except UnicodeDecodeError:  # PKCS#12, which is given in base64
        same = base64.b64encode(data).decode() == "".join(given.text.split())
    if not same:
        raise SettingsError(f"{given.source} and {path.source} are both set, and differ: take one of them out")


def names_of(key: str) -> str:
    """How an option can be set: its key and its first variable."""
    option = OPTIONS[key]
    variable = next(iter((*option.near, *option.far)), None)
    return f"{NAMESPACES[0]}:{key}" + (f" (or {variable})" if variable else "")
