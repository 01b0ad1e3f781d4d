"""What Graph offers, as a table of method, path, handler, what the caller must be granted, and how it is known.

A path that is in the table with another method is 405, any other path is 400 "segment": Graph has no plain
404 for paths. Names in paths have no letter case, as in Graph.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from . import batch, deleted_items, handlers, owners, permissions, refusals
from .calls import TARGETS, Answer, Call
from .paths import VERSIONS, AlternateKey, Place, Segment
from .permissions import Need

# What stands in braces is a name in the call. `{target}` is an object of `{targets}`, by its id or an alternate key.
TARGET = "{targets}/{id}"
CAST = re.compile(r"(microsoft\.)?graph\.\w+", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    handler: Callable[[Call], Answer]
    needs: Need
    source: str
    """doc, seen or open, and where: for who wants to know how far to trust it."""
    needs_for_content: Need = permissions.NOTHING
    """Without these there is still an answer, but a broken one."""
    versions: tuple[str, ...] = VERSIONS
    takes_body: bool = True
    asks_a_replica: bool = field(init=False)
    """Reads, and writes of references: they get 404 for what a replica has not seen (seen on live tenants)."""
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = self.template.replace("{target}", TARGET).strip("/").split("/")
        object.__setattr__(self, "parts", tuple(part if part[0] == "{" else part.lower() for part in parts))
        object.__setattr__(self, "asks_a_replica", self.method == "GET" or self.template.endswith("$ref"))

    def names(self, segments: tuple[Segment, ...]) -> dict[str, str] | None:
        """What the segments name, or None if they do not fit; there may be fewer of them than parts."""
        names: dict[str, str] = {}
        for part, segment in zip(self.parts, segments, strict=False):
            if isinstance(segment, AlternateKey):
                if part != "{id}":
                    return None
                names["key"], names["value"] = segment
            elif part[0] != "{":
                if part != segment.lower():
                    return None
            elif KINDS_OF_SEGMENT.get(part, _is_name)(segment):
                names[part[1:-1]] = segment
            else:
                return None
        return names


def _is_name(segment: str) -> bool:
    """Neither nothing, nor a function such as `delta()`, nor OData's own such as `$count`."""
    return segment[-1:] not in ("", ")") and segment[0] != "$"


KINDS_OF_SEGMENT: dict[str, Callable[[str], object]] = {
    "{targets}": lambda segment: segment.lower() in TARGETS,
    "{cast}": CAST.fullmatch,
}

POLICIES, ONE = "/policies/{set}", "/policies/{set}/{policy}"
DELETED = "/directory/deletedItems"

ROUTES = (
    Route(
        "GET",
        "/organization",
        handlers.list_organization,
        # Whoever may sign in gets at least the id of the own tenant, as with User.Read.
        permissions.NOTHING,
        "doc: List organizations",
    ),
    Route(
        "GET",
        "/directoryObjects/{object}",
        handlers.get_directory_object,
        permissions.READ_DIRECTORY,
        "doc: Get directoryObject",
    ),
    Route("POST", "/$batch", batch.unpack, permissions.NOTHING, "doc: Combine multiple HTTP requests"),
    # -- applications and service principals ---------------------------------------------------------
    Route("GET", "/{targets}", handlers.list_targets, permissions.READ_APPLICATIONS, "doc: List applications"),
    Route("GET", "/{targets}/$count", handlers.count_targets, permissions.READ_APPLICATIONS, "doc: List applications"),
    Route("POST", "/{targets}", handlers.create_target, permissions.WRITE_APPLICATIONS, "doc: Create application"),
    Route("GET", "/{target}", handlers.get_target, permissions.READ_APPLICATIONS, "doc: Get application"),
    Route("PATCH", "/{target}", handlers.update_target, permissions.WRITE_APPLICATIONS, "doc: Upsert application"),
    Route("DELETE", "/{target}", handlers.delete_target, permissions.WRITE_APPLICATIONS, "doc: Delete application"),
    Route("GET", "/{target}/owners", owners.list_owners, permissions.READ_OWNERS, "doc: List owners"),
    Route("GET", "/{target}/owners/$count", owners.count, permissions.READ_OWNERS, "doc: metadata"),
    Route("GET", "/{target}/owners/{cast}/$count", owners.count, permissions.READ_OWNERS, "doc: metadata"),
    Route("GET", "/{target}/owners/$ref", owners.list_references, permissions.READ_OWNERS, "doc: metadata"),
    Route("POST", "/{target}/owners/$ref", owners.add, permissions.ADD_OWNERS, "doc: Add owner"),
    Route("DELETE", "/{target}/owners/$ref", owners.remove_named, permissions.WRITE_APPLICATIONS, "doc: metadata"),
    Route("GET", "/{target}/owners/{cast}", owners.list_owners, permissions.READ_OWNERS, "doc: metadata"),
    Route(
        "GET",
        "/{target}/owners/{object}/$ref",
        owners.get_reference,
        permissions.READ_OWNERS,
        "seen: terraform-provider-azuread#529",
    ),
    Route(
        "DELETE",
        "/{target}/owners/{object}/$ref",
        owners.remove,
        permissions.WRITE_APPLICATIONS,
        "doc: Remove application owner",
    ),
    Route("GET", "/{target}/owners/{object}/{cast}", owners.get, permissions.READ_OWNERS, "doc: metadata"),
    # -- what has been deleted -----------------------------------------------------------------------
    Route("GET", DELETED, deleted_items.refuse_untyped, permissions.NOTHING, "doc: List deletedItems"),
    Route(
        "GET",
        f"{DELETED}/{{cast}}",
        deleted_items.list_items,
        permissions.READ_ALL_APPLICATIONS,
        "doc: List deletedItems",
    ),
    Route("GET", f"{DELETED}/$count", deleted_items.refuse_untyped, permissions.NOTHING, "doc: List deletedItems"),
    Route(
        "GET",
        f"{DELETED}/{{cast}}/$count",
        deleted_items.count,
        permissions.READ_ALL_APPLICATIONS,
        "doc: List deletedItems",
    ),
    Route(
        "GET",
        f"{DELETED}/{{object}}",
        deleted_items.get,
        permissions.READ_ALL_APPLICATIONS,
        "doc: Get item",
    ),
    Route(
        "GET",
        f"{DELETED}/{{object}}/{{cast}}",
        deleted_items.get,
        permissions.READ_ALL_APPLICATIONS,
        "doc: metadata",
    ),
    Route(
        "POST",
        f"{DELETED}/{{object}}/restore",
        deleted_items.restore,
        permissions.WRITE_APPLICATIONS,
        "doc: Restore deleted item",
        takes_body=False,
    ),
    Route(
        "DELETE",
        f"{DELETED}/{{object}}",
        deleted_items.purge,
        permissions.WRITE_APPLICATIONS,
        "doc: Permanently delete item",
    ),
    # -- policies ------------------------------------------------------------------------------------
    Route("GET", POLICIES, handlers.list_policies, permissions.READ_POLICIES, "doc: List tokenIssuancePolicies"),
    Route("GET", f"{POLICIES}/$count", handlers.refuse_count, permissions.READ_POLICIES, "seen: graph-docs#8586"),
    Route("POST", POLICIES, handlers.create_policy, permissions.WRITE_POLICIES, "doc: Create tokenIssuancePolicy"),
    Route("GET", ONE, handlers.get_policy, permissions.READ_POLICIES, "doc: Get tokenIssuancePolicy"),
    Route("PATCH", ONE, handlers.update_policy, permissions.WRITE_POLICIES, "doc: Update tokenIssuancePolicy"),
    Route("DELETE", ONE, handlers.delete_policy, permissions.WRITE_POLICIES, "doc: Delete tokenIssuancePolicy"),
    Route(
        "GET",
        f"{ONE}/appliesTo",
        handlers.list_applies_to,
        permissions.READ_POLICIES,
        "doc: List appliesTo",
        needs_for_content=permissions.READ_ALL_APPLICATIONS,
    ),
    Route(
        "GET",
        f"{ONE}/appliesTo/{{object}}",
        handlers.get_applies_to,
        permissions.READ_POLICIES,
        "doc: metadata",
        needs_for_content=permissions.READ_ALL_APPLICATIONS,
    ),
    Route("GET", f"{ONE}/appliesTo/$count", handlers.refuse_count, permissions.READ_POLICIES, "open"),
    Route("POST", f"{ONE}/appliesTo/$ref", handlers.refuse_applies_to, permissions.NOTHING, "seen: live tenants"),
    Route(
        "DELETE",
        f"{ONE}/appliesTo/{{object}}/$ref",
        handlers.refuse_applies_to,
        permissions.NOTHING,
        "seen: live tenants",
    ),
    # -- policies of an application or a service principal -------------------------------------------
    # "Assign Policy", retired: it lives on in beta only, so it comes before the typed path of the same form.
    Route(
        "POST",
        "/{target}/policies/$ref",
        handlers.add_untyped_reference,
        permissions.ASSIGN,
        "open: it is no longer documented",
        versions=("beta",),
    ),
    Route("GET", "/{target}/{set}", handlers.list_assigned, permissions.ASSIGN, "doc: List assigned policies"),
    Route("GET", "/{target}/{set}/$count", handlers.refuse_count, permissions.ASSIGN, "open"),
    Route("GET", "/{target}/{set}/$ref", handlers.list_references, permissions.ASSIGN, "doc: metadata"),
    Route("POST", "/{target}/{set}/$ref", handlers.add_reference, permissions.ASSIGN, "doc: Assign policy"),
    Route("DELETE", "/{target}/{set}/$ref", handlers.remove_named_reference, permissions.ASSIGN, "doc: metadata"),
    Route(
        "GET",
        "/{target}/{set}/{policy}",
        handlers.get_assigned,
        permissions.ASSIGN,
        "doc: metadata of home realm discovery on applications; open for the others",
    ),
    Route(
        "DELETE",
        "/{target}/{set}/{policy}/$ref",
        handlers.remove_reference,
        permissions.ASSIGN,
        "doc: Remove policy",
    ),
)


def _indexed() -> dict[tuple[str, int], list[Route]]:
    """The rows by their first segment and their length, so that a request is compared with few of them."""
    index: dict[tuple[str, int], list[Route]] = {}
    for row in ROUTES:
        for first in TARGETS if row.parts[0] == "{targets}" else [row.parts[0]]:
            index.setdefault((first, len(row.parts)), []).append(row)
    return index


INDEX = _indexed()


def find(method: str, place: Place) -> tuple[Route, dict[str, str]]:
    """The route, and what its path names."""
    segments = place.segments
    fitting = [
        (row, names)
        for row in INDEX.get((str(segments[0]).lower(), len(segments)), ())
        if place.version in row.versions and (names := row.names(segments)) is not None
    ]
    if not fitting:
        raise refusals.no_such_segment(_first_unknown(segments))
    if place.tenant and method != "GET":
        raise refusals.write_under_tenant()
    for row, names in fitting:
        if row.method == method:
            return row, names
    raise refusals.method_not_allowed()


def _first_unknown(segments: tuple[Segment, ...]) -> str:
    for end in range(1, len(segments)):
        if not any(row.names(segments[:end]) is not None for row in ROUTES if len(row.parts) >= end):
            return _spelled(segments[:end])
    return _spelled(segments)


def _spelled(segments: tuple[Segment, ...]) -> str:
    """The last one, with the name in front of a key."""
    last = segments[-1]
    return last if isinstance(last, str) else f"{segments[-2]}({last.name}='{last.value}')"
