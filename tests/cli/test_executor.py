"""`--executor` as users run it: where it may stand, and what is said where it does not do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

TEXT = "TEXT = '" + "text " * 70_000 + "'\n"
CODE = "from sqlalchemy.orm import Session\n\n\ndef use(session: Session) -> None:\n    session.query(int).get(1)\n"


@pytest.fixture
def large(project: Path) -> Path:
    """A project that is worth an executor."""
    (project / "large.py").write_text(CODE + TEXT)
    (project / "broken.py").write_text("def broken(:\n")
    return project


@pytest.mark.usefixtures("large")
def test_the_output_is_the_same(sessionlint: Command) -> None:
    alone = sessionlint("check", "--output-format", "json", "--no-cache", "--jobs", "1")
    pooled = sessionlint("check", "--output-format", "json", "--no-cache", "--executor", "concurrent.futures:ThreadPoolExecutor")
    assert [finding["code"] for finding in json.loads(alone.stdout)] == ["SES001", "SES406"]
    assert (pooled.returncode, pooled.stdout, pooled.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_jobs_are_for_a_cluster_of_our_own(sessionlint: Command) -> None:
    done = sessionlint("check", "--executor", "concurrent.futures:ThreadPoolExecutor", "--jobs", "2")
    message = "`--jobs` cannot be used with the executor `concurrent.futures:ThreadPoolExecutor`, whose number of workers is its own"
    assert (done.returncode, done.stdout, done.stderr.splitlines()[-1]) == (2, "", f"sessionlint: error: {message}")


def test_the_environment(sessionlint: Command) -> None:
    assert sessionlint("check", environment={"SESSIONLINT_EXECUTOR": ""}).returncode == 0
    done = sessionlint("check", environment={"SESSIONLINT_EXECUTOR": "pool"})
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "sessionlint: error: Invalid value for '--executor': `pool` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or "
        "`package.module:factory` (from the environment variable `SESSIONLINT_EXECUTOR`)"
    )


def test_the_project_cannot_name_one(project: Path, sessionlint: Command) -> None:
    (project / "pyproject.toml").write_text('[tool.sessionlint]\nexecutor = "pool:make"\n')
    done = sessionlint("check")
    assert done.returncode == 2
    assert "pyproject.toml:2: unknown key `executor`" in done.stderr
    done = sessionlint("check", "--config", "executor = 'pool:make'", "--isolated")
    assert done.returncode == 2
    assert "unknown key `executor`" in done.stderr
