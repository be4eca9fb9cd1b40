"""A forker's project in a folder of its own, run by the real command line."""

import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.model import Run
from nightbook.record.read.reader import find_runs, read_run
from tests.support.forked_command import forked_command

REPOSITORY = Path(__file__).parents[2]
TIMEOUT_S = 600  # a guard, not a measure
NIGHTBOOK = [str(Path(sys.executable).with_name("nightbook"))]  # the command as people start it
_READ_AT_START = {"LD_PRELOAD", "PYTHONPATH"}  # before there could be a fork
_OF_SLOW_START = {"run", "resume"}  # the commands that import all that a run needs
MARK = "NIGHTBOOK_TEST_PROJECT"  # by which the processes of a project are known


@dataclass(frozen=True)
class Project:
    """``luigi.cfg``, ``pipe.py`` and ``notebooks/`` in an empty folder."""

    path: Path

    def notebook(self, name: str, *cells: str, parameters: str = "") -> Path:
        """Write a notebook: the parameters cell, then the others."""
        sources = [
            f'# %% tags=["parameters"]\nimport nightbook\n{textwrap.dedent(parameters)}',
            *(f"# %%\n{textwrap.dedent(cell).strip()}\n" for cell in cells),
        ]
        file = self.path / "notebooks" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(sources), encoding="utf-8")
        return file

    def pipeline(self, source: str) -> None:
        """Write the module ``pipe`` with the pipeline ``Root``."""
        imports = "import luigi\nfrom nightbook import NotebookTask, Pipeline\n\n"
        (self.path / "pipe.py").write_text(imports + textwrap.dedent(source), encoding="utf-8")

    def single(self, class_body: str = "timeout_s = 300") -> None:
        """Write a pipeline of one task, which runs the notebook ``work``."""
        body = textwrap.indent(textwrap.dedent(class_body), "    ")
        self.pipeline(
            f"class Work(NotebookTask):\n{body}\n\n"
            "class Root(Pipeline):\n    def requires(self):\n        return [self.clone(Work)]\n"
        )

    def chain(self, *names: str, class_body: str = "timeout_s = 300") -> None:
        """Write a pipeline of the notebooks ``names``, each of which requires the one before.

        A notebook finds the output of the one before in ``inputs``, under its name.
        """
        body = textwrap.indent(textwrap.dedent(class_body), "    ")
        classes = []
        for before, name in zip(("", *names), names, strict=False):
            classes.append(f"class {_class_name(name)}(NotebookTask):\n{body}\n")
            if before:
                required = f"{{{before!r}: self.clone({_class_name(before)})}}"
                classes.append(f"    def requires(self):\n        return {required}\n")
        last = f"self.clone({_class_name(names[-1])})"
        root = f"class Root(Pipeline):\n    def requires(self):\n        return [{last}]\n"
        self.pipeline("\n".join([*classes, root]))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start ``nightbook ARGUMENTS`` in the project's folder."""
        return self.start_python("-m", "nightbook", *arguments, **environment)

    def start_python(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start Python in the project's folder."""
        return self._popen([sys.executable, *arguments], environment)

    def nightbook(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Carry out ``nightbook ARGUMENTS``, and return the ended process."""
        if _OF_SLOW_START.intersection(arguments[:1]) and not _READ_AT_START.intersection(environment):
            return forked_command(list(arguments), self.path, self._environment(environment))
        return ended(self.start(*arguments, **environment))

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Carry out ``nightbook run`` of the pipeline ``pipe:Root``, and return the ended process."""
        return self.nightbook("run", "--pipeline", "pipe:Root", *arguments, **environment)

    def luigi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Luigi's own command on the pipeline ``Root``, ended."""
        return self.luigi_task("Root", *arguments)

    def luigi_task(
        self, name: str, *arguments: str, module: str = "pipe", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Luigi's own command on a task, ended."""
        command = [Path(sys.executable).with_name("luigi"), "--module", module, name, *arguments]
        found = {"PYTHONPATH": f"{self.path}:{REPOSITORY}", **environment}
        return ended(self._popen([str(part) for part in command], found))

    @property
    def runs(self) -> list[Path]:
        """The folders of all records."""
        return find_runs(self.path / "runs")

    def record(self) -> Run:
        """The newest run as recorded."""
        return read_run(self.runs[-1])

    def _environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {**os.environ, MARK: str(self.path), **environment}

    def _popen(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.path,
            env=self._environment(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _class_name(notebook: str) -> str:
    """Return the name of the task that runs the notebook: ``TrainModel`` for ``train-model``."""
    return notebook.title().replace("-", "")


def configured(config: str, **settings: str) -> str:
    """The text of a luigi.cfg with other settings of ours: a forker's own are no business of a test."""
    parser = ConfigParser(interpolation=None)
    parser.read_string(config)
    for name, value in settings.items():
        parser.set("nightbook", name, value)
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def copy_repository(target: Path, *, without: tuple[str, ...] = ()) -> None:
    """Copy what git has or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if not name.startswith(without) and (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, target / name)


def wait_for(condition: Callable[[], bool], what: str, timeout_s: float = TIMEOUT_S) -> None:
    """Wait until the condition holds; AssertionError if it never does."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        time.sleep(0.05)


def processes_of(folder: Path) -> list[int]:
    """The ids of all living processes whose environment or command line names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(folder).encode() in text and state != "Z" and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def kill(process: subprocess.Popen[str]) -> None:
    """Kill -9, and nothing else."""
    process.send_signal(signal.SIGKILL)
    process.wait(TIMEOUT_S)


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for the end of a process, and return its output."""
    try:
        output, errors = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)
