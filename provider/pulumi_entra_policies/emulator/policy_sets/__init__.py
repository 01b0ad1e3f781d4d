"""The sts policies as one table, and what each set accepts as a definition: one file for each kind.

A set is data: an invented sixth one in `Directory(policy_sets=...)` works without another line of code.
"""

from .activity_based_timeout import ACTIVITY_BASED_TIMEOUT
from .checks import Check
from .claims_mapping import CLAIMS_MAPPING
from .home_realm_discovery import HOME_REALM_DISCOVERY
from .policy_set import APPLICATIONS, SERVICE_PRINCIPALS, PolicySet
from .token_issuance import TOKEN_ISSUANCE
from .token_lifetime import TOKEN_LIFETIME

__all__ = ["APPLICATIONS", "SERVICE_PRINCIPALS", "STS_POLICY_SETS", "Check", "PolicySet"]

STS_POLICY_SETS = (TOKEN_ISSUANCE, TOKEN_LIFETIME, CLAIMS_MAPPING, HOME_REALM_DISCOVERY, ACTIVITY_BASED_TIMEOUT)
