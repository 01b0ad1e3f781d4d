"""What may refer to what: an application or a service principal to its policies and to its owners.

Each function gives the contents with the change, or refuses it.
"""

from . import refusals
from .contents import OWNERS, Contents, DirectoryObject, Reference, guid
from .policy_sets import SERVICE_PRINCIPALS, PolicySet


def assigned(
    contents: Contents, target: DirectoryObject, policy_set: PolicySet, policy_id: str, *, second: int
) -> Contents:
    """second: the status for one more than the target can have."""
    policy = contents.any(policy_id)
    if policy.collection != policy_set.collection:
        raise refusals.invalid_reference()
    changed = _added(contents, Reference(contents.any(target.id).id, policy_set.collection, policy.id))
    if len(contents.assigned(target, policy_set)) >= policy_set.per_object:
        raise refusals.second_policy(second)
    return changed


def owned(contents: Contents, target: DirectoryObject, owner_id: str) -> Contents:
    """ "Add owner": users, who are not emulated, and service principals."""
    owner = contents.any(owner_id)
    if owner.collection != SERVICE_PRINCIPALS:
        raise refusals.invalid_reference()
    return _added(contents, Reference(contents.any(target.id).id, OWNERS, owner.id))


def removed(
    contents: Contents, target: DirectoryObject, collection: str, identifier: str, view: Contents, *, absent: int
) -> Contents:
    """absent: the status if it is not there. The last owner goes too: only groups keep one ("Remove group owner")."""
    reference = Reference(target.id, collection, guid(identifier))
    if any(reference not in seen.references for seen in (view, contents)):
        raise refusals.absent_reference(absent, collection, identifier)
    return contents.without_reference(reference)


def _added(contents: Contents, reference: Reference) -> Contents:
    if reference in contents.references:
        raise refusals.same_reference(reference.collection)
    return contents.with_reference(reference)
