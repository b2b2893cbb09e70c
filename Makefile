# `make` alone says what there is. Windows and conda: see README.md, no step needs make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := $(VENV)/.spark

help:
	@echo "Pebbletrail"
	@echo
	@echo "  make reproduce   execute the pages, hold every figure against the print, write the report"
	@echo "  make lab         open the notebooks in JupyterLab, at 00-start-here"
	@echo "  make fetch       download the open data (make data lists what there is)"
	@echo "  make test        run every test"
	@echo "  make bench       measure speed, as ratios within one run"
	@echo "  make lock        write the lock file and environment.yml again from pyproject.toml"
	@echo "  make clean       remove what these commands made, the environment too"
	@echo
	@echo "The first command makes the environment ($(VENV)); later ones reuse it."

reproduce: $(READY)
	@$(BIN)/pebbletrail reproduce $(PAGES)

lab: $(READY)
	@$(BIN)/pebbletrail lab

fetch: $(READY)
	@$(BIN)/pebbletrail data fetch

data: $(READY)
	@$(BIN)/pebbletrail data list

test: $(READY) $(SPARK)
	@$(BIN)/ruff check lib tests tools notebooks exercises
	@$(BIN)/python -m pytest $(TESTS)

bench: $(READY) $(SPARK)
	@$(BIN)/python -m tests.benchmarks

# Spark alone is left out of the everyday lock: see pyproject.toml.
EXTRAS := $(addprefix --extra ,lab data warehouse practice models test bench dev)

lock: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes $(EXTRAS) --no-header --no-annotate \
		--no-emit-index-url --python-version 3.11 pyproject.toml --output-file locks/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --extra spark --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 --constraint locks/requirements.txt pyproject.toml --output-file locks/spark.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 locks/bootstrap.in --output-file locks/bootstrap.txt
	@$(BIN)/python tools/make_environment.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis

# pip brings uv, uv brings the rest: hashes checked, bytecode compiled (importing is three times slower without).
# The mark is written last, so that an interrupted installation is made again.
$(READY): pyproject.toml locks/requirements.txt locks/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV) (about a minute, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/bootstrap.txt
	@VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes locks/requirements.txt
	@VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --compile-bytecode --editable .
	@touch $@

.PHONY: help reproduce lab fetch data test bench lock clean
.DEFAULT_GOAL := help

# Spark is half a gigabyte: only the tests and the benchmarks fetch it.
$(SPARK): $(READY) locks/spark.txt
	@echo "Adding Spark to $(VENV) (once) ..."
	@VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r locks/spark.txt
	@touch $@
