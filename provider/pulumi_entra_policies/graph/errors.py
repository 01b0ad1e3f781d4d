"""Everything that can go wrong with a tenant, as one tree of values with data; worded here and nowhere else.

    EntraError                 what a user is shown: one message, no traceback
    ├── SignInError            no token: nothing was sent
    │   └── NoAnswer           and nobody said why
    ├── WrongTenant            signed in to another tenant than expected: nothing was sent
    ├── InternalError          a mistake of ours
    ├── GraphError             Graph refused, or its answer did not arrive
    │   ├── NotFound           the object is not there
    │   ├── ReplicaBehind      the replica that answered is behind: proof of nothing
    │   ├── Forbidden          the permission is missing, or an answer so broken that it means the same
    │   ├── SlotTaken          the target has another policy of this kind
    │   ├── AlreadyAssigned    exactly this reference is there already
    │   ├── NotAssigned        the reference to remove is not there
    │   └── AnswerLost         the request may or may not have been carried out
    ├── AlreadyThere           what a create would make is there already
    ├── ImportDiffers          what import_ names is not what the program says
    ├── Missing                what get, import_ or a lookup names is not there
    ├── Ambiguous              a lookup by name finds several
    ├── WrongId                an id is that of something else, or of nothing
    ├── TargetMissing          there is no such application or service principal, or not yet
    ├── OtherTarget            another name for a target turns out to be that of another object
    ├── PolicyConflict         the slot has another policy
    ├── SwapFailed             a slot's policy could not be exchanged; says what the target has now
    ├── StillUsed              a policy to delete is assigned to objects that would silently lose it
    └── DefaultTaken           another policy is the organisation's default

A subclass exists because somebody catches it or a user has to tell it apart. Those below GraphError are how the
lifecycle hears of Graph; the others are what it makes of that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ..definitions.values import escaped

STORED = (
    "; pulumi refresh and pulumi destroy use the configuration that the last up has stored: with --run-program they "
    "use the stack's present one"
)
"""For whoever has corrected the configuration and meets the old one."""


@dataclass(frozen=True)
class Doing:
    """What a request is for, in words (`create token issuance policy "X"`), and the least permission it takes.

    `if_lost` is what to do when nobody knows whether it was carried out.
    """

    words: str
    permission: str
    if_lost: str = "run pulumi refresh, then pulumi up again; neither does anything twice"


@dataclass(frozen=True)
class Answer:
    """What Graph said: HTTP status, error code and message, the id that Microsoft's support asks for, and when."""

    status: int
    code: str
    message: str
    request_id: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(timezone.utc), compare=False)

    def __str__(self) -> str:
        tail = f"(request-id {self.request_id})" if self.request_id else ""
        return escaped(" ".join(filter(None, ("Graph answered", str(self.status), self.code, tail))))


class EntraError(Exception):
    """Base of every error a user is shown: what was being done, why not, what to do now, and what Graph answered."""

    __module__ = "builtins"  # the host prints the class with its module; users should read one word

    def __init_subclass__(cls) -> None:
        cls.__module__ = "builtins"

    def __init__(self, what: str, reason: str, advice: str, answer: Answer | None = None) -> None:
        self.what, self.reason, self.advice, self.answer = what, reason, advice, answer
        super().__init__(what, reason, advice, answer)

    def __str__(self) -> str:
        answered = f"{self.answer}." if self.answer else ""
        lines = [f"{self.what}:", f"{self.reason.rstrip('.')}.", answered, f"To go on: {self.advice.rstrip('.')}."]
        return "\n  ".join(filter(None, lines))


def told_to_operator(error: Exception) -> str:
    """An error as a command shows it: most of them are met in a run of Pulumi's, and worded for that."""
    words = str(error).replace("run pulumi up again", "try again")
    return words if type(error) is EntraError else f"{type(error).__name__}: {words}"


class SignInError(EntraError):
    """Raised when no credential gives a token. Nothing was sent to Graph."""


class NoAnswer(SignInError):
    """Raised when whoever gives out tokens cannot be reached. Nothing was sent to Graph."""


class WrongTenant(EntraError):
    """Raised when the credential belongs to another tenant than configuration or state say. Nothing was sent."""


class InternalError(EntraError):
    """Raised for a mistake of ours, as one message instead of a traceback."""


class GraphError(EntraError):
    """Graph refused a request, or could not be understood. `answer` is None where there was none."""

    def __init__(self, doing: Doing, reason: str, advice: str, answer: Answer | None = None) -> None:
        self.doing = doing
        super().__init__(f"cannot {doing.words}", reason, advice, answer)

    @property
    def at(self) -> datetime:
        """The date of Graph's answer; now if there was none."""
        return self.answer.at if self.answer else datetime.now(timezone.utc)


class NotFound(GraphError):
    """The object of the request is not there."""


class ReplicaBehind(GraphError):
    """The replica that answered does not know the tenant yet: never proof that something is gone."""


class Forbidden(GraphError):
    """The permission is missing. An answer to a read that makes no sense means the same (seen)."""


class SlotTaken(GraphError):
    """The target has another policy of this kind."""


class AlreadyAssigned(GraphError):
    """Exactly this reference is there already."""


class NotAssigned(GraphError):
    """The reference to remove is not there."""


class AnswerLost(GraphError):
    """A write was sent and its answer did not arrive, so it may have been carried out."""


class AlreadyThere(EntraError):
    """Raised when what a create would make is there already: a policy of that name, exactly that reference."""


class ImportDiffers(EntraError):
    """Raised when what `import_` names is not what the program says. Nothing was sent."""


class Missing(EntraError):
    """Raised when `get`, `import_` or a lookup names what is not in the tenant."""


class Ambiguous(EntraError):
    """Raised when a lookup by name finds several."""


class WrongId(EntraError):
    """Raised when an id is that of something else: a client id for an object id, another kind of policy or target."""


class TargetMissing(EntraError):
    """Raised when the application or service principal of an assignment is not there, or not known everywhere."""


class OtherTarget(EntraError):
    """Raised when an assignment names its target another way, and that is another object. Nothing was sent."""


class PolicyConflict(EntraError):
    """Raised when an assignment's slot holds another policy. The tenant is as it was."""


class SwapFailed(EntraError):
    """Raised when a slot's policy could not be exchanged. `now` says, in words, which policy the target has now."""

    def __init__(self, refused: EntraError, now: str) -> None:
        self.now = now
        super().__init__(refused.what, refused.reason, refused.advice, refused.answer)

    def __str__(self) -> str:
        return f"{super().__str__()}\n  {self.now}."


class StillUsed(EntraError):
    """Raised when a policy to delete is assigned to objects that would silently lose it. Nothing was changed."""


class DefaultTaken(EntraError):
    """Raised when another policy is the organisation's default of this kind. The tenant is as it was."""


@dataclass(frozen=True)
class _Row:
    """One line of the table: which answers, the class they become, the advice. Empty fields match anything;
    `code` and `message` are regular expressions."""

    error: type[GraphError]
    advice: str
    statuses: Sequence[int] = ()
    code: str = ""
    message: str = ""

    def matches(self, answer: Answer) -> bool:
        return (
            (not self.statuses or answer.status in self.statuses)
            and re.search(self.code, answer.code) is not None
            and re.search(self.message, answer.message, re.IGNORECASE) is not None
        )


# Where the permission is missing, Graph may answer 200 with an error inside instead of what was asked for (seen).
MISSING = (
    "grant the application that signs in the Microsoft Graph permission {permission} if it is missing, "
    "then run pulumi up again"
)

# First match wins. Codes and messages: https://learn.microsoft.com/graph/errors and answers of live tenants.
_TABLE = (
    _Row(SlotTaken, "remove that assignment first", code="Request_MultipleObjectsWithSameKeyValue"),
    _Row(AlreadyAssigned, "run pulumi refresh", (400, 409), message="added object references already exist"),
    _Row(NotAssigned, "run pulumi refresh", (400,), message="removed object references do not exist"),
    _Row(
        ReplicaBehind,
        "wait a little and run pulumi up again",
        (404,),
        message="unable to read the company information",
    ),
    # Only these two can mean gone. A 404 without a code is a proxy's, and says nothing about the object.
    _Row(
        NotFound,
        "check the id and the tenant, or run pulumi refresh",
        (404,),
        code="^(Request_ResourceNotFound|Directory_ObjectNotFound)$",
    ),
    # Said of a policy that is of another kind, or not there (yet).
    _Row(NotFound, "check the policy's id and kind", (400,), message="not a valid reference update"),
    _Row(GraphError, "sign in again, or check the credential's tenant", (401,)),
    _Row(
        GraphError,
        "delete policies that nothing uses, or ask Microsoft support to raise the tenant's quota",
        code="Directory_QuotaExceeded",
    ),
    _Row(
        Forbidden,
        "grant the application that signs in the Microsoft Graph permission {permission}, with admin consent",
        (403,),
    ),
    _Row(GraphError, "wait a little and run pulumi up again", (409,), code="Directory_ConcurrencyViolation"),
    _Row(
        GraphError,
        "wait until Graph's throttling ends, then run pulumi up again with a lower --parallel",
        (429,),
    ),
    _Row(
        GraphError,
        "check the definition against Microsoft's reference page; Graph does not say what it refuses",
        (400,),
        message="definition has an invalid value",
    ),
    _Row(
        GraphError,
        "wait a little and run pulumi up again; https://status.cloud.microsoft",
        (500, 502, 503, 504),
    ),
    _Row(GraphError, "correct the arguments; the request-id is what Microsoft support asks for"),
)


def refused(doing: Doing, answer: Answer, *, write: bool, granted: Sequence[str] | None = None) -> GraphError:
    """The error that an answer means. After a server's error nobody knows whether a write was carried out.

    `granted`: the permissions of the token, where there is one.
    """
    row = next(row for row in _TABLE if row.matches(answer))
    reason = escaped(answer.message) or f"Graph gave no reason (HTTP status {answer.status})"
    if write and answer.status >= 500:
        return AnswerLost(doing, reason, doing.if_lost, answer)
    advice = row.advice.format(permission=doing.permission)
    if row.error is Forbidden and granted is not None:
        advice += f". The token that was sent has {', '.join(sorted(granted)) or 'no permission at all'}"
    return row.error(doing, reason, advice, answer)
