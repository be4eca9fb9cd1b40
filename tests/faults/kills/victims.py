"""The processes of a run, by what they are for."""

import os

import psutil

_WARM = "nightbook.execution.warm_kernels"
_GUARD = "kill -s KILL"
_REAPER = 'exec "$@"'


def find(victim: str, main: int) -> psutil.Process | None:
    """Return a living process of the run, or None: of a kind that is named below, or the main one."""
    try:
        this = psutil.Process(main)
        if victim == "main":
            return this if _lives(this) else None
        for process in this.children(recursive=True):
            if _lives(process) and _kind(process, main) == victim:
                return process
    except psutil.Error:
        pass
    return None


def _kind(process: psutil.Process, main: int) -> str:
    """Return what the process is for, or an empty text."""
    try:
        command = " ".join(process.cmdline())
        parent = process.ppid()
        leads = os.getsid(process.pid) == process.pid
        if _WARM in command:
            return "kernel" if leads else "warm" * (parent == main)
        if command.startswith(("/bin/sh", "sh")):
            return "guard" if _GUARD in command else "reaper" * (_REAPER in command)
        if parent != main:
            return "function" * leads
        return "pages" if os.sched_getscheduler(process.pid) == os.SCHED_IDLE else "task"
    except (psutil.Error, ProcessLookupError):
        return ""


def _lives(process: psutil.Process) -> bool:
    return bool(process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD))
