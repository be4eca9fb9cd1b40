"""The names that modules had before version 0.2: an import of ``tasks.runlog`` finds ``nightbook.record``.

``tasks/__init__.py`` installs them, and they go with version 0.3. ``nightbook migrate`` rewrites imports.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

_NOTE = (
    "note: tasks.runlog is now nightbook; `nightbook migrate` rewrites your imports; "
    "the old names go with 0.3"
)
PACKAGES = ("tasks.github", "tasks.runlog", "tasks.runlog.render", "tasks.warm_kernels")
_COMMAND = "tasks.__main__"
# Where modules are now: those with their old names by their new package, then the others.
_MOVED = {
    "nightbook": "tasks.settings tasks.runlog.interactive",
    "nightbook.cli": "tasks.container",
    "nightbook.execution": "tasks.attempt",
    "nightbook.execution.notebook": "tasks.capped_client tasks.kernels tasks.ready_client",
    "nightbook.execution.processes": "tasks.parent_death tasks.shared_memory tasks.threads",
    "nightbook.execution.warm_kernels": (
        "tasks.warm_kernels.forked_kernel tasks.warm_kernels.forked_process tasks.warm_kernels.imports "
        "tasks.warm_kernels.process tasks.warm_kernels.protocol "
        "tasks.warm_kernels.provisioner tasks.warm_kernels.server"
    ),
    "nightbook.github": (
        "tasks.github.archive tasks.github.client tasks.github.collect tasks.github.comment "
        "tasks.github.connection tasks.github.errors tasks.github.git tasks.github.model "
        "tasks.github.trust tasks.github.unpack"
    ),
    "nightbook.pipeline.runs": "tasks.invocation tasks.stale_outputs",
    "nightbook.pipeline.tasks": "tasks.notebook_task",
    "nightbook.pipeline.worker": "tasks.status_reporter",
    "nightbook.provenance": "tasks.checkout",
    "nightbook.record": "tasks.runlog.gate tasks.runlog.goals",
    "nightbook.record.format": (
        "tasks.runlog.errors tasks.runlog.files tasks.runlog.identity tasks.runlog.layout tasks.runlog.model "
        "tasks.runlog.schema tasks.runlog.values"
    ),
    "nightbook.record.read": (
        "tasks.runlog.forward tasks.runlog.live tasks.runlog.origin tasks.runlog.otlp "
        "tasks.runlog.otlp_document tasks.runlog.portable tasks.runlog.reader tasks.runlog.span_files"
    ),
    "nightbook.record.render": (
        "tasks.runlog.render.comparison tasks.runlog.render.durations tasks.runlog.render.markdown "
        "tasks.runlog.render.mermaid tasks.runlog.render.mermaid_text tasks.runlog.render.number_columns "
        "tasks.runlog.render.plain_text tasks.runlog.render.summary tasks.runlog.render.time_axis"
    ),
    "nightbook.record.write": (
        "tasks.runlog.artifacts tasks.runlog.attempt_log tasks.runlog.encode "
        "tasks.runlog.run_lock tasks.runlog.tracing"
    ),
    "nightbook.reporting": "tasks.progress tasks.reports tasks.tables",
    "nightbook.watch": "tasks.source_files",
}
_RENAMED = {
    "tasks.code_identity": "nightbook.pipeline.code.code_version",
    "tasks.deadline": "nightbook.execution.deadline",
    "tasks.github.records": "nightbook.github.record_importer",
    "tasks.runlog.recorder": "nightbook.record.write.invocation_recorder",
    "tasks.warm_kernels.preload": "nightbook.execution.warm_kernels.preloader",
    "tasks.dag": "nightbook.pipeline.graph.graph",
    "tasks.github.exchange": "nightbook.github.transport",
    "tasks.guardian": "nightbook.execution.processes.reaper",
    "tasks.html": "nightbook.reporting.notebook_exporter",
    "tasks.leftovers": "nightbook.execution.processes.reap_orphans",
    "tasks.notebook_source": "nightbook.execution.notebook.source",
    "tasks.parameters": "nightbook.pipeline.parameters.run_parameters",
    "tasks.pages": "nightbook.reporting.notebook_pages",
    "tasks.pipeline_task": "nightbook.pipeline.graph.root_task",
    "tasks.provenance": "nightbook.provenance.environment",
    "tasks.run_notebook": "nightbook.execution.notebook.runner",
    "tasks.runlog.active": "nightbook.record.write.attempt_context",
    "tasks.runlog.logger": "nightbook",  # it also had what is in nightbook.interactive now
    "tasks.runlog.parts": "nightbook.record.read.span_parsing",
    "tasks.scheduler_server": "nightbook.pipeline.scheduling.scheduler",
    "tasks.scheduling": "nightbook.pipeline.worker.worker",
    "tasks.side_job": "nightbook.execution.processes.background_process",
    "tasks.warm_kernels.telling_app": "nightbook.execution.warm_kernels.kernel_app",
    "tasks.warm_kernels.untouched_modules": "nightbook.execution.warm_kernels.hidden_modules",
    "tasks.watch": "nightbook.watch.loop",
}
NEW_NAMES = _RENAMED | {
    old: f"{package}.{old.rpartition('.')[2]}" for package, names in _MOVED.items() for old in names.split()
}


def install() -> None:
    """Let imports find modules by their old names, from now on and in this process."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


class _Finder(MetaPathFinder):
    """Finds what no other finder has found: a module that still lies in ``tasks`` comes first."""

    def __init__(self) -> None:
        self._has_noted = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == _COMMAND:
            spec = spec_from_file_location(fullname, Path(__file__).with_name("__main__.py"))
        elif fullname in PACKAGES or fullname in NEW_NAMES:
            spec = ModuleSpec(fullname, _Loader(), is_package=fullname in PACKAGES)
        else:
            return None
        self._note()
        return spec

    def _note(self) -> None:
        if not self._has_noted:
            self._has_noted = True
            print(_NOTE, file=sys.stderr)


class _Loader(Loader):
    """Puts the module of the new name in the old one's place: there is one module, with one state."""

    def create_module(self, spec: ModuleSpec) -> None:
        del spec

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        if name in NEW_NAMES:
            sys.modules[name] = importlib.import_module(NEW_NAMES[name])
