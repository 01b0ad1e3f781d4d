"""What the policies of all the company's applications have in common."""

from .application import ApplicationPolicies
from .environment import Environment
from .rules import EVERYWHERE, PRODUCTION, Rules

__all__ = ["EVERYWHERE", "PRODUCTION", "ApplicationPolicies", "Environment", "Rules"]
