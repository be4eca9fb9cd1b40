"""What this project needs of Luigi's own settings, as defaults: each that luigi.cfg sets stays as it is.

https://luigi.readthedocs.io/en/stable/configuration.html
"""

import re
from collections.abc import Iterator
from configparser import InterpolationError
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import luigi
from luigi.execution_summary import execution_summary
from luigi.interface import core
from luigi.retcodes import retcode
from luigi.scheduler import scheduler
from luigi.worker import worker

from nightbook.machine.processors import usable_processors
from nightbook.settings import OWN_SECTIONS, SettingsError

_LEAST_CPUS = 4

_DEFAULTS = {
    "worker": {
        "keep_alive": "true",  # else a worker ends before a failed task is tried again
        "wait_interval": "0.05",
        "wait_jitter": "0",
        "force_multiprocessing": "true",  # a task has a process of its own, also with one worker
        "check_complete_on_run": "true",  # a task is done when its output exists
        "ping_interval": "1",
        # No `timeout`: Luigi would stop a task in the middle of writing. `timeout_s` is ours.
    },
    "scheduler": {
        "retry_count": "1",  # attempts of a task that names none: Luigi's own default is endless
        # Seconds until a retry. With 0, Luigi's own worker counts a process that was killed twice;
        # `nightbook run` has a worker that does not, and retries at once.
        "retry_delay": "1",
        "prune_on_get_work": "true",  # luigid looks for tasks to retry when a worker asks, not each minute
        # A worker that has been silent for so many seconds is dead, and others get its tasks.
        "worker_disconnect_delay": "15",
        "disable_window": "86400",  # `retry_count` counts the failures of a day, not of the last hour
    },
    # The exit code of Luigi's own command says if the pipeline succeeded.
    "retcode": {
        "already_running": "10",
        "missing_data": "20",
        "not_run": "25",
        "task_failed": "30",
        "scheduling_error": "35",
        "unhandled_exception": "40",
    },
}


def set_luigi_defaults() -> None:
    """Set each option that this project needs and luigi.cfg does not set."""
    # The total against which `num_cpus` of the tasks is counted; `nightbook run` uses its number of workers.
    # A task that asks for more than the total would wait forever, without a word.
    resources = {"num_cpus": str(max(default_workers(), _LEAST_CPUS))}
    config = luigi.configuration.get_config()
    for section, options in {**_DEFAULTS, "resources": resources}.items():
        for name, value in options.items():
            if not config.has_option(section, name):
                config.set(section, name, value)


def check_luigi_settings() -> None:
    """Raise SettingsError for a value in one of Luigi's sections that Luigi cannot use, or a misspelt option.

    Luigi itself would end in the middle of a run, or ignore it in silence.
    """
    config = luigi.configuration.get_config()
    _check_substitutions(config)
    for section in (core, worker, scheduler, execution_summary, retcode):
        name = section.get_task_family()
        parameters = dict(section.get_params())
        for option, text in config[name].items() if config.has_section(name) else ():
            parameter = parameters.get(option.replace("-", "_"))
            if parameter is None:
                close = get_close_matches(option, parameters, n=1)
                if close:  # there are others, which are no parameters of this class
                    raise _wrong(name, f"there is no option {option!r}: is {close[0]} meant?")
                continue
            try:
                parameter.parse(text)
            except ValueError as error:
                raise _wrong(name, f"{option} cannot be {text!r:.80}: {error}") from error
    for resource, text in config["resources"].items() if config.has_section("resources") else ():
        if not text.isdecimal():
            raise _wrong("resources", f"{resource} is a number of how many there are, not {text!r:.80}")
    for problem in _unusable(worker()):
        raise _wrong("worker", problem)


def _check_substitutions(config: luigi.configuration.LuigiConfigParser) -> None:
    """Raise SettingsError for a value with a % or a ${NAME} that Luigi cannot replace.

    Our own sections are read without Luigi, and may have a % as it is.
    """
    if not isinstance(config, luigi.configuration.LuigiConfigParser):
        return  # LUIGI_CONFIG_PARSER=toml, where nothing is replaced
    for section in config.sections():
        for option in config.options(section) if section not in OWN_SECTIONS else ():
            try:
                config.get(section, option)
            except InterpolationError as error:
                reason = " ".join(str(error).split())
                mend = "set it" if "environment variable" in reason else "write %% for a percent sign"
                place = _place(config, section, option)
                raise SettingsError(f"{place}: {option} cannot be read ({reason}): {mend}") from error


def _place(config: luigi.configuration.LuigiConfigParser, section: str, option: str) -> str:
    """Return the file and the line where an option is set."""
    for path in reversed(list(config._config_paths)):  # noqa: SLF001 Luigi has no other way to ask
        here = ""
        for number, line in enumerate(_lines(path), start=1):
            heading = re.match(r"\[(.+)\]", line)
            here = heading[1] if heading else here
            if here in (section, "DEFAULT") and re.match(rf"{re.escape(option)}\s*[=:]", line, re.IGNORECASE):
                return f"{path}, line {number}, section [{here}]"
    return f"luigi.cfg, section [{section}]"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not each of the files exists
        return []


def _unusable(options: worker) -> Iterator[str]:
    """Yield what is wrong with options that are values of the right type."""
    if options.timeout:
        yield (
            f"timeout is {options.timeout}, with which Luigi ends a task in the middle of writing: "
            "remove it, and set timeout_s in the class of the task"
        )
    module, _, name = (options.task_process_context or "").rpartition(".")
    try:
        if name:
            getattr(import_module(module), name)
    except Exception as error:  # noqa: BLE001 a forker's module may raise anything
        yield (
            f"task_process_context is {options.task_process_context}, which cannot be loaded "
            f"({type(error).__name__}: {error}): name a class as module.Class"
        )


def _wrong(section: str, problem: str) -> SettingsError:
    return SettingsError(f"luigi.cfg, section [{section}]: {problem}")


def default_workers() -> int:
    """Return how many tasks run at once by default: one for each processor that this process may use."""
    return usable_processors()
