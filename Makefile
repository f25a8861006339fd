# One command for each thing; `make help` lists them. Needs: make, bash, Python ≥ 3.11, Node ≥ 20. Python 3.13 (what Lambda runs) for build and test.
# Every environment below is made from hashed locks (infra/locks) and remembers in its own folder what it was made from, so that nothing is done twice.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
STEP := infra/scripts/step
UV := .venv-tools/bin/uv
LOCKS := infra/locks
export SAM_CLI_TELEMETRY := 0
export UV_NO_PROGRESS := 1
export UV_PYTHON_DOWNLOADS := never
# Byte code is kept: the tests start some hundred processes, and without it each compiles whatever it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup dev test check bench build clean bundle-inputs dev-inputs test-inputs system-packages python-ok node-ok
.PHONY: style types laws ui-check template unit stack e2e fleet browser ui-test skipped

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: python-ok node-ok system-packages dev-inputs test-inputs ## Install everything (again: under a second)
	@echo "setup is complete"

dev: python-ok node-ok dev-inputs ## Start the whole gateway on this machine: PORT=8000, no AWS, no provider key
	@exec .venv/bin/python -m infra.local

# Each prints when it is done. Three at once, also on two cores: the browser's tests wait most of their time and last longest, so they begin first.
test: ## Everything that must hold; what CI runs
	@rm -rf .build/skipped && mkdir -p .build/skipped
	$(MAKE) -j4 --output-sync=target setup
	$(MAKE) -j3 --output-sync=target browser check ui-test unit fleet e2e stack
	$(MAKE) skipped

build: setup ## The deployable bundles in .aws-sam/build, made by the real sam build
	@PATH="$$(dirname "$$(infra/scripts/find_python313)"):$$PATH" $(STEP) "sam build" .venv-sam/bin/sam build

bench: python-ok node-ok dev-inputs ## Measure cold start, processor time and added latency; prints a table and JSON
	@exec .venv/bin/python -m tests.bench

clean: ## Remove what was built and installed (not .state, the local stack's data)
	@rm -rf .build .aws-sam .venv .venv-tools .venv-ministack .venv-sam .venv-lambda .pytest_cache .mypy_cache .ruff_cache .hypothesis admin_ui/dist
	rm -rf admin_ui/node_modules tests/e2e/node/node_modules functions/gateway/catalog/data/models.json functions/gateway/catalog/data/traits.json functions/gateway/catalog/data/ranks functions/embedder/data
	find functions infra tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------------------- what is needed first
python-ok:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed as '$(PYTHON)' (say PYTHON=… for another); found: $$("$(PYTHON)" --version 2>&1)" >&2; exit 1; }

node-ok:
	@command -v npm >/dev/null && node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' \
	  || { echo "Node 20 or newer with npm is needed for the dashboard; found: $$(node --version 2>&1)" >&2; exit 1; }

system-packages:
	@infra/scripts/debian_packages chromium=chromium,fonts-liberation

# --------------------------------------------------------------------------------------------------------------------- environments
$(UV): $(LOCKS)/uv.txt
	@$(STEP) "tools: uv" bash -euc '"$(PYTHON)" -m venv .venv-tools || { echo "hint: on Debian, apt-get install python3-venv"; exit 1; }
	  .venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<'
	touch $@

# $(1) environment's folder, $(2) lock, $(3) command that prints its interpreter
define environment
$(1)/.made: $(LOCKS)/$(2).txt $(UV)
	@python=$$$$($(3))
	$(STEP) "python packages: $(2)" bash -euc '[ -x $(1)/bin/python ] && cmp -s <($(1)/bin/python -V) <("$$$$0" -V) || $(UV) venv --quiet --clear --python "$$$$0" $(1)
	  $(UV) pip sync --quiet --python $(1)/bin/python --require-hashes $$<' "$$$$python"
	touch $$@
endef
$(eval $(call environment,.venv,dev,command -v "$(PYTHON)"))
$(eval $(call environment,.venv-sam,sam,command -v "$(PYTHON)"))
# What the proxy has on Lambda, for the tests that run its runtime as a real process.
$(eval $(call environment,.venv-lambda,proxy,infra/scripts/find_python313 2>/dev/null || command -v "$(PYTHON)"))
# The local AWS runs the deployed functions with its own interpreter: with 3.13 where there is one, the bundles' wheels are made for it.
$(eval $(call environment,.venv-ministack,ministack,infra/scripts/find_python313 2>/dev/null || command -v "$(PYTHON)"))

%/node_modules/.made: %/package-lock.json
	@$(STEP) "npm packages: $*" npm ci --prefix $* --no-audit --no-fund
	touch $@

# ------------------------------------------------------------------------------------------------------------ products of the source
CATALOG := functions/gateway/catalog/data
CATALOG_PRODUCTS := $(if $(wildcard infra/scripts/build_catalog.py),$(CATALOG)/models.json) $(if $(wildcard infra/scripts/build_ranks.py),$(CATALOG)/ranks/.made)

$(CATALOG)/models.json: infra/scripts/build_catalog.py infra/scripts/catalog_prices.py infra/scripts/model_traits.json infra/locks/catalog.txt .venv/.made
	@$(STEP) "model prices and windows" .venv/bin/python infra/scripts/build_catalog.py
	touch $@

$(CATALOG)/ranks/.made: infra/scripts/build_ranks.py $(CATALOG)/tokenizers.json .venv/.made
	@$(STEP) "token ranks" .venv/bin/python infra/scripts/build_ranks.py
	touch $@

functions/embedder/data/PROVENANCE.json: infra/scripts/build_embedder.py infra/scripts/wheels.py infra/locks/embeddings.txt .venv/.made
	@$(STEP) "offline embedder" .venv/bin/python infra/scripts/build_embedder.py
	touch $@

UI := $(if $(wildcard admin_ui/package.json),admin_ui)
UI_SOURCES := $(if $(UI),$(shell find admin_ui -path admin_ui/node_modules -prune -o -path admin_ui/dist -prune -o -type f ! -name '*.tsbuildinfo' -print))
NODE_TESTS := $(patsubst %/package-lock.json,%,$(wildcard tests/*/node/package-lock.json tests/browser/package-lock.json))

admin_ui/dist/index.html: admin_ui/node_modules/.made $(UI_SOURCES)
	@$(STEP) "dashboard" npm --prefix admin_ui run build
	touch $@

bundle-inputs: $(UV) $(CATALOG_PRODUCTS) functions/embedder/data/PROVENANCE.json $(if $(UI),admin_ui/dist/index.html)
dev-inputs: .venv/.made .venv-ministack/.made bundle-inputs
test-inputs: .venv-sam/.made .venv-lambda/.made $(NODE_TESTS:%=%/node_modules/.made)

# ------------------------------------------------------------------------------------------------------------------------- checking
check: ui-check laws types style template ## Linters, types, laws, template

style: setup
	@$(STEP) "ruff" .venv/bin/ruff check .
	$(STEP) "ruff format" .venv/bin/ruff format --check .

types: setup
	@$(STEP) "mypy --strict" .venv/bin/mypy

laws: setup
	@$(STEP) "laws of the house" .venv/bin/pytest tests/laws

ui-check: setup
	@if [ -n "$(UI)" ]; then $(STEP) "dashboard: tsc, eslint, api types" npm --prefix admin_ui run check; fi

template: setup
	@$(STEP) "cfn-lint" .venv-sam/bin/cfn-lint template.yaml
	AWS_DEFAULT_REGION=us-east-1 $(STEP) "sam validate --lint" .venv-sam/bin/sam validate --lint

ui-test: setup
	@if [ -n "$(UI)" ]; then $(STEP) "dashboard: unit tests" npm --prefix admin_ui test; fi

# pytest's exit 5 says that nothing was collected, which a phase without tests yet may say.
PYTEST = run() { echo "--- $$1"; PATH="$$(dirname "$$(infra/scripts/find_python313)"):$$PATH" SKIPPED_TO=".build/skipped/$$1.txt" .venv/bin/pytest "$${@:2}" || [ $$? -eq 5 ]; }; run

# `check` ran these by themselves.
CHECKED := --deselect tests/infra/test_template.py::test_cfn_lint_finds_nothing --deselect tests/infra/test_template.py::test_sam_validate_lint_finds_nothing

# Of tests/e2e, the files themselves share one stack and run in turn; what lies in folders below runs with its like.
BELOW_E2E := tests --ignore-glob='tests/e2e/test_*' --ignore=tests/browser --ignore=tests/laws

unit: setup
	@$(PYTEST) unit -n auto --dist loadgroup -m "not stack" $(BELOW_E2E) $(CHECKED)

# The files alone that have such tests: to collect all of them takes longer than the start of a local AWS.
stack: setup
	@$(PYTEST) stack -m stack $$(grep -rl 'mark\.stack' tests --include='test_*.py')

# Two processes with a stack each. The fleets mostly wait; in each, the ledger and the sweep look at what it has left.
LEFT := tests/e2e/test_sweep.py::test_no_secret_is_in_what_a_session_of_other_tests_left

e2e: setup
	@$(PYTEST) e2e tests/e2e --ignore=tests/e2e/inprocess --ignore=tests/e2e/deploy --ignore-glob='tests/e2e/test_fleet_*' --deselect $(LEFT)

fleet: setup
	@$(PYTEST) fleet tests/e2e/test_fleet_*.py tests/e2e/test_{ledger,item_lives}.py $(LEFT)

browser: setup
	@if [ -f tests/browser/package.json ]; then $(STEP) "browser tests" npm --prefix tests/browser test; fi

skipped:
	@if [ -n "$$(cat .build/skipped/*.txt 2>/dev/null)" ]; then echo "SKIPPED:"; sort -u .build/skipped/*.txt | sed 's/^/  /'; else echo "nothing was skipped"; fi
	echo "all of it holds"
