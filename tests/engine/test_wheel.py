"""The distribution as a user gets it: the wheel, in an environment of its own, driven by the real engine; and README,
whose commands and files are those of a user's first hour.

Pulumi takes a package named `pulumi-*` for a plugin, and looks for it at its own release page, unless the package says
that it has none: in `pulumi-plugin.json`.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.harness import PROJECT, Stack, user_environment

BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", (PROJECT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
# In README's order. A block that is none of these fails to be unpacked; the last one is an error, shown in
# tests/lifecycle/test_assignment.py.
INSTALL, EMULATOR, PROJECT_FILE, FIRST_PROGRAM, UP, DOWN, LIVE, _ = (text for _, text in BLOCKS)


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def pins(folder: Path) -> Path:
    """The lock's versions without its hashes, which pip would then want for the wheel too."""
    lock = (PROJECT / "requirements-dev.lock").read_text()
    found = re.findall(r"^([\w.-]+==[^\s;]+)( ;[^\\\n]+)?", lock, re.MULTILINE)
    path = folder / "constraints.txt"
    path.write_text("\n".join(f"{pin}{marker}" for pin, marker in found))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a user has installed the wheel, by the commands of README."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    asked = "pip install 'pulumi-entra-policies[emulator]'"
    assert asked in INSTALL
    meant = f"pip install --quiet --no-compile -c {pins(tmp_path)} '{wheel}[emulator]'"
    subprocess.run(["bash", "-e", "-c", INSTALL.replace(asked, meant)], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """That of the emulator which README starts, on a port that nobody else has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    name, *arguments = EMULATOR.split()
    command = [folder / "venv" / "bin" / name, *arguments, "--address", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
        try:
            assert emulator.stdout is not None
            assert address in emulator.stdout.readline()
            yield address
        finally:
            emulator.terminate()


def typed(commands: str, folder: Path, address: str) -> str:
    """What the second terminal prints, which has what its first lines have set; questions are answered with yes."""
    begun = [line for line in UP.splitlines() if line.startswith((". ", "export "))]
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join([*begun, commands]).replace("127.0.0.1:8080", address)],
        cwd=folder,
        env={**user_environment(folder), "PULUMI_SKIP_CONFIRMATIONS": "true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def policies(address: str) -> list[tuple[str, int]]:
    """Their names, and how many have each."""
    url = f"http://{address}/v1.0/policies/tokenIssuancePolicies?$expand=appliesTo"
    with urllib.request.urlopen(url) as answer:
        return [(policy["displayName"], len(policy["appliesTo"])) for policy in json.load(answer)["value"]]


def assert_complete(folder: Path) -> None:
    """The version, the types, and what the engine looks for, in the environment and from the wheel."""
    bin_ = folder / "venv" / "bin"
    assert f"-{run(bin_ / 'entra-policies', '--version').strip()}-" in next(folder.glob("*.whl")).name
    place = run(bin_ / "python", "-c", "import pulumi_entra_policies as p; print(p.__path__[0])").strip()
    assert str(folder) in place
    assert (Path(place) / "py.typed").exists()
    assert json.loads((Path(place) / "pulumi-plugin.json").read_text()) == {"resource": False}


def test_wheel_is_complete_and_readme_runs_with_it_as_it_stands(folder: Path, address: str) -> None:
    assert_complete(folder)

    (folder / "Pulumi.yaml").write_text(PROJECT_FILE)
    (folder / "__main__.py").write_text(FIRST_PROGRAM)
    typed(UP, folder, address)
    assert policies(address) == [("Portal SAML tokens", 1)]

    (folder / "__main__.py").write_text(FIRST_PROGRAM.replace('"2.0"', '"1.1"'))
    assert '~ samlTokenVersion: "2.0" => "1.1"' in typed(DOWN, folder, address)
    assert policies(address) == []

    typed(LIVE, folder, address)
    assert "00000000-0000-0000-0000-000000000000" in (folder / "Pulumi.live.yaml").read_text()


@pytest.mark.usefixtures("cold")
def test_engine_looks_for_no_plugin_of_this_name(stack: Stack) -> None:
    stack.program('entra.TokenIssuancePolicy("saml", display_name="P", definition={"saml_token_version": "2.0"})')

    log = stack.run("preview", "--logtostderr", "-v=9").text

    assert "EnsurePluginsAreInstalled(): completed" in log
    assert re.findall(r".*(?:package entra.* is required by language host|doing install|https://).*", log) == []
    assert "resource-entra-policies" not in log
