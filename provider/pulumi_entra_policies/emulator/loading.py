"""A whole tenant out of one document, in the form that `Directory.snapshot` gives.

Each line is judged as the request that would have written it, and all of them are one change, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any

from .contents import ALTERNATE_KEYS, OWNERS, Deleted, DirectoryObject, Reference, guid
from .directory import Directory
from .entities import Entity
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS
from .refusals import Refusal, invalid_value

Line = Mapping[str, Any]
Writer = Callable[[Line], None]

DELETED = "deletedItems"
PARTS = ("tenantId", APPLICATIONS, SERVICE_PRINCIPALS, "policies", "references", OWNERS, DELETED)
NOT_PROPERTIES = ("id", "deletedDateTime", "references")


def load(directory: Directory, document: Any) -> None:
    """In place of all there is. What a document leaves out is empty; a tenant id left out stays."""
    if not isinstance(document, dict) or not set(document) <= set(PARTS):
        raise ValueError(f"a tenant is an object of {', '.join(PARTS)}, as GET /emulator/state answers")
    loaded = Directory(policy_sets=directory.policy_sets.values(), default_audience=directory.default_audience)
    loaded.now = directory.now
    loaded.tenant_id, place = directory.tenant_id, "document"
    try:
        for place, write in _lines(loaded, document):  # noqa: B007  place is for the message
            write()
    except KeyError as error:
        raise ValueError(f"{place}: {error} is missing") from None
    except (AttributeError, Refusal, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from None
    directory.tenant_id = loaded.tenant_id
    directory.become(loaded.contents)


def _lines(loaded: Directory, document: Line) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every line as its place in the document and its write; targets and policies before their references."""
    if "tenantId" in document:
        yield "tenantId", partial(_tenant, loaded, document)
    writers = {APPLICATIONS: partial(_application, loaded), SERVICE_PRINCIPALS: partial(_service_principal, loaded)}
    policies = {name: partial(_policy, loaded, name) for name, _ in document.get("policies", {}).items()}
    yield from _placed(document, writers, "")
    yield from _placed(document.get("policies", {}), policies, "policies.")
    yield from _placed(document, {"references": partial(_reference, loaded), OWNERS: partial(_owner, loaded)}, "")
    deleted = {name: partial(_deleted, loaded, name) for name, _ in document.get(DELETED, {}).items()}
    yield from _placed(document.get(DELETED, {}), deleted, f"{DELETED}.")


def _placed(lists: Line, writers: Mapping[str, Writer], prefix: str) -> Iterator[tuple[str, Callable[[], None]]]:
    for name, writer in writers.items():
        for number, line in enumerate(_listed(lists, name)):
            yield f"{prefix}{name}[{number}]", partial(writer, line)


def _listed(lists: Line, name: str) -> list[Line]:
    found = lists.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} is a list, not {found!r:.40}")
    return found


def _tenant(loaded: Directory, document: Line) -> None:
    loaded.tenant_id = guid(document["tenantId"])


def _application(loaded: Directory, line: Line) -> None:
    body, made = _split(loaded.entities[APPLICATIONS], line)
    loaded.create_application(body, identifier=_new(loaded, line), app_id=guid(line["appId"]), made=made)


def _service_principal(loaded: Directory, line: Line) -> None:
    body, _ = _split(loaded.entities[SERVICE_PRINCIPALS], line)
    loaded.create_service_principal(body, identifier=_new(loaded, line))


def _policy(loaded: Directory, collection: str, line: Line) -> None:
    policy_set = loaded.policy_set(collection)
    body, _ = _split(loaded.entities[policy_set.collection], line)
    loaded.create_policy(policy_set, body, identifier=_new(loaded, line))


def _reference(loaded: Directory, line: Line) -> None:
    collection, _, identifier = line["target"].partition("/")
    slot = loaded.slot(collection, line["collection"])
    loaded.add_reference(loaded.contents.get(collection, identifier), slot, line["policyId"])


def _owner(loaded: Directory, line: Line) -> None:
    collection, _, identifier = line["target"].partition("/")
    loaded.add_owner(loaded.contents.get(collection, identifier), line["ownerId"])


def _deleted(loaded: Directory, collection: str, line: Line) -> None:
    """As it was when it was deleted; what it may not have beside others is judged when it comes back."""
    if collection not in ALTERNATE_KEYS:
        raise ValueError(f"only {' and '.join(ALTERNATE_KEYS)} come back")
    entity = loaded.entities[collection]
    given = {name: value for name, value in line.items() if name not in NOT_PROPERTIES}
    for name, value in given.items():
        known = entity.properties.get(name)
        if known is None or not (value == known.default or known.type.accepts(value)):
            raise invalid_value(name)
    properties = entity.defaults | given | {"appId": guid(line["appId"])}
    one = DirectoryObject(_new(loaded, line), collection, f"#{entity.type_name}", properties)
    references = tuple(Reference(*map(str, ends)) for ends in line.get("references", ()))
    for reference in references:
        if reference.collection != OWNERS:
            loaded.policy_set(reference.collection)
    at = datetime.strptime(line["deletedDateTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    loaded.become(loaded.contents.with_deleted_item(Deleted(one, at, references)))


def _new(loaded: Directory, line: Line) -> str:
    identifier = guid(line["id"])
    if identifier in loaded.contents.objects or identifier in loaded.contents.deleted:
        raise ValueError(f"the id {identifier} comes twice")
    return identifier


def _split(entity: Entity, line: Line) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a body may carry, and what the directory has made."""
    body = {name: value for name, value in line.items() if name not in entity.made}
    return body, {name: line[name] for name in entity.made & line.keys() - {"id", "deletedDateTime"}}
