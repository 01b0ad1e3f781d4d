"""The guard rails, without an engine and without a tenant: python -m pytest"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pulumi
import pytest

from company_policies import EVERYWHERE, PRODUCTION, ApplicationPolicies, Environment, Rules
from pulumi_entra_policies import SigningAlgorithm

GOOD = {
    "production": "true",
    "signingAlgorithm": "rsa-sha256",
    "accessTokenLifetime": "01:00:00",
}


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return f"{args.name}_id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.fixture(autouse=True)
def _mocks() -> None:
    pulumi.runtime.set_mocks(Mocks(), project="company-policies", stack="prod", preview=False)


def declare(rules: Rules, algorithm: SigningAlgorithm, lifetime: timedelta) -> None:
    ApplicationPolicies(
        "portal",
        display_name="Portal",
        application_unique_name="portal",
        rules=rules,
        saml_signing_algorithm=algorithm,
        access_token_lifetime=lifetime,
    )


def test_production_refuses_all_that_is_wrong_at_once() -> None:
    with pytest.raises(pulumi.RunError, match=r"rsa-sha256 in production.*live 1:00:00 here at most, not 8:00:00"):
        declare(PRODUCTION, SigningAlgorithm.RSA_SHA1, timedelta(hours=8))


@pytest.mark.parametrize(
    ("rules", "algorithm", "lifetime"),
    [
        (PRODUCTION, SigningAlgorithm.RSA_SHA256, timedelta(hours=1)),
        (EVERYWHERE, SigningAlgorithm.RSA_SHA1, timedelta(hours=8)),
    ],
)
def test_what_the_rules_allow_is_declared(rules: Rules, algorithm: SigningAlgorithm, lifetime: timedelta) -> None:
    declare(rules, algorithm, lifetime)


def environment(**changes: str | None) -> Environment:
    values = {f"company-policies:{key}": value for key, value in (GOOD | changes).items() if value is not None}
    pulumi.runtime.set_all_config(values)
    return Environment.load(pulumi.Config("company-policies"))


def test_configuration_is_read() -> None:
    assert environment().rules == PRODUCTION
    assert environment(production="false").access_token_lifetime == timedelta(hours=1)


def test_configuration_that_is_wrong_is_one_message() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        environment(production="yes", signingAlgorithm="md5", accessTokenLifetime=None)

    assert str(caught.value).splitlines() == [
        "Pulumi.prod.yaml:",
        "  company-policies:production must be true or false, not yes",
        "  company-policies:signingAlgorithm must be rsa-sha256 or rsa-sha1, not md5",
        "  company-policies:accessTokenLifetime must be of the form hh:mm:ss, not missing",
    ]


def test_lifetime_of_nothing_is_wrong_and_not_left_out() -> None:
    with pytest.raises(pulumi.RunError, match="accessTokenLifetime must be longer than nothing, not 00:00:00"):
        environment(accessTokenLifetime="00:00:00")
