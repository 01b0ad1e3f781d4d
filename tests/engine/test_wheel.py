"""The distribution as a user gets it: the wheel, in an environment of its own, driven by the real engine.

Pulumi takes a package named `pulumi-*` for a plugin, and looks for it at its own release page, unless the package says
that it has none: in `pulumi-plugin.json`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.harness import PROJECT, Stack

from pulumi_entra_policies.emulator.server import Registration

pytestmark = pytest.mark.usefixtures("cold")

PROGRAM = """
policy = entra.TokenIssuancePolicy("saml", display_name="P", definition={"saml_token_version": "2.0"})
entra.PolicyAssignment("portal", policy=policy, application_id=pulumi.Config().require("application"))
"""


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def pins(folder: Path) -> Path:
    """The lock's versions without its hashes, which pip would then want for the wheel too."""
    lock = (PROJECT / "requirements-dev.lock").read_text()
    found = re.findall(r"^([\w.-]+==[^\s;]+)( ;[^\\\n]+)?", lock, re.MULTILINE)
    path = folder / "constraints.txt"
    path.write_text("\n".join(f"{pin}{marker}" for pin, marker in found))
    return path


def test_wheel_works_in_a_clean_environment(stack: Stack, portal: Registration, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    bin_ = tmp_path / "venv" / "bin"
    run(bin_ / "pip", "install", "--quiet", "--no-compile", "-c", pins(tmp_path), f"{wheel}[emulator]")

    assert run(bin_ / "entra-policies", "--version").strip() in wheel.name
    place = run(bin_ / "python", "-c", "import pulumi_entra_policies as p; print(p.__path__[0])").strip()
    assert (Path(place) / "py.typed").exists()
    assert json.loads((Path(place) / "pulumi-plugin.json").read_text()) == {"resource": False}
    assert str(tmp_path) in place
    stack.bin = bin_
    stack.program(PROGRAM)
    stack.configuration["tests:application"] = portal.object_id
    stack.up()
    assert stack.preview() == []
    stack.destroy()


def test_engine_looks_for_no_plugin_of_this_name(stack: Stack) -> None:
    stack.program(PROGRAM.splitlines()[1])

    log = stack.run("preview", "--logtostderr", "-v=9").text

    assert "EnsurePluginsAreInstalled(): completed" in log
    assert re.findall(r".*(?:package entra.* is required by language host|doing install|https://).*", log) == []
    assert "resource-entra-policies" not in log
