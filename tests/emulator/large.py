"""A tenant of any size as one document, in the form of GET /emulator/state."""

import uuid
from typing import Any

from tests.emulator.tenant import DEFINITIONS, ISSUANCE, Json


def guid(kind: int, number: int) -> str:
    """The same number gives the same id, and each kind of object has its own ones."""
    return str(uuid.UUID(int=kind << 96 | number, version=4))


APPLICATION, CLIENT, SERVICE_PRINCIPAL, POLICY = range(1, 5)


def tenant(policies: int = 0, applications: int = 0, references: int = 0) -> Json:
    """As many policies, as many applications with service principals; four references a policy, an application each."""
    definition = [DEFINITIONS[ISSUANCE]]
    registered: list[dict[str, Any]] = [
        {"id": guid(APPLICATION, number), "appId": guid(CLIENT, number), "displayName": f"A{number}"}
        for number in range(applications)
    ]
    return {
        "applications": registered,
        "servicePrincipals": [
            {"id": guid(SERVICE_PRINCIPAL, number), "appId": one["appId"]} for number, one in enumerate(registered)
        ],
        "policies": {
            ISSUANCE: [
                {"id": guid(POLICY, number), "displayName": f"P{number}", "definition": definition}
                for number in range(policies)
            ]
        },
        "references": [reference(number) for number in range(references)],
    }


def reference(number: int) -> Json:
    target = f"applications/{guid(APPLICATION, number)}"
    return {"target": target, "collection": ISSUANCE, "policyId": guid(POLICY, number // 4)}
