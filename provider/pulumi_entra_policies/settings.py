"""Every option, where it comes from, and in which order, as one frozen `Settings`.

Order: the stack's `entra-policies:…`, then the same key of `azuread:…`, then ARM_*, then AZURE_*. So a stack that is
set up for pulumi-azuread needs nothing more. Where Pulumi hands on the configuration that the state has stored
(`refresh` and `destroy`), an old value there comes before the environment too: what rotates is best in the environment
alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """The configuration cannot be used. Raised before anything is sent."""

    __module__ = "builtins"  # the host prints the class with its module; users should read one word


@dataclass(frozen=True)
class Cloud:
    """One of Microsoft's clouds. Source: https://learn.microsoft.com/graph/deployments"""

    name: str
    graph: str
    authority: str


CLOUDS = (
    Cloud("global", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
    Cloud("usgovernment", "https://graph.microsoft.us", "https://login.microsoftonline.us"),
    Cloud("dod", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    Cloud("china", "https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
)
# The words of pulumi-azuread and of Azure's other tools for the same clouds.
_SYNONYMS = {
    "public": "global",
    "usgovernmentl4": "usgovernment",
    "usgovernmentl5": "dod",
    "azurecloud": "global",
    "azurepubliccloud": "global",
    "azureusgovernment": "usgovernment",
    "azureusgovernmentcloud": "usgovernment",
    "azurechinacloud": "china",
}


@dataclass(frozen=True)
class Option:
    """One option's names: its configuration key, and the environment variables it falls back to."""

    key: str
    environment: tuple[str, ...] = ()


OPTIONS = {
    "tenant_id": Option("tenantId", ("ARM_TENANT_ID", "AZURE_TENANT_ID")),
    "client_id": Option("clientId", ("ARM_CLIENT_ID", "AZURE_CLIENT_ID")),
    "client_secret": Option("clientSecret", ("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET")),
    "environment": Option("environment", ("ARM_ENVIRONMENT", "AZURE_ENVIRONMENT")),
    "graph_endpoint": Option("graphEndpoint"),
    "ca_bundle": Option("caBundle"),
    "waits": Option("waits"),
}
SIGN_IN = ("tenant_id", "client_id", "client_secret")
LONGEST_WAITS = 600.0
NAMESPACES = ("entra-policies", "azuread")


@dataclass(frozen=True)
class Settings:
    """How to reach one tenant."""

    cloud: Cloud
    """Microsoft's cloud. Default: global."""

    graph_endpoint: str
    """Where Graph is: scheme, host and port. Default: the cloud's own."""

    tenant_id: str | None = None
    """The tenant's id or one of its domain names. Default: the credential's own tenant."""

    client_id: str | None = None
    """The client id of the application that signs in."""

    client_secret: str | None = field(default=None, repr=False)
    """That application's secret. Default: none; azure-identity's DefaultAzureCredential looks for a way to sign in."""

    ca_bundle: str | None = None
    """A PEM file of certificates to trust instead of the system's. Verification itself cannot be switched off."""

    waits: float = 30.0
    """Seconds that Graph's replicas are given to agree: 0 to 600. Default: 30."""

    configured: bool = field(default=False, compare=False)
    """Whether anything of the sign-in is from the configuration, which may be the state's copy of an old one."""

    @property
    def on_loopback(self) -> bool:
        return _is_loopback(urlsplit(self.graph_endpoint).hostname or "")

    @property
    def signs_in(self) -> bool:
        """False only for the emulator over plain http: no token ever leaves over http."""
        return self.graph_endpoint.startswith("https://")

    @property
    def authority(self) -> str:
        """Who issues tokens: the cloud's sign-in host, or the emulator itself."""
        return self.graph_endpoint if self.on_loopback else self.cloud.authority

    @classmethod
    def load(cls, config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from a stack's configuration (called with `namespace:key`) and the process environment.

        Raises SettingsError naming the option.
        """
        found = {name: _find(option, config, environment) for name, option in OPTIONS.items()}
        endpoint = _endpoint(found.pop("graph_endpoint"))
        cloud = _cloud(found.pop("environment"), endpoint)
        bundle, tenant, waits = found["ca_bundle"], found["tenant_id"], _waits(found.pop("waits"))
        if tenant and not re.fullmatch(r"[0-9A-Za-z.-]+", tenant):
            raise SettingsError(f'entra-policies:tenantId: "{tenant}" is neither a tenant id nor a domain name')
        if bundle and not Path(bundle).is_file():
            raise SettingsError(f"entra-policies:caBundle: there is no file {bundle}")
        if found["client_secret"] and not (found["client_id"] and found["tenant_id"]):
            raise SettingsError(_incomplete(found))
        keys = (f"{namespace}:{OPTIONS[name].key}" for namespace in NAMESPACES for name in SIGN_IN)
        configured = any(map(config, keys))
        return cls(cloud=cloud, graph_endpoint=endpoint or cloud.graph, waits=waits, configured=configured, **found)


def _find(option: Option, config: Callable[[str], str | None], environment: Mapping[str, str]) -> str | None:
    for namespace in NAMESPACES:
        if value := config(f"{namespace}:{option.key}"):
            return value
    return next((environment[name] for name in option.environment if environment.get(name)), None)


def _waits(text: str | None) -> float:
    if text is None:
        return Settings.waits
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text) or float(text) > LONGEST_WAITS:
        raise SettingsError(f'entra-policies:waits: "{text}" is not a number of seconds from 0 to {LONGEST_WAITS:.0f}')
    return float(text)


def _incomplete(found: Mapping[str, str | None]) -> str:
    missing = [OPTIONS[name] for name in ("client_id", "tenant_id") if not found[name]]
    ways = " and ".join(f"entra-policies:{option.key} (or {option.environment[0]})" for option in missing)
    return f"entra-policies:clientSecret is set, but to sign in with it {ways} must be set too"


def _cloud(name: str | None, endpoint: str | None) -> Cloud:
    """The cloud by name, or the one that the endpoint belongs to; the two must not contradict each other."""
    own = next((cloud for cloud in CLOUDS if cloud.graph == endpoint), None)
    if not name:
        return own or CLOUDS[0]
    word = _SYNONYMS.get(name.lower(), name.lower())
    named = next((cloud for cloud in CLOUDS if cloud.name == word), None)
    if named is None:
        allowed = ", ".join(cloud.name for cloud in CLOUDS)
        raise SettingsError(f'entra-policies:environment: "{name}" is not a cloud; allowed are {allowed}')
    if own and own != named:
        raise SettingsError(
            f"entra-policies:graphEndpoint: {endpoint} belongs to the cloud {own.name}, "
            f"but entra-policies:environment says {named.name}"
        )
    return named


def _endpoint(text: str | None) -> str | None:
    """The endpoint without a trailing slash, if it is a cloud's Graph or loopback: a token is sent nowhere else."""
    if not text:
        return None
    endpoint = text.rstrip("/").lower()
    if any(cloud.graph == endpoint for cloud in CLOUDS) or _is_emulator(endpoint):
        return endpoint
    hosts = ", ".join(cloud.graph for cloud in CLOUDS)
    raise SettingsError(
        f'entra-policies:graphEndpoint: "{text.rpartition("@")[2]}" is neither a Microsoft Graph host ({hosts}) '
        "nor an address on loopback such as http://127.0.0.1:8080"
    )


def _is_emulator(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        return False
    bare = f"{parts.scheme}://{parts.netloc}" == endpoint and "@" not in parts.netloc
    return parts.scheme in ("http", "https") and _is_loopback(parts.hostname or "") and bare


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
