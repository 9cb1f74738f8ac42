# Penstock's chores. A machine needs Python 3.11+ (with venv) and make; the rest is installed in .venv.

PYTHON ?= python3
# Linux without a GPU: set TORCH_INDEX to the address of the PyTorch CPU wheels; it saves several GB.
TORCH_INDEX ?=
TORCH_FROM = $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
TESTS_AT_ONCE ?= 5
# schemathesis is used without it, and every process would load it
NO_PLUGIN = -p no:schemathesis
VENV = .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed
# pip compiles one file after the other: all of them are compiled afterwards, on all cores
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.DEFAULT_GOAL := help
.PHONY: help demo test gpu chaos chaos-webhooks lint style bench clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP)  ## start everything, draw 100 digits, show the webhook and a gallery
	$(BIN)/python examples/demo/run.py

test: $(STAMP)  ## run all tests, a few files at a time: most of them wait for processes
	$(BIN)/python -m pytest -n $(TESTS_AT_ONCE) --dist loadfile --no-loadscope-reorder $(NO_PLUGIN) $(ARGS)

gpu: $(STAMP)  ## run the tests that need an NVIDIA GPU, and measure how long it waits for us
	$(BIN)/python -m pytest tests/gpu $(ARGS)
	$(BIN)/python -m tests.benchmarks.gpu

# BROKER=memory kills the embedded default, FAULTS times; the others have faults of every kind.
BROKER ?= rabbitmq
FAULTS ?= $(if $(filter memory,$(BROKER)),20,300)
CHAOS = PENSTOCK_CHAOS_SEED=$(or $(SEED),$(shell date +%s)) PENSTOCK_CHAOS_FAULTS=$(FAULTS)

chaos: $(STAMP)  ## make FAULTS=300 faults at random, BROKER=rabbitmq, redis or memory (SEED=n to replay)
ifeq ($(BROKER),memory)
	$(CHAOS) PENSTOCK_CHAOS_ROWS=2000 $(BIN)/python -m pytest tests/acceptance/test_kills.py -k no_kill \
		--log-cli-level=INFO $(ARGS)
else
	$(CHAOS) PENSTOCK_CHAOS_BROKER=$(BROKER) $(BIN)/python -m pytest tests/acceptance/chaos/test_chaos.py \
		--log-cli-level=INFO $(ARGS)
endif

chaos-webhooks: FAULTS := $(if $(filter file default,$(origin FAULTS)),200,$(FAULTS))
chaos-webhooks: $(STAMP)  ## kill deliverers between an answer and its record, FAULTS=200 times
	$(CHAOS) $(BIN)/python -m pytest tests/acceptance/chaos/test_chaos_webhooks.py \
		--log-cli-level=INFO $(ARGS)

lint: $(STAMP)  ## check style, types, import contracts, the size caps and infra/
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/style.py
	$(BIN)/python tools/infra.py

style: $(STAMP)  ## print function and file lengths and import cycles
	$(BIN)/python tools/style.py

bench: $(STAMP)  ## run the benchmarks; what they measured is in KEEP=bench
	PENSTOCK_BENCH_FOLDER=$(or $(KEEP),bench) $(BIN)/python -m pytest tests/benchmarks -s --timeout=1800 $(ARGS)

clean:  ## remove the environment, caches and what the demo made
	rm -rf $(VENV) build dist demo penstock-data *.egg-info .pytest_cache .mypy_cache .ruff_cache
	rm -rf .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV): $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: $(PYTHON) must be Python 3.11 or later with venv; try make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) -c constraints.txt $(TORCH_FROM) torch==2.13.0
	$(PIP) -c constraints.txt -e ".[dev]"
	# models in tests are run with the cog package and without it, so it is beside the environment
	$(PIP) --no-deps --upgrade --target $(VENV)/cog cog==0.23.1 coglet==0.23.1
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests/' $(VENV)/lib $(VENV)/cog || true
	@touch $@
