# The pipeline in a container, and (stage `development`) the tools to work on it.
#
#   docker build -t nightbook .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     --user "$(id -u):$(id -g)" -v ./runs:/nightbook/runs nightbook
#
# Layers from what changes least to what changes most: a changed notebook copies a few files.

ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# ---- dependencies: uv and its caches stay behind in these stages --------------------------------------
FROM ${PYTHON_IMAGE} AS uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1
WORKDIR /dependencies
COPY requirements/setup.txt .
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r setup.txt

# The lock file as lists: a change of pyproject.toml that changes no dependency installs nothing again.
FROM uv AS lists
COPY pyproject.toml uv.lock ./
COPY nightbook/pyproject.toml nightbook/
RUN uv export --frozen --no-emit-workspace --no-header --output-file pipeline.txt --quiet \
    && uv export --frozen --no-emit-workspace --no-header --all-packages --all-groups --output-file development.txt --quiet

FROM uv AS dependencies
COPY --from=lists /dependencies/pipeline.txt .
RUN uv venv /opt/venv && uv pip install --python /opt/venv --require-hashes -r pipeline.txt
# The command `nightbook` and its entry points; the package itself is copied later, to where this points.
# uv leaves a lock file that anyone may write.
WORKDIR /nightbook
COPY nightbook/pyproject.toml nightbook/
RUN cd nightbook && python -c 'from hatchling.build import build_editable; build_editable("/tmp")' \
    && uv pip install --python /opt/venv --no-deps /tmp/nightbook-*.whl \
    && rm -f /opt/venv/.lock

# uv and pip come along here, so that `make` can follow a changed lock file in a development container,
# whose user has the number of the person on the host. Python brings its own pip: `uv venv --seed` would take
# one from the network, by no hash.
FROM uv AS development-dependencies
COPY --from=lists /dependencies/development.txt .
RUN python -m venv /opt/venv \
    && uv pip install --python /opt/venv --require-hashes -r development.txt -r setup.txt
WORKDIR /nightbook
COPY nightbook/pyproject.toml nightbook/
RUN uv pip install --python /opt/venv --no-deps --no-build-isolation --editable nightbook \
    && touch /opt/venv/.ready \
    && chmod -R a+rwX /opt/venv

# ---- what both images are made on -------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS base
LABEL org.opencontainers.image.title="nightbook" \
      org.opencontainers.image.description="A nightly pipeline of notebooks with an experiment tracker" \
      org.opencontainers.image.licenses="MIT"
# Whoever runs the container may have no home in it, and its file system may be read-only.
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/nightbook PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp ORT_DISABLE_TELEMETRY=1
# Debian packages that the forker names.
COPY apt.txt /tmp/apt.txt
RUN packages=$(sed 's/#.*//' /tmp/apt.txt) \
    && if [ -n "$(echo $packages)" ]; then \
        apt-get update && apt-get install --no-install-recommends --yes $packages && rm -rf /var/lib/apt/lists/*; \
    fi
# What is installed is locked, and stands in /opt/venv. No program gives its user more rights.
RUN python -m pip uninstall --quiet --yes --root-user-action ignore pip setuptools wheel \
    && find / -xdev -type f -perm /6000 -exec chmod ug-s {} + \
    && useradd --uid 1000 --home-dir /tmp --no-create-home nightbook \
    && install -d -o nightbook -g nightbook /nightbook /nightbook/runs
WORKDIR /nightbook
ENTRYPOINT ["python", "-m", "nightbook.cli.container"]

# ---- which commit the code is: the history stays behind in this stage -----------------------------------
# The folder may belong to another user than the one who asks git of it.
FROM base AS git
RUN apt-get update \
    && apt-get install --no-install-recommends --yes git make \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /nightbook

FROM git AS checkout
COPY . .
RUN python -m nightbook.provenance.checkout luigi.cfg nightbook notebooks pyproject.toml site tasks uv.lock > checkout.json \
    && rm -rf .git

# ---- the tools to work on it: tests, checks, JupyterLab -----------------------------------------------
FROM git AS development
COPY --from=development-dependencies --chown=nightbook:nightbook /opt/venv /opt/venv
RUN chmod a+rwx /opt/venv
ENV VENV=/opt/venv UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy JUPYTER_CONFIG_PATH=/nightbook/.jupyter
COPY --from=checkout /nightbook .
USER nightbook
CMD ["python", "-m", "pytest", "-c", "tests/pytest.ini", "tests"]

# ---- the pipeline ---------------------------------------------------------------------------------------
FROM base AS pipeline
COPY --from=dependencies /opt/venv /opt/venv
COPY luigi.cfg pyproject.toml uv.lock ./
COPY nightbook nightbook
COPY tasks tasks
COPY notebooks notebooks
COPY site site
COPY --from=checkout /nightbook/checkout.json .
USER nightbook
CMD ["nightbook", "run"]
