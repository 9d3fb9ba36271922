# make chat    install, index the shipped corpus, open a chat in the terminal (no token, no key)
# make test    install, run every test, in as many processes as there are cores, four at most (WORKERS=0: in one)
# make bot     run the Telegram bot (TELEGRAM_BOT_TOKEN in .env)
# make test-extras  install all extras, run the tests that make test skipped for want of one
# make test-model  install and start a local model, run the live scenes against it
# make check   format, lint, types, import contracts
# make eval    measure answers and search against the shared material, if it stands beside this folder
# make train   fit the weights that answering reads again (TRAIN_HOME: a home with the training documents; POLICY_HOME, PASSAGE_HOME: made by make train-homes; SPEECH_HOME: with the shipped corpus)
# make bench   measure speed
# make bench-peers  other stacks in the same run: answers found, filling, memory, and embedding from nothing (an hour)
# make bench-scale  measure growth up to 150,000 passages (over an hour; goes on where it was broken off)
# make audit   compare hashes and licences, list what it is made of, and listen whom a run speaks to
# make cluster-test  two replicas, nginx, PostgreSQL and an emulated Telegram on loopback, struck part by part (needs nginx, postgresql)
# make test-faults  kill, fill, damage and forbid for real, and write the table of docs/reliability.md (an hour)
# make fuzz    feed readers and parsers 200,000 odd inputs each, or ten minutes each; ask each route of the interface 2,000 times
# make wheels  keep all packages in wheels/; make chat WHEELS=wheels then installs from there alone
# make lock    resolve the dependencies anew

.DEFAULT_GOAL := help
.PHONY: cluster-test test-faults audit fuzz help chat bot test test-extras test-model check extras eval train train-homes bench bench-peers bench-scale lock wheels clean
export WHEELS
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed
LEFT := $(VENV)/left-out
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)
DEV := $(VENV)/.installed-dev
EXTRAS := $(VENV)/.installed-extras
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

help:
	@sed -n 's/^# //p' Makefile

chat: $(RUN)
	@$(BIN)/chengwen chat

bot: $(RUN)
	@$(BIN)/chengwen bot

test: $(DEV)
	@$(BIN)/python -m pytest --left-out $(LEFT) -n $(WORKERS) --maxprocesses 4 --dist loadfile

test-model: $(DEV)
	@sh scripts/local_model.sh

check: $(DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

extras: $(EXTRAS)

test-extras: $(EXTRAS)
	@$(BIN)/python -m pytest @$(LEFT)

eval: $(EXTRAS)
	@$(BIN)/python -m evaluation

train: $(DEV)
	@$(BIN)/python -m evaluation.training.messages $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.states $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.answer_scores $(TRAIN_HOME) $(POLICY_HOME) $(PASSAGE_HOME)
	@$(BIN)/python -m evaluation.training.figure_fit $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.parts $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.learners.block_fit $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.learners.list_fit $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.learners.place_fit $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.passages $(TRAIN_HOME) $(POLICY_HOME)
	@$(BIN)/python -m evaluation train-rules --home $(TRAIN_HOME)
	@$(BIN)/python -m evaluation train-claims $(TRAIN_HOME)
	@$(BIN)/python -m evaluation train-figures $(TRAIN_HOME) shared/eval/bench/train-facts.jsonl
	@$(BIN)/python -m evaluation train-judge $(TRAIN_HOME)
	@$(BIN)/python -m evaluation.training.learners.answer_fit $(TRAIN_HOME) $(POLICY_HOME) $(PASSAGE_HOME)
	@$(BIN)/python -m evaluation.training.learners.telling_fit $(TRAIN_HOME) $(SPEECH_HOME)

train-homes: $(DEV)
	@$(BIN)/python -m evaluation.datasets.training_homes policies $(POLICY_HOME)
	@$(BIN)/python -m evaluation.datasets.training_homes passages $(PASSAGE_HOME) 260

bench: $(EXTRAS)
	@$(BIN)/python -m evaluation bench

bench-peers: $(EXTRAS)
	@$(BIN)/python -m evaluation peers side engine --home .peers --save

audit: $(DEV)
	@$(BIN)/python -m evaluation audit

test-faults: $(DEV)
	@$(BIN)/python -m evaluation faults

cluster-test: $(DEV)
	@$(BIN)/python tests/cluster

fuzz: $(DEV)
	@CHENGWEN_SCHEMA_EXAMPLES=2000 $(BIN)/python -m pytest -q tests/api/test_interface_description.py
	@$(BIN)/python tests/fuzz/long.py

bench-scale: $(EXTRAS)
	@$(BIN)/python -m evaluation scale --home .scale --passages 1000,10000,50000,150000 --save

lock: $(DEV)
	@sh scripts/lock.sh

wheels: | $(BIN)/python
	@$(PIP) download --require-hashes -r requirements.lock -d $(or $(WHEELS),wheels)

clean:
	rm -rf $(VENV) build *.egg-info

$(BIN)/python:
	@sh scripts/venv.sh $(VENV)

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	@echo "正在安装（首次约需一两分钟）… installing, a minute or two the first time"
	@$(BIN)/python scripts/install.py requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUN)

$(DEV): requirements-dev.lock $(RUN)
	@$(BIN)/python scripts/install.py requirements-dev.lock
	@touch $(DEV)

$(EXTRAS): requirements-extras.lock $(DEV)
	@$(BIN)/python scripts/install.py requirements-extras.lock
	@touch $(EXTRAS)
