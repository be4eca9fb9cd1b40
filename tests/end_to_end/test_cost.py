"""What things cost, as ratios within one test: how fast the machine is does not matter."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psutil

from tests.support.project import Project

_MANY_VALUES = """
import json, os, time
attributes = [{"key": str(n), "value": {"stringValue": "x" * 20}} for n in range(12)]
line = {"name": "metric loss", "attributes": attributes}
with open(os.devnull, "wb", buffering=0) as sink:
    start = time.process_time()
    for _ in range(3000):
        sink.write(json.dumps(line).encode())
    plain_s = (time.process_time() - start) / 3
nightbook.log_metric("first", 0)
start = time.process_time()
for step in range(1000):
    nightbook.log_metric("loss", 1 / (step + 1), step=step)
nightbook.log_metric("ratio", (time.process_time() - start) / plain_s)
"""

_LARGE_FILE = """
import resource
def counters():
    lines = dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())
    return int(lines["rchar"]), int(lines["wchar"]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with (output_dir / "large.bin").open("wb") as file:
    file.truncate(200_000_000)
before = counters()
nightbook.log_artifact(output_dir / "large.bin")
read, written, memory = (after - start for after, start in zip(counters(), before))
nightbook.log_metrics({"read_mb": read / 1e6, "written_mb": written / 1e6, "memory_mb": memory / 1e3})
"""


def test_a_thousand_values_cost_little_more_than_writing_them(project: Project) -> None:
    """0.15 s on a machine that needs 10 ms for their JSON: half of it is OpenTelemetry's."""
    project.single()
    project.notebook("work", _MANY_VALUES)

    assert project.run().returncode == 0
    assert project.record().task("work").metrics["ratio"] < 30


def test_a_large_file_is_read_once_written_once_and_never_held(project: Project) -> None:
    project.single()
    project.notebook("work", _LARGE_FILE, parameters="output_dir = nightbook.scratch_dir()")

    assert project.run().returncode == 0
    costs = project.record().task("work").metrics
    assert costs["read_mb"] < 210
    assert costs["written_mb"] < 210
    assert costs["memory_mb"] < 20


def _run_tiny_tasks(project: Project, count: int) -> tuple[float, list[int]]:
    """The nanoseconds of an attempt, and the memory of the main process, looked at again and again."""
    project.pipeline(f"""
        class Tiny(NotebookTask):
            timeout_s = 300
            number = luigi.IntParameter()

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Tiny, number=number) for number in range({count})]
    """)
    project.notebook("tiny", "number + 1", parameters="number = 0")
    process = project.start("run", "--pipeline", "pipe:Root", "--workers", "2")
    main, memory = psutil.Process(process.pid), []
    while process.poll() is None:
        if len(list(project.path.glob("runs/*/tasks/tiny/*/output"))) > 2:
            memory.append(main.memory_info().rss)
        time.sleep(0.1)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return median(task.duration_ns for task in project.record().tasks), memory


def test_warm_kernels_make_small_tasks_cheap(project: Project) -> None:
    config = project.path / "luigi.cfg"
    warm_ns, memory = _run_tiny_tasks(project, 40)
    config.write_text(config.read_text().replace("warm = true", "warm = false"))
    fresh_ns, _ = _run_tiny_tasks(project, 8)

    assert warm_ns < 0.7 * fresh_ns
    half = len(memory) // 2
    assert max(memory[half:]) < 1.25 * max(memory[:half])


def test_the_warm_process_starts_before_all_that_takes_time(tmp_path: Path) -> None:
    slow = {"luigi", "nbclient", "nbformat", "jupyter_client", "jupytext", "opentelemetry", "rich", "IPython"}
    modules = ("__main__", "cli.run", "cli.resume", "cli.work", "cli.processes")

    assert _imported(*modules, folder=tmp_path) & slow == set()


def test_a_run_does_not_import_what_only_kernels_and_pages_need(tmp_path: Path) -> None:
    pipeline = ["graph.graph", "runs.invocation", "worker.worker"]
    reporting = ["progress", "tables"]
    rooms = {"cli": ["execution", "run_overview"], "pipeline": pipeline, "reporting": reporting}
    modules = [f"{room}.{module}" for room, modules in rooms.items() for module in modules]

    found = _imported(*modules, folder=tmp_path)

    assert "luigi" in found
    assert found & {"nbconvert", "bs4", "numpy", "matplotlib", "pandas", "ipykernel"} == set()


def _imported(*modules: str, folder: Path) -> set[str]:
    """The top-level modules that are loaded after the import of some of ours."""
    imports = ", ".join(["sys", *(f"nightbook.{module}" for module in modules)])
    code = f"import {imports}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())
