"""Settings from what a test gives: configuration is what has a namespace, everything else is the environment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pulumi_entra_policies.settings import Settings, SettingsError
from pulumi_entra_policies.settings.sources import Sources

TENANT = "72f988bf-0000-4000-8000-000000000001"
Given = Mapping[str, str]


def split(given: Given) -> tuple[dict[str, str], dict[str, str]]:
    config = {name: text for name, text in given.items() if ":" in name}
    return config, {name: text for name, text in given.items() if name not in config}


def sources(given: Given) -> Sources:
    config, environment = split(given)
    return Sources(config.get, environment)


def load(given: Given | None = None) -> Settings:
    config, environment = split(given or {})
    return Settings.load(config.get, environment)


def refusal(given: Given) -> str:
    with pytest.raises(SettingsError) as caught:
        load(given)
    return str(caught.value)
