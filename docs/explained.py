"""The output on the page of `entra-policies explain`, of a tenant that is made for it. `make docs` writes it there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from pulumi_entra_policies.emulator import Emulator

PAGE = Path(__file__).parent / "explain.md"
COMMAND = "import sys; from pulumi_entra_policies.cli import main; sys.exit(main())"
SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
# A policy's kind, what it is called and says, whether it is the organisation's default, and what has it.
POLICIES: tuple[tuple[str, str, dict[str, Any], bool, tuple[str, ...]], ...] = (
    ("tokenLifetime", "Company", {"Version": 1, "AccessTokenLifetime": "01:00:00"}, True, ()),
    ("tokenLifetime", "Portal", {"Version": 1, "AccessTokenLifetime": "08:00:00"}, False, ("applications",)),
    ("tokenIssuance", "Portal SAML", {"Version": 1, "SamlTokenVersion": "2.0"}, False, ("applications",)),
    ("tokenIssuance", "SHA-1", {"Version": 1, "SigningAlgorithm": SHA1}, False, ("servicePrincipals",)),
    ("claimsMapping", "No basic claims", {"Version": 1, "IncludeBasicClaimSet": False}, False, ("servicePrincipals",)),
    ("homeRealmDiscovery", "E-mail", {"AlternateIdLogin": {"Enabled": True}}, True, ()),
    ("homeRealmDiscovery", "Straight on", {"AccelerateToFederatedDomain": True}, False, ("servicePrincipals",)),
)
_MARKED = re.compile(r"(<!-- output: explain -->\n```\n).*?(```\n<!-- end -->)", re.DOTALL)


def main() -> None:
    PAGE.write_text(current(PAGE.read_text("utf-8")), "utf-8")


def current(text: str) -> str:
    """The page with what the command prints now."""
    printed = output()
    return _MARKED.sub(lambda marked: f"{marked[1]}{printed}{marked[2]}", text)


def output() -> str:
    with Emulator(seed="explain") as graph:
        _fill(f"{graph.url}/v1.0")
        command = [sys.executable, "-c", COMMAND, "explain", "Portal", "--config", f"graphEndpoint={graph.url}"]
        done = subprocess.run(  # noqa: S603
            command, env={**os.environ, "COLUMNS": "100"}, capture_output=True, text=True, encoding="utf-8", check=True
        )
    return done.stdout


def _fill(graph: str) -> None:
    application = _post(f"{graph}/applications", {"displayName": "Portal"})
    principal = _post(f"{graph}/servicePrincipals", {"appId": application["appId"]})
    ids = {"applications": application["id"], "servicePrincipals": principal["id"]}
    for kind, name, settings, is_default, targets in POLICIES:
        definition = json.dumps({f"{kind[0].upper()}{kind[1:]}Policy": settings})
        policies = f"{graph}/policies/{kind}Policies"
        policy = _post(policies, {"displayName": name, "definition": [definition], "isOrganizationDefault": is_default})
        for target in targets:
            reference = {"@odata.id": f"{policies}/{policy['id']}"}
            _post(f"{graph}/{target}/{ids[target]}/{kind}Policies/$ref", reference)


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return dict(json.loads(answer.read() or "{}"))


if __name__ == "__main__":
    main()
