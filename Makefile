# Everything here works on a machine with Python 3.11 or later and make; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: demo test test-all check lock clean

demo: .venv/.installed
	$(BIN)/scrapy demo

test: .venv/.installed-dev
	$(BIN)/python -m pytest -n auto -m "not drill"

test-all: .venv/.installed-dev
	$(BIN)/python -m pytest -n auto

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

.venv/.installed: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pressmark needs Python 3.11 or later; name one with: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.lock
	touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(PIP) -r requirements-dev.lock
	touch $@

# Locks carry names, versions and hashes alone, and serve every Python from 3.11 on and every platform.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: .venv/.installed
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) requirements.in -o requirements.lock
	$(LOCK) requirements-dev.in -o requirements-dev.lock

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache
