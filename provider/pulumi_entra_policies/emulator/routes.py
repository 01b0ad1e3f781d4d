"""What Graph offers, as a table of method, path, handler, what the caller must be granted, and how it is known."""

from . import batch, deleted_items, handlers, owners, permissions
from .routing import Route, Table

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
    Route("POST", "/{target}/owners", owners.refuse_without_ref, permissions.NOTHING, "seen: graph-docs-contrib#5368"),
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
    Route(
        "POST",
        "/{target}/{set}",
        handlers.refuse_without_ref,
        permissions.NOTHING,
        "seen: microsoft-graph-docs-contrib#5368",
    ),
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

find = Table(ROUTES).find
