"""The life of a kernel that was forked from the warm process."""

import gc
import os
import signal
import sys
import time
import types
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NoReturn

from nightbook.execution.warm_kernels.hidden_modules import modules_untouched
from nightbook.execution.warm_kernels.protocol import KernelRequest, process_message

_KEPT, _LAST_DESCRIPTOR = 3, 1 << 16


def become_kernel(
    request: KernelRequest, *, modules: frozenset[str], variables: Mapping[str, str], connection: int
) -> NoReturn:
    """Make this process, a fork, what a fresh kernel's would be, and run the kernel in it.

    ``modules`` are the names of those that have been imported, ``variables`` have been set by them.
    ``connection`` is told the process's id, and once the kernel's sockets are bound. Nothing of the warm
    process is left to see: not its environment, arguments, open files, seeds or main module.
    """
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        connection = _keep_only(connection)
        os.write(connection, process_message(os.getpid()))
        _redirect(request.log)
        os.environ.clear()
        os.environ.update({**variables, **request.environment})
        time.tzset()
        os.chdir(request.cwd)
        _reseed()
        gc.enable()
        if request.num_threads > 1:  # numerical libraries were told of one as they were loaded
            _allow_threads(request.num_threads)
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.argv = [_path_of(request.arguments[0]), *request.arguments[1:]]
        _run_kernel(request.arguments[1:], connection, modules)
        status = 0
    except SystemExit as end:
        status = _status(end)
    except BaseException:  # noqa: BLE001 what a fresh process would print as it dies
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


def _status(end: SystemExit) -> int:
    """The exit status; what is none is printed, as Python does."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _run_kernel(arguments: list[str], connection: int, modules: frozenset[str]) -> None:
    from nightbook.execution.warm_kernels.kernel_app import TellingKernelApp  # noqa: PLC0415 only a kernel needs it

    app = TellingKernelApp.telling(connection)
    with modules_untouched():
        app.initialize(arguments)
    shell: Any = app.shell
    shell._sys_modules_keys = modules  # noqa: SLF001 what `%reset --aggressive` leaves
    app.start()


def _keep_only(connection: int) -> int:
    """Close what the warm process has open, but for the standard streams and this."""
    if connection != _KEPT:
        os.dup2(connection, _KEPT, inheritable=False)
    os.closerange(_KEPT + 1, _LAST_DESCRIPTOR)
    return _KEPT


def _redirect(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(target, stream)
    os.close(target)


def _allow_threads(count: int) -> None:
    import threadpoolctl  # noqa: PLC0415 sets a variable as it is imported

    threadpoolctl.threadpool_limits(count)


def _reseed() -> None:
    """New seeds where forks would share one; Python's own ``random`` does so by itself."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _path_of(module: str) -> str:
    spec = find_spec(module)
    return spec.origin if spec and spec.origin else module
