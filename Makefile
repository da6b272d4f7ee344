# Two commands: `make run` and `make test`. They need Python 3.11 or newer and nothing else.
# All work is done by programs of the virtualenv; nothing is written outside this folder (root: see docs/adr/0001).

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV_LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --quiet
# Without compiled modules every process would compile a thousand files at every start.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# HOME may be unset or unwritable: uv keeps its cache in it only when it can.
ifneq ($(shell test -n "$$HOME" -a -w "$$HOME" && echo yes),yes)
export HOME = $(CURDIR)/var/home
endif

.PHONY: run test test-long test-corpora lint format bench lock clean browser help
.DEFAULT_GOAL := help

help:
	@echo "make run       start everything on http://127.0.0.1:$(PORT) (PORT=… changes it), with the demo"
	@echo "make test      run all tests but the long ones"
	@echo "make test-long, make test-corpora DATA=folder, make lint, make bench ONLY=figure, make lock, make clean"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "LearningOps needs Python 3.11 or newer. Say which one: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@mkdir -p var/home
	$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv

# A stamp holds the lock file that was installed, so that nothing is installed twice and a new lock is noticed.
.venv/run.stamp: requirements.lock | $(BIN)/uv
	@cmp -s $< $@ || cmp -s requirements-dev.lock .venv/dev.stamp || \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
	@cp $< $@

.venv/dev.stamp: requirements-dev.lock | $(BIN)/uv
	@cmp -s $< $@ || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
	@cp $< $@

run: .venv/run.stamp
	@LEARNINGOPS_DEMO=$${LEARNINGOPS_DEMO-1} PORT=$(PORT) exec $(BIN)/python -m learningops.runner

PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2

test: .venv/dev.stamp browser
	$(PYTEST) -q -n $(WORKERS) --dist loadfile $(ARGS)

test-long: .venv/dev.stamp browser
	$(PYTEST) -q -n 0 -m long $(ARGS)

test-corpora: .venv/dev.stamp
	@test -n "$(DATA)" -a -d "$(DATA)" || { echo "Say where the bundles are: make test-corpora DATA=folder" >&2; exit 1; }
	DATA="$(abspath $(DATA))" $(PYTEST) -q -n 0 -m corpora $(ARGS)

browser: .venv/dev.stamp
	@$(BIN)/python -m tests.harness.chromium

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	@echo "manage.py check --deploy, with production settings"
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') ALLOWED_HOSTS=learn.example.com \
		DATABASE_URL=postgres://lint@127.0.0.1:1/lint REDIS_URL=redis://127.0.0.1:1/0 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp
	@mkdir -p var
	ONLY="$(ONLY)" $(BIN)/python -m bench

lock: $(BIN)/uv
	$(UV_LOCK) requirements.in -o requirements.lock
	$(UV_LOCK) requirements-dev.in -o requirements-dev.lock

# The data of the embedded services goes too. It refuses while they are used.
clean:
	@test ! -x $(BIN)/python || $(BIN)/python -m learningops.embedded.forget
	rm -rf .venv var staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
