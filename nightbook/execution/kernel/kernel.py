"""The kernel of a notebook that nobody sits in front of."""

import atexit
import gc
import os
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from time import sleep
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from ipykernel.ipkernel import IPythonKernel
from IPython.core.error import StdinNotImplementedError
from traitlets import Integer

from nightbook.execution.kernel.packing import pack_safely
from nightbook.execution.kernel.setup import set_up
from nightbook.execution.kernel.stream import KernelStream, lose_nothing
from nightbook.execution.processes.ending import completed_files, run_librarys_hooks

_LAST_FLUSH_S = 5.0
_KEPT = (ModuleType, FunctionType, type)


class NotebookKernel(IPythonKernel):
    """Ends as a script ends: files are closed, and exit hooks run, before the client hears of the end."""

    max_output_bytes = Integer(4_000_000, help="the size up to which an output is published").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._pid = os.getpid()
        streams = (sys.stdout, sys.stderr)  # a cell may set others
        self._streams: list[Any] = [stream for stream in streams if isinstance(stream, KernelStream)]
        self._execute_sleep = 0.0  # the client waits for all output, and a cell may have replaced `sleep`
        shell: Any = self.shell
        session: Any = self.session
        pack_safely(session, self.max_output_bytes)
        shell._tee = _keep_nothing  # noqa: SLF001 IPython keeps all that is printed, for `%notebook`
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end_fork)
        shell.events.register("post_run_cell", self._keep_streams)
        sys.breakpointhook = self._refuse_breakpoint
        atexit.register(self._end)  # before the sockets are closed, and after what cells register

    def raw_input(self, prompt: object = "") -> NoReturn:
        """Refuse what ``input`` asks for, and the debugger."""
        raise StdinNotImplementedError(_refusal(f"input({str(prompt)!r})"))

    def getpass(self, prompt: str = "", *_: object, **__: object) -> NoReturn:
        """Refuse what ``getpass`` asks for."""
        raise StdinNotImplementedError(_refusal(f"getpass({str(prompt)!r})"))

    async def shutdown_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Have the main thread leave its loop, so that Python's exit hooks run, and `_end` as the last.

        The other threads go on. ipykernel would end them all at once, and they close what others still read.
        """
        session: Any = self.session
        content = {"status": "ok", "restart": False}
        session.send(stream, "shutdown_reply", content, parent, ident=ident)
        self.io_loop.add_callback(self.io_loop.stop)
        leave_gui = getattr(self.eventloop, "exit_hook", None)
        if leave_gui is not None:
            leave_gui(self)

    def _begin(self, _: object) -> None:
        """Before the first cell: the client is connected, and this process is in the notebook's folder."""
        lose_nothing(self.iopub_thread)
        shell: Any = self.shell
        shell.events.unregister("pre_run_cell", self._begin)
        set_up(shell)
        gc.freeze()  # what there is by now needs no completion: the end looks only at what the notebook makes

    def _refuse_breakpoint(self, *_: object, **__: object) -> NoReturn:
        raise StdinNotImplementedError("breakpoint(): nobody can debug while a pipeline runs. Remove it")

    def _end(self) -> None:
        """Delete what the notebook has left, publish what that prints, say that this was all, and end.

        What would follow are ipykernel's own hooks, which wait for its threads and sockets, and may not end.
        """
        if os.getpid() != self._pid:
            return
        try:
            self._complete()
        except Exception:  # noqa: BLE001 print what Python prints of an exit hook, and end all the same
            sys.excepthook(*sys.exc_info())
        for stream in self._streams:
            stream.stop_watching(_LAST_FLUSH_S)
            stream.flush()
        content = {"status": "ok", "restart": False}
        session: Any = self.session
        session.send(self.iopub_socket, "shutdown_reply", content)
        sleep(_LAST_FLUSH_S)  # the client kills this process when it has received that
        os._exit(0)

    def _complete(self) -> None:
        for stream in self._streams:
            stream.flush_timeout = _LAST_FLUSH_S  # the thread that publishes may have ended
        run_librarys_hooks()
        with completed_files():
            _forget(self.shell)
            gc.collect()

    def _end_fork(self, *_: object) -> None:
        """End a process that the cell has forked and let go on: the cell is the kernel's to complete."""
        if os.getpid() != self._pid:
            for stream in self._streams:
                with suppress(Exception):
                    stream.flush()
            os._exit(0)

    def _keep_streams(self, *_: object) -> None:
        """Take back a stream that the cell has replaced by something that ipykernel could not flush.

        It would fail to answer, and the client would wait.
        """
        for stream in self._streams:
            try:
                replaced = getattr(sys, stream.name)
                if replaced is not None:
                    replaced.flush()
            except Exception as error:  # noqa: BLE001 whatever it is
                setattr(sys, stream.name, stream)
                notice = f"sys.{stream.name} cannot be flushed ({error!r}): it is the notebook's own again"
                self._streams[-1].write(f"[nightbook: {notice}]\n")


def _keep_nothing(channel: str) -> AbstractContextManager[None]:  # noqa: ARG001 IPython's signature
    return nullcontext()


def _forget(shell: Any) -> None:
    """Delete what the notebook has made, newest first, and what IPython remembers of it.

    Modules, functions and classes stay: what is deleted may need them.
    """
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)
    shell.last_execution_result = None
    shell.history_manager.output_hist.clear()
    names: dict[str, Any] = shell.user_ns
    for name in reversed(list(names)):
        if not (name.startswith("__") or isinstance(names[name], _KEPT)):
            del names[name]


def _refusal(call: str) -> str:
    return f"{call}: nobody can answer while a pipeline runs. Make it a parameter of the task"
