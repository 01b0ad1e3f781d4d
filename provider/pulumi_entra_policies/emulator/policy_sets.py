"""The sts policies as one table, and what each set accepts as a definition.

A set is data: an invented sixth one in `Directory(policy_sets=...)` works without another line of code.
Keys that a set does not know are accepted: Graph gains keys before its pages do (seen on live tenants).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

Check = Callable[[object], bool]


def spelled(value: object) -> str:
    """A scalar as JSON spells it: Graph takes 1 for "1" and true for "true" (seen on live tenants)."""
    return value if isinstance(value, str) else json.dumps(value)


def one_of(*allowed: str) -> Check:
    return lambda value: spelled(value) in allowed


def boolean(value: object) -> bool:
    return spelled(value).lower() in {"true", "false"}


VERSION = one_of("1")


@dataclass(frozen=True)
class PolicySet:
    collection: str
    root_key: str
    targets: tuple[str, ...] = ()
    """The collections whose objects can carry a policy of this set."""
    per_object: int = 1
    requires_version: bool = True
    checks: Mapping[str, Check] = field(default_factory=dict)
    """For the known keys of a definition, which count in any letter case (seen on live tenants)."""

    @property
    def odata_type(self) -> str:
        return f"#microsoft.graph.{self.root_key[0].lower()}{self.root_key[1:]}"

    def accepts(self, definition: object) -> bool:
        """Whether this is an array of exactly one string of JSON with exactly this set's root key."""
        if not (isinstance(definition, list) and len(definition) == 1 and isinstance(definition[0], str)):
            return False
        content = parsed(definition[0])
        if not (isinstance(content, dict) and list(content) == [self.root_key]):
            return False
        return self._accepts_properties(content[self.root_key])

    def _accepts_properties(self, properties: object) -> bool:
        if not isinstance(properties, dict):
            return False
        found = {key.lower(): value for key, value in properties.items()}
        if self.requires_version and "version" not in found:
            return False
        checks = {"version": VERSION} | {key.lower(): check for key, check in self.checks.items()}
        return all(check(found[key]) for key, check in checks.items() if key in found)


def parsed(text: str) -> Any:
    """The JSON value, or None if it is not JSON."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is Python's, not JSON's")


APPLICATIONS = "applications"
SERVICE_PRINCIPALS = "servicePrincipals"

STS_POLICY_SETS = (
    # "tokenIssuancePolicy resource type" gives keys and values; EmitSamlNameFormat is seen on live tenants.
    # "Assign tokenIssuancePolicy" names applications; service principals are in the metadata only (open).
    # One per object: seen on live tenants.
    PolicySet(
        "tokenIssuancePolicies",
        "TokenIssuancePolicy",
        targets=(APPLICATIONS, SERVICE_PRINCIPALS),
        checks={
            "TokenResponseSigningPolicy": one_of("ResponseOnly", "TokenOnly", "ResponseAndToken"),
            "SamlTokenVersion": one_of("1.1", "2.0"),
            "SigningAlgorithm": one_of(
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            ),
            "EmitSamlNameFormat": boolean,
        },
    ),
    # "Assign tokenLifetimePolicy": to applications and service principals, one per object.
    PolicySet("tokenLifetimePolicies", "TokenLifetimePolicy", targets=(APPLICATIONS, SERVICE_PRINCIPALS)),
    # "Assign claimsMappingPolicy": to service principals; one per object is open.
    PolicySet("claimsMappingPolicies", "ClaimsMappingPolicy", targets=(SERVICE_PRINCIPALS,)),
    # "Assign homeRealmDiscoveryPolicy": to service principals, one per object. Its definition has no Version.
    PolicySet(
        "homeRealmDiscoveryPolicies",
        "HomeRealmDiscoveryPolicy",
        targets=(SERVICE_PRINCIPALS,),
        requires_version=False,
    ),
    # "activityBasedTimeoutPolicy resource type": for the whole tenant, assigned to nothing.
    PolicySet("activityBasedTimeoutPolicies", "ActivityBasedTimeoutPolicy"),
)
