"""Where a task's processes find programs."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def program_path(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variable PATH with the folder of this Python's own programs in front.

    ``!pip`` in a notebook would otherwise install elsewhere when the environment is not activated.
    """
    own = str(Path(sys.executable).parent)
    others = environment.get("PATH", os.defpath).split(os.pathsep)
    return {"PATH": os.pathsep.join([own, *(folder for folder in others if folder != own)])}
