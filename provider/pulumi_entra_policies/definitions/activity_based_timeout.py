"""ActivityBasedTimeoutPolicy: after how much idleness web sessions end.

Source: https://learn.microsoft.com/graph/api/resources/activitybasedtimeoutpolicy
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .effect import ORGANIZATION, Effect, Said
from .fields import Field, Shape
from .kinds import Kind
from .values import Problem, is_known


def _doubts(bag: Mapping[str, Any], organization_default: Any) -> Iterator[Problem]:
    if is_known(organization_default) and not organization_default:
        yield Problem(
            "isOrganizationDefault",
            "is not true, and an activity-based timeout policy does nothing unless it is the organisation's default",
        )


def _share(bag: Mapping[str, Any], client_id: str) -> Mapping[str, Any] | None:
    """The application's own entry, else that of all."""
    entries = {str(entry.get("applicationId")).lower(): entry for entry in bag.get("applicationPolicies", ())}
    entry = entries.get(client_id.lower(), entries.get("default"))
    return None if entry is None else {**bag, "applicationPolicies": [entry]}


_REFERENCE = "https://learn.microsoft.com/graph/api/resources/activitybasedtimeoutpolicy"

KIND = Kind(
    name="ActivityBasedTimeoutPolicy",
    collection="activityBasedTimeoutPolicies",
    noun="activity-based timeout policy",
    reference=_REFERENCE,
    targets=(),
    has_default=True,
    doubts=_doubts,
    effect=Effect(
        order=(ORGANIZATION,),
        source=_REFERENCE,
        also=(
            Said(
                "Only applications that support activity-based timeouts heed it, such as the Azure portal.", _REFERENCE
            ),
        ),
        share=_share,
    ),
    fields=(
        Field("Version", "integer", "Version of the definition's format.", allowed=(1,), default=1, required=True),
        Field(
            "ApplicationPolicies",
            Shape(
                "ApplicationTimeout",
                (
                    Field(
                        "ApplicationId",
                        "string",
                        'Client id of an application that supports it, or `"default"` for all of them.',
                        matching=(
                            "(?i:default|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})",
                            '"default" or the client id of an application',
                        ),
                        required=True,
                    ),
                    Field(
                        "WebSessionIdleTimeout",
                        "duration",
                        "How long a web session may be idle before its user is signed out.",
                        within=("00:05:00", "23:59:59"),
                        required=True,
                    ),
                ),
            ),
            "The idle timeouts, an application at a time.",
            many=True,
            required=True,
        ),
    ),
)
