"""The floor: one process imports all libraries, and forks a child for each task that executes its script.

``python floor.py STEPS WORKERS``: no kernel, no notebook, no record. Tasks that others wait for longest
come first.
"""

import gc
import importlib
import json
import os
import sys
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path


def main(plan_file: str, workers: int) -> None:
    """Run all steps, so many at once; SystemExit if one fails."""
    plan = json.loads(Path(plan_file).read_text(encoding="utf-8"))
    steps = {step["name"]: step for step in plan["steps"]}
    for module in plan["imports"]:
        with suppress(ImportError):  # a name in a module
            importlib.import_module(module)
    warnings.simplefilter("ignore")
    sys.path.insert(0, plan["notebooks"])
    os.chdir(plan["notebooks"])
    gc.collect()
    gc.freeze()

    @cache
    def depth(name: str) -> int:
        return 1 + max((depth(other) for other, step in steps.items() if name in step["after"]), default=0)

    done: set[str] = set()
    running: dict[int, str] = {}
    while len(done) < len(steps):
        ready = [
            name
            for name, step in steps.items()
            if name not in done and name not in running.values() and done.issuperset(step["after"])
        ]
        for name in sorted(ready, key=depth, reverse=True)[: workers - len(running)]:
            running[_fork(steps[name])] = name
        pid, status = os.wait()
        if status:
            sys.exit(f"{running[pid]} failed")
        done.add(running.pop(pid))


def _fork(step: dict[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        Path(step["output_dir"]).mkdir(parents=True, exist_ok=True)
        sys.stdout = Path(step["script"]).with_suffix(".log").open("w", encoding="utf-8")
        source = Path(step["script"]).read_text(encoding="utf-8")
        exec(compile(source, step["script"], "exec"), {"__name__": "__main__"})  # noqa: S102 its task
        sys.stdout.flush()
        status = 0
    except BaseException:  # noqa: BLE001 whatever a script raises
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
