"""Policies that are in the tenant already, looked up while the program runs, in previews as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pulumi

from .definitions import KINDS, Kind
from .definitions.values import found
from .resources import mocked
from .resources.policy import Policy, PolicyType, kind_name

if TYPE_CHECKING:
    from .lifecycle.outcomes import Live


@dataclass(frozen=True)
class PolicyResult:
    """A policy of the tenant."""

    id: str
    """The policy's id, a GUID."""

    policy_type: PolicyType
    """The policy's kind, such as `TokenIssuancePolicy`."""

    display_name: str
    """The policy's name. Not unique in the tenant."""

    definition: Mapping[str, Any]
    """The definition, property by property, in camelCase. All or parts of it can be given as arguments again, also the
    keys that this package does not know: those that were found are not taken for mistyped ones."""

    definition_json: str
    """The definition as Graph stores it: one JSON string, byte for byte."""

    is_organization_default: bool
    """Whether this is the organisation's default; False for kinds that have none."""

    tenant_id: str
    """The tenant that the policy is in, a GUID."""


def get_policy(kind: type[Policy] | PolicyType, *, display_name: str) -> PolicyResult:
    """The one policy of a kind with exactly this name. Permission: `Policy.Read.All`.

    :param kind: A policy class, such as `TokenLifetimePolicy`, or its name.
    :param str display_name: The policy's name in the tenant.
    :raises pulumi.RunError: if none or several have this name (the message lists them), or the tenant cannot be read.
    """
    if not isinstance(display_name, str):
        raise pulumi.RunError("display_name is no string; for one that is an output there is get_policy_output")
    wanted = _kind(kind)
    if mocked.is_on():
        return _mocked(wanted, mocked.asked("getPolicy", policyType=wanted.name, displayName=display_name))
    from .hosts import program  # a program that looks nothing up never loads the Graph client
    from .lifecycle import lookup

    return _result(wanted, program.ask(lambda run: lookup.by_name(wanted, run, display_name)))


def get_policies(kind: type[Policy] | PolicyType) -> list[PolicyResult]:
    """Every policy of a kind. Permission: `Policy.Read.All`.

    :param kind: A policy class, such as `TokenLifetimePolicy`, or its name.
    :raises pulumi.RunError: if the tenant cannot be read.
    """
    wanted = _kind(kind)
    if mocked.is_on():
        answer = mocked.asked("getPolicies", policyType=wanted.name)
        return [_mocked(wanted, policy) for policy in mocked.told(answer, "policies")]
    from .hosts import program
    from .lifecycle import lookup

    return [_result(wanted, policy) for policy in program.ask(lambda run: lookup.every(wanted, run))]


def get_policy_output(
    kind: type[Policy] | pulumi.Input[PolicyType], *, display_name: pulumi.Input[str]
) -> pulumi.Output[PolicyResult]:
    """As `get_policy`, for arguments that may not be known yet."""
    both = pulumi.Output.all(kind_name(kind), display_name)
    return both.apply(lambda known: asyncio.to_thread(get_policy, known[0], display_name=known[1]))


def get_policies_output(kind: type[Policy] | pulumi.Input[PolicyType]) -> pulumi.Output[list[PolicyResult]]:
    """As `get_policies`, for a kind that may not be known yet."""
    return pulumi.Output.from_input(kind_name(kind)).apply(lambda known: asyncio.to_thread(get_policies, known))


def _kind(kind: type[Policy] | PolicyType) -> Kind:
    name = kind_name(kind)
    if name not in KINDS:
        raise pulumi.RunError(f"there is no policy kind {name!r}; there are {', '.join(KINDS)}")
    return KINDS[name]


def _result(kind: Kind, policy: Live) -> PolicyResult:
    return PolicyResult(
        id=policy.id,
        policy_type=cast(PolicyType, kind.name),
        display_name=policy.inputs["displayName"],
        definition=found(policy.inputs["definition"]),
        definition_json=policy.computed["definitionJson"],
        is_organization_default=policy.inputs.get("isOrganizationDefault", False),
        tenant_id=policy.computed["tenantId"],
    )


def _mocked(kind: Kind, policy: Mapping[str, Any]) -> PolicyResult:
    """What a user's mocks say that the tenant has; what they leave out says nothing."""
    return PolicyResult(
        id=mocked.told(policy, "id"),
        policy_type=cast(PolicyType, kind.name),
        display_name=policy.get("displayName", ""),
        definition=policy.get("definition", {}),
        definition_json=policy.get("definitionJson", ""),
        is_organization_default=policy.get("isOrganizationDefault", False),
        tenant_id=policy.get("tenantId", ""),
    )
