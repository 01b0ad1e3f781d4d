import ast
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Queue

import httpx
import pytest
from tests.emulator.tenant import NOWHERE, Tenant, definition

from pulumi_entra_policies import emulator as room
from pulumi_entra_policies.emulator import (
    STS_POLICY_SETS,
    Clock,
    Directory,
    Emulator,
    PolicySet,
    Throttle,
    loopback,
    serve,
)

READ = "Policy.Read.All"
ROOM = Path(str(room.__file__)).parent


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])  # noqa: S104
def test_other_than_loopback_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="the emulator binds to loopback only"):
        Emulator(host=host)


@pytest.mark.parametrize(
    ("host", "url"), [("localhost", "http://127.0.0.1:"), ("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_loopback_is_served(host: str, url: str) -> None:
    with Emulator(host=host) as emulator:
        assert emulator.url.startswith(url)
        assert httpx.get(f"{emulator.url}/emulator/health").status_code == 200


def test_port_in_use_is_the_callers_error(emulator: Emulator) -> None:
    port = int(emulator.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match=rf"127\.0\.0\.1, port {port} \(Address already in use\): give another"):
        Emulator(port=port).start()


def test_start_and_stop_are_quick_and_leave_no_thread() -> None:
    before, start = threading.active_count(), time.monotonic()
    with Emulator() as emulator, httpx.Client() as client:
        client.get(f"{emulator.url}/v1.0/organization")
    assert time.monotonic() - start < 1
    assert threading.active_count() == before


def test_server_that_does_not_start_is_the_callers_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise SystemExit(1)  # as uvicorn does, and a thread ends by it without a word

    monkeypatch.setattr("uvicorn.Server.startup", fail)
    with pytest.raises(RuntimeError, match="the emulator did not start within"):
        Emulator().start()


def test_server_that_does_not_stop_is_the_callers_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "LONGEST", 0.3)
    emulator = Emulator()
    emulator.start()
    with emulator.directory.lock:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{emulator.url}/v1.0/organization", timeout=0.1)
        with pytest.raises(RuntimeError, match="the emulator did not stop within"):
            emulator.stop()
    emulator.wait()


def test_stopped_emulator_starts_again_with_its_tenant_and_address() -> None:
    emulator = Emulator()
    emulator.stop()
    emulator.wait()
    with emulator:
        url, application = emulator.url, emulator.create_application("Portal")
    with emulator:
        assert emulator.url == url
        assert httpx.get(f"{url}/v1.0/applications/{application.object_id}").status_code == 200


def test_same_seed_gives_the_same_ids() -> None:
    one, two, other = Emulator(seed=7), Emulator(seed=7), Emulator()
    assert one.tenant_id == two.tenant_id != other.tenant_id
    assert one.create_application("A") == two.create_application("A")


def test_tenant_of_an_earlier_run_is_the_same_again() -> None:
    earlier = Emulator(seed=7)
    again = Emulator(seed=7, tenant_id=NOWHERE)
    assert again.tenant_id == NOWHERE
    assert again.create_application("A") == earlier.create_application("A")


def test_tenant_of_a_directory_is_its_own() -> None:
    assert Emulator(directory=Directory(tenant_id=NOWHERE)).tenant_id == NOWHERE
    with pytest.raises(ValueError, match="a directory has its tenant already"):
        Emulator(directory=Directory(), tenant_id=NOWHERE)


def test_registered_application_has_its_service_principal(tenant: Tenant) -> None:
    registered = tenant.emulator.create_application("Portal", with_service_principal=True)
    found = tenant.get(f"servicePrincipals/{registered.service_principal_id}")
    assert found["appId"] == registered.client_id
    assert tenant.get(f"applications(appId='{registered.client_id}')")["id"] == registered.object_id


def test_invented_sixth_set_works_like_the_others() -> None:
    colours = PolicySet("colourPolicies", "ColourPolicy", targets=("applications",), per_object=2)
    with Emulator(directory=Directory(policy_sets=[*STS_POLICY_SETS, colours])) as emulator:
        tenant = Tenant(emulator)
        body = {"displayName": "Red", "definition": [definition("ColourPolicy")]}
        target = tenant.target("applications")
        policies = [tenant.created("policies/colourPolicies", body) for _ in range(3)]
        answers = [tenant.assign(target, policy, "colourPolicies").status_code for policy in policies]
        tenant.http.close()
    assert answers == [204, 204, 400]


def test_served_in_the_foreground_until_stopped() -> None:
    started: Queue[Emulator] = Queue()
    thread = threading.Thread(target=serve, kwargs={"seed": 1, "on_ready": started.put})
    thread.start()
    emulator = started.get(timeout=5)
    assert httpx.get(f"{emulator.url}/emulator/health").json()["tenantId"] == emulator.tenant_id
    emulator.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_foreground_takes_the_same_troubles() -> None:
    started: Queue[Emulator] = Queue()
    troubles = {"replicas": (1,), "throttle": Throttle(units=3), "permissions": {READ}, "faults": [{"status": 500}]}
    thread = threading.Thread(target=serve, kwargs={"on_ready": started.put, "clock": Clock(), **troubles})
    thread.start()
    emulator = started.get(timeout=5)
    address = f"{emulator.url}/v1.0/policies/tokenIssuancePolicies"
    assert [httpx.get(address).status_code for _ in range(3)] == [500, 200, 200]
    assert [httpx.post(address, json={}).status_code for _ in range(2)] == [403, 429]
    emulator.stop()
    thread.join(timeout=5)


def test_ctrl_c_ends_the_foreground_quietly() -> None:
    program = (
        "import _thread, signal; from pulumi_entra_policies.emulator import serve; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # a shell's background jobs ignore it
        "serve(on_ready=lambda emulator: _thread.interrupt_main()); print('ended')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20)
    assert (done.stdout, done.stderr) == ("ended\n", "")


def test_foreground_on_another_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loopback only, and '0.0.0.0' is not"):
        serve("0.0.0.0:8080")


@pytest.mark.parametrize("module", sorted(ROOM.rglob("*.py")), ids=lambda module: str(module.relative_to(ROOM)))
def test_module_imports_nothing_of_the_provider(module: Path) -> None:
    depth = len(module.relative_to(ROOM).parts)
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert 1 <= node.level <= depth or _is_allowed(node.module or "")
        elif isinstance(node, ast.Import):
            assert all(_is_allowed(alias.name) for alias in node.names)


def _is_allowed(name: str) -> bool:
    return name.split(".")[0] in {
        *sys.stdlib_module_names,
        "cryptography",
        "jwt",
        "rpds",
        "starlette",
        "trustme",
        "uvicorn",
    }
