# Everything starts from a bare clone: Debian or Ubuntu, Python 3.11 or newer, make, and root or sudo.
# `make help` lists the targets. What they install is in the three lock files and goes into .venv, nowhere else.

PYTHON ?= python3
PORT ?= 8501
JOBS ?= 2
WORKSPACE ?= workspace/sample.duckdb

BIN := .venv/bin
PACKAGES := app.py desirepath.py mining pipeline ui
CHECKED := $(PACKAGES) tests $(wildcard benchmarks)
SAMPLE := data/open_university/open_university.parquet
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -q -p 3.11

# Without byte code on disk every start compiles the whole of Streamlit and Polars again: three times as slow.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help app test test-all bench check fix messages canvas lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: .venv/.app $(WORKSPACE) ## set up, load the sample, serve the app (PORT=8501, WORKSPACE=workspace/sample.duckdb)
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@$(BIN)/desirepath app $(WORKSPACE) --port $(PORT)

test: check ## set up, check and run the test suite, a real browser included
	@$(BIN)/python -m pytest -n $(JOBS) -m "not slow" --hypothesis-profile=settled

test-all: check ## the same with the tests that take minutes
	@$(BIN)/python -m pytest -n $(JOBS)

bench: .venv/.test ## measure the speed
	@$(BIN)/python -m benchmarks

check: .venv/.test ## lint, format and types
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/mypy

fix: .venv/.test ## mend what lint and format can mend by themselves
	@$(BIN)/ruff check --fix $(CHECKED)
	@$(BIN)/ruff format $(CHECKED)

messages: .venv/.app ## bring the catalogues of pipeline/locale up to date, and say what is to be translated
	@$(BIN)/python -m pipeline.locale.update

canvas: ## build the interactive map anew from ui/canvas/frontend (needs Node 20 or newer)
	cd ui/canvas/frontend && npm ci --no-audit --no-fund && npm test && npm run build

lock: .venv/.test ## choose versions anew within the ranges of pyproject.toml (UPGRADE=--upgrade for the newest)
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --extra dev -c requirements.lock -o requirements-dev.lock
	$(LOCK:pyproject.toml=) $(UPGRADE) --group build -c requirements-dev.lock -o requirements-build.lock

clean: ## remove the environment, caches and builds; workspaces stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.app: pyproject.toml requirements.lock requirements-build.lock .ci/prepare
	@PYTHON=$(PYTHON) .ci/prepare app
	@touch $@

.venv/.test: .venv/.app requirements-dev.lock
	@PYTHON=$(PYTHON) .ci/prepare test
	@touch $@

# Read into a file beside it and moved, so that an interrupted load is not taken for a workspace.
workspace/sample.duckdb: | .venv/.app
	@mkdir -p workspace && rm -f workspace/.loading.duckdb*
	@$(BIN)/desirepath ingest $(SAMPLE) --workspace workspace/.loading.duckdb
	@mv workspace/.loading.duckdb $@
