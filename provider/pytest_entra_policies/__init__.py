"""pytest's fixtures for programs that use this package: a tenant for each test, and stacks that are in it.

pytest imports this in every run of an environment that has the package, whatever the run is about. So it stands beside
the package, whose own import loads Pulumi, and takes what it needs when a test asks for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_entra_policies.emulator import Emulator
    from pulumi_entra_policies.testing import Configuration, Stacks


@pytest.fixture
def entra_emulator() -> Iterator[Emulator]:
    """A Microsoft Graph on this machine, with an empty tenant of the test's own, that nobody signs in to.

    A fixture of this name in your own conftest.py is one with sign-in, permissions, a seed.
    """
    from pulumi_entra_policies.testing import emulator

    with emulator() as graph:
        yield graph


@pytest.fixture
def entra_configuration(entra_emulator: Emulator) -> Configuration:
    """What leads a stack to `entra_emulator`: part of every stack's configuration that `entra_stack` makes."""
    from pulumi_entra_policies.testing import configuration

    return configuration(entra_emulator)


@pytest.fixture
def entra_stack(entra_configuration: Configuration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    """Makes stacks, `entra_stack(program, {key: value})`, that Pulumi's engine runs against `entra_emulator`.

    `program` is the folder of a Pulumi.yaml or a function. What comes back is a `pulumi.automation.Stack`. All that
    Pulumi has written is removed after the test, and so is the tenant: nothing has to be destroyed.
    """
    from pulumi_entra_policies.testing import Stacks

    folder = tmp_path_factory.mktemp("entra-stack")
    try:
        yield Stacks(folder, entra_configuration)
    finally:
        shutil.rmtree(folder)
