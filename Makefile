# Two commands are all that is needed: `make demo` and `make test`. Both make the virtual environment .venv first.

SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
KILDE := $(VENV)/bin/kilde

.PHONY: help demo test check unit test-web test-compat test-opensearch test-hostile test-crash test-judge bench constraints clean

help:
	@echo "make demo         install Kilde into .venv, ingest raw/samples and show a search and a list of mentions"
	echo "make test         ruff, mypy --strict and pytest"
	echo "make test-web     the page and the API in a headless Chromium"
	echo "make test-compat  the index and search tests on whoosh-reloaded"
	echo "make test-opensearch  both engines, on three nodes of OpenSearch"
	echo "make test-crash   kill every command that writes at every write, and worse"
	echo "make test-hostile read every hostile file of the corpus"
	echo "make bench        time ingest over a made corpus of 2,000 documents"
	echo "make constraints  pin the dependencies anew"
	echo "make clean        remove the environments and kilde-data"

# The first Python from 3.11 on that can make virtual environments.
$(VENV)/bin/python:
	@for python in python3 python3.13 python3.12 python3.11 python3.14; do
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	    $$python -m venv $(VENV)
	    break
	  fi
	done
	if ! test -x $(VENV)/bin/python; then
	  echo "Kilde needs Python 3.11 or newer with the module venv (Debian: apt-get install python3-venv)." >&2
	  exit 1
	fi

# What runs need; what tests need. Hashes are checked; our own package is not in the list, so it follows by itself.
$(VENV)/installed: constraints.txt pyproject.toml | $(VENV)/bin/python
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/installed-test: constraints-test.txt $(VENV)/installed
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints-test.txt
	touch $@

demo: $(VENV)/installed
	@PATH="$(VENV)/bin:$$PATH" ./demo.sh

test: check unit

check: $(VENV)/installed-test
	@$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy --no-error-summary

unit: $(VENV)/installed-test
	@$(VENV)/bin/pytest

# The index and search tests on whoosh-reloaded instead of whoosh3, in an environment of its own. That one leaves files
# open, which is a warning here and an error elsewhere.
COMPAT := .venv-compat

$(COMPAT)/installed: constraints-test.txt constraints-compat.txt pyproject.toml | $(VENV)/bin/python
	@$(VENV)/bin/python -m venv $(COMPAT)
	sed '/^whoosh3==/,/[^\\]$$/d' constraints-test.txt > $(COMPAT)/constraints.txt
	$(COMPAT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r $(COMPAT)/constraints.txt -r constraints-compat.txt
	$(COMPAT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

test-compat: $(COMPAT)/installed
	@$(COMPAT)/bin/python -m pytest -W ignore::ResourceWarning -W ignore::pytest.PytestUnraisableExceptionWarning \
	  -p no:cacheprovider tests/index tests/search

# Needs Chromium; CHROMIUM names another one.
test-web: $(VENV)/installed-test
	@KILDE_BROWSER=1 $(VENV)/bin/pytest tests/web/browser

# Every command that writes, killed, starved of disk and unplugged at every call; the short form is part of `make test`.
test-crash: $(VENV)/installed-test
	@KILDE_CRASH=long $(VENV)/bin/pytest tests/crash

# Stock Whoosh answers a thousand random queries; the short form is part of `make test`.
test-judge: $(VENV)/installed-test
	@KILDE_JUDGED=1000 $(VENV)/bin/pytest tests/search/test_matching.py

# Three nodes of OpenSearch; needs a JDK of 21 or newer and Maven, and is left out without.
test-opensearch: $(VENV)/installed-test
	@KILDE_OPENSEARCH=1 $(VENV)/bin/pytest tests/opensearch tests/ingest/test_distributed.py

# Over 1,100 files; the short form is part of `make test`.
test-hostile: $(VENV)/installed-test
	@$(VENV)/bin/pytest tests/hostile/all_files.py

bench: $(VENV)/installed-test
	@$(VENV)/bin/python -m benchmarks.ingest --documents 2000

# Needs the network; every hash of every platform, and no address of an index.
constraints: $(VENV)/bin/python
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	pin() { $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate "$$@"; }
	pin --extra build -o constraints.txt
	pin --extra build --extra dask --extra opensearch -c constraints.txt -o constraints-scale.txt
	pin --extra test --extra parquet --extra chart --extra dask --extra opensearch -c constraints-scale.txt \
	  -o constraints-test.txt
	pin --extra bench -c constraints.txt -o constraints-bench.txt

clean:
	rm -rf $(VENV) $(COMPAT) kilde-data
