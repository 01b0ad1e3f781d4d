"""What the sign-in authority says no with: one exception, and every wording in this one table of functions.

The numbers are those of "Microsoft Entra authentication and authorization error codes", the words those that users
report from live tenants, shortened: build on the number.
"""

from datetime import datetime

from .directory import Directory


class Denial(Exception):
    """RFC 6749's error, and Entra's number and text."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.error = error
        self.number = number
        self.text = text

    def as_json(self, directory: Directory, date: datetime) -> dict[str, object]:
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.text}",
            "error_codes": [self.number],
            "timestamp": f"{date:%Y-%m-%d %H:%M:%SZ}",
            "trace_id": directory.new_id(),
            "correlation_id": directory.new_id(),
        }


def _invalid_client(number: int, text: str) -> Denial:
    return Denial(401, "invalid_client", number, text)


# -- the request -----------------------------------------------------------------------------------


def unknown_tenant(tenant: str) -> Denial:
    return Denial(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")


def unsupported_grant(grant: str) -> Denial:
    return Denial(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'.")


def unknown_client(client_id: str) -> Denial:
    text = f"Application with identifier '{client_id}' was not found in the directory."
    return Denial(400, "unauthorized_client", 700016, text)


def invalid_scope(scope: str, ending: str) -> Denial:
    text = f"The provided value for scope {scope} is not valid: it does not end in {ending}."
    return Denial(400, "invalid_scope", 1002012, text)


def no_credential() -> Denial:
    text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."
    return _invalid_client(7000216, text)


def wrong_secret(client_id: str) -> Denial:
    return _invalid_client(7000215, f"Invalid client secret provided for app '{client_id}'.")


# -- assertions ------------------------------------------------------------------------------------


def unsupported_assertion(kind: str) -> Denial:
    return Denial(400, "invalid_request", 50027, f"The client_assertion_type '{kind}' is not supported.")


def malformed_assertion(detail: str) -> Denial:
    return _invalid_client(50027, f"JWT token is invalid or malformed. {detail}")


def unknown_certificate(client_id: str, thumbprint: str) -> Denial:
    text = (
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        f"[Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}', Please visit the Azure "
        f"Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'.]"
    )
    return _invalid_client(700027, text)


def bad_signature(thumbprint: str, reason: str) -> Denial:
    text = (
        f"Client assertion contains an invalid signature. [Reason - {reason}, "
        f"Thumbprint of key used by client: '{thumbprint}'.]"
    )
    return _invalid_client(700027, text)


def wrong_audience() -> Denial:
    return _invalid_client(700023, "Client assertion audience claim does not match Realm issuer.")


def wrong_subject() -> Denial:
    return _invalid_client(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")


def out_of_time(now: float, begin: object, end: object) -> Denial:
    text = (
        f"Client assertion is not within its valid time range. Current time: {now:.0f}, assertion valid from {begin}, "
        f"expiry time of assertion {end}."
    )
    return _invalid_client(700024, text)


# -- federated identity credentials ----------------------------------------------------------------


def not_federated(client_id: str) -> Denial:
    return _invalid_client(70025, f"The client '{client_id}' has no configured federated identity credentials.")


def foreign_signature() -> Denial:
    return _invalid_client(50013, "Assertion failed signature validation. [Reason - The key was not found.]")


def _no_record(number: int, what: str, value: object) -> Denial:
    text = (
        f"No matching federated identity record found for presented assertion {what} '{value}'. Check your federated "
        "identity credential Subject, Audience and Issuer against the presented assertion."
    )
    return _invalid_client(number, text)


def unknown_issuer(issuer: object) -> Denial:
    return _no_record(700211, "issuer", issuer)


def unknown_audience(audience: object) -> Denial:
    return _no_record(700212, "audience", audience)


def unknown_subject(subject: object) -> Denial:
    return _no_record(700213, "subject", subject)
