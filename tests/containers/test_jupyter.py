"""`docker compose up notebook`: notebooks open, run cell by cell, and are saved as they were."""

import os
import urllib.error
import urllib.request

import pytest

from tests.support.containers import Containers
from tests.support.jupyter import Jupyter
from tests.support.project import wait_for

pytestmark = pytest.mark.xdist_group("docker")

STRANGER = 54321
NOTEBOOK = """\
# %% [markdown]
# # A notebook
#
# It has a *text form*.

# %%
import shared_code
import nightbook

# %% tags=["parameters"]
size = 2
output_dir = nightbook.scratch_dir()

# %%
# What a run would record is printed here.
(output_dir / "data.txt").write_text("x" * size)
shared_code.double(size)
"""


def test_a_notebook_is_opened_run_and_saved_unchanged(containers: Containers) -> None:
    path = containers.path / "notebooks"
    (path / "open.py").write_text(NOTEBOOK)
    (path / "shared_code.py").write_text("def double(x: int) -> int:\n    return 2 * x\n")
    for folder in (path, containers.path / "runs"):
        for entry in (folder, *folder.rglob("*")):
            os.chown(entry, STRANGER, STRANGER)
    up = containers.compose("up", "--detach", "notebook", JUPYTER_TOKEN="secret")
    assert up.returncode == 0, up.stdout
    wait_for(lambda: status(containers, "/api") == 200, "JupyterLab answers")
    assert status(containers, "/api/contents") == 403
    port = containers.ports["notebook"]
    assert containers.published("notebook") == [f"127.0.0.1:{port}->{port}/tcp"]

    jupyter = Jupyter(containers.ports["notebook"], "secret")
    model = jupyter.call("GET", "contents/notebooks/open.py?type=notebook&content=1")
    notebook = model["content"]
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["markdown", "code", "code", "code"]
    jupyter.run_cells("notebooks/open.py", notebook)
    (result,) = notebook["cells"][3]["outputs"]
    assert result["data"]["text/plain"] == "4"
    assert (containers.path / "runs" / "scratch" / "data.txt").read_text() == "xx"
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.11"}
    body = {"type": "notebook", "format": "json", "content": notebook}
    jupyter.call("PUT", "contents/notebooks/open.py", body)

    assert (path / "open.py").read_text() == NOTEBOOK
    assert (path / "open.py").stat().st_uid == STRANGER
    notebook["cells"][3]["source"] += "\nprint('more')"
    jupyter.call("PUT", "contents/notebooks/open.py", body)
    assert (path / "open.py").read_text() == f"{NOTEBOOK}print('more')\n"
    assert '"python": "Jupytext Notebook"' in document_settings(containers)


def document_settings(containers: Containers) -> str:
    """Among others, the viewer that a click on a Python file opens."""
    address = f"http://127.0.0.1:{containers.ports['notebook']}/lab/api/settings/"
    request = urllib.request.Request(
        f"{address}@jupyterlab/docmanager-extension:plugin", headers={"Authorization": "token secret"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def status(containers: Containers, path: str) -> int:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{containers.ports['notebook']}{path}", timeout=10
        ) as answer:
            code: int = answer.status
            return code
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return 0
