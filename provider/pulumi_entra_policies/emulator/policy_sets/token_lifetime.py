"""How long access tokens are valid."""

from .checks import text, time_span
from .policy_set import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet

# Without effect since 2021-01-30 ("Configurable token lifetimes"), and still in old policies: values are not looked at.
RETIRED = (
    "MaxInactiveTime",
    "MaxAgeSingleFactor",
    "MaxAgeMultiFactor",
    "MaxAgeSessionSingleFactor",
    "MaxAgeSessionMultiFactor",
)

# "tokenLifetimePolicy resource type" says 10 minutes to 1 day, and a day's 24:00:00 is refused: seen on live tenants.
# "Assign tokenLifetimePolicy": to applications and service principals, one per object.
TOKEN_LIFETIME = PolicySet(
    "tokenLifetimePolicies",
    "TokenLifetimePolicy",
    targets=(APPLICATIONS, SERVICE_PRINCIPALS),
    honours_default=True,
    checks={"AccessTokenLifetime": time_span("00:10:00", "23:59:59"), **dict.fromkeys(RETIRED, text)},
)
