"""What an application must be granted for an operation: one permission of each set.

From the tables of the operations' pages, with those above the least that mean the same or more. Strict where they are
open: Policy.ReadWrite.ApplicationConfiguration reads no policies, since with it alone reading claims mapping policies
is refused as soon as there are any (seen on live tenants). OwnedBy counts as if the caller owned everything.
"""

from collections.abc import Mapping

Need = tuple[frozenset[str], ...]


def need(*any_of: str) -> Need:
    return (frozenset(any_of),)


APPLIES_TO = "appliesTo"

NOTHING: Need = ()
READ_POLICIES = need("Policy.Read.All")
WRITE_POLICIES = need("Policy.ReadWrite.ApplicationConfiguration")
READ_ALL_APPLICATIONS = need("Application.Read.All", "Application.ReadWrite.All")
READ_APPLICATIONS = need("Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy")
WRITE_APPLICATIONS = need("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy")
# "List owners". To add another one, owning is not enough ("Add owner"); that Directory.Read.All is wanted too is open.
READ_OWNERS = need(
    "Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All"
)
ADD_OWNERS = need("Application.ReadWrite.All")
# Even to list what is assigned to an object ("List assigned tokenIssuancePolicies").
ASSIGN = WRITE_APPLICATIONS + READ_POLICIES
READ_DIRECTORY = need("Directory.Read.All")


def of_expansion(options: Mapping[str, str]) -> Need:
    """What is expanded is told to whom its own path tells it (open)."""
    return ASSIGN if "$expand" in options and APPLIES_TO not in options["$expand"] else NOTHING


def of_content(options: Mapping[str, str]) -> Need:
    """Without these there is still an answer, but a broken one, as for appliesTo itself (open)."""
    return READ_ALL_APPLICATIONS if APPLIES_TO in options.get("$expand", "") else NOTHING


def suffice(granted: frozenset[str] | None, needed: Need) -> bool:
    """granted None: everything is."""
    return granted is None or all(any_of & granted for any_of in needed)
