"""What Graph says no with: one exception, and every wording in this one table of functions.

The wordings of `absent_object`, `invalid_value`, the references and those marked as seen are of live tenants. The
others are open: refused is sure, the words are those of sibling types (users, groups) or of this emulator. Build on
status and code.
"""

from collections.abc import Mapping

NOBODY = "00000000-0000-0000-0000-000000000000"


class Refusal(Exception):
    """Raised by the directory as a value; turned into HTTP in one place, by `app`."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


# -- the request as such ---------------------------------------------------------------------------


def not_signed_in() -> Refusal:
    """doc: Microsoft Graph error responses; the words are open."""
    return Refusal(401, "InvalidAuthenticationToken", "Access token is empty.")


def unknown_token() -> Refusal:
    """doc: Microsoft Graph error responses; the words are open."""
    return Refusal(401, "InvalidAuthenticationToken", "Access token validation failure.")


def wrong_audience() -> Refusal:
    """seen: microsoft-graph-docs#16208."""
    return Refusal(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")


def expired_token() -> Refusal:
    """seen: live tenants."""
    return Refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")


def not_permitted() -> Refusal:
    """doc: Combine multiple HTTP requests."""
    return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def throttled(retry_after: int | None, *, writes: bool) -> Refusal:
    """doc: Microsoft Graph throttling guidance. The ids in the headers are nobody's: all are one application here."""
    limit, reason = ("Write", "WriteLimitExceeded") if writes else ("ReadWrite", "ResourceUnitLimitExceeded")
    headers = {
        "x-ms-throttle-scope": f"Tenant_Application/{limit}/{NOBODY}/{NOBODY}",
        "x-ms-throttle-information": reason,
    }
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Refusal(429, "TooManyRequests", "Too many requests.", headers)


def no_such_version(version: str) -> Refusal:
    """open."""
    return Refusal(400, "BadRequest", f"Invalid version: {version}")


def no_such_segment(segment: str) -> Refusal:
    """open: 400 is seen, the words are those of other services."""
    return Refusal(400, "Request_BadRequest", f"Resource not found for the segment '{segment}'.")


def not_contained() -> Refusal:
    """seen: microsoft-graph-docs-contrib#5368."""
    return Refusal(400, "BadRequest", "Write requests are only supported on contained entities")


def write_under_tenant() -> Refusal:
    """seen: microsoft-graph-docs-contrib#1703."""
    message = "Write requests are only supported on contained entities or navigation properties with bindings."
    return Refusal(400, "BadRequest", message)


def method_not_allowed() -> Refusal:
    """doc: Combine multiple HTTP requests."""
    message = "Specified HTTP method is not allowed for the request target."
    return Refusal(405, "Request_BadRequest", message)


def unreadable_body() -> Refusal:
    """seen: sibling types."""
    message = (
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
        "valid JSON format."
    )
    return Refusal(400, "BadRequest", message)


def no_json() -> Refusal:
    """seen: msgraph-sample-pythondjangoapp#22."""
    return Refusal(400, "BadRequest", "Entity only allows writes with a JSON Content-Type header.")


def unknown_argument(name: str) -> Refusal:
    """seen: microsoft-graph-docs#4488."""
    return Refusal(400, "Request_BadRequest", f"Unrecognized query argument specified: '{name}'.")


def repeated_option(name: str) -> Refusal:
    """open."""
    message = f"Query option '{name}' was specified more than once, but it must be specified at most once."
    return Refusal(400, "BadRequest", message)


def inapplicable(names: str) -> Refusal:
    """seen: microsoft-graph-docs#128, of a listing."""
    message = (
        "The following query options are not supported by this request method or cannot be applied to the requested "
        f"resource: {names}"
    )
    return Refusal(400, "Request_BadRequest", message)


def unknown_selected(name: str, type_name: str) -> Refusal:
    """seen: microsoft-graph-docs#9988."""
    message = f"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{type_name}'."
    return Refusal(400, "BadRequest", message)


def unknown_in_filter(name: str, type_name: str) -> Refusal:
    """open."""
    message = f"Invalid filter clause: Could not find a property named '{name}' on type '{type_name}'."
    return Refusal(400, "BadRequest", message)


def invalid_filter(text: str) -> Refusal:
    """open."""
    return Refusal(400, "BadRequest", f"Invalid filter clause: Syntax error in '{text}'.")


def unsupported_clause(name: str, resource: str) -> Refusal:
    """seen: microsoft-graph-docs-contrib#1726."""
    message = f"Unsupported or invalid query filter clause specified for property '{name}' of resource '{resource}'."
    return Refusal(400, "Request_UnsupportedQuery", message)


def only_advanced(message: str) -> Refusal:
    """doc: Advanced query capabilities on directory objects; the words are open."""
    return Refusal(400, "Request_UnsupportedQuery", message)


def invalid_search(text: str) -> Refusal:
    """open."""
    return Refusal(400, "BadRequest", f"Invalid $search query specified: '{text}'.")


def unsupported_search(name: str, resource: str) -> Refusal:
    """open."""
    return Refusal(400, "Request_UnsupportedQuery", f"Unsupported search property '{name}' for '{resource}'.")


def search_without_header() -> Refusal:
    """seen: microsoft-graph-docs-contrib#3495, of users; applications were seen to ignore it (docs#12025, 2021)."""
    message = (
        "Request with $search query parameter only works through MSGraph with a special request header: "
        "'ConsistencyLevel: eventual'"
    )
    return Refusal(400, "Request_UnsupportedQuery", message)


def unsupported_sorting(name: str, resource: str) -> Refusal:
    """open."""
    return Refusal(400, "Request_UnsupportedQuery", f"Unsupported sort property '{name}' for '{resource}'.")


def invalid_count(text: str) -> Refusal:
    """open."""
    return Refusal(400, "BadRequest", f"Invalid value '{text}' for $count query option found.")


def no_count() -> Refusal:
    """seen: microsoft-graph-docs#8586, #13195; in 2025 the words are others (azurekid/ScEntra#17)."""
    return Refusal(400, "Request_BadRequest", "$count is not currently supported.")


def malformed_batch() -> Refusal:
    """seen: msgraph-sdk-javascript#1451, for one case of it."""
    return Refusal(400, "BadRequest", "Invalid batch payload format.")


def bare_write(identifier: str) -> Refusal:
    """seen: msgraph-sdk-dotnet#1038, #2628, where the operation itself takes no body."""
    message = f"Write request id : {identifier} does not contain Content-Type header or body."
    return Refusal(400, "BadRequest", message)


def dependency_failed() -> Refusal:
    """doc: Combine multiple HTTP requests; the code and the words are open."""
    return Refusal(424, "FailedDependency", "A request that this one depends on has failed.")


def unsupported_query(detail: str) -> Refusal:
    """seen: sibling types; the detail is open."""
    return Refusal(400, "Request_UnsupportedQuery", f"Unsupported Query: {detail}")


def expired_page() -> Refusal:
    """seen: sibling types."""
    message = (
        "The specified page token value has expired and can no longer be included in your request. "
        "To continue, please submit a new query."
    )
    return Refusal(400, "Directory_ExpiredPageToken", message)


# -- objects and their properties ------------------------------------------------------------------


def malformed_id(text: str) -> Refusal:
    """seen: sibling types."""
    return Refusal(400, "Request_BadRequest", f"Invalid object identifier '{text}'.")


def absent_object(identifier: str) -> Refusal:
    """seen: live tenants."""
    message = (
        f"Resource '{identifier}' does not exist or one of its queried reference-property objects are not present."
    )
    return Refusal(404, "Request_ResourceNotFound", message)


def description_sent() -> Refusal:
    """seen: live tenants."""
    return absent_object("")


def missing_property(name: str, resource: str) -> Refusal:
    """seen: sibling types."""
    return Refusal(400, "Request_BadRequest", f"A value is required for property '{name}' of resource '{resource}'.")


def invalid_value(name: str) -> Refusal:
    """seen: of `definition`, without any detail; open for the others."""
    return Refusal(400, "Request_BadRequest", f"Property {name} has an invalid value.")


def read_only(name: str) -> Refusal:
    """open: that it is refused is on the resources' pages."""
    return Refusal(400, "Request_BadRequest", f"Property '{name}' is read-only and cannot be set.")


def unknown_property(name: str) -> Refusal:
    """open."""
    return Refusal(400, "Request_BadRequest", f"Invalid property '{name}'.")


def foreign_type(named: object, expected: str) -> Refusal:
    """open."""
    return Refusal(400, "BadRequest", f"The type '{named}' is not assignable to the expected type '{expected}'.")


def taken(name: str) -> Refusal:
    """seen: sibling properties."""
    message = f"Another object with the same value for property {name} already exists."
    return Refusal(400, "Request_BadRequest", message)


def enabled_entitlement() -> Refusal:
    """seen: live tenants."""
    message = "Permission (scope or role) cannot be deleted or updated unless disabled first."
    return Refusal(400, "CannotDeleteOrUpdateEnabledEntitlement", message)


def invalid_end_date() -> Refusal:
    """seen: live tenants."""
    return Refusal(400, "Request_BadRequest", "Key credential end date is invalid.")


def no_such_application(app_id: str) -> Refusal:
    """seen: issues of other clients."""
    message = f"The appId '{app_id}' of the service principal does not reference a valid application object."
    return Refusal(400, "Request_BadRequest", message)


def second_service_principal(app_id: str) -> Refusal:
    """seen: issues of other clients."""
    message = (
        "The service principal cannot be created, updated, or restored because the service principal name "
        f"{app_id} is already in use."
    )
    return Refusal(409, "Request_MultipleObjectsWithSameKeyValue", message)


def second_default() -> Refusal:
    """open: that there is one is on the resources' pages."""
    return second_policy(400)


def default_change_failed(status: int) -> Refusal:
    """seen: a sibling type, with 500."""
    return Refusal(status, "InternalServerError", "An internal server error has occurred.")


# -- references ------------------------------------------------------------------------------------


def invalid_reference() -> Refusal:
    """seen: live tenants."""
    return Refusal(400, "Request_BadRequest", "Not a valid reference update")


def unreplicated_policy(status: int, identifier: str) -> Refusal:
    """seen: live tenants."""
    return absent_object(identifier) if status == 404 else invalid_reference()


def second_policy(status: int) -> Refusal:
    """seen: live tenants; the status is open."""
    message = (
        "Request contains property changes that would result in property-uniqueness violation(s). "
        "Please retry your request with corrected values."
    )
    return Refusal(status, "Request_MultipleObjectsWithSameKeyValue", message)


def same_reference(collection: str) -> Refusal:
    """seen: live tenants."""
    message = (
        f"One or more added object references already exist for the following modified properties: '{collection}'."
    )
    return Refusal(400, "Request_BadRequest", message)


def absent_reference(status: int, collection: str, identifier: str) -> Refusal:
    """seen: live tenants."""
    if status == 404:
        return absent_object(identifier)
    message = (
        f"One or more removed object references do not exist for the following modified properties: '{collection}'."
    )
    return Refusal(status, "Request_BadRequest", message)
