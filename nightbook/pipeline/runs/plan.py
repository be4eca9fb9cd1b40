"""What an invocation is to do: a new run, the rest of a run, or a task that is added to a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import luigi

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.graph.extended_run import as_part, extend
from nightbook.pipeline.graph.graph import find_needed
from nightbook.pipeline.graph.named_task import named_task, task_class
from nightbook.pipeline.graph.root_task import load_pipeline
from nightbook.pipeline.parameters.run_parameters import use_run_id
from nightbook.record.format.added_tasks import AddedTask
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.settings import settings


@dataclass(frozen=True, slots=True)
class Plan:
    """``root`` is what is to be completed; ``whole`` is the root of the run that it belongs to.

    ``chosen`` are the names of the root's parameters that somebody has set.
    """

    root: luigi.Task
    whole: luigi.Task
    chosen: tuple[str, ...] = ()

    @property
    def is_addition(self) -> bool:
        """True if only a part of the run is to be completed."""
        return self.root is not self.whole


def plan_run(entry_point: str, parameters: Mapping[str, str]) -> Plan:
    """Plan a new run. Raise PipelineError if there is no such pipeline, or if the run is there already."""
    run_id = parameters.get("run_id", "")
    if run_id and RunFolder(settings().runs / run_id).spans.is_dir():
        raise PipelineError(
            f"run {run_id} is there already: continue it with `nightbook resume`, or add a task with --into"
        )
    root = load_pipeline(entry_point, parameters)
    return Plan(root, root, tuple(parameters))


def plan_resumption(run: Run) -> Plan:
    """Plan what is missing of a run: of its pipeline, and of the tasks that were added to it."""
    use_run_id(run.run_id)
    whole = extend(run.run_id, _pipeline_of(run), run.added)
    return Plan(whole, whole)


def plan_addition(run: Run, entry_point: str, parameters: Mapping[str, str]) -> Plan:
    """Plan a task that is added to a run, with what it needs.

    A parameter that the run's pipeline has too is as in the run, unless ``parameters`` has it. Raise
    PipelineError if there is no such task, and if it is the pipeline itself or belongs to another run.
    """
    if parameters.get("run_id", run.run_id) != run.run_id:
        raise PipelineError(
            f"run_id={parameters['run_id']} contradicts --into {run.run_id}: leave one of them out"
        )
    use_run_id(run.run_id)
    pipeline = _pipeline_of(run)
    known = _known_parameters(named_task(pipeline.entry_point, pipeline.parameters), task_class(entry_point))
    task = named_task(entry_point, {**known, **parameters})
    part = as_part(task)
    if part == pipeline:
        raise PipelineError(
            f"{entry_point} is what run {run.run_id} runs: continue it with `nightbook resume`"
        )
    whole = extend(run.run_id, pipeline, (*(one for one in run.added if one != part), part))
    return Plan(task, whole, tuple(parameters))


def _pipeline_of(run: Run) -> AddedTask:
    return AddedTask(run.entry_point, {name: str(value) for name, value in run.parameters.items()})


def _known_parameters(pipeline: luigi.Task, wanted: type[luigi.Task]) -> dict[str, str]:
    """Return the texts of the parameters that the pipeline and the wanted class have in common.

    A pipeline may hand on another value than its own: if all of its tasks agree on one, it is taken.
    """
    common = dict(wanted.get_params()).keys() & dict(pipeline.get_params()).keys()
    return {name: _text(pipeline, name) for name in common} | {
        name: texts.pop()
        for name in common
        if len(texts := set(_texts(find_needed(pipeline)[:-1], name))) == 1
    }


def _texts(tasks: list[luigi.Task], name: str) -> Iterator[str]:
    return (_text(task, name) for task in tasks if name in dict(task.get_params()))


def _text(task: luigi.Task, name: str) -> str:
    text: str = dict(task.get_params())[name].serialize(getattr(task, name))
    return text
