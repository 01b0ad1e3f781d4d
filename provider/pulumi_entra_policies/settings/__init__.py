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
from urllib.parse import urlsplit

from .clouds import CLOUDS, Cloud, cloud_of, endpoint_of, is_loopback
from .methods import AZURE_DEVOPS, GITHUB, MANAGED_IDENTITY, SignIn, choose
from .sources import SettingsError, Sources, Value, names_of, read_bytes

__all__ = ["CLOUDS", "Cloud", "Settings", "SettingsError", "SignIn"]

LONGEST_WAITS = 600.0
PREFLIGHTS = ("none", "sign-in", "tenant")


@dataclass(frozen=True)
class Settings:
    """How to reach one tenant."""

    cloud: Cloud
    """Microsoft's cloud. Default: global."""

    graph_endpoint: str
    """Where Graph is: scheme, host and port. Default: the cloud's own."""

    cloud_named: Value | None = None
    """What names the cloud: an option of its own, or the cloud's Graph as the endpoint. Default: nothing does."""

    tenant: Value | None = None
    """The tenant's id or one of its domain names. Default: the credential's own tenant."""

    sign_in: SignIn = field(default_factory=SignIn)
    """How to sign in. Default: whatever azure-identity's DefaultAzureCredential finds."""

    ca_bundle: Value | None = None
    """A PEM file of certificates to trust instead of the system's, at sign-in and by Graph. Verification itself cannot
    be switched off."""

    preflight: str = "tenant"
    """How far a preview looks: `none`; `sign-in`, which gets a token and its tenant; or `tenant`, which also asks what
    the tenant would refuse, and whom a change reaches."""

    waits: float = 30.0
    """Seconds that Graph's replicas are given to agree: 0 to 600. Default: 30."""

    @property
    def on_loopback(self) -> bool:
        return is_loopback(urlsplit(self.graph_endpoint).hostname or "")

    @property
    def signs_in(self) -> bool:
        """False only for the emulator over plain http: no token ever leaves over http."""
        return self.graph_endpoint.startswith("https://")

    @property
    def authority(self) -> str:
        """Who issues tokens: the cloud's sign-in host, or the emulator itself."""
        return self.graph_endpoint if self.on_loopback else self.cloud.authority

    @property
    def is_configured(self) -> bool:
        """Whether sign-in, tenant or cloud are from the configuration, which may be the state's copy of an old one."""
        return self.sign_in.is_configured or any(
            value.is_configured for value in (self.tenant, self.cloud_named) if value
        )

    @classmethod
    def load(cls, config: Callable[[str], str | None], environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from a stack's configuration (called with `namespace:key`) and the process environment.

        Raises SettingsError naming the option.
        """
        sources = Sources(config, environment)
        endpoint, name = endpoint_of(sources.find("graphEndpoint")), sources.find("environment")
        cloud = cloud_of(name, sources.find("metadataHost"), endpoint)
        graph = endpoint.text if endpoint else cloud.graph
        signs_in = graph.startswith("https://")
        return cls(
            cloud,
            graph,
            name or (endpoint if graph == cloud.graph else None),
            _tenant(sources.find("tenantId"), signs_in),
            _sign_in(sources) if signs_in else SignIn(),
            _bundle(sources.find("caBundle")),
            _preflight(sources.find("preflight")),
            _waits(sources.find("waits")),
        )


def _tenant(given: Value | None, signs_in: bool) -> Value | None:
    if given and given.rank and not signs_in:
        return None  # where this machine, or pulumi-azuread, signs in; the emulator is another tenant
    if given and not re.fullmatch(r"[0-9A-Za-z.-]+", given.text):
        raise SettingsError(f'{given.source}: "{given.text}" is neither a tenant id nor a domain name')
    return given


def _sign_in(sources: Sources) -> SignIn:
    """Raises SettingsError for half a method, and for what azuread knows and azure-identity has no place for."""
    chosen, endpoint = choose(sources), sources.find("msiEndpoint")
    if endpoint and chosen.method is MANAGED_IDENTITY:
        raise SettingsError(
            f"{endpoint.source} is not read: azure-identity finds the endpoint of a managed identity by itself, "
            "with IDENTITY_ENDPOINT where the platform sets it; take it out"
        )
    job = chosen.find("oidcRequestUrl")
    if job and job.source == "SYSTEM_OIDCREQUESTURI" and chosen.method is GITHUB:
        needed = names_of("adoPipelineServiceConnectionId")
        raise SettingsError(f"{job.source} is set, but to sign in with {AZURE_DEVOPS.name} {needed} must be set too")
    return chosen


def _bundle(given: Value | None) -> Value | None:
    if given:
        read_bytes(given)
    return given


def _preflight(given: Value | None) -> str:
    if given and given.text not in PREFLIGHTS:
        raise SettingsError(f'{given.source}: "{given.text}" must be {", ".join(PREFLIGHTS[:-1])} or {PREFLIGHTS[-1]}')
    return given.text if given else Settings.preflight


def _waits(given: Value | None) -> float:
    if given is None:
        return Settings.waits
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", given.text) or float(given.text) > LONGEST_WAITS:
        reason = f"is not a number of seconds from 0 to {LONGEST_WAITS:.0f}"
        raise SettingsError(f'{given.source}: "{given.text}" {reason}')
    return float(given.text)
