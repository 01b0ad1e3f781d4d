from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from pulumi_entra_policies import __version__
from pulumi_entra_policies.cli import TROUBLE, main

TENANT = "aaaaaaaa-2222-4333-8444-555555555555"
COMMAND = [sys.executable, "-c", "import sys; from pulumi_entra_policies.cli import main; sys.exit(main())"]


def test_emulator_command_runs_until_it_is_stopped() -> None:
    with subprocess.Popen([*COMMAND, "emulator", "--address", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        url = re.findall(r"http://\S+", run.stdout.readline())[0]
        with urllib.request.urlopen(f"{url}/emulator/health") as answer:
            assert json.load(answer)["status"] == "ok"
        run.send_signal(signal.SIGTERM)  # SIGINT is ignored by whatever a shell starts in the background
        assert run.wait(timeout=30) == 0


def test_emulator_greets_with_what_to_type(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from pulumi_entra_policies.emulator import Emulator

    monkeypatch.setattr(Emulator, "wait", lambda self: None)

    assert main(["emulator", "--address", "127.0.0.1:0", "--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert "pulumi config set entra-policies:graphEndpoint http://127.0.0.1:" in said
    assert re.search(r"pulumi config set entra-policies:tenantId [-0-9a-f]{36}\n", said)
    assert "clientSecret" not in said


def test_emulator_with_sign_in_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pulumi_entra_policies.emulator import Emulator

    said: dict[str, str] = {}
    roles: list[int] = []

    def wait(emulator: Emulator) -> None:
        if not said:
            said.update(
                re.findall(r"pulumi config set (?:--secret )?entra-policies:(\w+) (\S+)", capsys.readouterr().out)
            )
            roles.append(signed_in(said))
            [principal] = emulator.directory.all("servicePrincipals")
            assert principal.properties["appId"] == said["clientId"]

    monkeypatch.setattr(Emulator, "wait", wait)

    assert main(["emulator", "--address", "127.0.0.1:0", "--sign-in", "--tenant", TENANT.upper()]) == 0
    assert said["tenantId"] == TENANT
    assert roles == [200]
    assert not Path(said["caBundle"]).parent.exists()


def signed_in(said: dict[str, str]) -> int:
    """What Graph answers to the client that was made up."""
    trust = ssl.create_default_context(cafile=said["caBundle"])
    fields = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    credential = {"client_id": said["clientId"], "client_secret": said["clientSecret"]}
    form = urllib.parse.urlencode(fields | credential).encode()
    url = f"{said['graphEndpoint']}/{said['tenantId']}/oauth2/v2.0/token"
    with urllib.request.urlopen(url, form, context=trust) as answer:
        headers = {"Authorization": f"Bearer {json.load(answer)['access_token']}"}
    request = urllib.request.Request(f"{said['graphEndpoint']}/v1.0/policies/tokenIssuancePolicies", headers=headers)
    with urllib.request.urlopen(request, context=trust) as answer:
        return int(answer.status)


def test_secret_is_shown_as_one_to_be_kept_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pulumi_entra_policies.emulator import Emulator

    monkeypatch.setattr(Emulator, "wait", lambda self: None)

    main(["emulator", "--address", "127.0.0.1:0", "--sign-in"])
    assert "pulumi config set --secret entra-policies:clientSecret " in capsys.readouterr().out


def test_tenant_that_is_no_guid_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulator", "--address", "127.0.0.1:0", "--tenant", "contoso.com"]) == TROUBLE
    assert capsys.readouterr().err == "entra-policies: a tenant's id is a GUID, and 'contoso.com' is none\n"


@pytest.mark.parametrize("address", ["0.0.0.0:8080", "192.0.2.1:80", "127.0.0.1:port"])
def test_address_that_cannot_be_served_is_one_line(capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert main(["emulator", "--address", address]) == TROUBLE
    assert capsys.readouterr().err.startswith("entra-policies: ")


def test_emulator_without_its_extra_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_entra_policies.emulator", None)

    assert main(["emulator"]) == TROUBLE
    assert "pip install 'pulumi-entra-policies[emulator]'" in capsys.readouterr().err


def test_interrupted_command_says_so_in_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pulumi_entra_policies.commands.selection.selection", interrupted)

    assert main(["import"]) == 130
    assert capsys.readouterr().err == "entra-policies: interrupted\n"


@pytest.mark.parametrize(("debug", "shown"), [("", False), ("1", True)])
@pytest.mark.parametrize("mistake", [KeyError("policy"), asyncio.CancelledError()])
def test_mistake_in_the_package_is_no_answer_and_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    debug: str,
    shown: bool,
    mistake: BaseException,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise mistake

    monkeypatch.setattr("pulumi_entra_policies.commands.selection.selection", broken)
    monkeypatch.setenv("ENTRA_POLICIES_DEBUG", debug)

    assert main(["import"]) == TROUBLE
    said = capsys.readouterr().err
    assert "through a mistake in pulumi-entra-policies" in said
    assert ("Traceback" in said) is shown


def test_terminal_without_a_character_gets_its_escape() -> None:
    done = subprocess.run(
        [*COMMAND, "emulator", "--help"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "SECONDS,\\u2026" in done.stdout


def test_answer_that_nobody_can_hear_is_trouble(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert main(["compare", "dev", "prod"]) == TROUBLE
    assert capsys.readouterr().err == "entra-policies: there is no standard output to write to\n"


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == __version__


def test_emulator_goes_wrong_as_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pulumi_entra_policies.emulator import Emulator

    seen: list[int] = []

    def wait(emulator: Emulator) -> None:
        for path in ("policies/tokenIssuancePolicies", "applications"):
            request = urllib.request.Request(f"{emulator.url}/v1.0/{path}")
            try:
                seen.append(urllib.request.urlopen(request).status)
            except urllib.error.HTTPError as refused:
                seen.append(refused.code)
                refused.close()

    monkeypatch.setattr(Emulator, "wait", wait)
    faults = tmp_path / "faults.json"
    faults.write_text('{"path": "applications", "status": 503}')
    options = [
        "--replicas",
        "0,3",
        "--permissions",
        "Application.Read.All",
        "--throttle",
        "100",
        "--faults",
        str(faults),
        "--latency",
        "0.001",
    ]

    assert main(["emulator", "--address", "127.0.0.1:0", *options]) == 0
    assert seen[:2] == [403, 503]  # the context manager waits once more
