"""The ways to sign in, as one table, and which of them the options ask for.

The nearest source that asks for one decides, and in one source the order of the table, which is pulumi-azuread's
(https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/auth/auth.go) after azure-native's DefaultAzureCredential
(https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/auth_azidentity.go). What is asked for
and incomplete is an error: nothing falls through to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .sources import SettingsError, Sources, Value, is_true, names_of, read_file, refuse_difference

_IDENTITY = ("clientId", "tenantId")


@dataclass(frozen=True)
class Method:
    """One way to sign in. It is asked for by its switch and the presence of one of `given`, as far as it has them."""

    name: str
    switch: str = ""
    given: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    """What is used besides, if it is set."""

    or_else: str = ""
    """What else the switch may have meant, for whoever has left something out."""


DEFAULT = Method("DefaultAzureCredential", "useDefaultAzureCredential", takes=_IDENTITY)
CERTIFICATE = Method(
    "a client certificate",
    given=("clientCertificate", "clientCertificatePath"),
    needs=_IDENTITY,
    takes=("clientCertificatePassword",),
)
SECRET = Method("a client secret", given=("clientSecret", "clientSecretFilePath"), needs=_IDENTITY)
OIDC = Method("an OIDC token", "useOidc", ("oidcToken", "oidcTokenFilePath"), _IDENTITY)
AKS = Method("AKS workload identity", "useAksWorkloadIdentity", needs=(*_IDENTITY, "federatedTokenFile"))
AZURE_DEVOPS = Method(
    "an Azure DevOps service connection",
    "useOidc",
    ("adoPipelineServiceConnectionId",),
    (*_IDENTITY, "oidcRequestUrl", "oidcRequestToken"),
)
GITHUB = Method(
    "GitHub's OIDC token",
    "useOidc",
    needs=(*_IDENTITY, "oidcRequestUrl", "oidcRequestToken"),
    takes=("oidcAudience",),
    or_else="; without GitHub, oidcToken, oidcTokenFilePath or adoPipelineServiceConnectionId",
)
MANAGED_IDENTITY = Method("managed identity", "useMsi", takes=("clientId",))
CLI = Method("the Azure CLI", "useCli", takes=("tenantId",))

METHODS = (DEFAULT, CERTIFICATE, SECRET, OIDC, AKS, AZURE_DEVOPS, GITHUB, MANAGED_IDENTITY, CLI)
_TEXT_FILES = ("clientSecretFilePath", "oidcTokenFilePath", "federatedTokenFile")


@dataclass(frozen=True)
class SignIn:
    """How to sign in, and where each part of that is from."""

    method: Method = DEFAULT
    values: tuple[tuple[str, Value], ...] = ()
    is_asked_for: bool = False
    """False for DefaultAzureCredential where nothing is configured."""

    cli_is_off: bool = False
    """Whether DefaultAzureCredential leaves out the Azure CLI."""

    unused: tuple[str, ...] = field(default=(), compare=False)
    """Keys and variables that ask for another way, or for this one from farther away."""

    def find(self, key: str) -> Value | None:
        """One of the options that it uses."""
        return dict(self.values).get(key)

    def get(self, key: str) -> str | None:
        """The text of one of the options that it uses."""
        found = self.find(key)
        return found.text if found else None

    @property
    def is_configured(self) -> bool:
        """Whether anything of it is from the configuration, which may be the state's copy of an old one."""
        return any(value.is_configured for _, value in self.values)

    def __str__(self) -> str:
        """In words, with where everything is from, and with no secret."""
        means = ", ".join(value.source for key, value in self.values if key not in _IDENTITY)
        parts = [f"with {self.method.name}"]
        parts += [f"({means})"] if means else [] if self.is_asked_for else ["(nothing is configured)"]
        for noun, key in (("as application", "clientId"), ("in tenant", "tenantId")):
            if found := self.find(key):
                parts.append(f"{noun} {found.text} ({found.source})")
        unused = f"; also set, but not used: {', '.join(self.unused)}" if self.unused else ""
        return " ".join(parts) + unused


def choose(sources: Sources) -> SignIn:
    """The way that the options ask for. Raises SettingsError for half a one, and for a file that cannot be read."""
    asked = [(rank, order) for order, method in enumerate(METHODS) if (rank := _rank(sources, method)) is not None]
    method = METHODS[min(asked)[1]] if asked else DEFAULT
    if not asked:
        _refuse_token_without_switch(sources)
    values = dict(_values(sources, method))
    _refuse_half(method, values)
    for key in _TEXT_FILES:
        if key in values:
            read_file(values[key])
    unused = tuple(_unused(sources, [value.source for value in values.values()]))
    return SignIn(method, tuple(values.items()), bool(asked), sources.switch("useCli") is False, unused)


def _rank(sources: Sources, method: Method) -> int | None:
    """How near the method is asked for; None if it is not."""
    given = [value.rank for key in method.given if (value := sources.find(key))]
    if not method.switch:
        return min(given, default=None)
    switch = _switch(sources, method)
    return switch.rank if switch and is_true(switch) and (given or not method.given) else None


def _switch(sources: Sources, method: Method) -> Value | None:
    return sources.find(method.switch) if method.switch else None


def _values(sources: Sources, method: Method) -> Iterator[tuple[str, Value]]:
    """All that the method uses, of alternatives the nearest one."""
    alternatives = sorted(
        ((key, value) for key in method.given if (value := sources.find(key))), key=lambda found: found[1].rank
    )
    yield from alternatives[:1]
    if len(alternatives) > 1 and alternatives[0][1].rank == alternatives[1][1].rank:
        refuse_difference(alternatives[0][1], alternatives[1][1])
    if (switch := _switch(sources, method)) and is_true(switch):
        yield method.switch, switch
    for key in (*method.needs, *method.takes):
        if value := sources.find(key):
            yield key, value


def _refuse_half(method: Method, values: dict[str, Value]) -> None:
    missing = [names_of(key) for key in method.needs if key not in values]
    if not missing:
        return
    reason = next(values[key].source for key in (*method.given, method.switch) if key in values)
    raise SettingsError(
        f"{reason} is set, but to sign in with {method.name} {' and '.join(missing)} must be set too{method.or_else}"
    )


def _refuse_token_without_switch(sources: Sources) -> None:
    """pulumi-azuread reads none of OIDC's options unless it is switched on."""
    tokens = [value for key in OIDC.given if (value := sources.find(key))]
    if tokens and sources.switch(OIDC.switch) is None:
        raise SettingsError(f"{tokens[0].source} is set, but to sign in with it {names_of(OIDC.switch)} must be true")


def _unused(sources: Sources, used: list[str]) -> Iterator[str]:
    keys = dict.fromkeys(key for method in METHODS for key in (*method.given, method.switch) if key)
    switches = {method.switch for method in METHODS}
    for key in keys:
        for value in sources.all(key):
            if value.source not in used and (key not in switches or is_true(value)):
                yield value.source
