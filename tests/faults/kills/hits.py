"""Faults: which processes of a run get which signals, and whether that has hit something."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests.faults.kills.victims import find

_POLL_S = 0.01
_PAUSE_S = (0.05, 0.4)  # between the two signals of a fault


@dataclass(frozen=True)
class Fault:
    """The victims, which get ``first`` at once; after a moment they get ``second``, if there is one.

    That is while the ``witnesses`` live, which must not outlive the others.
    """

    victims: tuple[str, ...]
    first: signal.Signals
    second: signal.Signals | None = None
    witnesses: tuple[str, ...] = ()

    def __str__(self) -> str:
        signals = [self.first.name, *([self.second.name] if self.second else [])]
        return f"{'+'.join(signals)} for {'+'.join(self.victims)}"


_KILL, _TERM, _INT, _HUP = signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP
_STOP, _CONT = signal.SIGSTOP, signal.SIGCONT

FAULTS = (
    Fault(("task",), _KILL),
    Fault(("kernel",), _KILL),
    Fault(("guard",), _KILL),
    Fault(("reaper", "main"), _KILL, witnesses=("kernel",)),
    Fault(("main",), _KILL),
    Fault(("warm",), _KILL),
    Fault(("function",), _KILL),
    Fault(("kernel",), _STOP, _CONT),
    Fault(("main",), _TERM),
    Fault(("pages",), _KILL),
    Fault(("reaper",), _KILL),
    Fault(("main",), _INT, _INT),
    Fault(("task",), _TERM),
    Fault(("guard", "main"), _KILL, witnesses=("function",)),
    Fault(("warm",), _STOP, _CONT),
    Fault(("main",), _INT),
    Fault(("guard", "task"), _KILL),
    Fault(("warm", "main"), _KILL, witnesses=("kernel",)),
    Fault(("kernel",), _TERM),
    Fault(("main",), _HUP),
    Fault(("main",), _STOP, _CONT),
    Fault(("task",), _STOP, _CONT),
    Fault(("warm",), _TERM),
    Fault(("kernel",), _INT),
    Fault(("pages",), _STOP),
    Fault(("kernel", "task"), _KILL),
)


def hit(run: subprocess.Popen[str], fault: Fault, dice: random.Random) -> bool:
    """Send the signals as soon as all victims live; return False if the run ends before."""
    while run.poll() is None:
        victims = [find(victim, run.pid) for victim in fault.victims]
        if all(victims) and all(find(witness, run.pid) for witness in fault.witnesses):
            return _strike([victim for victim in victims if victim], fault, dice)
        time.sleep(_POLL_S)
    return False


def _strike(victims: list[psutil.Process], fault: Fault, dice: random.Random) -> bool:
    """Signal the processes, whose numbers still are theirs; return whether all of them lived."""
    try:
        for victim in victims:
            victim.send_signal(fault.first)  # which looks whether the number is still the same process's
    except psutil.NoSuchProcess:
        return False
    if fault.second:
        time.sleep(dice.uniform(*_PAUSE_S))
        for victim in victims:
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                os.kill(victim.pid, fault.second)
    return True
