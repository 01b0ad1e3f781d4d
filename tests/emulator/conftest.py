import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import trustme
from tests.emulator.signing import CLIENT, SECRET
from tests.emulator.tenant import Tenant

from pulumi_entra_policies.emulator import Emulator


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(seed="tests") as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """The one running emulator, as good as new."""
    running.reset()
    yield running
    running.directory.second_policy_status = 400
    running.directory.absent_reference_status = 404
    running.directory.default_patch_status = None
    running.directory.restores_policies = False
    running.grant(None)


@pytest.fixture
def tenant(emulator: Emulator) -> Iterator[Tenant]:
    tenant = Tenant(emulator)
    yield tenant
    tenant.http.close()


@pytest.fixture
def beta(emulator: Emulator) -> Iterator[Tenant]:
    """The same tenant, spoken to through /beta."""
    tenant = Tenant(emulator, version="beta")
    yield tenant
    tenant.http.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's, the authority's that signed it, and those by which clients sign in."""
    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.fixture(scope="module")
def signing(certificates: Path) -> Iterator[Callable[..., Emulator]]:
    """Makes running emulators with sign-in."""
    server = certificates / "server.pem"
    with ExitStack() as running:
        yield lambda **options: running.enter_context(Emulator(certificate=server, key=server, **options))


@pytest.fixture(scope="module")
def secured(signing: Callable[..., Emulator]) -> Emulator:
    return signing(clients={CLIENT: SECRET})


@pytest.fixture(scope="session")
def trust(certificates: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates / "ca.pem")


@pytest.fixture
def http(secured: Emulator, trust: ssl.SSLContext) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=secured.url, verify=trust, trust_env=False) as client:
        yield client
