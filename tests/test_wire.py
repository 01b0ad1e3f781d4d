"""What is written into users' states, and what a user's program loads."""

import subprocess
import sys
from typing import Any

import pytest
from pulumi.dynamic.dynamic import serialize_provider

import pulumi_entra_policies as entra
from pulumi_entra_policies._wire import Address, load_provider, type_token, written

PINNED = {
    "TokenIssuancePolicy": (
        "gASVSwAAAAAAAACMG3B1bHVtaV9lbnRyYV9wb2xpY2llcy5fd2lyZZSMDWxvYWRfcHJvdmlkZXKU"
        "k5SME1Rva2VuSXNzdWFuY2VQb2xpY3mUhZRSlC4="
    ),
    "PolicyAssignment": (
        "gASVSAAAAAAAAACMG3B1bHVtaV9lbnRyYV9wb2xpY2llcy5fd2lyZZSMDWxvYWRfcHJvdmlkZXKU"
        "k5SMEFBvbGljeUFzc2lnbm1lbnSUhZRSlC4="
    ),
}
NAMES = list(PINNED)


def in_a_fresh_interpreter(program: str) -> str:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.parametrize("name", NAMES)
def test_address_pickles_to_the_bytes_that_states_hold(name: str) -> None:
    assert serialize_provider(Address(name)) == PINNED[name]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_for_an_import_is_what_a_resource_has(name: str) -> None:
    assert written(name) == PINNED[name]


@pytest.mark.parametrize("resource", [entra.PolicyAssignment, entra.TokenLifetimePolicy])
def test_type_is_that_of_the_resource_class(resource: type[Any]) -> None:
    assert type_token(resource.__name__) == f"pulumi-python:{resource._resource_type_name}"


@pytest.mark.parametrize("name", NAMES)
def test_address_is_no_secret(name: str) -> None:
    assert Address(name).serialize_as_secret_always is False


@pytest.mark.parametrize("name", NAMES)
def test_pinned_bytes_load_the_provider_in_a_fresh_interpreter(name: str) -> None:
    program = (
        "import base64, dill, pulumi.dynamic\n"
        f"provider = dill.loads(base64.b64decode({PINNED[name]!r}))\n"
        "print(isinstance(provider, pulumi.dynamic.ResourceProvider), type(provider).__module__)"
    )
    assert in_a_fresh_interpreter(program) == "True pulumi_entra_policies.hosts.dynamic"


def test_unknown_name_is_a_lookup_error_that_names_it() -> None:
    with pytest.raises(LookupError, match="has no resource 'SomethingNewer'; it may need a newer version"):
        load_provider("SomethingNewer")


def test_users_program_loads_neither_graph_client_nor_emulator() -> None:
    program = (
        "import sys, pulumi_entra_policies\n"
        "heavy = ('msgraph', 'msgraph_core', 'kiota_http', 'azure.identity', 'azure.core', 'aiohttp', 'httpx',\n"
        "         'starlette', 'uvicorn')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert in_a_fresh_interpreter(program) == "[]"


def test_host_that_nobody_signs_in_to_loads_no_way_to_sign_in() -> None:
    program = (
        "import asyncio, sys, pulumi.dynamic\n"
        "from pulumi_entra_policies._wire import load_provider\n"
        "provider = load_provider('TokenIssuancePolicy')\n"
        "config = {'entra-policies:graphEndpoint': 'http://127.0.0.1:1', 'entra-policies:waits': '0'}\n"
        "provider.configure(pulumi.dynamic.ConfigureRequest(pulumi.dynamic.Config(config, 'tests')))\n"
        "provider._run.connection\n"
        "heavy = ('azure.identity', 'msal', 'requests', 'cryptography', 'aiohttp', 'starlette', 'uvicorn')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert in_a_fresh_interpreter(program) == "[]"
