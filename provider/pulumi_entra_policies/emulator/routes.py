"""What Graph offers, as a table of method, path, handler and what the caller must be granted.

A path that is in the table with another method is 405, any other path is 400 "segment": Graph has no plain
404 for paths. Names in paths have no letter case, as in Graph.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import handlers, permissions, refusals
from .handlers import Answer, Call
from .permissions import Need

VERSIONS = ("v1.0", "beta")

PARTS = {
    "{target}": r"(?P<targets>applications|servicePrincipals)"
    r"(?:/(?P<id>[^/]+)|\((?P<key>\w+)='(?P<value>(?:[^']|'')*)'\))",
    "{targets}": r"(?P<targets>applications|servicePrincipals)",
    "{set}": r"(?P<set>\w+)",
    "{id}": r"(?P<id>[^/]+)",
    "{policy}": r"(?P<policy>[^/]+)",
}


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Callable[[Call], Answer]
    needs: Need
    needs_for_content: Need
    """Without these there is still an answer, but a broken one."""
    versions: tuple[str, ...]
    asks_a_replica: bool
    """Reads, and writes of references: they get 404 for what a replica has not seen (seen on live tenants)."""


def route(
    method: str,
    template: str,
    handler: Callable[[Call], Answer],
    needs: Need,
    *,
    needs_for_content: Need = permissions.NOTHING,
    versions: tuple[str, ...] = VERSIONS,
) -> Route:
    pattern = re.escape(template)
    for name, part in PARTS.items():
        pattern = pattern.replace(re.escape(name), part)
    asks_a_replica = method == "GET" or template.endswith("$ref")
    compiled = re.compile(pattern, re.IGNORECASE)
    return Route(method, compiled, handler, needs, needs_for_content, versions, asks_a_replica)


ROUTES = (
    # "List organizations": whoever may sign in gets at least the id of the own tenant, as with User.Read.
    route("GET", "/organization", handlers.list_organization, permissions.NOTHING),
    route("GET", "/directoryObjects/{id}", handlers.get_directory_object, permissions.READ_DIRECTORY),
    route("GET", "/{targets}/$count", handlers.count_targets, permissions.READ_APPLICATIONS),
    route("GET", "/policies/{set}/$count", handlers.refuse_count, permissions.READ_POLICIES),
    route("GET", "/{targets}", handlers.list_targets, permissions.READ_APPLICATIONS),
    route("POST", "/{targets}", handlers.create_target, permissions.WRITE_APPLICATIONS),
    route("GET", "/{target}", handlers.get_target, permissions.READ_APPLICATIONS),
    route("PATCH", "/{target}", handlers.update_target, permissions.WRITE_APPLICATIONS),
    route("DELETE", "/{target}", handlers.delete_target, permissions.WRITE_APPLICATIONS),
    route("GET", "/policies/{set}", handlers.list_policies, permissions.READ_POLICIES),
    route("POST", "/policies/{set}", handlers.create_policy, permissions.WRITE_POLICIES),
    route("GET", "/policies/{set}/{id}", handlers.get_policy, permissions.READ_POLICIES),
    route("PATCH", "/policies/{set}/{id}", handlers.update_policy, permissions.WRITE_POLICIES),
    route("DELETE", "/policies/{set}/{id}", handlers.delete_policy, permissions.WRITE_POLICIES),
    route(
        "GET",
        "/policies/{set}/{id}/appliesTo",
        handlers.list_applies_to,
        permissions.READ_POLICIES,
        needs_for_content=permissions.READ_ALL_APPLICATIONS,
    ),
    route("POST", "/policies/{set}/{id}/appliesTo/$ref", handlers.refuse_applies_to, permissions.NOTHING),
    route("DELETE", "/policies/{set}/{id}/appliesTo/{policy}/$ref", handlers.refuse_applies_to, permissions.NOTHING),
    # "Assign Policy", retired: it lives on in beta only, so it comes before the typed path of the same form.
    route("POST", "/{target}/policies/$ref", handlers.add_untyped_reference, permissions.ASSIGN, versions=("beta",)),
    route("GET", "/{target}/{set}", handlers.list_assigned, permissions.ASSIGN),
    route("GET", "/{target}/{set}/$ref", handlers.list_references, permissions.ASSIGN),
    route("POST", "/{target}/{set}/$ref", handlers.add_reference, permissions.ASSIGN),
    route("DELETE", "/{target}/{set}/{policy}/$ref", handlers.remove_reference, permissions.ASSIGN),
)

ROOTS = ("organization", "directoryobjects", "policies", "applications", "serviceprincipals")


def split(path: str) -> tuple[str, str]:
    """Version and the rest. A tenant id in front of the version is an unknown version."""
    version, _, rest = path.strip("/").partition("/")
    if version not in VERSIONS:
        raise refusals.no_such_version(version)
    return version, f"/{rest}"


def find(method: str, version: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route, and what its path names."""
    fitting = [
        (row, match.groupdict(""))
        for row in ROUTES
        if version in row.versions and (match := row.pattern.fullmatch(path))
    ]
    if not fitting:
        raise refusals.no_such_segment(_first_unknown(path))
    for row, names in fitting:
        if row.method == method:
            return row, names
    raise refusals.method_not_allowed()


def _first_unknown(path: str) -> str:
    first, *others = path.strip("/").split("/")
    return others[-1] if others and first.lower() in ROOTS else first
