"""The origin of a record that was fetched from GitHub: ``origin.json`` beside the record's own files.

Anybody can write anything into a record. This file holds what GitHub says about the workflow run that made
the record. The program that fetches the record writes it, and it overrides the record's own provenance.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from nightbook.record.format.errors import RecordError
from nightbook.record.format.files import write_text
from nightbook.record.format.model import Provenance

FILE_NAME = "origin.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """A workflow run on GitHub, and its artifact with the record.

    ``branch`` is ``owner:branch`` in a fork. ``bulky_bytes`` is the size of the files that the compact
    record leaves out.
    """

    repository_url: str
    branch: str
    revision: str
    event: str
    actor: str
    pull_request: str
    workflow: str
    workflow_run_url: str
    workflow_run_id: int
    attempt: int
    artifact_id: int
    artifact_digest: str
    bulky_bytes: int


def write_origin(record: Path, origin: Origin) -> None:
    """Write ``origin.json`` into a record's folder."""
    write_text(record / FILE_NAME, json.dumps(asdict(origin), indent=1, sort_keys=True) + "\n")


def read_origin(record: Path) -> Origin | None:
    """Return the origin of a record, or None if it was made on this machine.

    Raise RecordError if the file is damaged.
    """
    file = record / FILE_NAME
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_bytes())
        values = {field.name: found[field.name] for field in fields(Origin)}
        wrong = [field.name for field in fields(Origin) if type(values[field.name]) is not field.type]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} of another type")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordError(f"{file} is damaged ({error!r:.100}): delete the folder, fetch it again") from error
    return Origin(**values)


def confirmed(provenance: Provenance, origin: Origin) -> Provenance:
    """Return the provenance with the fields that the origin confirms or corrects."""
    return replace(
        provenance,
        trigger=origin.event,
        actor=origin.actor,
        repository_url=origin.repository_url,
        revision=origin.revision,
        branch=origin.branch,
        pull_request=origin.pull_request,
        ci_run_url=origin.workflow_run_url,
        dirty=False,
    )
