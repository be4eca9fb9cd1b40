"""The pages of functions and scripts: source and output stand in place of the notebook, as text."""

from dataclasses import replace

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, TaskKind
from tests.support.built_site import Site
from tests.support.page_parser import parse_page
from tests.support.recording import RUN_ID, declared, recorded_attempt, recorded_invocation

PLACE = f"runs/{RUN_ID}/tasks/work/attempt-01/index.html"


@pytest.mark.parametrize("kind", [TaskKind.FUNCTION, TaskKind.SCRIPT])
def test_source_and_output_are_shown_as_text(site: Site, kind: TaskKind) -> None:
    run = RunFolder(site.runs / RUN_ID)
    task = replace(declared("work"), kind=kind, notebook="pipe.py:Work")
    with recorded_invocation(run, [task]):
        folder = run.task("work").attempt(1)
        folder.path.mkdir(parents=True)
        with recorded_attempt(folder, cell_count=0) as recorder:
            folder.source.write_text("if a < b: print('<script>alert(1)</script>')\n")
            folder.output_log.write_text("\x1b[31mred\x1b[0m <script>alert(2)</script>\n")
            recorder.finish(Outcome.SUCCESS)

    site.build()

    page = site.page(PLACE)
    assert "if a &lt; b: print(&#39;&lt;script&gt;alert(1)&lt;/script&gt;&#39;)" in page
    assert "<code>red &lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert "unsafe-inline" not in page
    assert not parse_page(site.output / PLACE).all("iframe")
    shown = site.page(f"runs/{RUN_ID}/tasks/work/index.html")
    assert f"<dt>{kind.capitalize()}</dt><dd><code>pipe.py:Work</code></dd>" in shown
    assert "executed" not in shown
