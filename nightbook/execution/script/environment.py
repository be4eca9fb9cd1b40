"""The variables by which a command gets a task's parameters and paths."""

from collections.abc import Mapping
from pathlib import Path

from nightbook.execution.body import Paths  # noqa: TC001 as everywhere: aliases are resolved by it
from nightbook.execution.parameter_variables import as_text, parameter_variables


def script_variables(
    parameters: Mapping[str, object], inputs: "Paths | None", output_dir: Path
) -> dict[str, str]:
    """Return ``OUTPUT_DIR``, ``INPUTS`` if there are any, and ``PARAM_NAME`` for each parameter.

    A single path and a string stand as they are, all else as JSON.
    """
    variables = parameter_variables(parameters)
    variables["OUTPUT_DIR"] = str(output_dir)
    if inputs is not None:
        variables["INPUTS"] = as_text(inputs)
    return variables
