"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("pulumi-entra-policies", "pulumi", "msgraph-sdk", "httpx", "grpcio")


def described() -> dict[str, str]:
    engine = subprocess.run(["pulumi", "version"], stdout=subprocess.PIPE, text=True, check=True)
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "Date": date.today().isoformat(),
        "Processor": f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, {memory:.0f} GiB",
        "Load when it began": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "Pulumi engine": engine.stdout.strip(),
        **{name: version(name) for name in PACKAGES},
    }
