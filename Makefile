# The two commands of the README are `make demo` and `make test`; each makes .venv and installs what it needs from PyPI.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= 2

.PHONY: demo test test-long equivalence soak sign-off figures docs lint format clean

demo: $(VENV)/.installed
	$(BIN)/isadma demo

# Hundreds of its tests run the command in a process of its own, which finds its modules compiled wherever Python may
# keep them.
test: $(VENV)/.installed-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(JOBS) --dist worksteal -m "not long"

test-long: $(VENV)/.installed-dev
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m long

# Every core of the working tree proved equal to that of a revision: make equivalence BASE=HEAD CORES="i8237 at"
BASE  ?= HEAD
CORES ?=
equivalence: $(VENV)/.installed
	$(BIN)/python -m isadma_verify.equivalence $(BASE) $(CORES)

SECONDS ?= 3600
soak: $(VENV)/.installed-dev
	$(BIN)/python tests/robust/soak.py $(SECONDS)

# docs/sign-off.md: make sign-off OPTIONS="--long", OPTIONS="--only proofs gates", OPTIONS=--page
OPTIONS ?=
sign-off: $(VENV)/.installed-dev
	$(BIN)/python docs/make_sign_off.py $(OPTIONS)

# Every figure, table and picture of the docs that a run makes; a test compares them with the code.
figures: $(VENV)/.installed-dev
	$(BIN)/python docs/make_house.py
	$(BIN)/python docs/make_figures.py
	$(BIN)/python docs/make_history.py
	$(BIN)/python docs/make_dsp_commands.py
	$(BIN)/python docs/make_registers.py

# The site, from the guide, the decisions and the docstrings: build/site/index.html
docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/site

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
