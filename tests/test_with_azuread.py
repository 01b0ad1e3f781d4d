"""The example beside pulumi-azuread, with that package's real classes, under Pulumi's mocks."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azuread as azuread
import pytest
from pulumi.runtime import mocks
from tests.test_resources import Monitor, monitored

import pulumi_entra_policies as entra
from pulumi_entra_policies.lifecycle import assignment
from pulumi_entra_policies.settings import Settings
from pulumi_entra_policies.settings.methods import SECRET

EXAMPLE = Path(__file__).parents[1] / "examples" / "with-azuread" / "__main__.py"
PORTAL, PRINCIPAL, CLIENT, ME, POLICY = (f"00000000-0000-4000-8000-00000000000{number}" for number in range(5))


class Tenant(Monitor):
    """Answers for pulumi-azuread as its provider does: its ids are paths, since its version 3."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        id_, outputs = super().new_resource(args)
        if args.typ == "azuread:index/application:Application":
            return f"/applications/{PORTAL}", {**args.inputs, "objectId": PORTAL, "clientId": CLIENT}
        if args.typ == "azuread:index/servicePrincipal:ServicePrincipal":
            return f"/servicePrincipals/{PRINCIPAL}", {**args.inputs, "objectId": PRINCIPAL}
        return (POLICY if args.typ.endswith("Policy") else id_), outputs

    def call(self, args: mocks.MockCallArgs) -> Any:
        assert args.token == "azuread:index/getClientConfig:getClientConfig"
        return {"objectId": ME, "tenantId": ME, "clientId": CLIENT, "id": ME}


def test_application_and_service_principal_are_taken_as_they_are() -> None:
    registered = monitored(lambda: runpy.run_path(str(EXAMPLE)) and None, Tenant()).registrations

    by_type = {args.typ.rpartition(":")[2] for args in registered}
    assert {"Application", "ServicePrincipal", "TokenIssuancePolicy", "ClaimsMappingPolicy"} <= by_type
    assigned = {args.name: args.inputs for args in registered if args.typ.endswith(":PolicyAssignment")}
    checked = {name: assignment.check({**inputs, "__provider": None}) for name, inputs in assigned.items()}
    assert [list(one.problems) for one in checked.values()] == [[], []]
    assert checked["portal-saml"].inputs["applicationId"] == PORTAL
    assert checked["portal-claims"].inputs["servicePrincipalId"] == PRINCIPAL


def test_certificate_of_the_configuration_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.Config, "get", lambda config, key: "PEM" if key == "certificate" else None)

    registered = monitored(lambda: runpy.run_path(str(EXAMPLE)) and None, Tenant()).registrations

    [certificate] = [args.inputs for args in registered if args.typ.endswith(":ApplicationCertificate")]
    assert certificate["applicationId"] == f"/applications/{PORTAL}"


def test_every_output_that_names_a_target_is_taken() -> None:
    def program() -> None:
        portal = azuread.Application("portal", display_name="Portal")
        principal = azuread.ServicePrincipal("portal", client_id=portal.client_id)
        targets: list[dict[str, Any]] = [
            {"policy_type": entra.TokenIssuancePolicy, "application_id": portal.id},
            {"policy_type": entra.TokenLifetimePolicy, "application_client_id": portal.client_id},
            {"policy_type": entra.ClaimsMappingPolicy, "service_principal_id": principal.id},
        ]
        for number, target in enumerate(targets):
            entra.PolicyAssignment(str(number), policy_id=POLICY, **target)

    registered = monitored(program, Tenant()).registrations

    found = [assignment.check(args.inputs) for args in registered if args.typ.endswith(":PolicyAssignment")]
    assert [list(one.problems) for one in found] == [[], [], []]


def test_its_configuration_is_enough() -> None:
    configuration = {
        "azuread:tenantId": ME,
        "azuread:clientId": CLIENT,
        "azuread:clientSecret": "secret",
        "azuread:environment": "usgovernment",
    }

    settings = Settings.load(configuration.get, {})

    assert (settings.sign_in.method, settings.cloud.name) == (SECRET, "usgovernment")
    assert settings.tenant is not None
    assert settings.tenant.text == ME
