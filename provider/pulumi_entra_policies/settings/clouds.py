"""Microsoft's clouds, each with its Graph and its own sign-in, and the one other place where Graph may be: loopback.

Sources: https://learn.microsoft.com/graph/deployments and https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from .sources import SettingsError, Value, names_of


@dataclass(frozen=True)
class Cloud:
    """One of Microsoft's clouds."""

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
SYNONYMS = {
    "public": "global",
    "usgovernmentl4": "usgovernment",
    "usgovernmentl5": "dod",
    "azurecloud": "global",
    "azurepubliccloud": "global",
    "azureusgovernment": "usgovernment",
    "azureusgovernmentcloud": "usgovernment",
    "azurechinacloud": "china",
}


def endpoint_of(given: Value | None) -> Value | None:
    """The endpoint without a trailing slash, if it is a cloud's Graph or loopback: a token is sent nowhere else.

    Raises SettingsError.
    """
    if given is None:
        return None
    endpoint = given.text.rstrip("/").lower()
    if any(cloud.graph == endpoint for cloud in CLOUDS) or _is_emulator(endpoint):
        return replace(given, text=endpoint)
    hosts = ", ".join(cloud.graph for cloud in CLOUDS)
    raise SettingsError(
        f'{given.source}: "{given.text.rpartition("@")[2]}" is neither a Microsoft Graph host ({hosts}) '
        "nor an address on loopback such as http://127.0.0.1:8080"
    )


def cloud_of(name: Value | None, metadata_host: Value | None, endpoint: Value | None) -> Cloud:
    """The cloud by name, or the one that the endpoint belongs to; the two must not contradict each other.

    Raises SettingsError.
    """
    own = next((cloud for cloud in CLOUDS if endpoint and cloud.graph == endpoint.text), None)
    if name is None:
        if metadata_host and endpoint is None:
            raise SettingsError(f"{metadata_host.source} is not read: name the cloud with {names_of('environment')}")
        return own or CLOUDS[0]
    word = SYNONYMS.get(name.text.lower(), name.text.lower())
    named = next((cloud for cloud in CLOUDS if cloud.name == word), None)
    if named is None:
        allowed = ", ".join(cloud.name for cloud in CLOUDS)
        raise SettingsError(f'{name.source}: "{name.text}" is not a cloud; allowed are {allowed}')
    if endpoint and own and own != named:
        belongs = f"{endpoint.text} belongs to the cloud {own.name}"
        raise SettingsError(f"{endpoint.source}: {belongs}, but {name.source} says {named.name}")
    return named


def is_loopback(host: str) -> bool:
    """Whether nothing that is sent to this host leaves the machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_emulator(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        return False
    bare = f"{parts.scheme}://{parts.netloc}" == endpoint and "@" not in parts.netloc
    return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "") and bare
