"""The hooks under the real pre-commit: it installs this checkout into an environment of its own, and runs it on another's commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAK = """\
from sqlalchemy.orm import Session


def names(engine):
    session = Session(engine)
    return list(session.execute("names"))
"""
CLEAN = LEAK.replace("    session = Session(engine)\n    return", "    with Session(engine) as session:\n        return")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout"),
]


def call(folder: Path, *command: str, status: int = 0) -> str:
    """What a command prints; its exit status is part of what is expected."""
    identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "SESSIONLINT_", "PRE_COMMIT"))}
    environment = {**kept, **identity, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "PRE_COMMIT_COLOR": "never"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=500, check=False
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def repository(folder: Path) -> None:
    folder.mkdir()
    call(folder, "git", "init", "--quiet", "--initial-branch=main")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository that holds this checkout as it stands, and the revision to use."""
    folder = tmp_path_factory.mktemp("hooks") / "sessionlint"
    repository(folder)
    for name in call(ROOT, "git", "ls-files", "-co", "--exclude-standard").splitlines():
        if name.startswith(("src/", "README", "LICENSE", "pyproject", ".pre-commit")) and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    call(folder, "git", "add", ".")
    call(folder, "git", "commit", "--quiet", "--message", "as it stands")
    return folder, call(folder, "git", "rev-parse", "HEAD").strip()


def test_a_commit_is_held_back_until_the_misuse_is_gone(hooks: tuple[Path, str], tmp_path: Path) -> None:
    source, revision = hooks
    project = tmp_path / "project"
    repository(project)
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {source}\n  rev: {revision}\n  hooks:\n  - id: sessionlint\n  - id: sessionlint-project\n    stages: [manual]\n"
    )
    (project / "pyproject.toml").write_text("[tool.sessionlint]\nextend-exclude = ['legacy']\n")
    (project / "legacy").mkdir()
    (project / "legacy" / "old.py").write_text(LEAK)
    (project / "leak.py").write_text(LEAK)
    (project / "notes.md").write_text("nothing\n")
    pre_commit = [sys.executable, "-m", "pre_commit"]
    call(project, *pre_commit, "install")
    call(project, "git", "add", ".")

    held = call(project, "git", "commit", "--message", "a leak", status=1)
    assert "leak.py:5:15: SES102 session is not closed" in held
    assert "old.py" not in held
    assert "Found 1 error." in held

    (project / "leak.py").write_text(CLEAN)
    call(project, "git", "add", ".")
    passed = call(project, "git", "commit", "--message", "no leak")
    assert "sessionlint" in passed
    assert "Passed" in passed
    assert call(project, "git", "status", "--porcelain") == "", "the cache ignores itself"

    (project / "leak.py").write_text(LEAK)
    call(project, "git", "add", ".")
    whole = call(project, *pre_commit, "run", "--hook-stage", "manual", "sessionlint-project", status=1)
    assert "Skipped" not in whole
    assert "leak.py:5:15: SES102" in whole
