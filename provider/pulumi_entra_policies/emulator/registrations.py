"""Applications and their service principals: what a new one holds, and what a change makes of both.

Knows the directory's contents, and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import bodies, refusals
from .contents import Contents, DirectoryObject, guid
from .entities import APPLICATION, SERVICE_PRINCIPAL, Credentials, Properties, application, service_principal
from .policy_sets import APPLICATIONS, SERVICE_PRINCIPALS

# Given once: "Update application" lets a name that is null be set, and calls it immutable then; by its client id an
# object is known.
FIXED = {"appId", "uniqueName"}


@dataclass(frozen=True)
class Registrations:
    credentials: Credentials
    audience: str
    """The signInAudience of an application that names none."""

    # -- new ones ----------------------------------------------------------------------------------

    def application(self, contents: Contents, body: Properties, made: Properties) -> Properties:
        """made: what the directory gives it, beside the defaults."""
        given = APPLICATION.changes(body)
        bodies.requires(APPLICATION, given, "displayName")
        properties = bodies.merged(APPLICATION, APPLICATION.defaults | made | self._by_audience(given), given)
        properties = self.credentials.completed(properties, {})
        self._check(contents, properties, {})
        return properties

    def service_principal(self, contents: Contents, body: Properties, made: Properties) -> Properties:
        """As in "Create servicePrincipal": for the appId of an application, one for each."""
        given = SERVICE_PRINCIPAL.changes(body)
        bodies.requires(SERVICE_PRINCIPAL, given, "appId")
        app_id = guid(given["appId"])
        of = application_of(contents, app_id)
        copied = service_principal.copied(of.properties)
        properties = bodies.merged(SERVICE_PRINCIPAL, SERVICE_PRINCIPAL.defaults | made | copied, given)
        tags = dict.fromkeys([*of.properties["tags"], *properties["tags"]])
        return self.credentials.completed(properties | {"appId": app_id, "tags": list(tags)}, {})

    def _by_audience(self, given: Properties) -> Properties:
        """ "apiApplication resource type": version 2 where personal accounts sign in."""
        audience = given.get("signInAudience") or self.audience
        version = 2 if audience in application.PERSONAL else None
        api = APPLICATION.defaults["api"] | {"requestedAccessTokenVersion": version}
        return {"signInAudience": audience, "api": api}

    # -- changes -----------------------------------------------------------------------------------

    def changed(self, contents: Contents, one: DirectoryObject, body: Properties) -> Contents:
        entity = APPLICATION if one.collection == APPLICATIONS else SERVICE_PRINCIPAL
        before = one.properties
        after = self.credentials.completed(bodies.merged(entity, before, entity.changes(body, one.id)), before)
        for name in FIXED & entity.properties.keys():
            if before[name] is not None and after[name] != before[name]:
                raise refusals.read_only(name)
        changed = contents.with_object(replace(one, properties=after))
        if entity is SERVICE_PRINCIPAL:
            return changed
        self._check(contents, after, before)
        return self._followed(changed, before, after)

    def _followed(self, contents: Contents, before: Properties, after: Properties) -> Contents:
        one = contents.with_value(SERVICE_PRINCIPALS, "appId", after["appId"])
        if one is None:
            return contents
        properties = service_principal.following(one.properties, before, after)
        return contents.with_object(replace(one, properties=properties))

    # -- both --------------------------------------------------------------------------------------

    def _check(self, contents: Contents, after: Properties, before: Properties) -> None:
        application.check(after)
        if before:
            application.check_entitlements(before, after)
        check_unique(contents, after)


def application_of(contents: Contents, app_id: str) -> DirectoryObject:
    """The one that a service principal is for: it is there, and has none yet."""
    found = contents.with_value(APPLICATIONS, "appId", app_id)
    if found is None:
        raise refusals.no_such_application(app_id)
    if contents.with_value(SERVICE_PRINCIPALS, "appId", app_id):
        raise refusals.second_service_principal(app_id)
    return found


def check_unique(contents: Contents, one: Properties) -> None:
    """What no other application has: its addresses, and its name ("application resource type"; the answer is open)."""
    taken = [("identifierUris", uri.lower()) for uri in one["identifierUris"]]
    if one["uniqueName"] is not None:
        taken.append(("uniqueName", one["uniqueName"]))
    for name, value in taken:
        found = contents.with_value(APPLICATIONS, name, value)
        if found and found.properties["appId"] != one["appId"]:
            raise refusals.taken(name)
