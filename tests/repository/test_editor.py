"""What an editor reads: the development container, and the task that watches."""

import json
import re
import subprocess

from tests.support.project import REPOSITORY


def test_the_development_container_is_a_stage_of_the_dockerfile() -> None:
    text = (REPOSITORY / ".devcontainer" / "devcontainer.json").read_text()
    container = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))

    build = container["build"]
    dockerfile = (REPOSITORY / ".devcontainer" / build["dockerfile"]).resolve()
    assert dockerfile == REPOSITORY / "Dockerfile"
    stage = re.search(
        rf"^FROM .* AS {build['target']}$(.*?)(^FROM|\Z)", dockerfile.read_text(), re.MULTILINE | re.DOTALL
    )
    assert stage
    assert f"USER {container['remoteUser']}" in stage[1]
    assert container["workspaceFolder"] in stage[1]
    assert is_a_target(container["postCreateCommand"])


def test_one_task_watches_and_its_messages_are_found_in_the_files() -> None:
    (task,) = json.loads((REPOSITORY / ".vscode" / "tasks.json").read_text())["tasks"]

    assert task["label"] == "watch and run all tasks"
    assert is_a_target(task["command"])
    matcher = task["problemMatcher"]
    found = re.match(
        matcher["pattern"]["regexp"], "   types │ tasks/pipeline.py:7: error: Name is not defined"
    )
    assert found
    assert [found[matcher["pattern"][part]] for part in ("file", "line", "severity")] == [
        "tasks/pipeline.py",
        "7",
        "error",
    ]
    assert re.match(matcher["background"]["beginsPattern"], "   types │ starts")
    assert re.match(matcher["background"]["endsPattern"], "   types │ ✗ exit code 1")


def is_a_target(command: str) -> bool:
    make, target = command.split()
    listed = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return make == "make" and target in {line.split()[0] for line in listed.stdout.splitlines() if line}
