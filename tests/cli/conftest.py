"""The command as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one clean file that matters and one that does not parse."""
    (tmp_path / "pyproject.toml").write_text("[tool.sessionlint]\n")
    (tmp_path / "clean.py").write_text("from sqlalchemy.orm import Session\n")
    return tmp_path


@pytest.fixture
def sessionlint(project: Path) -> Command:
    """Runs `sessionlint` in the project's directory; `input` is standard input (text or bytes), `environment` is added."""

    def call(*arguments: str, input: str | bytes = "", environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SESSIONLINT_", "PRE_COMMIT"))}
        data = input.encode() if isinstance(input, str) else input
        done = subprocess.run(
            [sys.executable, "-m", "sessionlint", *arguments],
            cwd=project,
            input=data,
            capture_output=True,
            env={**kept, "NO_COLOR": "1", **(environment or {})},
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
