"""What a state says that its stack manages, as one side of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from .. import _wire
from ..definitions import KINDS, Kind
from ..definitions.targets import WAYS, Slot
from ..definitions.values import escaped, shown
from ..graph.errors import EntraError
from .secrecy import Secret, opened
from .side import Assignment, Policy, Side, Target
from .state import ASSIGNMENT, Resource

_OF_ALL = {_wire.PROVIDER, "tenantId", "writtenAt"}
_DEFINED = {"displayName", "definition", "definitionJson", "isOrganizationDefault"}
OF_POLICY = {*_OF_ALL, *_DEFINED, "ifExists", "forceDestroy"}
"""Every property of one. `ifExists` is not compared: it says what a create does, and a refresh forgets it."""

OF_ASSIGNMENT = {
    *_OF_ALL,
    "policyId",
    "policyType",
    *(way.argument for way in WAYS),
    "replaceExisting",
    "replacedPolicyId",
}
OF_PULUMI = ("protect", "retainOnDelete")
"""Switches that any resource has."""


def side(label: str, origin: Literal["stack", "file"], resources: Sequence[Resource]) -> Side:
    """Raises EntraError for what a newer version of this package has written."""
    for one in resources:
        _refuse_newer(label, one)
    managed = [one for one in resources if one.is_managed]
    names = {(one.class_name, one.id): _text(one, "displayName") for one in resources}
    return Side(
        label,
        origin,
        [_policy(one) for one in managed if one.class_name in KINDS],
        [_assignment(label, one, names) for one in managed if one.class_name == ASSIGNMENT],
        resources=sorted((one.urn, one.id) for one in managed),
    )


def _policy(resource: Resource) -> Policy:
    outputs = resource.outputs
    return Policy(
        KINDS[resource.class_name],
        resource.id,
        _text(resource, "tenantId"),
        _text(resource, "displayName"),
        opened(outputs.get("definition")),
        {
            "displayName": opened(outputs.get("displayName")),
            "isOrganizationDefault": _flag(outputs.get("isOrganizationDefault")),
        },
        resource.path,
        _switches(resource, "forceDestroy"),
    )


def _assignment(label: str, resource: Resource, names: Mapping[tuple[str, str], str | None]) -> Assignment:
    kind, slot = _slot(label, resource)
    policy_id = _text(resource, "policyId") or ""
    good_anywhere = [way.argument for way in WAYS if way.target == slot.target and way.argument != way.target.object_id]
    return Assignment(
        kind,
        _text(resource, "tenantId"),
        policy_id,
        names.get((kind.name, policy_id)),
        Target(
            slot.target.noun, slot.object_id, {way: text for way in good_anywhere if (text := _text(resource, way))}
        ),
        resource.path,
        _switches(resource, "replaceExisting"),
        frozenset(_hidden(resource, slot)),
    )


def _hidden(resource: Resource, slot: Slot) -> Iterator[str]:
    """What of an assignment is a secret, open or not: it is never shown, so it names nothing."""
    names = {"policy": ["policyId"], "target": [way.argument for way in WAYS if way.target == slot.target]}
    for what, properties in names.items():
        if any(isinstance(opened(resource.outputs.get(name)), Secret) for name in properties):
            yield what


def _slot(label: str, resource: Resource) -> tuple[Kind, Slot]:
    kinds = {kind.collection: kind for kind in KINDS.values()}
    try:
        slot, _ = Slot.parse(resource.id)
        return kinds[slot.collection], slot
    except (ValueError, KeyError):
        raise _newer(label, resource, f"the id {shown(resource.id)}") from None


def _refuse_newer(label: str, resource: Resource) -> None:
    if resource.class_name not in (*KINDS, ASSIGNMENT):
        raise _newer(label, resource, f"the class {shown(resource.class_name)}")
    known = OF_ASSIGNMENT if resource.class_name == ASSIGNMENT else OF_POLICY
    unknown = sorted({*resource.outputs} - known)
    if unknown:
        raise _newer(label, resource, f"the property {shown(unknown[0])}")


def _newer(label: str, resource: Resource, which: str) -> EntraError:
    return EntraError(
        f"cannot compare {label}",
        f"its resource {escaped(resource.name)} has {which}, which this version of the package does not know",
        "install the version of pulumi-entra-policies that the program has, or a newer one",
    )


def _switches(resource: Resource, own: str) -> dict[str, Any]:
    of_pulumi = {name: _flag(resource.document.get(name)) for name in OF_PULUMI}
    return {own: _flag(resource.outputs.get(own)), **of_pulumi}


def _flag(value: Any) -> Any:
    """Left out is off."""
    found = opened(value)
    return found if isinstance(found, Secret) else bool(found)


def _text(resource: Resource, name: str) -> str | None:
    """A text that is there and no secret."""
    value = resource.outputs.get(name)
    return value if isinstance(value, str) else None
