"""A command as a Luigi task."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from nightbook.execution.parameter_variables import command_with_names
from nightbook.execution.script.body import ScriptBody
from nightbook.pipeline.code.class_source import source_name
from nightbook.pipeline.code.own_modules import is_own
from nightbook.pipeline.code.task_code import code_of_files
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.record.format.model import TaskKind
from nightbook.settings import settings


class ScriptTask(AttemptTask):
    """A command with one set of parameters: set ``command``, or define it as a property.

    A list is a program with its arguments; a string is a line for ``/bin/sh``. The command runs in the
    project's folder. Variables of its environment are ``OUTPUT_DIR``, the folder for its output; ``INPUTS``,
    the output folder of the required task, or JSON in the structure of ``requires()``; and ``PARAM_NAME``
    for each significant parameter: a string as it is, all else as JSON. What it prints goes to the attempt's
    ``output.log``. An exit code other than 0 is a failure.

    Example:
        >>> import luigi, nightbook
        >>> class SortNames(nightbook.ScriptTask):
        ...     column = luigi.IntParameter(default=1)
        ...     command = 'sort -k "$PARAM_COLUMN" < "$INPUTS/names.txt" > "$OUTPUT_DIR/sorted.txt"'
        >>> SortNames(column=2).body_parameters
        {'column': 2}

    """

    kind = TaskKind.SCRIPT
    command: Sequence[str] | str = ()

    @property
    def body_source(self) -> str:
        """The file and the name of the class."""
        return source_name(type(self))

    @property
    def body_code(self) -> Mapping[str, str]:
        """The command, without hidden values, and the files of the project that it names."""
        is_line = isinstance(self.command, str)
        words = re.split(r"[\s\"'=;|&<>()]+", str(self.command)) if is_line else list(self.command)
        files = [Path.cwd() / word for word in words if word]
        shown = command_with_names(self.command, self.hidden_parameters)
        text = hashlib.sha256(repr(shown).encode()).hexdigest()
        named = (file for file in files if file.is_file() and is_own(file.resolve()))
        return {"its command": text, **code_of_files(*named)}

    @property
    def body(self) -> ScriptBody:
        """The command, as an attempt executes it."""
        config = settings()
        return ScriptBody(
            command=self.command,
            name=type(self).__name__,
            parameters=self.recorded_parameters,
            hidden=self.hidden_parameters,
            inputs=self.body_inputs,
            environment=config.kernel.environment,
            max_output_bytes=config.max_output_bytes,
        )
