"""Signing in by the SDK that clients really use, and what the tokens say."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential

from pulumi_entra_policies.emulator import Emulator

CLIENT, SECRET = "11111111-1111-4111-8111-111111111111", "a secret"
SCOPE = "https://graph.microsoft.com/.default"


def trusting(emulator: Emulator, certificates: Path) -> dict[str, Any]:
    """What a credential of azure-identity needs to know of this authority."""
    return {
        "authority": emulator.url,
        "disable_instance_discovery": True,
        "connection_verify": str(certificates / "ca.pem"),
    }


def token(credential: AsyncTokenCredential, scope: str = SCOPE) -> str:
    async def got() -> str:
        async with credential:
            return (await credential.get_token(scope)).token

    return asyncio.run(got())


def claims(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))
