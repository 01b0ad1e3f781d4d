"""The assignment of a policy to an application or service principal, as a user writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pulumi
from typing_extensions import Self

from ..definitions import KINDS
from ..definitions.targets import TARGETS, WAYS, normal_id, ways_given
from ..definitions.values import Problem
from .owners import owner, provider_of
from .policy import Policy, PolicyType, kind_name
from .resource import EntraResource

_PROPERTIES = (
    "policyId",
    "policyType",
    *(way.argument for way in WAYS),
    "replaceExisting",
    "replacedPolicyId",
)


class PolicyAssignment(EntraResource, module="entra-policies", name="PolicyAssignment"):
    """Assigns a policy to an application or a service principal.

    Graph allows one policy of a kind per object. The resource's id is that slot, for example
    `applications/<object id>/tokenIssuancePolicies`: another policy in it is an update, another target a replacement.

    ## Permissions

    `Policy.Read.All`, and `Application.ReadWrite.OwnedBy` for targets that the caller owns, else
    `Application.ReadWrite.All`.

    ## Example Usage

    ```python
    import pulumi_azuread as azuread
    import pulumi_entra_policies as entra

    portal = azuread.Application("portal", display_name="Portal")
    saml = entra.TokenIssuancePolicy(
        "portal-saml",
        display_name="Portal SAML tokens",
        definition=entra.TokenIssuanceDefinitionArgs(saml_token_version="2.0"),
    )
    entra.PolicyAssignment("portal-saml", policy=saml, application_id=portal.object_id)
    ```

    Source: https://learn.microsoft.com/graph/api/application-post-tokenissuancepolicies
    """

    @property
    @pulumi.getter(name="policyId")
    def policy_id(self) -> pulumi.Output[str]:
        """The id of the policy, a GUID."""
        return self._output("policyId")

    @property
    @pulumi.getter(name="policyType")
    def policy_type(self) -> pulumi.Output[PolicyType]:
        """The policy's kind, such as `TokenIssuancePolicy`."""
        return self._output("policyType")

    @property
    @pulumi.getter(name="applicationId")
    def application_id(self) -> pulumi.Output[str | None]:
        """The application's object id, a GUID, however it was named; None if the target is a service principal."""
        return self._output("applicationId")

    @property
    @pulumi.getter(name="applicationClientId")
    def application_client_id(self) -> pulumi.Output[str | None]:
        """The application's client id, if it was named by that."""
        return self._output("applicationClientId")

    @property
    @pulumi.getter(name="applicationUniqueName")
    def application_unique_name(self) -> pulumi.Output[str | None]:
        """The application's unique name, if it was named by that."""
        return self._output("applicationUniqueName")

    @property
    @pulumi.getter(name="servicePrincipalId")
    def service_principal_id(self) -> pulumi.Output[str | None]:
        """The service principal's object id, a GUID, however it was named; None if the target is an application."""
        return self._output("servicePrincipalId")

    @property
    @pulumi.getter(name="servicePrincipalClientId")
    def service_principal_client_id(self) -> pulumi.Output[str | None]:
        """The service principal's client id, if it was named by that."""
        return self._output("servicePrincipalClientId")

    @property
    @pulumi.getter(name="replaceExisting")
    def replace_existing(self) -> pulumi.Output[bool | None]:
        """Whether another policy in the slot is taken out."""
        return self._output("replaceExisting")

    @property
    @pulumi.getter(name="replacedPolicyId")
    def replaced_policy_id(self) -> pulumi.Output[str | None]:
        """The policy that `replace_existing` has last taken out of the slot; None if there was none."""
        return self._output("replacedPolicyId")

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        policy: Policy | None = None,
        policy_id: pulumi.Input[str] | None = None,
        policy_type: pulumi.Input[PolicyType] | type[Policy] | None = None,
        application_id: pulumi.Input[str] | None = None,
        application_client_id: pulumi.Input[str] | None = None,
        application_unique_name: pulumi.Input[str] | None = None,
        service_principal_id: pulumi.Input[str] | None = None,
        service_principal_client_id: pulumi.Input[str] | None = None,
        replace_existing: pulumi.Input[bool] | None = None,
    ) -> None:
        """
        Exactly one of the five targets is given. Ids are GUIDs.

        :param str resource_name: The resource's name in the program.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param Policy policy: The policy, as a resource of this program. Either this, or `policy_id` and `policy_type`.
        :param pulumi.Input[str] policy_id: The policy's id.
        :param pulumi.Input[str] policy_type: The policy's kind: a policy class, such as `TokenIssuancePolicy`, or its
               name.
        :param pulumi.Input[str] application_id: Object id of the application (not its client id), bare or as
               pulumi-azuread gives it (`/applications/<object id>`).
        :param pulumi.Input[str] application_client_id: Client id (appId) of the application.
        :param pulumi.Input[str] application_unique_name: Unique name (uniqueName) of the application, which may be the
               same in several tenants. It is no display name.
        :param pulumi.Input[str] service_principal_id: Object id of the service principal, bare or as
               `/servicePrincipals/<object id>`.
        :param pulumi.Input[str] service_principal_client_id: Client id (appId) of the service principal.
        :param pulumi.Input[bool] replace_existing: Take the slot even if another policy has it; that one is noted in
               `replaced_policy_id`. It is not put back on destroy. Default: False, which makes that an error.
        :raises pulumi.RunError: if the policy or the target is missing or given twice, or another assignment of this
               program has the same policy type and target.
        """
        targets = {
            "applicationId": application_id,
            "applicationClientId": application_client_id,
            "applicationUniqueName": application_unique_name,
            "servicePrincipalId": service_principal_id,
            "servicePrincipalClientId": service_principal_client_id,
        }
        flaw = _policy_flaw(policy, policy_id, policy_type) or _target_flaw(targets)
        if flaw:
            raise pulumi.RunError(f"{type(self).__name__} {resource_name!r}: {flaw}")
        if policy is not None:
            policy_id = policy.id  # alone: all else of a policy is unknown while its update is previewed
            policy._assignments += 1
        kind = kind_name(type(policy) if policy is not None else policy_type)
        claim = partial(self._claim, resource_name, provider_of(opts))
        given: dict[str, Any] = {
            "policyId": policy_id,
            "policyType": kind,
            **targets,
            "replaceExisting": None if replace_existing is False else replace_existing,
        }
        self._checked_if_mocked(resource_name, given, opts)
        given |= {way: _claimed(claim, kind, way, value) for way, value in targets.items()}
        super().__init__(resource_name, {**dict.fromkeys(_PROPERTIES), **given}, opts, _absent(given))
        if not any(_names_slot(kind, way, value) for way, value in targets.items()):
            self.id.apply(claim)  # however the target was named

    def _claim(self, name: str, tenant: pulumi.ProviderResource | None, slot: str | None) -> None:
        """Two assignments would be content with one reference; the first that is deleted takes it from the other."""
        if not slot or slot.count("/") != 2:
            return
        other = owner((slot, tenant), self, name)
        if other:
            raise pulumi.RunError(
                f"PolicyAssignment {name!r} and PolicyAssignment {other!r} have the same slot, {slot}: "
                "Graph allows one policy of a kind per object, so keep one of them"
            )

    @classmethod
    def _address(cls) -> str:
        return "PolicyAssignment"

    def _problems(self, inputs: dict[str, Any]) -> Sequence[Problem]:
        from ..lifecycle import assignment

        return assignment.check(inputs).problems

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:
        """An assignment that is in the tenant already, read and never changed. One that does not exist is an error.

        :param str resource_name: The resource's name in the program.
        :param pulumi.Input[str] id: `applications/<object id>/tokenIssuancePolicies` or
               `servicePrincipals/<object id>/tokenIssuancePolicies`, followed by `/<policy id>` or not.
        :param pulumi.ResourceOptions opts: Options for the resource.
        """
        return cls._existing(resource_name, _PROPERTIES, id, opts)


def _absent(given: Mapping[str, Any]) -> list[str]:
    """The arguments that no answer has: of the target, the host tells the object id in any case."""
    told = [way.target.object_id for way in ways_given(given)]
    optional = ("replaceExisting", *(way.argument for way in WAYS))
    return [name for name in optional if given[name] is None and name not in told]


def _policy_flaw(policy: Any, policy_id: Any, policy_type: Any) -> str | None:
    """Why the arguments name no policy, or two."""
    if policy is not None and not isinstance(policy, Policy):
        return (
            f"policy is a policy of this program, such as a TokenIssuancePolicy, not a {type(policy).__name__}; "
            "to give an id, use policy_id with policy_type"
        )
    if [policy is None, policy_id is None, policy_type is None] in ([False, True, True], [True, False, False]):
        return None
    return "give either policy, or policy_id with policy_type"


def _target_flaw(targets: Mapping[str, Any]) -> str | None:
    """Why the arguments name no target, or two."""
    given = ways_given(targets)
    if len(given) == 1:
        return None
    every, named = ", ".join(way.python for way in WAYS), " and ".join(way.python for way in given)
    return f"give exactly one of {every}; given are {named or 'none'}"


def _names_slot(policy_type: Any, way: str, value: Any) -> bool:
    """Whether this argument alone says which slot it is. Only an object id does: what else names a target may do so in
    several tenants, so that waits for the assignment's own id."""
    is_kind = isinstance(policy_type, str) and policy_type in KINDS
    return value is not None and is_kind and any(target.object_id == way for target in TARGETS)


def _claimed(claim: Callable[[str], None], policy_type: Any, way: str, value: Any) -> Any:
    """The object id that names the target, once no other assignment of this program has the same slot."""
    if not _names_slot(policy_type, way, value):
        return value
    (target,) = (target for target in TARGETS if target.object_id == way)

    def claimed(known: Any) -> Any:
        if known is not None:  # as mocks leave out what nobody gave: then it names no slot
            claim(f"{target.collection}/{normal_id(target.collection, known)}/{KINDS[policy_type].collection}")
        return known

    # Pulumi waits for all outputs of a program at once, again and again: one less is time in a large stack.
    return claimed(value) if isinstance(value, str) else pulumi.Output.from_input(value).apply(claimed)
