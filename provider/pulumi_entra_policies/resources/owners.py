"""Which resource of a program has what a tenant has once: two would undo each other's work.

A tenant is told by the provider that a resource has in effect: two providers may sign in to two tenants. Whether they
do is known in the host alone, so they are never taken for one here.
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Mapping
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource

_PACKAGE = "pulumi-python"  # of every dynamic resource, to Pulumi

# A program at a time: one process may run several, one after another.
_Owner = tuple[weakref.ref[pulumi.Resource], str]
_owners: WeakKeyDictionary[pulumi.Resource, dict[Hashable, _Owner]] = WeakKeyDictionary()


def owner(key: Hashable, resource: pulumi.Resource, name: str) -> str | None:
    """The name of the resource of this program that has claimed this before, if that is another one."""
    root = get_root_resource()
    if root is None:
        return None
    first, its_name = _owners.setdefault(root, {}).setdefault(key, (weakref.ref(resource), name))
    return its_name if first() is not resource else None


def provider_of(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider that a resource with these options gets, in Pulumi's order; None is the default one.

    Pulumi itself works it out while it registers the resource, when it is too late to stop.
    """
    if opts is None:
        return None
    if opts.provider is not None and opts.provider.package == _PACKAGE:
        return opts.provider
    several = opts.providers or ()
    listed = several if isinstance(several, Mapping) else {provider.package: provider for provider in several}
    inherited = opts.parent.get_provider(f"{_PACKAGE}:dynamic:Resource") if opts.parent is not None else None
    return listed.get(_PACKAGE) or inherited
