"""The distribution as a user gets it: the wheel, in an environment of its own, driven by the real engine; and README,
whose commands and files are those of a user's first hour.

Pulumi takes a package named `pulumi-*` for a plugin, and looks for it at its own release page, unless the package says
that it has none: in `pulumi-plugin.json`.
"""

from __future__ import annotations

import json
import re
import signal
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a user has installed the wheel, by the commands of README."""
    folder = tmp_path_factory.mktemp("user")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    asked = "pip install 'pulumi-entra-policies[emulator]'"
    assert asked in INSTALL
    meant = f"pip install --quiet --no-compile -c {pins(folder)} '{wheel}[emulator]'"
    subprocess.run(["bash", "-e", "-c", INSTALL.replace(asked, meant)], cwd=folder, check=True)
    return folder


def test_wheel_brings_what_it_has_to(folder: Path) -> None:
    bin_ = folder / "venv" / "bin"

    assert f"-{run(bin_ / 'entra-policies', '--version').strip()}-" in next(folder.glob("*.whl")).name
    place = run(bin_ / "python", "-c", "import pulumi_entra_policies as p; print(p.__path__[0])").strip()
    assert (Path(place) / "py.typed").exists()
    assert json.loads((Path(place) / "pulumi-plugin.json").read_text()) == {"resource": False}
    assert str(folder) in place


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """That of the emulator which README starts, on a port that nobody else has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [folder / "venv" / "bin" / EMULATOR.split()[0], *EMULATOR.split()[1:], "--address", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdout is not None
        assert address in emulator.stdout.readline()
        yield address
        emulator.send_signal(signal.SIGINT)


def test_readme_runs_as_it_stands(folder: Path, address: str) -> None:
    def typed(commands: str) -> str:
        """In the second terminal, which has what its first lines have set; questions are answered with yes."""
        begun = "\n".join(line for line in UP.splitlines() if line.startswith((". ", "export ")))
        command = f"{begun}\n{commands}".replace("127.0.0.1:8080", address)
        environment = {**user_environment(folder), "PULUMI_SKIP_CONFIRMATIONS": "true"}
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def policies() -> list[str]:
        with urllib.request.urlopen(
            f"http://{address}/v1.0/policies/tokenIssuancePolicies?$expand=appliesTo"
        ) as answer:
            found = json.load(answer)["value"]
        return [f"{policy['displayName']}: {len(policy['appliesTo'])}" for policy in found]

    (folder / "Pulumi.yaml").write_text(PROJECT_FILE)
    (folder / "__main__.py").write_text(FIRST_PROGRAM)
    typed(UP)
    assert policies() == ["Portal SAML tokens: 1"]

    (folder / "__main__.py").write_text(FIRST_PROGRAM.replace('"2.0"', '"1.1"'))
    assert '~ samlTokenVersion: "2.0" => "1.1"' in typed(DOWN)
    assert policies() == []

    typed(LIVE)
    assert "00000000-0000-0000-0000-000000000000" in (folder / "Pulumi.live.yaml").read_text()


@pytest.mark.usefixtures("cold")
def test_engine_looks_for_no_plugin_of_this_name(stack: Stack) -> None:
    stack.program('entra.TokenIssuancePolicy("saml", display_name="P", definition={"saml_token_version": "2.0"})')

    log = stack.run("preview", "--logtostderr", "-v=9").text

    assert "EnsurePluginsAreInstalled(): completed" in log
    assert re.findall(r".*(?:package entra.* is required by language host|doing install|https://).*", log) == []
    assert "resource-entra-policies" not in log
