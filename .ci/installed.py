"""The package as a user has it: built as a wheel, installed, and the folder to put on PATH printed (on stdout).

Pulumi's language host looks for `pulumi-plugin.json` where pip says that a package is, which is wrong for an editable
install. Each state of the sources has an environment of its own, inside the one that runs this, and borrows all other
packages from there. So the demo and the engine's tests cannot run on old sources.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
UNUSED = 24 * 3600  # seconds after which an environment of other sources is removed


def sources() -> list[Path]:
    """All files that the wheel is made of or from."""
    package = (path for path in (PROJECT / "provider").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted([*package, *(PROJECT / name for name in ("pyproject.toml", "README.md", "LICENSE"))])


def digest() -> str:
    """Changes with every name and every byte of the sources."""
    state = hashlib.sha256()
    for path in sources():
        state.update(f"{path.relative_to(PROJECT)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return state.hexdigest()[:16]


def make(folder: Path) -> None:
    """The environment with the wheel in it. It is not on the search path of the package's own source."""
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist"))
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = (folder / "dist").glob("*.whl")
    install = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", str(wheel))
    run(*install, python=folder / "bin" / "python")


def run(*arguments: str, python: Path = Path(sys.executable)) -> None:
    command = [str(python), *arguments]
    if subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False).returncode:  # noqa: S603
        sys.exit(f"The package could not be installed as a wheel; this failed: {' '.join(command)}")


def installed() -> Path:
    """The environment of the sources as they are now, made if need be, by one process at a time."""
    home = Path(sys.prefix) / "installed"
    home.mkdir(exist_ok=True)
    folder = home / digest()
    complete = folder / "complete"
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            print("Building the wheel and installing it (a few seconds) …", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            complete.touch()
        os.utime(folder)
        for other in home.iterdir():
            if other.is_dir() and other.stat().st_mtime < time.time() - UNUSED:
                shutil.rmtree(other)
    return folder


if __name__ == "__main__":
    print(installed() / "bin")
