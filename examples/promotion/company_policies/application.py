"""All policies of one application, as one component."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pulumi

import pulumi_entra_policies as entra

from .rules import Rules


class ApplicationPolicies(pulumi.ComponentResource):
    """Declares the policies that are given and assigns them to the application, which is named in one of two ways."""

    def __init__(
        self,
        name: str,
        *,
        display_name: str,
        rules: Rules,
        application_unique_name: str | None = None,
        client_id: str | None = None,
        saml_signing_algorithm: entra.SigningAlgorithm | None = None,
        access_token_lifetime: timedelta | None = None,
        claims: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        :param str name: The component's name in the program.
        :param str display_name: The application's, with which the names of its policies begin.
        :param Rules rules: What may be declared in this environment.
        :param str application_unique_name: The unique name of the application; the policies go to the application.
        :param str client_id: Or its client id; the policies then go to its service principal.
        :param SigningAlgorithm saml_signing_algorithm: What signs its SAML tokens, which are of version 2.0.
        :param timedelta access_token_lifetime: How long its access tokens live.
        :param Mapping[str, str] claims: Claims of its tokens, each with the property of the user that it is from.
        :raises pulumi.RunError: if a rule is broken; nothing has been sent by then.
        """
        problems = rules.problems(saml_signing_algorithm, access_token_lifetime)
        if problems:
            raise pulumi.RunError(f"ApplicationPolicies {name!r}: " + "; ".join(problems))
        super().__init__("company:policies:ApplicationPolicies", name, None, opts)
        self._name, self._display_name = name, display_name
        self._target: dict[str, Any] = {
            "application_unique_name": application_unique_name,
            "service_principal_client_id": client_id,
        }
        if saml_signing_algorithm:
            self._assign("saml", entra.TokenIssuancePolicy, "SAML tokens", _saml(saml_signing_algorithm))
        if access_token_lifetime is not None:
            self._assign("lifetime", entra.TokenLifetimePolicy, "access tokens", _lifetime(access_token_lifetime))
        if claims:
            self._assign("claims", entra.ClaimsMappingPolicy, "claims", _claims(claims))
        self.register_outputs({})

    def _assign(self, suffix: str, kind: Any, noun: str, definition: Any) -> None:
        name, options = f"{self._name}-{suffix}", pulumi.ResourceOptions(parent=self)
        policy = kind(name, options, display_name=f"{self._display_name} {noun}", definition=definition)
        entra.PolicyAssignment(name, options, policy=policy, **self._target)


def _saml(algorithm: entra.SigningAlgorithm) -> entra.TokenIssuanceDefinitionArgs:
    return entra.TokenIssuanceDefinitionArgs(saml_token_version="2.0", signing_algorithm=algorithm)


def _lifetime(lifetime: timedelta) -> entra.TokenLifetimeDefinitionArgs:
    return entra.TokenLifetimeDefinitionArgs(access_token_lifetime=lifetime)


def _claims(claims: Mapping[str, str]) -> entra.ClaimsMappingDefinitionArgs:
    return entra.ClaimsMappingDefinitionArgs(
        include_basic_claim_set=True,
        claims_schema=[
            entra.ClaimsSchemaEntryArgs(source=entra.ClaimSource.USER, id=property_, jwt_claim_type=claim)
            for claim, property_ in claims.items()
        ],
    )
