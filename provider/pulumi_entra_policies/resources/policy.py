"""What every policy has, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import pulumi
from typing_extensions import Self

from ..definitions import Kind, codec
from ..definitions.values import Problem
from .arguments import holds_output, normal
from .doubts import Doubts
from .owners import owner, provider_of
from .resource import EntraResource

IfExists = Literal["fail", "create"]
PolicyType = Literal[
    "ActivityBasedTimeoutPolicy",
    "ClaimsMappingPolicy",
    "HomeRealmDiscoveryPolicy",
    "TokenIssuancePolicy",
    "TokenLifetimePolicy",
]
"""Every kind by name: spelled out, since type checkers read no tables."""

_JSON = ("definition_json", "definitionJson")


class Policy(EntraResource):
    """Base of the policies. Not used by itself."""

    _kind: ClassVar[Kind]
    _assignments = 0
    """How many assignments of the program name this policy."""

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
        if_exists: pulumi.Input[IfExists] | None,
        force_destroy: pulumi.Input[bool] | None,
        accept_warnings: Sequence[str] | None = None,
        **particular: Any,
    ) -> None:
        """`particular` are arguments, by their names on the wire, that not every kind has."""
        accepted = [accept_warnings] if isinstance(accept_warnings, str) else accept_warnings or ()
        doubts = Doubts(self, f"{type(self).__name__} {resource_name!r}", self._kind, tuple(map(str, accepted)))
        given = {
            "displayName": display_name,
            "definition": doubts.checked(definition, normal(self._kind, definition)),
            "ifExists": if_exists,
            "forceDestroy": None if force_destroy is False else force_destroy,
            **particular,
        }
        self._checked_if_mocked(resource_name, given, opts)
        given["definition"] = _hidden(given["definition"], opts)
        if holds_output(given["definition"]):  # which may be secret, and would be in clear in the JSON
            secret = pulumi.ResourceOptions(additional_secret_outputs=["definitionJson"])
            opts = pulumi.ResourceOptions.merge(secret, opts)
        absent = [name for name in ("ifExists", "forceDestroy") if given[name] is None]
        super().__init__(resource_name, {**dict.fromkeys(self._properties()), **given}, opts, absent)
        doubts.tell(definition, given["definition"], given.get("isOrganizationDefault"))

    def _output(self, name: str) -> pulumi.Output[Any]:
        if name == "definition":
            self.definition_json.apply(self._tell_what_is_left_out)
        return super()._output(name)

    def _tell_what_is_left_out(self, definition_json: Any) -> None:
        """Pulumi's typed outputs have declared properties alone, so what else the tenant has is not lost silently."""
        bag = codec.from_graph(self._kind, definition_json) if isinstance(definition_json, str) else {}
        if keys := ", ".join(codec.unknown_keys(self._kind, bag)):
            text = (
                f"definition has no {keys}, which is not known here: to give the same definition, use definition_json"
            )
            pulumi.log.warn(text, resource=self)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:
        """A policy that is in the tenant already, read and never changed. An id that does not exist is an error.

        :param str resource_name: The resource's name in the program.
        :param pulumi.Input[str] id: The policy's id, a GUID.
        :param pulumi.ResourceOptions opts: Options for the resource.
        """
        return cls._existing(resource_name, cls._properties(), id, opts)

    async def _said_in_preview(self, resource_name: str, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        said = await super()._said_in_preview(resource_name, opts)
        return {**said, "assignments": self._assignments}

    @classmethod
    def _address(cls) -> str:
        return cls._kind.name

    def _problems(self, inputs: dict[str, Any]) -> Sequence[Problem]:
        from ..lifecycle import policy

        return policy.check(self._kind, inputs).problems

    @classmethod
    def _properties(cls) -> tuple[str, ...]:
        return "displayName", "definition", "definitionJson", "forceDestroy"


def _hidden(definition: Any, opts: pulumi.ResourceOptions | None) -> Any:
    """A definition as a secret if an output that says it is to be one: both outputs say it, and the input as well."""
    named = (opts.additional_secret_outputs if opts else None) or ()
    return pulumi.Output.secret(definition) if {"definition", *_JSON} & set(named) else definition


def kind_name(kind: Any) -> Any:
    """The name of a kind that may be given as a class, a user's own included; anything else as it is."""
    known = getattr(kind, "_kind", None) if isinstance(kind, type) else None
    return known.name if known else kind


class OrganizationPolicy(Policy):
    """Base of the policies of which one can be the organisation's default. Not used by itself."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None, **arguments: Any) -> None:
        if arguments["isOrganizationDefault"] is True:
            other = owner((self._kind.name, provider_of(opts)), self, resource_name)
            if other:
                raise pulumi.RunError(
                    f"{type(self).__name__} {resource_name!r} and {other!r} are both the organisation's default: "
                    "a tenant has one of a kind, so keep one of them"
                )
        super().__init__(resource_name, opts, **arguments)

    @property
    @pulumi.getter(name="isOrganizationDefault")
    def is_organization_default(self) -> pulumi.Output[bool | None]:
        """Whether this is the organisation's default of its kind; None means no."""
        return self._output("isOrganizationDefault")

    @classmethod
    def _properties(cls) -> tuple[str, ...]:
        return (*super()._properties(), "isOrganizationDefault")
