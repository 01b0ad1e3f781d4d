"""The deleted items: which come back, with what, and which are gone for good. Knows no HTTP."""

from collections.abc import Sequence
from datetime import timedelta

from . import refusals, registrations
from .contents import OWNERS, Contents, Deleted, DirectoryObject, Reference, guid
from .directory import Directory
from .policy_sets import APPLICATIONS

# "Restore deleted item": it remains available for up to 30 days.
AVAILABLE = timedelta(days=30)


def items(directory: Directory, view: Contents) -> Sequence[Deleted]:
    first = directory.now() - AVAILABLE
    return [item for item in view.deleted.values() if item.at > first]


def item(directory: Directory, view: Contents, identifier: str) -> Deleted:
    found = view.deleted.get(guid(identifier))
    if found is None or found.at <= directory.now() - AVAILABLE:
        raise refusals.absent_object(identifier)
    return found


def restore(directory: Directory, deleted: Deleted) -> DirectoryObject:
    """Under its id again, with all its properties; a service principal does not come back with its application.

    It has its owners again (open), and its policies if the tenant is told so: "Restore a soft deleted enterprise
    application" says that previous policies are not restored, and names those of another type.
    """
    one = deleted.one
    _check_place(directory, one)
    contents = directory.contents.without_deleted(one.id).with_object(one)
    for reference in deleted.references:
        if _comes_back(directory, contents, reference):
            contents = contents.with_reference(reference)
    directory.become(contents)
    return one


def purge(directory: Directory, deleted: Deleted) -> None:
    directory.become(directory.contents.without_deleted(deleted.one.id))


def _check_place(directory: Directory, one: DirectoryObject) -> None:
    """What another has taken meanwhile is not to be had (open but for the wording on service principals)."""
    if one.collection == APPLICATIONS:
        registrations.check_unique(directory.contents, one.properties)
    else:
        registrations.application_of(directory.contents, one.properties["appId"])


def _comes_back(directory: Directory, contents: Contents, reference: Reference) -> bool:
    if any(end not in contents.objects for end in reference.ends):
        return False
    if reference.collection == OWNERS:
        return True
    target, policy_set = contents.objects[reference.target_id], directory.policy_sets[reference.collection]
    return directory.restores_policies and len(contents.assigned(target, policy_set)) < policy_set.per_object
