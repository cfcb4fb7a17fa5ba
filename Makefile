# `make demo` trains a GAN on the embedded digits; `make test` runs the tests. Both make the environment first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test lint format type build clean

help:
	@echo "make demo    train a GAN on the embedded digits, about two minutes"
	@echo "make test    run the tests"
	@echo "make lint    check format, lint and types        make format   format"
	@echo "make build   build the package                   make clean    remove what these made"

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $(READY)

setup: $(READY)

demo: $(READY)
	$(BIN)/rivals demo

test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

type: $(READY)
	$(BIN)/pyrefly check

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

build: $(READY)
	$(BIN)/python -m build --no-isolation

clean:
	rm -rf .venv build dist demo .pytest_cache .ruff_cache .hypothesis
