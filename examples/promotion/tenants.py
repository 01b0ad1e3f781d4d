"""Three tenants on this machine, to try the example with.

    python tenants.py dev=8081 staging=8082 prod=8083       each on a port of its own, until Ctrl-C
    python tenants.py change http://127.0.0.1:8083          somebody changes a SAML policy in one of them, by hand

Needs the extra: pip install 'pulumi-entra-policies[emulator]'
"""

from __future__ import annotations

import json
import re
import sys
import threading
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.directory import Directory

PAYROLL = "5c2ab1f0-1111-4c8e-8f5a-7b1d2e3f4a00"


def tenant(stack: str) -> Directory:
    """A tenant with the two applications and no policy. Its id is in the stack's file."""
    file = Path(__file__).with_name(f"Pulumi.{stack}.yaml").read_text()
    (tenant_id,) = re.findall(r"tenantId: (\S+)", file)
    directory = Directory(tenant_id=tenant_id)
    with directory.lock:
        portal = directory.create_application({"displayName": "Portal", "uniqueName": "portal"})
        directory.create_application({"displayName": "Payroll"}, app_id=PAYROLL)
        for client_id in (portal.properties["appId"], PAYROLL):
            directory.create_service_principal({"appId": client_id})
    return directory


def serve(ports: Mapping[str, str]) -> None:
    with ExitStack() as running:
        for stack, port in ports.items():
            graph = running.enter_context(Emulator(port=int(port), directory=tenant(stack)))
            print(f"{stack}: {graph.url}", flush=True)
        threading.Event().wait()


def change(graph: str) -> None:
    """SAML 1.1 instead of 2.0, as an administrator's `az rest` would write it."""
    policies = f"{graph}/v1.0/policies/tokenIssuancePolicies"
    with urllib.request.urlopen(policies) as answer:
        (policy,) = json.load(answer)["value"]
    definition = policy["definition"][0].replace('"SamlTokenVersion":"2.0"', '"SamlTokenVersion":"1.1"')
    body, headers = json.dumps({"definition": [definition]}).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{policies}/{policy['id']}", body, headers, method="PATCH")
    urllib.request.urlopen(request).close()


if __name__ == "__main__":
    if sys.argv[1] == "change":
        change(sys.argv[2])
    else:
        serve(dict(argument.split("=") for argument in sys.argv[1:]))
