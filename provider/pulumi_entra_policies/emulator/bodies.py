"""What the body of a POST or PATCH may carry, for each type of object.

Both verbs go through the same check; `requires` adds what only a new object must have.
"""

from collections.abc import Mapping

from . import refusals
from .contents import Properties
from .policy_sets import Check, PolicySet

# The directory's own: nobody may set them ("application resource type", "policyBase resource type").
READ_ONLY = ("id", "deletedDateTime", "appliesTo")


def policy(policy_set: PolicySet, body: Properties) -> Properties:
    if "description" in body:
        raise refusals.description_sent()
    checks: Mapping[str, Check] = {
        "displayName": _is_name,
        "definition": policy_set.accepts,
        "isOrganizationDefault": _is_boolean,
    }
    properties = _settable(body)
    for name in properties:
        if name not in checks:
            raise refusals.unknown_property(name)
    return _checked(properties, checks)


def application(body: Properties) -> Properties:
    if "appId" in body:
        raise refusals.read_only("appId")
    return _checked(_settable(body), {"displayName": _is_name})


def service_principal(body: Properties) -> Properties:
    return _checked(_settable(body), {"displayName": _is_name, "appId": _is_name})


def requires(resource: str, properties: Properties, *names: str) -> None:
    """What "policyBase resource type", "Create application" and the like mark as required."""
    for name in names:
        if name not in properties:
            raise refusals.missing_property(name, resource)


def _settable(body: Properties) -> Properties:
    """Without annotations: other clients send `@odata.type`, and Graph takes it (seen on live tenants)."""
    for name in READ_ONLY:
        if name in body:
            raise refusals.read_only(name)
    return {name: value for name, value in body.items() if "@" not in name}


def _checked(properties: Properties, checks: Mapping[str, Check]) -> Properties:
    for name, check in checks.items():
        if name in properties and not check(properties[name]):
            raise refusals.invalid_value(name)
    return properties


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)
