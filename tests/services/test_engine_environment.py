"""The engine's process gets as many threads as it may use."""

import math
from pathlib import Path

import pytest

from studio.services.engine_environment import child_environment, cpu_quota

V2, V1 = "0::/", "4:memory:/\n3:cpu,cpuacct:/box\n"


def quota(tmp_path: Path, own: str, **files: str) -> float:
    for name, content in files.items():
        path = tmp_path / "groups" / name.replace("__", "/").replace("DOT", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", "ascii")
    (tmp_path / "own").write_text(own, "ascii")
    return cpu_quota(tmp_path / "groups", tmp_path / "own")


@pytest.mark.parametrize(
    ("content", "cpus"), [("max 100000", math.inf), ("200000 100000", 2.0), ("150000 100000", 1.5), ("x", math.inf)]
)
def test_a_quota_is_a_share_of_a_period(tmp_path: Path, content: str, cpus: float) -> None:
    assert quota(tmp_path, V2, cpuDOTmax=content) == cpus


def test_the_smallest_quota_on_the_way_up_counts(tmp_path: Path) -> None:
    files = {"cpuDOTmax": "800000 100000", "a__cpuDOTmax": "300000 100000", "a__b__cpuDOTmax": "max 100000"}
    assert quota(tmp_path, "0::/a/b\n", **files) == 3.0


@pytest.mark.parametrize(("microseconds", "cpus"), [("-1", math.inf), ("400000", 4.0)])
def test_the_first_version_has_two_files(tmp_path: Path, microseconds: str, cpus: float) -> None:
    files = {"cpu__box__cpuDOTcfs_quota_us": microseconds, "cpu__box__cpuDOTcfs_period_us": "100000"}
    assert quota(tmp_path, V1, **files) == cpus


def test_a_group_of_the_host_is_looked_for_where_the_container_has_it(tmp_path: Path) -> None:
    """Without a namespace of its own a container reads the host's path, which it cannot see, and has its own on top."""
    assert quota(tmp_path, "0::/host/box\n", cpuDOTmax="100000 100000") == 1.0


def test_elsewhere_nothing_is_said(tmp_path: Path) -> None:
    assert cpu_quota(tmp_path / "none", tmp_path / "none") == math.inf


def test_threads_do_not_wait_long_for_one_without_a_core() -> None:
    assert child_environment({})["GOMP_SPINCOUNT"] == "10000"
    assert child_environment({"GOMP_SPINCOUNT": "7"})["GOMP_SPINCOUNT"] == "7"
    assert "GOMP_SPINCOUNT" not in child_environment({"OMP_WAIT_POLICY": "active"})
