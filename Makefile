# Everything this repository does, here and in continuous integration. `make help` lists it.

PYTHON ?= python3
RUN_ENVIRONMENT ?= dev
WORKERS ?=
export RUN_ENVIRONMENT

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(BIN)/uv
# The backend that builds the package `nightbook` is in the environment, by hash, like everything else.
PROJECT = --inexact --no-build-isolation-package nightbook $(PARTS)
# ONLY=github leaves out what notebooks and tests need: some jobs on GitHub use little.
PARTS = $(if $(ONLY),--package nightbook --no-default-groups --extra $(ONLY),--all-packages --group dev)
NIGHTBOOK = $(BIN)/nightbook
# What checks diagrams and scripts, where there is Node.js; nothing needs it to run.
NODE_PACKAGES := $(if $(shell command -v npm),$(addsuffix /node_modules/.package-lock.json,tests/record/render/mermaid tests/tracker/theme/scripts))
AGAINST ?= runs
PUBLISH = $(if $(SITEURL),--publish)
ON_GITHUB = $(if $(REPO),--repository $(REPO))
# Notebooks with magics are no Python to these tools, and are left out.
WITHOUT_MAGICS = has_python() { test -x $(BIN)/python; }; \
	for_ruff=$$(has_python && $(BIN)/python -m nightbook.watch.magics ruff); \
	for_mypy=$$(has_python && $(BIN)/python -m nightbook.watch.magics mypy);
BOUND = $(if $(WORKERS),--workers $(WORKERS))

# Lists of all packages with their versions and hashes, in the format of https://cyclonedx.org.
CYCLONEDX = $(UV) export --locked --quiet --format cyclonedx1.5
DEBIAN_PACKAGE = $${Package}\t$${Version}\t$${Architecture}\n

# Containers that cannot gain privileges; whose user is the caller, so that runs/ stays the caller's.
IN_CONTAINER = docker run --rm --init --read-only --tmpfs /tmp:exec,mode=1777 --cap-drop ALL \
	--security-opt no-new-privileges --network none --user "$$(id -u):$$(id -g)"

SUDO = $(if $(filter-out 0,$(shell id -u)),sudo)

# The container has no checkout: GitHub's variables say where its run comes from.
GITHUB_VARIABLES = ACTIONS ACTOR EVENT_NAME HEAD_REF REF REF_NAME REPOSITORY RUN_ID SERVER_URL SHA
RUN_IN_CONTAINER = $(IN_CONTAINER) --volume "$(CURDIR)/runs:/nightbook/runs" --env RUN_ENVIRONMENT --env FAILURES \
	$(foreach name,$(GITHUB_VARIABLES),--env GITHUB_$(name)) nightbook

.PHONY: help setup run resume watch jupyter scheduler list show gate site serve fetch-runs doctor \
	test test-fresh test-packages test-faults check format lock upgrade audit wheel sbom clean bench bench-table step-times screenshots \
	docker image run-in-container build-all-docker-images test-and-run-pipeline \
	history job-summary pack publish-runs publish-site site-is-newest pr-comment

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  %-24s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run

setup: $(READY) ## make .venv with the locked dependencies

run: $(READY) ## run the pipeline (RUN_ENVIRONMENT=dev|ci, WORKERS=N, FAILURES=off)
	@$(NIGHTBOOK) run $(BOUND)

resume: $(READY) ## continue the newest run, or RUN_ID=...
	@$(NIGHTBOOK) resume $(RUN_ID) $(BOUND)

watch: $(READY) ## run what each save affects, with the type and format checks
	@exec $(NIGHTBOOK) watch $(BOUND)

jupyter: $(READY) ## open the notebooks in JupyterLab
	@$(call sync,$(PROJECT) --group jupyter)
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" exec $(BIN)/jupyter lab

scheduler: $(READY) ## serve Luigi's scheduler and its pages on http://localhost:8082
	@exec $(NIGHTBOOK) scheduler

##@ Look

list: $(READY) ## list the runs
	@$(NIGHTBOOK) list

show: $(READY) ## show the newest run, or RUN_ID=...
	@$(NIGHTBOOK) show $(RUN_ID)

gate: $(READY) ## compare the newest run, or RUN_ID=..., with the records in AGAINST=...
	@$(NIGHTBOOK) gate $(RUN_ID) --against $(AGAINST)

serve: $(READY) ## serve the tracker on http://localhost:8000, and rebuild it as runs change (PORT=...)
	@exec $(NIGHTBOOK) serve $(if $(PORT),--port $(PORT))

site: $(READY) ## build the tracker of all runs in site/output (SITEURL=https://...)
	@$(NIGHTBOOK) site $(PUBLISH)

##@ GitHub

fetch-runs: $(READY) ## download the records of REPO=owner/name on GitHub to runs/
	@$(NIGHTBOOK) github fetch $(ON_GITHUB)

doctor: $(READY) ## list the settings on GitHub that are missing (REPO=owner/name)
	@$(NIGHTBOOK) github doctor $(ON_GITHUB)

##@ Develop

test: $(READY) $(NODE_PACKAGES) ## run all tests
	@$(BIN)/pytest -c tests/pytest.ini tests

test-fresh: $(READY) ## run the tests of whole runs with kernels that are started afresh
	@$(BIN)/pytest -c tests/pytest.ini --kernels fresh tests/end_to_end/test_runs.py

test-packages: ## install the system's packages that only tests need (Debian, Ubuntu)
	@command -v faketime >/dev/null || { $(SUDO) apt-get -q update && $(SUDO) apt-get -q install --no-install-recommends -y faketime; }

test-faults: $(READY) ## try to break records, pages and runs, with all examples of the nightly
	@FAULTS=nightly $(BIN)/pytest -c tests/pytest.ini tests/faults

check: $(READY) $(NODE_PACKAGES) ## format, lint, types, layers and workflows
	@failed=; try() { echo "$$*"; "$$@" || failed="$$failed$$(printf '\n  %s' "$$*")"; }; \
	$(WITHOUT_MAGICS) \
	try $(BIN)/ruff format --check . $$for_ruff; \
	try $(BIN)/ruff check . $$for_ruff; \
	try $(BIN)/mypy $$for_mypy; \
	try $(BIN)/mypy --config-file nightbook/pyproject.toml; \
	try $(BIN)/lint-imports --config nightbook/pyproject.toml; \
	$(if $(NODE_PACKAGES),try npm run --silent --prefix tests/tracker/theme/scripts check;) \
	try $(BIN)/zizmor --offline --persona pedantic --quiet --no-progress .github; \
	try $(BIN)/actionlint .github/workflows/*.yml; \
	try $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml; \
	try $(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml; \
	try $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms \
		$(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml)); \
	try $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml; \
	if [ "$$failed" ]; then echo "error: these checks failed:$$failed" >&2; exit 1; fi; \
	echo "all checks passed"

format: $(READY) $(NODE_PACKAGES) ## format the code and fix what the linter can
	@$(WITHOUT_MAGICS) $(BIN)/ruff format . $$for_ruff && $(BIN)/ruff check --fix . $$for_ruff
	$(if $(NODE_PACKAGES),npm run --silent --prefix tests/tracker/theme/scripts format)

lock: $(UV) ## lock the dependencies after a change of a pyproject.toml
	@$(UV) lock

upgrade: $(UV) ## lock the newest versions of all dependencies
	@$(UV) lock --upgrade

audit: $(UV) ## look up known vulnerabilities of the locked packages (OSV=https://... of a mirror)
	@$(UV) audit --locked --preview-features audit-command $(if $(OSV),--service-url $(OSV))

wheel: $(READY) ## build the package nightbook, and the list of its packages, in build/dist
	@$(UV) build --quiet --wheel --package nightbook --no-build-isolation --python $(BIN)/python --out-dir build/dist
	@$(CYCLONEDX) --package nightbook --no-default-groups --all-extras --output-file build/dist/nightbook.cdx.json

sbom: $(READY) image ## list what is in the image, as CycloneDX, in build/image.cdx.json
	@mkdir -p build && $(CYCLONEDX) --output-file build/image.cdx.json
	@$(IN_CONTAINER) --entrypoint dpkg-query nightbook --show --showformat '$(DEBIAN_PACKAGE)' \
		| $(BIN)/python -m tools.debian_components build/image.cdx.json

clean: ## remove all outputs: runs, site, caches
	find runs -mindepth 1 -maxdepth 1 ! -name .gitkeep -exec rm -rf {} +
	rm -rf build site/output site/cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

##@ Measure

bench: $(READY) ## time this project and others side by side, for the README's table
	@$(UV) venv --quiet --allow-existing benchmarks/.venv
	@$(UV) pip install --quiet --python benchmarks/.venv --require-hashes --requirement requirements/setup.txt
	@export UV_PROJECT_ENVIRONMENT=benchmarks/.venv; $(call sync,$(PROJECT) --group bench)
	@$(BIN)/python -m benchmarks
	@$(NIGHTBOOK) run --runs build/bench/runs >/dev/null
	@$(BIN)/python -m benchmarks.tracker_growth build/bench/runs
	@$(BIN)/python -m benchmarks.table

bench-table: $(READY) ## write the benchmarks' results into the README
	@$(BIN)/python -m benchmarks.table

step-times: $(READY) docker ## time each step of the workflows from a push to the page (CHECKS=--checks)
	@$(BIN)/python -m tools.step_times $(CHECKS)

screenshots: site ## take the README's pictures of the tracker, with Chromium
	@$(BIN)/python -m tools.screenshots

##@ Containers

docker:
	@docker info >/dev/null 2>&1 || { echo "error: no Docker engine answers: install Docker or start it, \
	then see \`docker info\`; \`make run\` needs none" >&2; exit 1; }

image: docker ## build the image `nightbook`
	docker build --target pipeline --tag nightbook .

run-in-container: image ## run the pipeline in a container without network
	$(RUN_IN_CONTAINER)

build-all-docker-images: image ## build the images `nightbook` and `nightbook-development`
	docker build --target development --tag nightbook-development .

test-and-run-pipeline: build-all-docker-images ## run the tests, then the pipeline, in containers without network
	$(IN_CONTAINER) --volume "$(CURDIR):/nightbook:ro" --entrypoint python nightbook-development \
		-m pytest -c tests/pytest.ini -p no:cacheprovider tests
	$(RUN_IN_CONTAINER)

##@ In workflows

# What the workflows in .github/workflows call; all of it works on any machine. Ids that somebody types on
# GitHub are variables of the shell, in quotes: as make's, they would be text of the command.

history: $(READY) ## download the archived records to build/archive/runs
	@$(NIGHTBOOK) github history

job-summary: ## add the newest run's summary to GitHub's page of the job, or print it
	@cat "$$(ls -d runs/[0-9]*Z-* | tail -n 1)/report/summary.md" >> "$${GITHUB_STEP_SUMMARY:-/dev/stdout}"

pack: $(READY) ## copy the part of the newest run's record that may be published to build/record
	@$(NIGHTBOOK) pack $(RUN_ID) --into build/record

publish-runs: $(READY) ## archive new records, and download all to runs/ (WORKFLOW_RUN_ID=... takes a fork's)
	@$(NIGHTBOOK) github publish $${WORKFLOW_RUN_ID:+--run-id "$$WORKFLOW_RUN_ID"}

publish-site: PUBLISH = --publish
publish-site: site ## build the tracker for SITEURL=..., or for GitHub Pages

site-is-newest: $(READY) ## say if no newer records were archived since publish-runs
	@$(NIGHTBOOK) github newest

pr-comment: $(READY) ## comment on a pull request with the result of WORKFLOW_RUN_ID=...
	@$(NIGHTBOOK) github comment --run-id "$$WORKFLOW_RUN_ID" --attempt "$$WORKFLOW_RUN_ATTEMPT"

%/node_modules/.package-lock.json: %/package-lock.json
	@npm ci --prefix $* --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# uv checks every package against the hashes in uv.lock; it is itself installed by hash.
define install_uv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "error: $(PYTHON) is older than 3.11; name another: make PYTHON=python3.12" >&2; exit 1; }
@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
endef

# For an outdated lock, uv names a command of its own; here it is `make lock`.
define sync
problem=$$($(UV) sync --locked --quiet $(1) 2>&1) || { \
	case "$$problem" in \
		*'`--locked` was provided'*) echo 'error: uv.lock does not fit pyproject.toml: run `make lock`';; \
		*) echo "$$problem";; \
	esac >&2; exit 1; }
endef

$(UV): requirements/setup.txt
	$(install_uv)
	@touch $@

$(READY): uv.lock pyproject.toml nightbook/pyproject.toml requirements/setup.txt
	@echo "setting up $(VENV) ..."
	$(install_uv)
	@$(call sync,$(PROJECT))
	@touch $@
