# One command each. `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first Python that fits and can make a virtual environment (or: make setup PYTHON=python3.13).
# Expanded only where .venv is made.
PYTHON = $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	>/dev/null 2>&1 && echo "$$p" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

PORT ?= 8501
# `make api` has a port of its own, unless PORT= names one.
API_PORT = $(if $(filter file,$(origin PORT)),8600,$(PORT))
# How long each target of `make soak` is fuzzed.
SECONDS ?= 600

.PHONY: help setup run api demo test test-llm lint format bench soak screenshots pin clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

setup: .venv/test.stamp ## Make .venv and install what running and testing need (the others do it themselves)

run: .venv/run.stamp ## Open the app in the browser (PORT=8502 for another port)
	@$(BIN)/python -m streamlit run app.py --server.port $(PORT)

api: .venv/run.stamp ## Serve the REST API on this computer (PORT=8601 for another port)
	@$(BIN)/python -m ranker api --host 127.0.0.1 --port $(API_PORT)

demo: .venv/run.stamp ## Rank our own sample and show whom to contact first
	@$(BIN)/python -m ranker rank eval/sample/leads.csv --persona prompts/personas/outbound-sales.md \
		--out demo_ranked.csv --top 3
	@$(BIN)/python -c "$$PREVIEW" demo_ranked.csv

test: .venv/test.stamp ## Run every test, two files at a time
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 15 --durations-min 4

test-llm: .venv/llm.stamp ## Run every strategy and optimizing against a real, small model on this computer (minutes; 200 MB to install)
	@$(BIN)/python -m pytest tests_llm

lint: .venv/test.stamp ## Check style, format, types and the direction of the layers
	@$(BIN)/ruff check --no-cache
	@$(BIN)/ruff format --check
	@$(BIN)/mypy ranker
	@$(BIN)/lint-imports --no-logo

format: .venv/test.stamp ## Mend what can be mended by itself: order of imports, format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: .venv/run.stamp ## Measure speed and memory
	@$(BIN)/python -m eval.bench
	@$(BIN)/python -m eval.bench_import
	@$(BIN)/python -m eval.bench_rank
	@$(BIN)/python -m eval.bench_results
	@$(BIN)/python -m eval.bench_llm
	@$(BIN)/python -m eval.bench_tokens
	@$(BIN)/python -m eval.bench_cascade 5
	@$(BIN)/python -m eval.bench_evaluate
	@$(BIN)/python -m eval.bench_optimize --seeds 3 --searches 12
	@$(BIN)/python -m eval.bench_outreach
	@$(BIN)/python -m eval.bench_invented
	@$(BIN)/python -m eval.bench_api

soak: .venv/test.stamp ## Kill imports, runs and optimizations at random moments, fuzz what reads input, import a million rows
	@$(BIN)/python -m eval.soak
	@$(BIN)/python -m eval.soak_model
	@$(BIN)/python -m eval.soak_optimize
	@$(BIN)/python -m eval.soak_api
	@$(BIN)/python -m eval.fuzz --seconds $(SECONDS)
	@$(BIN)/python -m eval.million

screenshots: .venv/test.stamp ## Take pictures of every page in Chromium (TO=folder)
	@$(BIN)/python -m eval.screenshots $(TO)

pin: .venv/test.stamp ## Write requirements*.txt from requirements*.in (UPGRADE=1 takes the newest of each)
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 $(if $(UPGRADE),--upgrade) \
			--no-emit-index-url --no-emit-find-links --custom-compile-command 'make pin' \
			--output-file $$name.txt $$name.in || exit 1; done
	@$(BIN)/uv pip compile --quiet --no-deps --python-version 3.11 $(if $(UPGRADE),--upgrade) \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make pin' \
		--output-file requirements-llm.txt requirements-llm.in

clean: ## Remove .venv and everything that running left behind
	@rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache demo_ranked.csv
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: once they are newer than the pinned files, nothing is installed and no network is needed.
.venv/venv.stamp:
	@test -n "$(PYTHON)" || { echo 'Python 3.11, 3.12 or 3.13 with venv is needed, and none was found.' \
		'Install one, for example with: apt-get install python3 python3-venv' >&2; exit 1; }
	@echo 'Making .venv' >&2
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/run.stamp: requirements.txt .venv/venv.stamp
	@echo 'Installing requirements.txt' >&2
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@echo 'Installing requirements-dev.txt' >&2
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Without what they ask for: one wants a compiler for a server that is not used.
.venv/llm.stamp: requirements-llm.txt .venv/test.stamp
	@echo 'Installing requirements-llm.txt' >&2
	@$(PIP) --no-deps -r requirements-llm.txt
	@touch $@

# The first rows of a ranked file, for a terminal: who, where, and why.
define PREVIEW
import csv, sys
path = sys.argv[1]
with open(path, encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
def cell(row, *words):
    names = [name for word in words for name in row if word in name.lower()]
    return " ".join((row[names[0]] if names else "").split())
print(f"\n{len(rows)} leads to contact, written to {path}. The first of them:\n")
rows.sort(key=lambda row: (cell(row, "company name", "account name", "account_name", "company"), int(cell(row, "rank"))))
line = "{:<24.24}  {:>4}  {:>5}  {:.70}"
print(line.format("company", "rank", "score", "title"))
for row in rows[:12]:
    company = cell(row, "company name", "account name", "company", "account", "organi")
    print(line.format(company, cell(row, "rank"), cell(row, "score"), cell(row, "title", "position", "role")))
endef
export PREVIEW
