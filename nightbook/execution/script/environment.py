"""The variables by which a command gets a task's parameters and paths."""

import json
from collections.abc import Mapping
from pathlib import Path

from nightbook.execution.body import Paths  # noqa: TC001 as everywhere: aliases are resolved by it


def script_variables(
    parameters: Mapping[str, object], inputs: "Paths | None", output_dir: Path
) -> dict[str, str]:
    """Return ``OUTPUT_DIR``, ``INPUTS`` if there are any, and ``PARAM_NAME`` for each parameter.

    A single path and a string stand as they are, all else as JSON. The prefix keeps a parameter ``path``
    from replacing the variable by which programs are found.
    """
    variables = {f"PARAM_{name.upper()}": _text(value) for name, value in parameters.items()}
    variables["OUTPUT_DIR"] = str(output_dir)
    if inputs is not None:
        variables["INPUTS"] = _text(inputs)
    return variables


def _text(value: object) -> str:
    if isinstance(value, str | Path):
        return str(value)
    return json.dumps(value, default=str)
