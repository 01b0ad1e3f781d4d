"""The pipelines of examples/promotion, run step by step: what they give to a shell is given to a shell.

What is no shell command stands in a table here, with what takes its place: a runner's own actions cannot be had.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Step = dict[str, Any]


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return document


def _pulumi(given: Mapping[str, str]) -> str:
    """What pulumi/actions runs; without a command it installs Pulumi and no more."""
    if "command" not in given:
        return "pulumi version"
    switches = [f"--{name}" for name in ("diff", "refresh", "expect-no-changes") if given.get(name) == "true"]
    return " ".join(["pulumi", given["command"], "--stack", given["stack-name"], "--non-interactive", *switches])


ACTIONS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "actions/checkout@v5": lambda _: "test -f Pulumi.yaml",
    "actions/setup-python@v6": lambda given: "python --version",
    "azure/login@v2": lambda given: "true",  # for the backend, which is a folder here
    "pulumi/actions@v6": _pulumi,
}
TASKS = {
    "UsePythonVersion@0": "python --version",
}


class Expressions:
    """`${{ matrix.stack }}` and the like, with the values given; a name without a value is an error."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def filled(self, text: Any) -> str:
        text = {True: "true", False: "false"}.get(text, str(text)) if isinstance(text, bool) else str(text)
        return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: self._values[found[1]], text)

    def all_filled(self, mapping: Mapping[str, Any] | None) -> dict[str, str]:
        return {name: self.filled(value) for name, value in (mapping or {}).items()}

    def holds(self, condition: str | None) -> bool:
        """The one form of condition that the workflows have: `name != 'value'`."""
        if condition is None:
            return True
        name, value = re.fullmatch(r"([\w.]+) != '(\w+)'", condition).groups()  # type: ignore[union-attr]
        return self._values[name] != value


class Workspace:
    """A checkout of the repository, and the variables of the machine that a job runs on."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder, self.variables = folder, dict(variables)
        self._done: set[str] = set()  # what one job has installed and tested, the next one need not

    def shell(self, script: str, **variables: str) -> tuple[bool, str]:
        """A script as both runners run it: bash, which ends at the first error."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.variables | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        return done.returncode == 0, done.stdout

    def github_job(self, workflow: str, job: str, **values: str) -> tuple[bool, str]:
        """A job of a workflow of GitHub Actions: whether it succeeded, and its log. Its steps end with the first that
        fails."""
        document = read(self.folder / ".github" / "workflows" / workflow)
        chosen, expressions = document["jobs"][job], Expressions({k.replace("_", ".", 1): v for k, v in values.items()})
        variables = expressions.all_filled(document.get("env")) | expressions.all_filled(chosen.get("env"))
        scripts = (
            expressions.filled(step["run"])
            if "run" in step
            else ACTIONS[step["uses"]](expressions.all_filled(step.get("with")))
            for step in chosen["steps"]
            if expressions.holds(step.get("if"))
        )
        return self._all(scripts, variables)

    def azure_job(self, stage: str, stack: str, **variables: str) -> tuple[bool, str]:
        """A job or deployment of the pipeline of Azure DevOps. The agent has the Pulumi CLI already."""
        stages = {one["stage"]: one["jobs"] for one in read(self.folder / "azure-pipelines.yml")["stages"]}
        (job,) = (job for job in stages[stage] if stack in (job.get("job"), job.get("deployment")))
        (call,) = job.get("steps") or job["strategy"]["runOnce"]["deploy"]["steps"]
        given = Expressions({f"parameters.{key}": value for key, value in call["parameters"].items()})
        steps = read(self.folder / call["template"])["steps"]
        scripts = (_azure_script(step, given) for step in steps if "checkout" not in step)
        return self._all((script for script in scripts if "get.pulumi.com" not in script), variables)

    def _all(self, scripts: Iterator[str], variables: Mapping[str, str]) -> tuple[bool, str]:
        log = []
        for script in scripts:
            if script in self._done:
                continue
            ok, said = self.shell(script, **variables)
            log += [f"$ {script}", said]
            if not ok:
                return False, "\n".join(log)
            if script.startswith("python -m "):
                self._done.add(script)
        return True, "\n".join(log)


def _azure_script(step: Step, given: Expressions) -> str:
    if "script" in step:
        return given.filled(step["script"])
    if step["task"] == "AzureCLI@2":
        return given.filled(step["inputs"]["inlineScript"])
    return TASKS[step["task"]]
