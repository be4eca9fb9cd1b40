"""The settings of a project, as luigi.cfg has them."""

from pathlib import Path

import pytest

from nightbook.record.goals import Better, Goal
from nightbook.settings import SettingsError, check_project, find_project, read_settings


def test_each_setting_has_a_default(tmp_path: Path) -> None:
    found = read_settings(tmp_path)

    assert (found.notebooks, found.runs) == (tmp_path / "notebooks", tmp_path / "runs")
    assert (found.pipeline, found.main_branch, found.engine, found.goals) == ("", "main", "local", ())
    assert (found.kernel.warm, found.kernel.preload, found.kernel.environment) == (True, None, {})


def test_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELSEWHERE", "/mnt/runs")
    (tmp_path / "luigi.cfg").write_text(
        '[nightbook]\npipeline = a:B\nruns = ${ELSEWHERE}\nmetrics = {"loss":\n  {"better": "lower"}}\n'
        '[kernel]\nwarm = no\npreload = numpy pandas\nenvironment = {"SHARE": "50 %"}\n'
    )

    found = read_settings(tmp_path)

    assert (found.pipeline, found.runs) == ("a:B", Path("/mnt/runs"))
    assert found.goals == (Goal("loss", Better.LOWER),)
    assert (found.kernel.warm, found.kernel.preload) == (False, ("numpy", "pandas"))
    assert found.kernel.environment == {"SHARE": "50 %"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[nightbook]\nmetrics = {broken", "section [nightbook]: metrics is no JSON"),
        ("[nightbook]\nmetrics = []", "section [nightbook]: metrics is a JSON object"),
        ('[nightbook]\nmetrics = {"a": 1}', "section [nightbook]: metric 'a'"),
        ("[nightbook]\nmax_output_bytes = many", "section [nightbook]: max_output_bytes is an integer"),
        ("[nightbook]\nruns = ${UNSET_HERE}", "section [nightbook]: names the variable UNSET_HERE"),
        ("[nightbook]\nkeep_files_mb = -3", "section [nightbook]: keep_files_mb is an integer of at least 0"),
        ("[kernel]\nwarm = maybe", "section [kernel]: warm is true or false"),
        ("[kernel]\nenvironment = 1", "section [kernel]: environment is a JSON object"),
        ("[nightbook]\nmain_brnach = trunk", "there is no setting 'main_brnach': is main_branch meant?"),
        ("[kernel]\ncolour = red", "there is no setting 'colour': there are warm, preload, environment"),
        ("[engine]\nnames = local", "there is no setting 'names': is name meant?"),
        ("[kernels]\nwarm = no", "there is no section [kernels]: is [kernel] meant?"),
        ("[notebook]\nruns = a", "there is no section [notebook]: is [nightbook] meant?"),
        ("pipeline = a:B", "no section headers"),
        ("[nightbook]\nruns = a\nruns = b", "option 'runs'"),
    ],
)
def test_a_setting_that_is_unclear_is_named_with_its_file(text: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "luigi.cfg"
    file.write_text(text)

    with pytest.raises(SettingsError) as raised:
        read_settings(tmp_path)

    assert str(raised.value).startswith(f"{file}, ")
    assert complaint in str(raised.value)
    assert "\n" not in str(raised.value)
    assert str(raised.value).count(str(file)) == 1
    assert "PosixPath" not in str(raised.value)


def test_sections_of_others_are_left_to_them(tmp_path: Path) -> None:
    others = ("worker", "core", "benchmarks", "email", "Kernels", "FitHouses", "tasks.Train")
    (tmp_path / "luigi.cfg").write_text("".join(f"[{name}]\nanything = 1\n" for name in others))

    assert read_settings(tmp_path).main_branch == "main"


def test_a_project_is_found_from_below(tmp_path: Path) -> None:
    below = tmp_path / "notebooks" / "deep"
    below.mkdir(parents=True)
    assert find_project(below) not in (below, tmp_path)
    (tmp_path / "luigi.cfg").touch()

    assert find_project(below) == tmp_path
    with pytest.raises(SettingsError, match=f"there is no luigi.cfg in {below}: change to {tmp_path}"):
        check_project(below)
    check_project(tmp_path)
