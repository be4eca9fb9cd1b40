"""What code may change in its own process, and how other code would see it: both as source."""

CHANGES = {
    "a patched library": ("import json; json.dumps = None", "import json; print(json.dumps)"),
    "a patched builtin": ("import builtins; builtins.abs = None", "print(abs(-1))"),
    "an own module": ("import sys, types; sys.modules['mine'] = types.ModuleType('mine')", "import mine"),
    "a global name": ("number = 1", "number"),
    "the environment": ("import os; os.environ['MINE'] = '1'", "import os; print(os.environ.get('MINE'))"),
    "the folder": ("import os; os.chdir('/')", "import os; print(os.getcwd())"),
    "sys.path": ("import sys; sys.path.append('/mine')", "import sys; print('/mine' in sys.path)"),
    "Matplotlib's settings": (
        "import matplotlib.pyplot as plt; plt.style.use('dark_background'); plt.rcParams['figure.dpi'] = 9",
        "import matplotlib.pyplot as plt; print(plt.rcParams['figure.dpi'], plt.rcParams['axes.facecolor'])",
    ),
    "pandas' options": (
        "import pandas; pandas.options.display.max_rows = 3",
        "import pandas; print(pandas.options.display.max_rows)",
    ),
    "filters of warnings": (
        "import warnings; warnings.simplefilter('error')",
        "import warnings; warnings.warn('seen'); print('went on')",
    ),
    "logging": (
        "import logging; logging.basicConfig(level=1); logging.disable(50)",
        "import logging; print(logging.root.handlers, logging.root.level, logging.root.manager.disable)",
    ),
    "signals": (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "import signal; print(signal.getsignal(signal.SIGTERM))",
    ),
    "a thread": (
        "import threading, time; threading.Thread(target=time.sleep, args=(60,), name='mine').start()",
        "import threading; print('mine' in [thread.name for thread in threading.enumerate()])",
    ),
    "the mask of new files": ("import os; os.umask(0o777)", "import os; print(os.umask(0o22))"),
    "the size of the stack": (
        "import sys; sys.setrecursionlimit(100_000)",
        "import sys; print(sys.getrecursionlimit())",
    ),
}
