"""A luigid of our own that a test starts, asks and kills."""

import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.support.project import Project, kill, wait_for


@dataclass
class Scheduler:
    """``nightbook scheduler``, which can be killed and started again."""

    project: Project
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nightbook", "scheduler", "--port", str(self.port)],
            cwd=self.project.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        wait_for(lambda: answers(self.url), "the scheduler answers", timeout_s=30)

    def kill(self) -> None:
        if self.process:
            kill(self.process)

    def ask(self, method: str, **data: object) -> Any:
        """What the page asks."""
        query = urllib.parse.urlencode({"data": json.dumps(data)})
        with urllib.request.urlopen(f"{self.url}/api/{method}?{query}", timeout=10) as answer:
            return json.load(answer)["response"]

    def running(self) -> tuple[str, dict[str, Any]]:
        """Luigi's id of the task ``Work`` while it runs, and what the page shows; empty if it does not."""
        tasks = self.ask("task_list", status="RUNNING", upstream_status="")
        return next((found for found in tasks.items() if found[1]["name"] == "Work"), ("", {}))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.URLError:
        return False
