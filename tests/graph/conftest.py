from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from tests.graph.session import Session

from pulumi_entra_policies.emulator import Emulator

CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "hunter2 is the secret"


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator(seed="graph") as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """The one running emulator, as good as new."""
    running.reset()
    yield running
    running.directory.second_policy_status = 400
    running.directory.absent_reference_status = 404


@pytest.fixture
def session(emulator: Emulator) -> Session:
    return Session(emulator.url)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "stranger.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.fixture(scope="session")
def running_secured(certificates: Path) -> Iterator[Emulator]:
    server = certificates / "server.pem"
    with Emulator(seed="secured", certificate=server, key=server, clients={CLIENT: SECRET}) as emulator:
        yield emulator


@pytest.fixture
def secured(running_secured: Emulator) -> Emulator:
    """The emulator over https, where one has to sign in."""
    running_secured.reset()
    return running_secured


@pytest.fixture
def bundle(certificates: Path) -> str:
    return str(certificates / "ca.pem")


@pytest.fixture
def credential(secured: Emulator, bundle: str) -> dict[str, str]:
    """The options of a session that may sign in."""
    return {"tenantId": secured.tenant_id, "clientId": CLIENT, "clientSecret": SECRET, "caBundle": bundle}


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """azure-identity repeats a request for a token four times, with pauses."""

    async def sleep(_transport: object, _seconds: float) -> None:
        return None

    monkeypatch.setattr("azure.core.pipeline.transport.AsyncHttpTransport.sleep", sleep)
