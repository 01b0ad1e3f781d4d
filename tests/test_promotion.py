"""examples/promotion, as far as no engine is needed: its own tests, its package, the form of its pipelines."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "examples" / "promotion"
SCHEMAS = {
    "vendor.github-workflows": [*EXAMPLE.glob(".github/workflows/*.yml")],
    "vendor.azure-pipelines": [*EXAMPLE.glob("azure-pipelines*.yml")],
}


def run(*command: str, folder: Path = EXAMPLE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)


def validated(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """By the schema that schemastore.org publishes. Azure's has patterns of JavaScript's older form."""
    form = ("--builtin-schema", schema, "--regex-variant", "nonunicode")
    transform = ("--data-transform", "azure-pipelines") if "azure" in schema else ()
    return run("check_jsonschema", *form, *transform, *map(str, files))


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_stack_has_its_file_in_the_repository(stack: str) -> None:
    """A file that git ignores is there where it was written, and nowhere else."""
    file = EXAMPLE / f"Pulumi.{stack}.yaml"
    ignored = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", file], cwd=EXAMPLE, check=False)

    assert "entra-policies:tenantId:" in file.read_text()
    assert ignored.returncode != 0


def test_rules_have_tests_that_pass() -> None:
    done = run("pytest", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--rootdir", ".")

    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


@pytest.mark.parametrize("schema", SCHEMAS)
def test_pipelines_have_the_form_that_is_published(schema: str) -> None:
    done = validated(schema, *SCHEMAS[schema])

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(SCHEMAS[schema]) > 1


@pytest.mark.parametrize(
    ("schema", "word", "wrong"),
    [("vendor.github-workflows", "runs-on:", "runs-at:"), ("vendor.azure-pipelines", "stages:", "stags:")],
)
def test_pipeline_of_another_form_is_noticed(schema: str, word: str, wrong: str, tmp_path: Path) -> None:
    file = next(file for file in sorted(SCHEMAS[schema], reverse=True) if word in file.read_text())
    copy = tmp_path / file.name
    copy.write_text(file.read_text().replace(word, wrong))

    assert validated(schema, copy).returncode != 0


def test_what_any_branch_may_start_signs_in_to_read_alone() -> None:
    """A pull request brings its own program and its own pipeline."""
    text = (EXAMPLE / "azure-pipelines.yml").read_text()
    stages = {one.partition("\n")[0]: one for one in text.split("- stage: ")[1:]}

    assert {stage: re.findall(r"connection: ([\w-]+)", steps) for stage, steps in stages.items()} == {
        **{stage: ["preview-dev", "preview-staging", "preview-prod"] for stage in ("preview", "drift")},
        **{stack: [stack] for stack in ("dev", "staging", "prod")},
    }


def test_backend_is_signed_in_to_as_an_application_of_its_own_tenant() -> None:
    workflows = [path.read_text() for path in EXAMPLE.glob(".github/workflows/*.yml")]
    signed_in = [text for text in workflows if "azure/login" in text]

    assert len(signed_in) == 3
    assert all("client-id: ${{ vars.BACKEND_CLIENT_ID }}" in text for text in signed_in)


def test_shared_part_is_a_package(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "copy")

    done = run("hatchling", "build", "-t", "wheel", "-d", str(tmp_path), folder=tmp_path / "copy")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "company_policies-1.0.0-py3-none-any.whl").exists()
