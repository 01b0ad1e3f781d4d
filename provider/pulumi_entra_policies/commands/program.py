"""The Python program that fits what is imported."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..definitions.values import escaped, shown, snake
from . import definition, layout
from .layout import Call, Name
from .outline import Assignment, Policy
from .state import ASSIGNMENT

_HEAD = '''\
"""Token policies of a tenant, as `entra-policies import` has found them.

Tenant: {tenant}
"""

import pulumi_entra_policies as entra
'''


def written(tenant_id: str, policies: Sequence[Policy]) -> str:
    """The text of the program: each policy, followed by its assignments."""
    return "\n".join([_HEAD.format(tenant=tenant_id), *(line for policy in policies for line in _statements(policy))])


def _statements(policy: Policy) -> Iterator[str]:
    if policy.is_declared:
        yield f"{_comment(policy.notes)}{policy.variable} = {layout.written(_policy(policy), open_up=True)}\n"
    for assignment in policy.assignments:
        yield f"{layout.written(_assignment(policy, assignment), open_up=True)}\n"


def _policy(policy: Policy) -> Call:
    live, kind = policy.found.policy, policy.found.kind
    keywords = {"display_name": live.inputs["displayName"], "definition": definition.expression(kind, live)}
    if live.inputs.get("isOrganizationDefault"):
        keywords["is_organization_default"] = True
    return Call(f"entra.{kind.name}", [policy.name], keywords)


def _assignment(policy: Policy, assignment: Assignment) -> Call:
    inputs = dict(assignment.live.inputs)
    of = {snake(name): inputs.pop(name) for name in ("policyId", "policyType")}
    of = {"policy": Name(policy.variable)} if policy.is_declared else of
    ((argument, target),) = inputs.items()
    whose = {"policy_id": shown(policy.found.name), snake(argument): shown(assignment.user.name)}
    return Call(f"entra.{ASSIGNMENT}", [assignment.name], {**of, snake(argument): target}, whose)


def _comment(notes: Sequence[str]) -> str:
    """What is said there is anybody's text in part: no line of it may leave the comment."""
    wrapper = textwrap.TextWrapper(layout.WIDTH, "# ", "#   ", break_on_hyphens=False)
    return "".join(f"{line}\n" for note in notes for line in wrapper.wrap(escaped(note)))
