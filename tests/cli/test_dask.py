"""`--executor dask` against real clusters of two workers: the same output, also while a worker dies and while two runs share a cache."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from sessionlint.pipeline.workers import PARALLEL_FROM
from tests.cli.conftest import Command

pytest.importorskip("distributed", reason="Dask is not installed (pip install 'sessionlint[dask]')")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")

COUNT = 40
CODE = "from sqlalchemy.orm import Session\n\n\ndef use_{number}(session: Session) -> None:\n    session.query(int).get({number})\n"
CLUSTER = """\
import os, sys
import distributed

if __name__ == "__main__":
    options = dict(threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50)
    with distributed.LocalCluster(n_workers=int(sys.argv[1]), **options) as cluster, distributed.Client(cluster) as client:
        print(cluster.scheduler_address, flush=True)
        for line in sys.stdin:
            while not any(client.processing().values()):
                pass
            print(min(client.run(os.getpid).values()) if line == "pid\\n" else "busy", flush=True)
"""


class Cluster:
    """A cluster in a process of its own, which ends with its standard input."""

    def __init__(self, folder: Path, workers: int) -> None:
        (folder / "cluster.py").write_text(CLUSTER)
        command = [sys.executable, "cluster.py", str(workers)]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self._line()

    def kill_a_busy_worker(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("pid\n")
        self.process.stdin.flush()
        os.kill(int(self._line()), signal.SIGKILL)

    def _line(self) -> str:
        out: IO[str] | None = self.process.stdout
        assert out is not None
        return out.readline().strip()

    def close(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"), 2)
    yield made
    made.close()


@pytest.fixture
def large(project: Path) -> Path:
    for number in range(COUNT):
        (project / f"use_{number}.py").write_text(CODE.format(number=number) + "TEXT = '" + "text " * 2000 + "'\n")
    (project / "broken.py").write_text("def broken(:\n")
    assert sum(path.stat().st_size for path in project.glob("*.py")) > PARALLEL_FROM
    return project


@pytest.fixture
def alone(large: Path, sessionlint: Command) -> str:
    """What one process finds."""
    done = sessionlint("check", "--output-format", "json", "--no-cache", "--jobs", "1")
    assert sorted(finding["code"] for finding in json.loads(done.stdout)) == ["SES001", *["SES406"] * COUNT]
    return done.stdout


def test_a_cluster_that_is_started(alone: str, sessionlint: Command) -> None:
    done = sessionlint("check", "--output-format", "json", "--no-cache", "--executor", "dask", "--jobs", "2")
    assert (done.returncode, done.stdout) == (1, alone)
    assert done.stderr.splitlines() == [f"sessionlint: exit status 1: {COUNT + 1} findings remain"]


def test_runs_at_once_that_share_a_cache(
    alone: str, cluster: Cluster, sessionlint: Command, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shared = str(tmp_path_factory.mktemp("shared"))
    arguments = ("check", "--output-format", "json", "--cache-dir", shared)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: sessionlint(*arguments, "--executor", f"dask:{cluster.address}"), range(2)))
    assert [done.stdout for done in both] == [alone, alone]
    warm = sessionlint(*arguments, "--executor", "dask:tcp://127.0.0.1:1")  # nobody is asked any more
    assert (warm.returncode, warm.stdout) == (1, alone)


def test_a_worker_that_dies(alone: str, large: Path, cluster: Cluster) -> None:
    command = [
        sys.executable,
        "-m",
        "sessionlint",
        "check",
        "--output-format",
        "json",
        "--no-cache",
        "--executor",
        f"dask:{cluster.address}",
    ]
    with subprocess.Popen(command, cwd=large, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        cluster.kill_a_busy_worker()
        out, error = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, alone), error


def test_a_cluster_without_workers(tmp_path: Path) -> None:
    empty = Cluster(tmp_path, 0)
    script = (
        "from sessionlint.pipeline.executors.services import opened\n"
        f"with opened('dask', '{empty.address}', 0) as service:\n"
        "    try:\n        service.ensure_workers()\n    except RuntimeError as error:\n        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    empty.close()
    assert (done.stdout, done.stderr) == ("the cluster has no workers\n", "")


@pytest.mark.usefixtures("large")
def test_a_cluster_that_is_not_there(sessionlint: Command) -> None:
    environment = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    done = sessionlint("check", "--no-cache", "--executor", "dask:tcp://127.0.0.1:1", environment=environment)
    message = "the executor `dask:tcp://127.0.0.1:1` cannot be had: OSError: Timed out trying to connect to tcp://127.0.0.1:1 after 1 s"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"sessionlint: error: {message}\n")


@pytest.mark.parametrize("delay", [0.5, 2.0, 4.0])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 2)], ids=["SIGINT", "SIGTERM"])
def test_signals(large: Path, delay: float, number: signal.Signals, status: int) -> None:
    command = [sys.executable, "-m", "sessionlint", "check", "--no-cache", "--executor", "dask", "--jobs", "2", "--silent"]
    with subprocess.Popen(command, cwd=large, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        time.sleep(delay)
        os.killpg(process.pid, number)
        _, error = process.communicate(timeout=120)
    said = {130: "sessionlint: interrupted", 2: "sessionlint: error: ended by SIGTERM", 1: "", -number: ""}
    assert process.returncode in (status, 1, -number)  # it may be over, or not have begun
    assert error.strip() == said[process.returncode]
