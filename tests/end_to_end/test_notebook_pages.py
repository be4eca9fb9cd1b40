"""A run of notebooks that each have something that a page cannot show: it succeeds, and each has its page."""

import html
import shutil
from pathlib import Path

import pytest

from tests.support.built_site import Site
from tests.support.project import REPOSITORY, Project

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# The cell of each notebook, and what is said on its page.
DEFECTS = {
    "attachment": ("# %% [markdown]\n# ![](attachment:x.png)", "the attachment x.png is missing"),
    "picture": (
        "# %% [markdown]\n# ![a plot](images/missing.png)",
        "images/missing.png is not in the record",
    ),
    "outside": ("# %% [markdown]\n# ![](../secret.png)", "../secret.png is not in the record"),
    "badge": (
        "# %% [markdown]\n# [![Open in Colab](https://example.org/b.svg)](https://example.org/)",
        '<span class="elsewhere"',
    ),
    "base64": ("# %%\ndisplay({'image/png': '%%%'}, raw=True)", "This image/png is not base64"),
    "unknown": (
        "# %%\ndisplay({'application/x-own': 'a'}, raw=True)",
        "cannot be shown here: application/x-own",
    ),
    "metadata": (
        f"# %%\ndisplay({{'image/png': '{PIXEL}'}}, raw=True, metadata={{'image/png': 'large'}})",
        "Cell 2 cannot be shown (",
    ),
    "script": ("# %%\ndisplay({'text/html': '<script>alert(1)</script>'}, raw=True)", "has a script"),
    "comment": ("# %% [markdown]\n# text <!-- that nobody ends", "&lt;!-- that nobody ends"),
    "huge": ("# %%\nfor _ in range(100):\n    print('x' * 99_999)", "are not shown here"),
    "control": ("# %%\nprint('dingdong \\0 \\x1b[999m end')", "dingdong"),
    "film": (
        "# %%\ndisplay({'text/html': '<video src=\"a.mp4\"></video>'}, raw=True)",
        "the video a.mp4 is not",
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("defects"))
    shutil.copy(REPOSITORY / "luigi.cfg", project.path)
    classes = [f"class {name.title()}(NotebookTask):\n    timeout_s = 300\n" for name in (*DEFECTS, "sound")]
    tasks = ", ".join(f"self.clone({name.title()})" for name in (*DEFECTS, "sound"))
    root = f"class Root(Pipeline):\n    def requires(self):\n        return [{tasks}]\n"
    project.pipeline("\n".join([*classes, root]))
    for name, (cell, _) in DEFECTS.items():
        file = project.notebook(name)
        file.write_text(f"{file.read_text()}\n{cell}\n\n# %%\nprint('the last cell of {name}')\n")
    file = project.notebook("sound", "print('the last cell of sound')")
    file.write_text(f"{file.read_text()}\n# %% [markdown]\n# ![](images/plot.png)\n")
    (file.parent / "images").mkdir()
    (file.parent / "images" / "plot.png").write_bytes(b"a picture")
    (project.path / "secret.png").write_bytes(b"a picture")
    return project


def test_what_is_wrong_with_a_notebook_is_on_its_own_page(project: Project, tmp_path: Path) -> None:
    done = project.run("--workers", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    site = Site(tmp_path)
    record = site.add(project.runs[-1])
    site.build()
    pages = {
        name: html.unescape(site.page(f"runs/{record.name}/tasks/{name}/attempt-01/index.html"))
        for name in (*DEFECTS, "sound")
    }
    for name, page in pages.items():
        assert f"the last cell of {name}" in page or name == "huge"  # a page has its first 3 MB
        said = [other for other, (_, notice) in DEFECTS.items() if notice in page]
        assert said == ([] if name == "sound" else [name])
    assert "data:image/png;base64,YSBwaWN0dXJl" in pages["sound"]
