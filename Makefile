# `make demo` and `make test` set up what they need: a virtual environment in .venv with the package and its development tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test property check docs pages build versions bench clean
.DEFAULT_GOAL := test

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $@

# findings exit with 1, which is what a demonstration is for; 2 and more is a failure
SESSIONLINT = demo() { echo; echo "$$ sessionlint $$*"; status=0; $(BIN)/sessionlint "$$@" || status=$$?; test $$status -le 1; }

demo: $(READY)
	@set -e; $(SESSIONLINT); \
	for app in fixtures/apps/*/; do \
		demo check --output-format concise "$$app"; \
		demo check --select SES2,SES3,SES4 "$$app"; \
	done; \
	demo plan fixtures/apps/flask_platform; \
	demo migrate fixtures/apps/flask_platform/admin/routes

test: $(READY)
	$(BIN)/python -m pytest -q -n auto --dist worksteal $(ARGS)

# programs made by chance, migrated, and run before and after: make property PROGRAMS=100000
PROGRAMS ?= 2000
property: $(READY)
	PROGRAMS=$(PROGRAMS) $(BIN)/python -m pytest -q -s tests/rewrite/test_property.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if test -f docs/generate.py; then $(BIN)/python docs/generate.py --check; fi

docs: $(READY)
	$(BIN)/python docs/generate.py

# runs the examples of the rules' pages and writes what they print into the docstrings: make pages ARGS="--check SES301"
pages: $(READY)
	$(BIN)/python .ci/pages.py $(ARGS)

# every executable case under SQLAlchemy 1.4, 2.0 and the newest 2.x
versions: $(READY)
	$(BIN)/python .ci/versions.py $(ARGS)

# how long it takes beside a bare parse and other tools; gets packages from the index: make bench ARGS="--corpus 100k --rounds 3 --no-peers"
bench: $(READY)
	$(BIN)/python -m benchmarks.speed $(ARGS)

build: $(READY)
	$(BIN)/python -m build --wheel --outdir dist .

clean:
	rm -rf $(VENV) .environments build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .sessionlint_cache
