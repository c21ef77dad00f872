# Mesa CDA. `make run` and `make test` install what they need.
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python

# Compiled once, tests and the desks they start, whatever this shell says of .pyc files.
test test-fast: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install run test test-fast chaos lint bench screenshots lock licences audit clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F"\t" "{printf \"%-12s %s\\n\", \$$1, \$$2}"

.venv/run: requirements.txt requirements.lock
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install: .venv/run ## the virtual environment alone, for a real desk

run: .venv/run ## start the demo desk on http://localhost:8501 (PORT, MESA_DATA, MESA_DEMO_ACCOUNTS)
	@exec $(PY) -m lib demo

test: .venv/dev lint ## everything: unit, services, mail, browser
	@.ci/chromium
	@.ci/mail-servers
	@.ci/nginx
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: .venv/dev ## what needs no browser and no waiting, under a minute
	$(PY) -m pytest -n 2 --dist worksteal --hypothesis-profile quick -m "not browser and not slow"

chaos: .venv/dev ## kill -9 of the desk, 30 times, while 300 resends pass: none lost, none doubled
	@.ci/mail-servers
	$(PY) -m tests.chaos

lint: .venv/dev ## style, types, the house's doors
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	cd lib/auditor && ../../.venv/bin/mypy --config-file ../../pyproject.toml --cache-dir ../../.mypy_cache/auditor verificar.py
	.venv/bin/lint-imports

bench: .venv/dev ## how fast, beside other people's grids: docs/benchmarks.md (an hour the first time)
	@.ci/chromium
	@.ci/mail-servers
	$(PY) -m bench
	$(PY) -m bench --accounts 2000000
	$(PY) -m bench.search --accounts 2000000
	$(PY) -m bench.resend
	$(PY) -m bench.log
	$(PY) -m bench.imports
	$(PY) -m bench.peers
	$(PY) -m bench.report

screenshots: .venv/dev ## every screen, light and dark, into docs/screenshots/
	@.ci/chromium
	$(PY) -m docs.screenshots.take

lock: ## pin what requirements*.txt name and all it needs, with hashes (ARGS=--upgrade)
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@test -x .venv/bin/uv || $(PY) -m pip install --quiet --no-deps -r requirements-dev.lock
	@.ci/lock $(ARGS)
	@$(MAKE) --no-print-directory licences

licences: .venv/dev ## docs/licences.md and docs/sbom.cdx.json, from what is installed
	$(PY) -m docs.licences
	$(PY) -m docs.sbom

audit: .venv/dev ## licences, and what osv.dev knows against what is pinned (needs the network)
	@.ci/audit $(ARGS)

clean: ## forget the virtual environment and caches (never data/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
