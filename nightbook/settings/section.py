"""One section of luigi.cfg: its options as values, and what nobody reads as an error."""

import json
import os
import re
from collections.abc import Sequence
from configparser import RawConfigParser
from dataclasses import dataclass, field
from difflib import get_close_matches

_ALIKE = 0.7  # of difflib's ratio: `kernels` and `notebook` are like our sections, `worker` is not
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of luigi.cfg. What cannot be understood is a ValueError that names the setting.

    ``read`` are the options that have been asked for, which are all that there are.
    """

    parser: RawConfigParser
    name: str
    read: list[str] = field(default_factory=list)

    def text(self, option: str, default: str) -> str:
        """Return the text, in which ``${NAME}`` stands for a variable of the environment, as in Luigi."""
        self.read.append(option)
        return _VARIABLE.sub(self._variable, self.parser.get(self.name, option, fallback=default))

    def integer(self, option: str, default: int) -> int:
        """Return an integer of at least 0."""
        text = self.text(option, str(default))
        if not text.strip().isdecimal():
            raise ValueError(f"section [{self.name}]: {option} is an integer of at least 0, not {text!r:.80}")
        return int(text)

    def boolean(self, option: str, *, default: bool) -> bool:
        """Return true or false, in any of the words of configparser."""
        text = self.text(option, str(default)).lower()
        if text not in RawConfigParser.BOOLEAN_STATES:
            raise ValueError(f"section [{self.name}]: {option} is true or false, not {text!r:.80}")
        return RawConfigParser.BOOLEAN_STATES[text]

    def choice(self, option: str, choices: Sequence[str]) -> str:
        """Return one of the choices, of which the first is the default."""
        text = self.text(option, choices[0]).strip()
        if text not in choices:
            raise ValueError(f"section [{self.name}]: {option} is {' or '.join(choices)}, not {text!r:.80}")
        return text

    def json(self, option: str) -> dict[str, object]:
        """Return a JSON object, which is empty by default."""
        text = self.text(option, "{}")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"section [{self.name}]: {option} is no JSON ({error}): {text!r:.80}") from error
        if not isinstance(value, dict):
            raise ValueError(f"section [{self.name}]: {option} is a JSON object, not {text!r:.80}")
        return value

    def _variable(self, found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise ValueError(f"section [{self.name}]: names the variable {found[1]}, which is not set")
        return os.environ[found[1]]


def check_names(parser: RawConfigParser, sections: Sequence[Section]) -> None:
    """Raise ValueError for a section or an option that nobody reads, and that would be ignored in silence."""
    for section in sections:
        for option in parser.options(section.name) if parser.has_section(section.name) else ():
            if option not in section.read:
                close = get_close_matches(option, section.read, n=1)
                advice = f"is {close[0]} meant?" if close else f"there are {', '.join(section.read)}"
                raise ValueError(f"section [{section.name}]: there is no setting {option!r}: {advice}")
    names = [section.name for section in sections]
    for name in parser.sections():
        # Other sections are Luigi's own, or have the name of a task's class, which begins with a capital.
        close = get_close_matches(name, names, n=1, cutoff=_ALIKE)
        if name.islower() and name not in names and close:
            raise ValueError(f"there is no section [{name}]: is [{close[0]}] meant?")
