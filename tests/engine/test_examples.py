"""The examples, executed as a reader would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_demo_goes_from_preview_to_destroy_and_checks_itself() -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    done = subprocess.run(
        [sys.executable, PROJECT / "examples" / "demo.py"],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '~ samlTokenVersion: "2.0" => "1.1"' in done.stdout
    assert "Done: " in done.stdout
    assert not (PROJECT / "Pulumi.demo.yaml").exists()
