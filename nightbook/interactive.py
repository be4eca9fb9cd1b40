"""Inputs and a folder to write to for a notebook that is opened by hand.

These functions give the defaults in a notebook's ``parameters`` cell. Inside a run they return a
placeholder at once, because the injected cell that follows has the real paths.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from nightbook.record.format.identity import RUN_ID
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.attempt_ends import has_succeeded
from nightbook.record.write.attempt_context import active_attempt
from nightbook.settings import find_project, read_settings

_MOST_CHOICES = 10


def newest_output(task: str, **parameters: object) -> Path:
    """Return the newest output folder of a task in any run: ``newest_output("train", size=600)``.

    Of the task's parameters, those that tell its outputs apart are enough; its id, ``train/size=600``, names
    one too. Raise ValueError if the newest run has several such outputs, FileNotFoundError if no run has one.
    Inside a run, return an empty path.

    Example:
        >>> import nightbook
        >>> cleaned = nightbook.newest_output("clean-data")
        >>> cleaned.relative_to(nightbook.scratch_dir().parent).as_posix()
        '20261123T031700Z-7f3a2c/tasks/clean-data/output'
        >>> nightbook.newest_output("train", size=600).parent.name
        'size=600'

    """
    outputs = newest_outputs(task, **parameters)
    if len(outputs) > 1:
        calls = [_call(task, choice) for choice in _choices(outputs)]
        more = f" or {len(calls) - _MOST_CHOICES} more" if len(calls) > _MOST_CHOICES else ""
        raise ValueError(
            f"{task} has {len(outputs)} outputs in the run {outputs[0].parents[3].name}: take one by its "
            f"parameters, {', '.join(calls[:_MOST_CHOICES])}{more}; or all with newest_outputs({task!r})"
        )
    return outputs[0]


def newest_outputs(task: str, **parameters: object) -> list[Path]:
    """Return the output folders of a task in the newest run that has one, one for each set of parameters.

    With ``parameters``, only those of which the task has these values. Raise FileNotFoundError if no run has
    such an output. Inside a run, return one empty path.

    Example:
        >>> import nightbook
        >>> [output.parent.name for output in nightbook.newest_outputs("train")]
        ['size=600', 'size=800']

    """
    if active_attempt() is not None:
        return [Path()]
    wanted = {name: str(value) for name, value in parameters.items()}.items()
    runs = runs_folder()
    for run in sorted(runs.glob("*"), reverse=True):
        if RUN_ID.fullmatch(run.name):
            folder = run / "tasks" / task
            # `attempt-01`, whose output was never published, has no "=" as the folder of a parameter set has
            places = sorted([*folder.glob("output"), *folder.glob("*=*/output")])
            outputs = [place for place in places if _is_result(run, place)]
            found = [output for output in outputs if wanted <= _parameters(output).items()]
            if found:
                return found
    raise FileNotFoundError(
        f"no run in {runs} has an output of {_call(task, dict(wanted)) if wanted else task}: start one with "
        "`make run`"
    )


def scratch_dir() -> Path:
    """Return the folder ``scratch`` among the runs, for a notebook's files outside a run; make it if missing.

    Inside a run, return an empty path.

    Example:
        >>> import nightbook
        >>> output_dir = nightbook.scratch_dir()
        >>> output_dir.name, output_dir.is_dir()
        ('scratch', True)

    """
    if active_attempt() is not None:
        return Path()
    folder = runs_folder() / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def runs_folder() -> Path:
    """Return the runs folder that ``luigi.cfg`` of the project around the current folder names."""
    here = Path.cwd()
    return read_settings(find_project(here) or here).runs


def _is_result(run: Path, output: Path) -> bool:
    """Return False for a folder that no attempt has published."""
    task_id = output.parent.relative_to(run / "tasks").as_posix()
    return has_succeeded(RunFolder(run).task(task_id))


def _parameters(output: Path) -> dict[str, str]:
    """Return the parameters that an output's folder names: ``size=600,seed=1``; see ``task_id_of``."""
    pairs = (pair.partition("=") for pair in output.parent.name.split(",") if "=" in pair)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _choices(outputs: Sequence[Path]) -> list[dict[str, str]]:
    """Return the parameters of each output without those that are the same in all."""
    found = [_parameters(output) for output in outputs]
    same = set.intersection(*(set(parameters.items()) for parameters in found))
    return [dict(pair for pair in parameters.items() if pair not in same) for parameters in found]


def _call(task: str, parameters: Mapping[str, str]) -> str:
    arguments = (f"{name}={value!r}" for name, value in parameters.items())
    return f"newest_output({', '.join([repr(task), *arguments])})"
