"""Proxies and certificates: what is set for one of sign-in and Graph holds for the other as well."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.graph.conftest import CLIENT, SECRET
from tests.graph.session import NOWHERE, Here, Session

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.graph.connection import Connection
from pulumi_entra_policies.graph.errors import SignInError
from pulumi_entra_policies.graph.trust import trusted
from pulumi_entra_policies.settings import CLOUDS, Cloud, SettingsError


class Refusing(socketserver.ThreadingTCPServer):
    """A proxy that lets nobody out, and remembers who wanted where."""

    daemon_threads = True

    def __init__(self) -> None:
        self.wanted: list[str] = []
        super().__init__(("127.0.0.1", 0), _Refusal)


class _Refusal(socketserver.StreamRequestHandler):
    server: Refusing

    def handle(self) -> None:
        self.server.wanted.append(self.rfile.readline().decode().strip())
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Refusing]:
    with Refusing() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
        yield server
        server.shutdown()


@pytest.mark.usefixtures("without_waiting")
@pytest.mark.parametrize("cloud", CLOUDS, ids=[cloud.name for cloud in CLOUDS])
def test_sign_in_goes_through_the_proxy_to_the_clouds_own_authority(cloud: Cloud, proxy: Refusing) -> None:
    options = {"tenantId": NOWHERE, "clientId": CLIENT, "clientSecret": SECRET}
    with pytest.raises(SignInError, match=f"Microsoft Entra \\({cloud.name}, as entra-policies:graphEndpoint says\\)"):
        Here(cloud.graph, **options).tenant_id()
    assert set(proxy.wanted) == {f"CONNECT {cloud.authority.removeprefix('https://')}:443 HTTP/1.1"}


@pytest.mark.parametrize("cloud", CLOUDS, ids=[cloud.name for cloud in CLOUDS])
def test_requests_go_through_the_proxy_to_the_clouds_own_graph(cloud: Cloud, proxy: Refusing) -> None:
    async def get(connection: Connection) -> None:
        await connection._http.get(connection.version_url)  # by which the SDK sends

    with pytest.raises(httpx.ProxyError):
        Here(cloud.graph).run(get)
    assert proxy.wanted == [f"CONNECT {cloud.graph.removeprefix('https://')}:443 HTTP/1.1"]


@pytest.mark.parametrize("address", ["socks5://user:hunter2@127.0.0.1:1", "nothing://user:hunter2@x", "http://[::1"])
def test_proxy_that_cannot_be_used_is_one_message(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", address)
    session = Here("https://graph.microsoft.com")
    with pytest.raises(SettingsError, match="HTTPS_PROXY, HTTP_PROXY or ALL_PROXY: the proxy cannot be used") as caught:
        session.tenant_id()
    assert "hunter2" not in str(caught.value)


def test_loopback_needs_no_proxy(secured: Emulator, credential: dict[str, str], proxy: Refusing) -> None:
    Here(secured.url, **credential).create()
    assert proxy.wanted == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_bundle_of_the_environment_is_trusted_by_sign_in_and_graph_alike(
    secured: Emulator, credential: dict[str, str], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, credential.pop("caBundle"))
    assert Here(secured.url, **credential).create().display_name == "Portal SAML"


def test_bundle_of_the_configuration_comes_before_that_of_the_environment(
    secured: Emulator, credential: dict[str, str], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "stranger.pem"))
    assert Here(secured.url, **credential).create().display_name == "Portal SAML"


def test_bundle_of_the_environment_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with pytest.raises(SettingsError, match=r"REQUESTS_CA_BUNDLE: the file /nowhere\.pem cannot be read"):
        Here("https://127.0.0.1:1")


def test_certificates_of_the_system_are_trusted_by_graph_as_at_sign_in() -> None:
    """By itself, httpx has a list of its own."""
    with_the_system = trusted(Here("https://127.0.0.1:1").settings)
    system = ssl.create_default_context().get_ca_certs(binary_form=True)
    assert set(system) <= set(with_the_system.get_ca_certs(binary_form=True))


def test_plain_http_trusts_nobodys_certificate() -> None:
    trust = trusted(Session("http://127.0.0.1:1").settings)
    assert (trust.get_ca_certs(), trust.check_hostname) == ([], True)
