"""The policies a user writes in a program: their arguments, outputs and documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

import pulumi
from pulumi.dynamic import Resource
from typing_extensions import Self, dataclass_transform

from ._wire import Address
from .definitions import KINDS, Kind, codec, token_issuance
from .definitions.fields import plain

Class = TypeVar("Class")


class DefinitionArgs:
    """Base of the typed definitions, one a policy kind."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def _arguments(cls: type[Class]) -> type[Class]:
    """A Pulumi input type whose keywords type checkers know."""
    return pulumi.input_type(cls)


class EntraResource(Resource):
    """What every resource of this package shares: its provider's address, and how it is read instead of made."""

    @property
    @pulumi.getter(name="tenantId")
    def tenant_id(self) -> pulumi.Output[str]:
        """The tenant that the resource is in, a GUID."""
        return self._output("tenantId")

    def __init__(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        if opts is not None and opts.import_ is not None:
            raise pulumi.RunError(
                f"{type(self).__name__} {resource_name!r}: Pulumi's dynamic providers cannot import. "
                f"Read what exists with {type(self).__name__}.get(), or create it anew under Pulumi."
            )
        super().__init__(Address(type(self).__name__), resource_name, {"tenantId": None, **properties}, opts)

    def _output(self, name: str) -> pulumi.Output[Any]:
        """An output by its wire name, under which the engine's answer is kept."""
        output: pulumi.Output[Any] = self.__dict__[name]
        return output

    @classmethod
    def _existing(
        cls,
        resource_name: str,
        properties: Sequence[str],
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None,
    ) -> Self:
        """The resource with this id, its properties filled by read."""
        resource = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        EntraResource.__init__(resource, resource_name, dict.fromkeys(properties), options)
        return resource


class Policy(EntraResource):
    """What every policy resource has. Not used by itself."""

    @property
    @pulumi.getter(name="displayName")
    def display_name(self) -> pulumi.Output[str]:
        """The policy's name in the tenant. Not unique there."""
        return self._output("displayName")

    @property
    @pulumi.getter(name="definitionJson")
    def definition_json(self) -> pulumi.Output[str]:
        """The definition as Graph stores it: one JSON string, byte for byte."""
        return self._output("definitionJson")

    @property
    @pulumi.getter(name="forceDestroy")
    def force_destroy(self) -> pulumi.Output[bool | None]:
        """Whether the policy is deleted even while something still uses it."""
        return self._output("forceDestroy")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None,
        *,
        display_name: pulumi.Input[str],
        definition: Any,
        force_destroy: pulumi.Input[bool] | None,
    ) -> None:
        kind = KINDS[type(self).__name__]
        given = {
            "displayName": display_name,
            "definition": _normal(kind, definition),
            "forceDestroy": force_destroy or None,
        }
        super().__init__(resource_name, {"definitionJson": None, **given}, opts)
        for doubt in codec.warnings(kind, given["definition"]):
            pulumi.log.warn(f"{doubt.path} {doubt.reason}", resource=self)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:
        """A policy that is in the tenant already, read and never changed. An id that does not exist is an error.

        :param str resource_name: The resource's name in the program.
        :param pulumi.Input[str] id: The policy's id, a GUID.
        :param pulumi.ResourceOptions opts: Options for the resource.
        """
        return cls._existing(resource_name, ("displayName", "definition", "definitionJson", "forceDestroy"), id, opts)


def _normal(kind: Kind, definition: Any) -> Any:
    """The definition in its normal form, now or when it is known; an invalid one as it is, for check to say why."""
    if isinstance(definition, DefinitionArgs):
        definition = {name: value for name, value in vars(definition).items() if value is not None}
    if isinstance(definition, Mapping):
        definition = {key: _plain_later(value) for key, value in definition.items()}
    if isinstance(definition, pulumi.Output) or (
        _holds_output(definition) and not codec.form_is_known(kind, definition)
    ):
        return pulumi.Output.from_input(definition).apply(lambda known: _normal(kind, known))
    return codec.bag(kind, definition)


def _plain_later(value: Any) -> Any:
    """A value that is not known yet becomes plain data when it is: the wire knows no timedelta."""
    return value.apply(plain) if isinstance(value, pulumi.Output) else value


def _holds_output(definition: Any) -> bool:
    """Whether Graph's own form holds an output where its text or its object should be."""
    parts = definition.values() if isinstance(definition, Mapping) else definition
    return isinstance(definition, (list, tuple, Mapping)) and any(isinstance(part, pulumi.Output) for part in parts)


class SigningAlgorithm(str, Enum):
    """Algorithms that Microsoft Entra signs SAML tokens with."""

    RSA_SHA256 = token_issuance.RSA_SHA256
    RSA_SHA1 = token_issuance.RSA_SHA1


class TokenResponseSigningPolicy(str, Enum):
    """What Microsoft Entra signs: the SAML response, the token in it, or both."""

    RESPONSE_ONLY = token_issuance.RESPONSE_ONLY
    TOKEN_ONLY = token_issuance.TOKEN_ONLY
    RESPONSE_AND_TOKEN = token_issuance.RESPONSE_AND_TOKEN


@_arguments
class TokenIssuanceDefinitionArgs(DefinitionArgs):
    """The definition of a token issuance policy; what is left out is the service's default.

    Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy
    """

    signing_algorithm: pulumi.Input[str] | None = pulumi.property("signingAlgorithm", default=None)
    """A `SigningAlgorithm` or its URI: `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256` or
    `http://www.w3.org/2000/09/xmldsig#rsa-sha1`."""

    saml_token_version: pulumi.Input[str] | None = pulumi.property("samlTokenVersion", default=None)
    """`"1.1"` or `"2.0"`."""

    token_response_signing_policy: pulumi.Input[str] | None = pulumi.property(
        "tokenResponseSigningPolicy", default=None
    )
    """A `TokenResponseSigningPolicy` or its name: `ResponseOnly`, `TokenOnly`, `ResponseAndToken`."""

    emit_saml_name_format: pulumi.Input[bool] | None = pulumi.property("emitSamlNameFormat", default=None)
    """Whether attributes in the SAML token carry a NameFormat."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class TokenIssuanceDefinition:
    """The definition as outputs; a property that the policy does not set is None."""

    signing_algorithm: str | None = pulumi.property("signingAlgorithm")
    saml_token_version: str | None = pulumi.property("samlTokenVersion")
    token_response_signing_policy: str | None = pulumi.property("tokenResponseSigningPolicy")
    emit_saml_name_format: bool | None = pulumi.property("emitSamlNameFormat")
    version: int | None = pulumi.property("version")


class TokenIssuancePolicy(Policy, module="entra-policies", name="TokenIssuancePolicy"):
    """A token issuance policy: how Microsoft Entra signs and shapes SAML tokens.

    It has no effect until it is assigned to an application or service principal, with `PolicyAssignment`.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; with `Application.Read.All` a delete can first
    ask whether anything still uses the policy.

    ## Example Usage

    ```python
    import pulumi_entra_policies as entra

    saml = entra.TokenIssuancePolicy(
        "portal-saml",
        display_name="Portal SAML tokens",
        definition=entra.TokenIssuanceDefinitionArgs(
            saml_token_version="2.0",
            signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
            token_response_signing_policy="ResponseAndToken",
        ),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy
    """

    @property
    @pulumi.getter(name="definition")
    def definition(self) -> pulumi.Output[TokenIssuanceDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[TokenIssuanceDefinitionArgs | Mapping[str, Any] | Sequence[str] | str],
        force_destroy: pulumi.Input[bool] | None = None,
    ) -> None:
        """
        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param pulumi.Input[str] display_name: The policy's name in the tenant. Required, not empty, not unique.
        :param definition: `TokenIssuanceDefinitionArgs`; a mapping of the same names in snake_case or camelCase;
               Graph's own mapping under the key `TokenIssuancePolicy`; that as a JSON string; or Graph's array of that
               one string. Keys that are not known here are sent as they are.
        :param pulumi.Input[bool] force_destroy: Delete the policy even while applications or service principals that
               this stack does not manage still have it; they silently lose it. Default: False, which makes that an
               error. It has to be in the state, by an `up`, before the delete.
        """
        super().__init__(
            resource_name, opts, display_name=display_name, definition=definition, force_destroy=force_destroy
        )


@_arguments
class TokenLifetimeDefinitionArgs(DefinitionArgs):
    """The definition of a token lifetime policy.

    Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
    """

    access_token_lifetime: pulumi.Input[timedelta | str] | None = pulumi.property("accessTokenLifetime", default=None)
    """How long access, ID and SAML tokens are valid: a `timedelta`, or `hh:mm:ss`; 10 minutes to 23:59:59.
    The service's own default is 60 to 90 minutes."""

    max_inactive_time: pulumi.Input[str] | None = pulumi.property("maxInactiveTime", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_single_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSingleFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_multi_factor: pulumi.Input[str] | None = pulumi.property("maxAgeMultiFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_session_single_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSessionSingleFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    max_age_session_multi_factor: pulumi.Input[str] | None = pulumi.property("maxAgeSessionMultiFactor", default=None)
    """Retired: ignored by the service since 2021-01-30."""

    version: pulumi.Input[int] | None = pulumi.property("version", default=None)
    """Version of the definition's format. Only 1 exists. Default: 1."""


@pulumi.output_type
class TokenLifetimeDefinition:
    """The definition as outputs, durations as `hh:mm:ss`; a property that the policy does not set is None."""

    access_token_lifetime: str | None = pulumi.property("accessTokenLifetime")
    max_inactive_time: str | None = pulumi.property("maxInactiveTime")
    max_age_single_factor: str | None = pulumi.property("maxAgeSingleFactor")
    max_age_multi_factor: str | None = pulumi.property("maxAgeMultiFactor")
    max_age_session_single_factor: str | None = pulumi.property("maxAgeSessionSingleFactor")
    max_age_session_multi_factor: str | None = pulumi.property("maxAgeSessionMultiFactor")
    version: int | None = pulumi.property("version")


class TokenLifetimePolicy(Policy, module="entra-policies", name="TokenLifetimePolicy"):
    """A token lifetime policy: how long the tokens of an application live.

    It has no effect until it is assigned to an application or service principal, with `PolicyAssignment`.

    ## Permissions

    `Policy.Read.All` and `Policy.ReadWrite.ApplicationConfiguration`; with `Application.Read.All` a delete can first
    ask whether anything still uses the policy.

    ## Example Usage

    ```python
    import datetime
    import pulumi_entra_policies as entra

    short = entra.TokenLifetimePolicy(
        "portal-lifetime",
        display_name="Portal tokens live two hours",
        definition=entra.TokenLifetimeDefinitionArgs(access_token_lifetime=datetime.timedelta(hours=2)),
    )
    ```

    Source: https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy
    """

    @property
    @pulumi.getter
    def definition(self) -> pulumi.Output[TokenLifetimeDefinition]:
        """The definition, property by property."""
        return self._output("definition")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        display_name: pulumi.Input[str],
        definition: pulumi.Input[TokenLifetimeDefinitionArgs | Mapping[str, Any] | Sequence[str] | str],
        force_destroy: pulumi.Input[bool] | None = None,
    ) -> None:
        """
        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param pulumi.Input[str] display_name: The policy's name in the tenant. Required, not empty, not unique.
        :param definition: `TokenLifetimeDefinitionArgs`, or any other form that `TokenIssuancePolicy` takes.
        :param pulumi.Input[bool] force_destroy: As for `TokenIssuancePolicy`.
        """
        super().__init__(
            resource_name, opts, display_name=display_name, definition=definition, force_destroy=force_destroy
        )
