"""What the body of a POST or PATCH may carry, and what an object holds after it.

Both verbs go through the same check, that of the object's type (`entities`); `requires` adds what only a new object
must have.
"""

from typing import Any

from . import refusals
from .entities import Entity, Properties


def policy(entity: Entity, body: Properties, own_id: str = "") -> Properties:
    if "description" in body:
        raise refusals.description_sent()
    return entity.changes(body, own_id)


def requires(entity: Entity, properties: Properties, *names: str, resource: str = "") -> None:
    """What "policyBase resource type", "Create application" and the like mark as required."""
    for name in names:
        if properties.get(name) is None:
            raise refusals.missing_property(name, resource or entity.name)


def merged(entity: Entity, before: Properties, changes: Properties) -> Properties:
    """A complex property takes the parts that it is given and keeps its others (OData 4.0, 11.4.3; seen: azuread's
    provider writes `web` in parts). None puts there what Graph fills in (open)."""
    return before | {name: _part(entity, name, before.get(name), value) for name, value in changes.items()}


def _part(entity: Entity, name: str, before: Any, value: Any) -> Any:
    if entity.properties[name].type.kind != "complex":
        return value
    if value is None:
        return entity.properties[name].default
    return (before or {}) | {part: item for part, item in value.items() if "@" not in part}
