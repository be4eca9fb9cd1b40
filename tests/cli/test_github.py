"""``nightbook github`` apart from what the commands do, which tests/github has."""

from pathlib import Path

from tests.support.project import Project


def test_without_its_packages_the_message_names_the_extra(project: Project, tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text("raise ModuleNotFoundError(name='requests')\n")

    done = project.nightbook("github", "doctor", PYTHONPATH=str(tmp_path))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: the package requests is missing: install nightbook[github], as `make setup` does\n"
    )


def test_without_a_repository_the_message_names_the_option(project: Project) -> None:
    done = project.nightbook("github", "doctor", GITHUB_REPOSITORY="")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--repository OWNER/NAME" in done.stderr
