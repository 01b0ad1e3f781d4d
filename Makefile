# `make` lists the commands. The virtual environment, the engine and every cache live in one cache folder, outside the
# work tree; a checkout has its own environment, the engine is shared.
PYTHON ?= python3
CACHE := $(or $(PULUMI_ENTRA_POLICIES_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pulumi-entra-policies)
HERE := $(CACHE)/checkout-$(shell pwd | cksum | cut -d' ' -f1)
environment_of = $(HERE)/venv-$(shell { cat $(1); $(PYTHON) -VV; } 2>&1 | cksum | cut -d' ' -f1)
VENV := $(call environment_of,requirements-dev.lock)
OLDEST := $(call environment_of,requirements-oldest.lock)
BIN := $(VENV)/bin
PYTEST = "$(BIN)/pytest" -o cache_dir="$(HERE)/pytest"
FIND_ENGINE = engine=$$("$(BIN)/python" engine/ensure.py)
WITH_ENGINE = $(FIND_ENGINE) && PATH="$(BIN):$$engine:$$PATH"
AS_INSTALLED = $(FIND_ENGINE) && installed=$$("$(BIN)/python" .ci/installed.py) && PATH="$$installed:$$engine:$$PATH"
COMPILE = "$(HERE)/uv/bin/uv" pip compile pyproject.toml --extra emulator --universal --python-version 3.10 \
  --quiet --custom-compile-command "make lock" --cache-dir "$(HERE)/uv/cache"

export PULUMI_ENTRA_POLICIES_CACHE := $(CACHE)
export PYTHONDONTWRITEBYTECODE := 1
export RUFF_CACHE_DIR := $(HERE)/ruff
export MYPY_CACHE_DIR := $(HERE)/mypy
export COVERAGE_FILE := $(HERE)/coverage

.NOTPARALLEL:
.PHONY: help setup test check unit oldest engine-tests demo benchmark docs recordings site lock wheel clean venv .python

help:          ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' Makefile

setup: venv    ## the virtual environment (1 minute) and the Pulumi engine (up to 4 minutes), once
	@$(FIND_ENGINE) && echo "Ready. To run things by hand: export PATH=\"$(BIN):$$engine:\$$PATH\""

test: check unit engine-tests  ## everything: check, unit, engine-tests

check: venv    ## lint, format, types, import directions
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/mypy" examples/promotion/__main__.py
	"$(BIN)/lint-imports" --cache-dir "$(HERE)/imports"

unit: venv     ## the fast tests, with their coverage; or some of them, without: ARGS="-k swap"
	$(PYTEST) -m "not engine" $(or $(ARGS),-n 4 --dist loadgroup --cov)

oldest: .python  ## the fast tests on the lowest versions that pyproject.toml allows (6 minutes)
	@"$(PYTHON)" .ci/environment.py "$(OLDEST)" requirements-oldest.lock
	"$(OLDEST)/bin/pytest" -o cache_dir="$(HERE)/pytest-oldest" -m "not engine" -n auto

# 6 at once, which are more than there are cores, since some wait
engine-tests: venv  ## the tests that drive the real Pulumi engine (8 minutes), or some: ARGS="-k refused"
	@$(WITH_ENGINE) && set -x && $(PYTEST) -m engine $(or $(ARGS),tests/engine -n 6 --dist worksteal)

demo: venv     ## the quickstart, from preview to destroy, against the emulator (1 minute)
	@$(AS_INSTALLED) python examples/demo.py

benchmark: venv  ## what many resources cost, beside others (10 minutes; ARGS=--help)
	@$(WITH_ENGINE) "$(BIN)/python" -m tests.benchmark $(ARGS)

docs: venv     ## the tables of the documentation, from the declarations, and the output that it shows
	"$(BIN)/python" -m docs.tables
	"$(BIN)/python" -m docs.explained

recordings: venv  ## what the documentation shows of terminals, and a picture of one, from real runs (2 minutes)
	@$(AS_INSTALLED) "$(BIN)/python" -m docs.recording
	@$(AS_INSTALLED) "$(BIN)/python" -m docs.terminal docs/promotion.md

site: venv     ## the documentation as a site, into build/site/ (10 seconds, no network)
	@rm -rf build/site
	"$(BIN)/sphinx-build" -c docs/site -E -W --keep-going --quiet -d "$(HERE)/doctrees" . build/site
	@echo "Open build/site/index.html; build/site/external-links.txt lists what it links to elsewhere, unchecked."

lock: .python  ## both locks anew: the newest versions that pyproject.toml allows, and the lowest
	"$(PYTHON)" -m venv --clear "$(HERE)/uv" && "$(HERE)/uv/bin/pip" install --quiet uv
	$(COMPILE) --group dev --generate-hashes --upgrade --output-file requirements-dev.lock
	$(COMPILE) --resolution lowest-direct --no-deps --output-file "$(HERE)/uv/lowest"
	cp requirements-dev.lock requirements-oldest.lock  # uv keeps what is not forced to change
	$(COMPILE) --group dev --generate-hashes --constraint "$(HERE)/uv/lowest" --no-annotate \
	  --output-file requirements-oldest.lock
	rm -rf "$(HERE)/uv"

wheel: venv    ## the distributions, a wheel and the sources, into dist/
	"$(BIN)/hatchling" build

clean:         ## removes this checkout's environment and caches; the engine stays
	rm -rf "$(HERE)" build dist

venv: .python
	@"$(PYTHON)" .ci/environment.py "$(VENV)" requirements-dev.lock

.python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo 'Python 3.10 or later is needed, and "$(PYTHON)" is not: give another, make PYTHON=/path/to/python3' >&2; exit 1; }
