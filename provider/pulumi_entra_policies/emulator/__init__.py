"""A stateful Microsoft Graph on loopback, for tests and for trying things out.

It is a neighbour of the provider: it imports nothing of it and shares no constant with it, because a
mistake that both shared would look true. Needs the extra `[emulator]`.

    with Emulator() as graph:
        app = graph.create_application("Portal")
        httpx.get(f"{graph.url}/v1.0/applications/{app.object_id}")
"""

from .clients import Client
from .clock import Clock
from .directory import Directory
from .federation import CLUSTER_ACCOUNT, GITHUB_WORKFLOW, service_connection
from .foreground import serve
from .on_the_fly import SignIn, sign_in_on_the_fly
from .policy_sets import STS_POLICY_SETS, PolicySet
from .server import Emulator, Registration
from .throttle import Throttle

__all__ = [
    "CLUSTER_ACCOUNT",
    "GITHUB_WORKFLOW",
    "STS_POLICY_SETS",
    "Client",
    "Clock",
    "Directory",
    "Emulator",
    "PolicySet",
    "Registration",
    "SignIn",
    "Throttle",
    "serve",
    "service_connection",
    "sign_in_on_the_fly",
]
