"""Make a Pulumi engine available and print the folder to put on PATH (on stdout; progress goes to stderr).

Tried in this order: the engine on PATH, if it is new enough; the one made earlier; Pulumi's own installer;
a build from Pulumi's Go modules, pinned and checksummed in cli/ and python-host/. What is made stays in the
cache folder. ENGINE_FROM=path, installer or go allows that one way only.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = (HERE / "cli", HERE / "python-host")
GO_MOD = (HERE / "cli" / "go.mod").read_text()
VERSION = re.findall(r"pulumi/pkg/v3 v([\d.]+)", GO_MOD)[0]
GO_VERSION = re.findall(r"^go ([\d.]+)", GO_MOD, re.MULTILINE)[0]

PROBE = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=10).close()"
INSTALL = """
import sys, semver
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))
"""
SIGN_OF_LIFE = 20  # seconds


class Unavailable(Exception):
    """An engine cannot be had this way, and why."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], limit: int = SIGN_OF_LIFE, cwd: Path = HERE, env: Mapping[str, str] | None = None) -> str:
    """What the command prints. It and all that it starts end within the limit, in seconds."""
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        for waited in range(SIGN_OF_LIFE, limit + 1, SIGN_OF_LIFE):
            with contextlib.suppress(subprocess.TimeoutExpired):
                output, errors = process.communicate(timeout=SIGN_OF_LIFE)
                break
            say(f"  … {waited} s")
        else:
            raise Unavailable(f"no answer within {limit} s")
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        raise Unavailable((errors.strip() or output.strip() or "failed").splitlines()[-1])
    return output.strip()


def remove(folder: Path) -> None:
    for directory, _, _ in os.walk(folder):
        os.chmod(directory, 0o700)  # Go makes its module cache read-only
    shutil.rmtree(folder, ignore_errors=True)


def numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def engine_on(path: str) -> str | None:
    """The folder of the engine on a search path, if it runs, is new enough and can run Python programs."""
    pulumi = shutil.which("pulumi", path=path)
    if not pulumi or not shutil.which("pulumi-language-python", path=path):
        return None
    try:
        version = run([pulumi, "version"], limit=60, env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    except (Unavailable, OSError):
        return None
    return str(Path(pulumi).parent) if numbers(version) >= numbers(VERSION) else None


def install(folder: Path) -> None:
    """Let Pulumi's own installer, through the SDK, fill folder/bin."""
    run([sys.executable, "-c", PROBE])  # the installer's own download has no time limit
    say(f"Downloading Pulumi {VERSION} with Pulumi's own installer (about a minute) …")
    run([sys.executable, "-c", INSTALL, str(folder), VERSION], limit=300)


def build(folder: Path) -> None:
    """Build from source into folder/bin. Go's caches, some 3 GB, are in the folder too, until the end."""
    go = shutil.which("go")
    if not go:
        raise Unavailable("Go is not on PATH")
    caches = {"GOMODCACHE": str(folder / "go" / "mod"), "GOCACHE": str(folder / "go" / "build")}
    env = {**os.environ, **caches, "GOBIN": str(folder / "bin"), "GOWORK": "off", "CGO_ENABLED": "0"}
    go_version = run([go, "env", "GOVERSION"], limit=120, cwd=MODULES[0], env=env)
    if numbers(go_version) < numbers(GO_VERSION):
        raise Unavailable(f"{go} is {go_version}, and {GO_VERSION} or later is needed")

    say(f"Building Pulumi {VERSION} with {go_version} (about 4 minutes on 2 cores, once) …")
    version_flag = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={VERSION}"
    flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", f"-s -w {version_flag}"]
    for module in MODULES:
        say(f"  {module.name}")
        run([go, "install", *flags, "tool"], limit=3600, cwd=module, env=env)
    find_sdk = [go, "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"]
    sdk = run(find_sdk, cwd=MODULES[0], env=env)
    for script in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
        copy = shutil.copyfile(Path(sdk, "python", script), folder / "bin" / Path(script).name)
        copy.chmod(0o755)
    remove(folder / "go")


def target() -> Path:
    """Where an engine of these modules is kept."""
    home_cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = os.environ.get("PULUMI_ENTRA_POLICIES_CACHE") or Path(home_cache, "pulumi-entra-policies")
    pins = b"".join((module / name).read_bytes() for module in MODULES for name in ("go.mod", "go.sum"))
    return Path(cache).resolve() / f"engine-{VERSION}-{hashlib.sha256(pins).hexdigest()[:8]}"


def ensure() -> str:
    """The folder of an engine, made if need be: by one process at a time, and seen only when complete."""
    allowed = os.environ.get("ENGINE_FROM", "path installer go").split()
    refusals = [f"on PATH: no pulumi {VERSION} or later together with pulumi-language-python"]
    if "path" in allowed and (found := engine_on(os.environ.get("PATH", ""))):
        return found

    engine = target()
    unfinished = engine.with_name(engine.name + ".unfinished")
    engine.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{engine}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is setting up the engine: waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if found := engine_on(str(engine / "bin")):
            return found
        for way, name, make in (("installer", "Pulumi's installer", install), ("go", "build with Go", build)):
            if way not in allowed:
                continue
            remove(unfinished)
            try:
                make(unfinished)
                if not engine_on(str(unfinished / "bin")):
                    raise Unavailable("it made an engine that does not run")
                remove(engine)
                unfinished.rename(engine)
                return str(engine / "bin")
            except Unavailable as reason:
                refusals.append(f"{name}: {reason}")
            finally:
                remove(unfinished)
    raise Unavailable("\n  ".join(refusals))


def main() -> int:
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, _: sys.exit(128 + number))  # so that what was started ends too
    try:
        print(ensure())
    except Unavailable as reasons:
        say(
            f"No Pulumi engine could be set up:\n  {reasons}\n"
            "Install Pulumi (https://www.pulumi.com/docs/install/), "
            f"or Go {GO_VERSION} or later (https://go.dev/dl/), and run this again."
        )
        return 1
    except OSError as error:
        say(f"No Pulumi engine could be set up: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
