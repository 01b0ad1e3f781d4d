"""Microsoft's metadata, as the SDK has it."""

from importlib.metadata import version

import pytest

KNOWN = (1, 65)
"""The SDK that the emulator was last held against."""

of_today = pytest.mark.skipif(
    tuple(map(int, version("msgraph-sdk").split(".")[:2])) < KNOWN,
    reason="an older SDK lacks what Graph has got since",
)
