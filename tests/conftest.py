"""What every test is protected from: whatever the machine that runs it has in its environment."""

import os
import sys
import threading
from collections.abc import Iterator

import pytest

_PREFIXES = (
    *("ARM_", "AZURE", "ACTIONS_ID_TOKEN_", "SYSTEM_", "IDENTITY_", "MSI_"),
    *("ENTRA_POLICIES_", "PULUMI_", "SSL_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(scope="module")
def untraced() -> Iterator[None]:
    """For thousands of cases of what other tests cover line by line: to trace them too would take twice the time."""
    here, elsewhere = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    sys.settrace(here)
    threading.settrace(elsewhere)


@pytest.fixture(autouse=True)
def clean_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential, proxy or certificate of this machine reaches a test.

    The engine's tests give their processes an environment of their own, and one installs packages the machine's way.
    """
    if request.node.get_closest_marker("engine"):
        return
    for name in list(os.environ):
        if name.upper().startswith(_PREFIXES) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
