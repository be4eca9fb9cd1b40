"""A pipeline of all kinds of tasks with hidden parameters, and a search for their values in what is left."""

import base64
import hashlib
import html
import json
import shlex
import sys
import urllib.parse
import zipfile
import zlib
from pathlib import Path

from tests.support.project import Project

PASSWORD = 's3cr3t/"pass" wörd&7f3a'
TOKEN = 918273645546372
VALUES = {"password": PASSWORD, "token": str(TOKEN)}
VARIABLES = {"PASSWORD": PASSWORD, "TOKEN": str(TOKEN)}

_PIPELINE = '''
import hashlib, json, os, pathlib

import nightbook
from luigi.parameter import ParameterVisibility


def check(password, token):
    """Fail, without a value in the message, unless these are the values of the test."""
    found = hashlib.sha256(f"{password} {token!r}".encode()).hexdigest()
    if found != pathlib.Path(__file__).with_name("expected").read_text():
        raise RuntimeError("another value has arrived")


class Measure(NotebookTask):
    size = luigi.IntParameter(default=3)
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)


class Fetch(nightbook.FunctionTask):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)

    def execute(self, inputs, output_dir):
        check(self.password, self.token)
        if pathlib.Path("fails").exists():
            raise ValueError("fails on purpose")


class Send(nightbook.ScriptTask):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)

    @property
    def command(self):
        program = (
            "import os, pipe, sys; assert sys.argv[1] == os.environ['PARAM_PASSWORD'];"
            "pipe.check(os.environ['PARAM_PASSWORD'], int(os.environ['PARAM_TOKEN']));"
            "sys.exit(pipe.pathlib.Path('fails').exists())"
        )
        return [nightbook_python, "-c", program, self.password]


class Yielded(luigi.Task):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE, significant=False)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)

    def output(self):
        return luigi.LocalTarget("yielded.txt")

    def run(self):
        check(self.password, self.token)
        self.output().open("w").close()


class Plain(luigi.Task):
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE, significant=False)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)

    def output(self):
        return luigi.LocalTarget("plain.txt")

    def run(self):
        check(self.password, self.token)
        yield self.clone(Yielded)
        if pathlib.Path("fails").exists():
            raise ValueError("fails on purpose")
        self.output().open("w").close()


class Alone(luigi.Task):
    """Luigi's summary names the value of a parameter that is the only one."""
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)

    def output(self):
        return luigi.LocalTarget("alone.txt")

    def run(self):
        self.output().open("w").close()


class Added(nightbook.FunctionTask):
    """It is added to the run."""
    password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
    token = luigi.IntParameter(visibility=ParameterVisibility.HIDDEN)

    def execute(self, inputs, output_dir):
        check(self.password, self.token)


class Root(Pipeline):
    password = luigi.Parameter(default="nobody's", visibility=ParameterVisibility.PRIVATE)
    token = luigi.IntParameter(default=0, visibility=ParameterVisibility.HIDDEN)

    def requires(self):
        return [self.clone(kind) for kind in (Measure, Fetch, Send, Plain, Alone)]
'''

_NOTEBOOK = """
    import pathlib, sys
    sys.path.insert(0, "..")
    import pipe
    pipe.check(password, token)
    assert not pathlib.Path("../fails").exists()
"""


def write_hidden(project: Project) -> None:
    """Write the pipeline; tasks fail if other values arrive than the test's, or while there is ``fails``."""
    project.pipeline(_PIPELINE.replace("nightbook_python", repr(sys.executable)))
    project.notebook("measure", _NOTEBOOK, parameters="size = 1\npassword = ''\ntoken = 0\n")
    expected = hashlib.sha256(f"{PASSWORD} {TOKEN!r}".encode()).hexdigest()
    (project.path / "expected").write_text(expected)


def leaks(*places: Path) -> list[str]:
    """Return the files below the places whose bytes, names or packed content have one of the values."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    assert files
    return [str(file) for file in files if _has(file.name.encode()) or (file.is_file() and _file_has(file))]


def leaking_lines(text: str) -> list[str]:
    """Return the lines that have one of the values."""
    return [line for line in text.splitlines() if _has(line.encode())]


def _file_has(file: Path) -> bool:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            return any(_has(name.encode()) or _has(packed.read(name)) for name in packed.namelist())
    content = file.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content += zlib.decompress(content, wbits=31)
    return _has(content)


def _has(content: bytes) -> bool:
    return any(form in content for form in _FORMS)


def _forms(text: str) -> set[bytes]:
    """The value as it is, and in JSON (also twice), a URL, HTML, Python, a shell's line, and base64."""
    escaped = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    escaped |= {json.dumps(one)[1:-1] for one in escaped}
    plain = {text, *escaped, urllib.parse.quote(text), urllib.parse.quote(text, safe=""), html.escape(text)}
    plain |= {urllib.parse.quote_plus(text), repr(text)[1:-1], shlex.quote(text), text[:6]}
    coded = {base64.b64encode(text.encode()[start:])[2:-4] for start in range(3)}
    return {one.encode() for one in plain} | coded


_FORMS = {form for value in VALUES.values() for form in _forms(value)}
