"""With sign-in: fixtures of the same names, here or in a conftest.py, take the place of the package's own."""

from collections.abc import Iterator

import pulumi
import pytest

import pulumi_entra_policies as entra
from pulumi_entra_policies.emulator import Emulator, SignIn, sign_in_on_the_fly
from pulumi_entra_policies.testing import Stacks


@pytest.fixture
def made_up() -> Iterator[SignIn]:
    with sign_in_on_the_fly() as made:
        yield made


@pytest.fixture
def entra_emulator(made_up: SignIn) -> Iterator[Emulator]:
    clients = {made_up.client_id: made_up.client_secret}
    with Emulator(certificate=made_up.server, key=made_up.server, clients=clients) as graph:
        yield graph


@pytest.fixture
def entra_configuration(entra_emulator: Emulator, made_up: SignIn) -> dict[str, str]:
    return {
        "entra-policies:graphEndpoint": entra_emulator.url,
        "entra-policies:caBundle": str(made_up.ca_bundle),
        "entra-policies:tenantId": entra_emulator.tenant_id,
        "entra-policies:clientId": made_up.client_id,
        "entra-policies:clientSecret": made_up.client_secret,
    }


def program() -> None:
    company = entra.TokenLifetimePolicy("company", display_name="Company lifetime", definition={})
    pulumi.export("tenantId", company.tenant_id)


def test_policy_is_made_by_whoever_signs_in(entra_stack: Stacks, entra_emulator: Emulator) -> None:
    made = entra_stack(program).up()

    assert made.outputs["tenantId"].value == entra_emulator.tenant_id
    assert entra_emulator.tokens()
