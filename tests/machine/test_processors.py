"""The processors that a container may use, by the files of its control groups."""

from pathlib import Path

import pytest

from nightbook.machine import processors
from nightbook.machine.processors import usable_processors


@pytest.fixture(autouse=True)
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of eight processors, whichever this one is."""
    monkeypatch.setattr(processors, "_allowed", lambda: 8)


def files(root: Path, **contents: str) -> Path:
    for name, text in {"proc/self/cgroup": "0::/", **contents}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


V1 = "5:cpu,cpuacct:/docker/ab\n1:name=systemd:/docker/ab"
CASES = {
    "no control groups": ({"proc/self/cgroup": ""}, 8),
    "no quota": ({"sys/fs/cgroup/cpu.max": "max 100000"}, 8),
    "two processors": ({"sys/fs/cgroup/cpu.max": "200000 100000"}, 2),
    "a part of a processor": ({"sys/fs/cgroup/cpu.max": "50000 100000"}, 1),
    "one and a half": ({"sys/fs/cgroup/cpu.max": "150000 100000"}, 2),
    "more than the machine has": ({"sys/fs/cgroup/cpu.max": "9900000 100000"}, 8),
    "of a group around": (
        {
            "proc/self/cgroup": "0::/kube/pod/job",
            "sys/fs/cgroup/kube/pod/cpu.max": "300000 100000",
            "sys/fs/cgroup/kube/pod/job/cpu.max": "max 100000",
        },
        3,
    ),
    "version 1": (
        {
            "proc/self/cgroup": V1,
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "400000",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        },
        4,
    ),
    "version 1 without a quota": (
        {
            "proc/self/cgroup": V1,
            "sys/fs/cgroup/cpu/docker/ab/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/docker/ab/cpu.cfs_period_us": "100000",
        },
        8,
    ),
    "nonsense": ({"proc/self/cgroup": "0\n::", "sys/fs/cgroup/cpu.max": "1 0"}, 8),
}


@pytest.mark.parametrize(("contents", "expected"), CASES.values(), ids=CASES)
def test_a_quota_bounds_the_processors(tmp_path: Path, contents: dict[str, str], expected: int) -> None:
    assert usable_processors(files(tmp_path, **contents)) == expected


def test_this_machine_has_at_least_one() -> None:
    assert 1 <= usable_processors() <= 8
