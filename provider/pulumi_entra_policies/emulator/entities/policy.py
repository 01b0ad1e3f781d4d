"""Policies of each set, from what the set says of itself; and the objects of which little is known."""

from ..policy_sets import PolicySet
from .application import NAME
from .entity import Entity, Property, given, made
from .values import BOOLEAN, DATE_TIME, TEXT, Type


def policy(policy_set: PolicySet) -> Entity:
    """ "policyBase resource type", "stsPolicy resource type". They know no advanced queries."""
    return Entity(
        policy_set.root_key,
        {
            "id": made(TEXT, filters="eq"),
            "deletedDateTime": made(DATE_TIME),
            "definition": Property(Type("collection", policy_set.accepts)),
            # In the metadata, to be selected; whoever writes it gets the misleading 404 (`bodies`).
            "description": made(TEXT),
            "displayName": Property(NAME, filters=frozenset({"eq"})),
            "isOrganizationDefault": given(BOOLEAN, False, filters="eq"),
        },
        navigation=frozenset({"appliesTo"}),
    )


ORGANIZATION = Entity("Organization", {"id": made(TEXT), "displayName": made(TEXT)})

# Directory objects of several types: what one may select of them, the other has not.
ANYTHING = Entity("DirectoryObject", {name: made(TEXT, filters="eq") for name in ("id", "displayName", "appId")})
