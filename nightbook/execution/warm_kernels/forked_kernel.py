"""The life of a kernel that was forked from the warm process."""

import gc
import os
import signal
import sys
import time
import types
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NoReturn

from nightbook.execution.processes.ending import run_exit_hooks
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.execution.warm_kernels.hidden_modules import hidden_modules
from nightbook.execution.warm_kernels.protocol import KernelRequest, process_message

_KEPT, _LAST_DESCRIPTOR = 3, 1 << 16


def become_kernel(
    request: KernelRequest,
    *,
    parent: int,
    modules: frozenset[str],
    variables: Mapping[str, str],
    connection: int,
    streams: Sequence[int],
) -> NoReturn:
    """Turn this process, a fork, into the equivalent of a fresh kernel's process, and run the kernel.

    ``modules`` are the names of the imported modules, and ``variables`` have been set by them. The process
    id is sent over the ``connection``, and a notification when the kernel's sockets are bound. ``streams``
    are its standard output and error. Nothing else of the warm process remains: not its environment,
    arguments, open files, seeds or main module.
    """
    status = 1
    try:
        os.setsid()
        die_with_parent(parent)  # until it can die with its client, which comes next
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        connection = _keep_only(connection)
        os.write(connection, process_message(os.getpid()))
        os.environ.clear()
        os.environ.update({**variables, **request.environment})
        time.tzset()
        os.chdir(request.cwd)
        _reseed()
        gc.enable()
        if request.num_threads > 1:  # numerical libraries were loaded with one thread
            _allow_threads(request.num_threads)
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.argv = [_path_of(request.arguments[0]), *request.arguments[1:]]
        _run_kernel(request.arguments[1:], connection, modules)
        run_exit_hooks()
        status = 0
    except SystemExit as end:
        status = _status(end)
    except BaseException:  # noqa: BLE001 print what a fresh process would print as it dies
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


def _status(end: SystemExit) -> int:
    """Return the exit status; print the code if it is no status, as Python does."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _run_kernel(arguments: list[str], connection: int, modules: frozenset[str]) -> None:
    from nightbook.execution.warm_kernels.kernel_app import NotifyingKernelApp  # noqa: PLC0415 only kernels need it

    app = NotifyingKernelApp.notifying(connection)
    with hidden_modules():
        app.initialize(arguments)
    shell: Any = app.shell
    shell._sys_modules_keys = modules  # noqa: SLF001 the modules that `%reset --aggressive` keeps
    app.start()


def _keep_only(connection: int) -> int:
    """Close all descriptors except the standard streams and this one; return its new number."""
    if connection != _KEPT:
        os.dup2(connection, _KEPT, inheritable=False)
    os.closerange(_KEPT + 1, _LAST_DESCRIPTOR)
    return _KEPT


def _allow_threads(count: int) -> None:
    import threadpoolctl  # noqa: PLC0415 sets a variable at import

    threadpoolctl.threadpool_limits(count)


def _reseed() -> None:
    """Seed the generators whose state all forks would share; Python's own ``random`` reseeds itself."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _path_of(module: str) -> str:
    spec = find_spec(module)
    return spec.origin if spec and spec.origin else module
