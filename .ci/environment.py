"""Make a virtual environment of the project in the folder given, of a lock, unless it is complete. Run by the Makefile.

A lock is all that there is to install. pip looks no further: it would not find in it what asks for a package with
an extra, such as pyjwt[crypto], unless the version is the newest.
"""

from __future__ import annotations

import fcntl
import importlib.util
import subprocess
import sys
from pathlib import Path


def main(folder: Path, lock_file: str) -> str | None:
    """What went wrong, if anything. The file `complete` is written last, with the pyproject.toml that is installed."""
    if not importlib.util.find_spec("ensurepip"):
        return f"{sys.executable} has no ensurepip; on Debian and Ubuntu: apt install python3-venv"
    pip = [f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    complete = folder / "complete"
    project = Path("pyproject.toml").read_text()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second `make` waits for the first one
        installed = complete.read_text() if complete.exists() else None
        if installed == project:
            return None
        commands = [[*pip, "--no-deps", "--no-build-isolation", "-e", "."]]
        if installed is None:
            print(f"Making the virtual environment {folder} (about a minute) …", flush=True)
            create = [sys.executable, "-m", "venv", "--clear", str(folder)]
            commands = [create, [*pip, "--no-deps", "--require-hashes", "-r", lock_file], *commands]
        for command in commands:
            if subprocess.run(command, check=False).returncode:  # noqa: S603
                return f"The virtual environment could not be made; this failed: {' '.join(command)}"
        complete.write_text(project)
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
