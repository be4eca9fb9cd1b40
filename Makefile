# Everything this repository does, here and in continuous integration. `make help` lists it.

PYTHON ?= python3
RUN_ENVIRONMENT ?= dev
WORKERS ?=
export RUN_ENVIRONMENT

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(BIN)/uv
RUNNING = $(BIN)/python -m tasks
# What checks diagrams and scripts, where there is Node.js; nothing needs it to run.
NODE_PACKAGES := $(if $(shell command -v npm),$(addsuffix /node_modules/.package-lock.json,tests/mermaid tests/tracker/scripts))
AGAINST ?= runs
BOUND = $(if $(WORKERS),--workers $(WORKERS))

# Containers that cannot gain privileges; whose user is the caller, so that runs/ stays the caller's.
IN_CONTAINER = docker run --rm --init --read-only --tmpfs /tmp:exec,mode=1777 --cap-drop ALL \
	--security-opt no-new-privileges --network none --user "$$(id -u):$$(id -g)"

.PHONY: help setup run resume list show gate fetch-runs doctor site watch jupyter scheduler test check \
	format lock clean \
	docker build-all-docker-images test-and-run-pipeline

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## make .venv with the locked dependencies

run: $(READY) ## run the pipeline (RUN_ENVIRONMENT=dev|ci, WORKERS=N, FAILURES=off)
	@$(RUNNING) run $(BOUND)

resume: $(READY) ## continue the newest run, or RUN_ID=...
	@$(RUNNING) resume $(RUN_ID) $(BOUND)

list: $(READY) ## list the runs
	@$(RUNNING) list

show: $(READY) ## show the newest run, or RUN_ID=...
	@$(RUNNING) show $(RUN_ID)

fetch-runs: $(READY) ## bring the records of REPO=owner/name on GitHub to runs/
	@$(BIN)/python -m tasks.github fetch $(if $(REPO),--repository $(REPO))

doctor: $(READY) ## tell what is not set up yet on GitHub, and where to click (REPO=owner/name)
	@$(BIN)/python -m tasks.github doctor $(if $(REPO),--repository $(REPO))

gate: $(READY) ## compare the newest run, or RUN_ID=..., with the records in AGAINST=...
	@$(RUNNING) gate $(RUN_ID) --against $(AGAINST)

site: $(READY) ## build the tracker of all runs in site/output (SITEURL=https://...)
	@$(BIN)/pelican --settings site/$(if $(SITEURL),publishconf,pelicanconf).py --fatal errors --quiet
	@echo "the tracker is in site/output: open it with \`make serve\`, or put it on any web server"

watch: $(READY) ## run on every save what it touches, with the type and format checks
	@exec $(BIN)/python -m tasks.watch $(BOUND)

jupyter: $(READY) ## open the notebooks in JupyterLab
	@$(UV) sync --locked --inexact --quiet --group jupyter
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" exec $(BIN)/jupyter lab

scheduler: $(READY) ## serve Luigi's scheduler and its pages on http://localhost:8082
	@exec $(RUNNING) scheduler

test: $(READY) $(NODE_PACKAGES) ## run all tests
	@$(BIN)/pytest

check: $(READY) $(NODE_PACKAGES) ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=site/plugins $(BIN)/lint-imports
	$(if $(NODE_PACKAGES),npm run --silent --prefix tests/tracker/scripts check)

format: $(READY) $(NODE_PACKAGES) ## format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(if $(NODE_PACKAGES),npm run --silent --prefix tests/tracker/scripts format)

lock: $(READY) ## lock the dependencies of pyproject.toml anew
	$(UV) lock --upgrade

clean: ## remove all outputs: runs, site, caches
	find runs -mindepth 1 -maxdepth 1 ! -name .gitkeep -exec rm -rf {} +
	rm -rf build site/output site/cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

docker:
	@docker info >/dev/null 2>&1 || { echo "error: no Docker engine answers: install Docker or start it, \
	then see \`docker info\`; \`make run\` needs none" >&2; exit 1; }

build-all-docker-images: docker ## build the images `nightbook` and `nightbook-development`
	docker build --target pipeline --tag nightbook .
	docker build --target development --tag nightbook-development .

test-and-run-pipeline: build-all-docker-images ## run the tests, then the pipeline, in containers without network
	$(IN_CONTAINER) --volume "$(CURDIR):/nightbook:ro" --entrypoint python nightbook-development \
		-m pytest -p no:cacheprovider
	$(IN_CONTAINER) --volume "$(CURDIR)/runs:/nightbook/runs" \
		--env RUN_ENVIRONMENT --env FAILURES nightbook

%/node_modules/.package-lock.json: %/package-lock.json
	@npm ci --prefix $* --no-audit --no-fund --silent
	@touch $@

# uv checks every package against the hashes in uv.lock; it is itself installed by hash.
$(READY): uv.lock pyproject.toml requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is older than 3.11; name another: make PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(UV) sync --locked --inexact --quiet
	@touch $@
