"""Comments that may have been meant as magics: by default, jupytext writes ``%time x`` as ``# %time x``.

To Nightbook a comment is a comment. Only a notebook whose header says ``comment_magics: true`` has its magics
in comments. https://jupytext.readthedocs.io/en/latest/formats-scripts.html#magic-commands
"""

import re
from collections.abc import Iterator

from jupytext.magics import is_magic

from nightbook.execution.notebook.text_cells import TextCell

_COMMAND = re.compile(r"\s*#[#\s]*(?:%{1,3}[a-zA-Z]|!\s*[\w.~$\\/{}])")
_ASSIGNMENT = re.compile(r"\s*#[#\s]*\w+\s*=\s*[%!]\s*\w")
_HELP = re.compile(r"\s*#[#\s]*(?:\?|\S*\?\s*$)")
_NAME = re.compile(r"\s*#[#\s]*(%{1,3})(\w+)")
# Those of IPython, and a few that extensions bring: `# %d lines` is a comment on formatting.
_KNOWN = re.compile(
    r"R|alias|alias_magic|autoawait|autocall|automagic|autoreload|bash|bookmark|cache|capture|cd"
    r"|cell_magic|clear|code_wrap|colors|conda|config|connect_info|cp|cython|debug|dhist|dirs|doctest_mode"
    r"|ed|edit|env|file|gui|hist|history|html|javascript|js|killbgscripts|latex|ldir|less|load|load_ext"
    r"|loadpy|logoff|logon|logstart|logstate|logstop|ls|lsmagic|lprun|macro|magic|mamba|man|markdown"
    r"|matplotlib|memit|micromamba|mkdir|mprun|mv|notebook|page|pastebin|pdb|pdef|pdoc|perl|pfile|pinfo"
    r"|pinfo2|pip|popd|pprint|precision|prun|psearch|psource|pushd|pwd|pycat|pylab|python|python3|quickref"
    r"|recall|rehashx|reload_ext|rep|rerun|reset|reset_selective|rm|rmdir|ruby|run|save|sc|script|set_env"
    r"|sh|sql|store|subshell|svg|sx|system|tb|tensorboard|time|timeit|unalias|unload_ext|uv|watermark|who"
    r"|who_ls|whos|writefile|xdel|xmode"
)


def find_magic_comments(
    cell: TextCell, *, comment_magics: bool | None, by_jupytext: bool
) -> Iterator[tuple[int, str]]:
    """Yield the comments of a code cell that could be commands, each with its number and what is to be done.

    ``comment_magics`` is what the notebook's header says, or None. With ``by_jupytext`` the header says that
    jupytext wrote the file, so that more is likely to be a command.
    """
    if comment_magics is False:
        return
    lines = [(number, line) for number, line in cell.unquoted_lines() if line.strip()]
    only_comments = all(line.lstrip().startswith("#") for _, line in lines)
    for position, (number, line) in enumerate(lines):
        if not line.lstrip().startswith("#"):
            continue
        text = line.strip()
        if comment_magics:
            if is_magic(line, "python") and not _is_written_as_magic(line):
                yield number, _word_message(text)
        elif _is_likely(line, first=position == 0, by_jupytext=by_jupytext) or (
            by_jupytext and only_comments and is_magic(line, "python") and not _HELP.match(line)
        ):
            yield number, _message(text)


def _is_written_as_magic(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_COMMAND, _ASSIGNMENT, _HELP))


def _is_likely(line: str, *, first: bool, by_jupytext: bool) -> bool:
    if by_jupytext and _ASSIGNMENT.match(line):
        return True
    if not _COMMAND.match(line):
        return False
    name = _NAME.match(line)
    return name is None or by_jupytext or _KNOWN.fullmatch(name[2]) is not None or (first and name[1] == "%%")


def _message(text: str) -> str:
    magic = text.lstrip("# ")
    return (
        f"`{text}` is a comment, which does not run: write `{magic}` if it is a magic. If it is none, say "
        "`comment_magics: false` in the notebook's header; `true` has the magics of all its comments run"
    )


def _word_message(text: str) -> str:
    command = text.lstrip("# ")
    return (
        f"`{text}` is a comment, and a command to jupytext, because the header says `comment_magics: true`: "
        f"write `# !{command}` if it is a command, or begin the comment with another word"
    )
