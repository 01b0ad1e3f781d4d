"""After how long an idle session in the browser ends."""

import re

from .checks import list_of, matching, record, time_span
from .policy_set import PolicySet

APPLICATION_ID = re.compile(r"default|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# "activityBasedTimeoutPolicy resource type": for the whole tenant, assigned to nothing; from 5 minutes to under a day.
ACTIVITY_BASED_TIMEOUT = PolicySet(
    "activityBasedTimeoutPolicies",
    "ActivityBasedTimeoutPolicy",
    honours_default=True,
    checks={
        "ApplicationPolicies": list_of(
            record(
                {
                    "ApplicationId": matching(APPLICATION_ID),
                    "WebSessionIdleTimeout": time_span("00:05:00", "23:59:59"),
                },
                required=("ApplicationId", "WebSessionIdleTimeout"),
            )
        )
    },
)
