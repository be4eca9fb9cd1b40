"""Nothing that one notebook does is seen by another, and none sees that its kernel is a fork."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.execution.warm_kernels.client import set_warm_address
from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt
from tests.support.state_changes import CHANGES

# What a kernel looks like from the inside; `...` stands for what differs between any two kernels.
VIEWS = {
    "its main module": "import __main__; print(sorted(vars(__main__)), __name__, __main__.__name__)",
    "its arguments": "import sys; print(sys.argv[:2], len(sys.argv), sys.executable, sys.flags)",
    "its search path": "import sys; print(sys.path)",
    "what `%reset --aggressive` leaves": (
        "import sys, mailbox; get_ipython().run_line_magic('reset', '-f --aggressive'); "
        "import sys; print('mailbox' in sys.modules, 'json' in sys.modules, 'IPython' in sys.modules)"
    ),
    "its session": "import os; print(os.getsid(0) == os.getpid() == os.getpgid(0))",
    "its threads": """
import threading
for thread in threading.enumerate():
    if type(thread).__name__ != "ParentPollerUnix":
        print(type(thread).__name__, thread.daemon)
""",
    "its garbage collector": "import gc; print(gc.isenabled(), gc.get_threshold(), gc.get_debug())",
    "its time zone": "import time; print(time.tzname)",
    "its open files": """
import os, re

def names(process):
    # Nothing comes from standard input, and a forked kernel dies with its connection, the descriptor 100.
    for number in set(os.listdir(f"/proc/{process}/fd")) - {"0", "100"}:
        try:
            yield os.readlink(f"/proc/{process}/fd/{number}")
        except FileNotFoundError:
            pass  # the list itself

own = list(names("self"))
# As many as clients have connected, and threads have printed, by now.
sockets = {name for name in own if name.startswith(("socket:", "anon_inode:[eventfd]"))}
print(*sorted(re.sub(r"[0-9]+", "...", name) for name in own if name not in sockets), sep="\\n")
print("inherited:", {name for name in sockets if name.startswith("socket:")} & set(names(os.getppid())))
""",
    "its signals": """
import signal
for number in sorted(signal.valid_signals()):
    print(number, signal.getsignal(number))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
""",
    "its environment": """
import os, sklearn  # which sets some variables
debugger = "PYDEVD_USE_FRAME_EVAL"  # set by the debugger, which forked kernels do without
for name in sorted(os.environ.keys() - {"JPY_PARENT_PID", "_", debugger}):
    print(name, os.environ[name])
""",
    "a figure": """
import matplotlib.pyplot as plt
print(plt.get_backend())
plt.plot([1, 2, 3])
""",
    "a shown figure": """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.hist([1, 2, 2, 3])
plt.show()
""",
    "a table": "import pandas as pd; pd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "a wide table": "import pandas as pd; pd.DataFrame({f'column {number}': [1.5] for number in range(60)})",
    "a model": """
from sklearn.datasets import load_digits
from sklearn.svm import SVC
pixels, labels = load_digits(return_X_y=True)
model = SVC(C=0.001, kernel="linear").fit(pixels[:300], labels[:300])
print(model.decision_function(pixels[300:303]).tobytes().hex())
""",
    "a seeded sequence": """
import random
import numpy as np
random.seed(1)
np.random.seed(1)
print(random.random(), np.random.random(), np.random.default_rng(1).random())
""",
    "a warning": "import warnings; warnings.warn('careful', DeprecationWarning)",
    "a question": "input('?')",
    "a magic": "%who\n%timeit -n1 -r1 -q -o pass\n!echo from a shell",
    "a child process": """
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout)
""",
    "a pool of processes": """
import multiprocessing
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))
""",
    "an error": "import json\njson.loads('{')",
}

Run = Callable[..., list[str]]


@pytest.fixture
def outputs(tmp_path: Path) -> Run:
    """What a notebook of these cells shows, in a kernel forked at the address or in a fresh one."""

    def run(*sources: str, address: str | None) -> list[str]:
        set_warm_address(address)
        try:
            folder = tmp_path / "attempts"
            attempt = Attempt(folder)
            attempt.max_output_bytes = 1_000_000
            attempt.run("import os; print(os.getppid())", *sources)
            assert (attempt.texts()[0] == f"{os.getpid()}\n") == (address is None)
            cells = [cell.outputs for cell in attempt.saved().cells]
            attempt.folder.path.rename(tmp_path / f"attempt-{len(list(tmp_path.iterdir()))}")
            folder.rename(tmp_path / f"folder-{len(list(tmp_path.iterdir()))}")
        finally:
            set_warm_address(None)
        text = json.dumps(cells[-1], indent=1).replace("\\n", "\n")
        return re.sub(r"(kernel_(?=\d)|(?:0x|/)(?=[0-9a-f]{4}))[0-9a-f]+", r"\1...", text).splitlines()

    return run


@pytest.mark.promise("What a notebook or a function changes in its process is seen by no other.")
@pytest.mark.parametrize(("change", "look"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_by_the_notebook_itself_only(
    outputs: Run, warm_kernels: str, change: str, look: str
) -> None:
    unchanged = outputs(look, address=warm_kernels)
    changed = outputs(change, look, address=warm_kernels)
    after = outputs(look, address=warm_kernels)

    assert after == unchanged != changed


@pytest.mark.promise("A notebook in a warm kernel does what it does in a fresh one.")
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_forked_kernel_shows_what_a_fresh_one_does(outputs: Run, warm_kernels: str, view: str) -> None:
    assert outputs(view, address=warm_kernels) == outputs(view, address=None)


def test_every_kernel_has_seeds_of_its_own(outputs: Run, warm_kernels: str) -> None:
    source = (
        "import random, numpy, uuid; print(random.random(), numpy.random.random(), uuid.uuid4(), sep='\\n')"
    )

    first, second = (outputs(source, address=warm_kernels) for _ in range(2))

    differing = [one != other for one, other in zip(first, second, strict=True)]
    assert differing.count(True) == 3


@pytest.mark.parametrize("num_cpus", [1, 2])
def test_numerical_libraries_keep_to_the_tasks_processors(
    tmp_path: Path, kernels: str, num_cpus: int
) -> None:
    attempt = Attempt(tmp_path)
    attempt.num_cpus = num_cpus

    result = attempt.run(
        "import numpy, sklearn.svm, threadpoolctl\n"
        "print(sorted({(lib['user_api'], lib['num_threads']) for lib in threadpoolctl.threadpool_info()}))"
    )

    assert result.outcome is Outcome.SUCCESS, kernels
    assert attempt.texts() == [f"[('blas', {num_cpus}), ('openmp', {num_cpus})]\n"]
