"""`sessionlint migrate` and `rollback` as users run them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command

SUPPORT = """
from contextlib import contextmanager
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
_make = sessionmaker(bind=create_engine("sqlite://"))
class DatabaseManager:
    def get_session(self):
        return _make()
class UnifiedSessionManager:
    @contextmanager
    def get_db_session(self):
        session = _make()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
db_manager = DatabaseManager()
unified_session_manager = UnifiedSessionManager()
"""

BEFORE = """from support import db_manager


def {first}():
    session = db_manager.get_session()
    try:
        return session.info["1"] == 1
    finally:
        session.close()


def {second}():
    session = db_manager.get_session()
    try:
        return session.info["2"] == 1
    finally:
        session.close()


def kept():
    session = db_manager.get_session()
    return session
"""

LEFT = "kept: left: "


def _is_migrated(path: Path, function: str) -> bool:
    body = path.read_text().partition(f"def {function}():")[2].partition("\n\n\n")[0]
    return "with unified_session_manager.get_db_session() as session:" in body


@pytest.fixture
def files(project: Path) -> tuple[Path, Path]:
    """Two files of two sites that can be migrated and one that cannot, each."""
    (project / "support.py").write_text(SUPPORT)
    one, two = project / "a.py", project / "b.py"
    one.write_text(BEFORE.format(first="f", second="g"))
    two.write_text(BEFORE.format(first="h", second="i"))
    return one, two


def test_a_diff_is_printed_and_nothing_written(sessionlint: Command, files: tuple[Path, Path], project: Path) -> None:
    before = files[0].read_bytes()
    done = sessionlint("migrate")
    assert (done.returncode, files[0].read_bytes()) == (1, before)
    assert done.stdout.startswith("--- a/a.py\n+++ b/a.py\n@@")
    assert "Would migrate 4 sites (scope 4) in 2 files, left 2.\n" in done.stderr
    assert f"a.py:21: SES101 {LEFT}" in done.stderr
    assert not (project / ".sessionlint").exists()


def test_write_and_rollback(sessionlint: Command, files: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in files]
    done = sessionlint("migrate", "--write")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        "Migrated 4 sites (scope 4) in 2 files, left 2.\n`sessionlint rollback` undoes this.\n"
        "sessionlint: exit status 1: 2 findings remain that no codemod could mend\n"
    )
    assert all(_is_migrated(files[0], name) for name in "fg")
    assert sessionlint("rollback").returncode == 0
    assert [path.read_bytes() for path in files] == before


def test_write_with_a_diff(sessionlint: Command, files: tuple[Path, Path]) -> None:
    diff = sessionlint("migrate").stdout
    assert sessionlint("migrate", "--write", "--diff").stdout == diff
    assert _is_migrated(files[1], "h")


def test_only_the_paths_change(sessionlint: Command, files: tuple[Path, Path]) -> None:
    assert "Migrated 2 sites (scope 2) in 1 file, left 1." in sessionlint("migrate", "--write", "a.py").stderr
    assert [_is_migrated(path, name) for path, name in zip(files, "fh", strict=True)] == [True, False]


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ("y\nn\nn\ny\n", "fi"),
        ("a\nn\nn\n", "fg"),
        ("s\ny\nn\n", "h"),
        ("n\ny\nq\n", "g"),
        ("y\n", "f"),
        ("what\n?\ny\nq\n", "f"),
        ("q\n", ""),
        ("", ""),
    ],
)
def test_interactive(sessionlint: Command, files: tuple[Path, Path], answers: str, wanted: str) -> None:
    done = sessionlint("migrate", "--interactive", input=answers)
    changed = "".join(name for path, names in zip(files, ("fg", "hi"), strict=True) for name in names if _is_migrated(path, name))
    assert changed == wanted
    assert f"Migrated {len(wanted)} site" in done.stderr
    assert "1/4 scope: Enter `unified_session_manager.get_db_session()` (unsafe)\n--- a/a.py\n" in done.stdout
    assert "SES101 session is taken directly from" in done.stdout


def test_a_phase(sessionlint: Command, files: tuple[Path, Path], project: Path) -> None:
    phases = "".join(f'[[tool.sessionlint.migrate.phases]]\nname = "{name}"\npaths = ["{name}"]\n' for name in ("b.py", "*"))
    (project / "pyproject.toml").write_text(phases)
    assert "Migrated 2 sites (scope 2) in 1 file, left 1." in sessionlint("migrate", "--write", "--phase", "1").stderr
    assert [_is_migrated(path, name) for path, name in zip(files, "fh", strict=True)] == [False, True]
    done = sessionlint("migrate", "--phase", "4")
    assert (done.returncode, "the plan has 3 phases" in done.stderr) == (2, True)


def test_a_second_run_changes_nothing(sessionlint: Command, files: tuple[Path, Path]) -> None:
    sessionlint("migrate", "--write", "--only", "scope")
    again = sessionlint("migrate")
    assert (again.returncode, again.stdout) == (0, "")
    assert "Would migrate 0 sites in 0 files, left 2." in again.stderr


def _git(folder: Path, *arguments: str) -> None:
    named = [option for name in ("user.name=a", "user.email=a@example.org") for option in ("-c", name)]
    subprocess.run(["git", *named, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_uncommitted_changes(sessionlint: Command, files: tuple[Path, Path], project: Path) -> None:
    _git(project, "init", "-q")
    _git(project, "add", ".")
    _git(project, "commit", "-q", "-m", "all")
    before = files[1].read_bytes() + b"# mine\n"
    files[1].write_bytes(before)
    for options in (["--write"], ["--interactive"], ["--write", "--diff", "-s"]):
        done = sessionlint("migrate", *options)
        expected = "sessionlint: error: uncommitted changes in b.py; nothing was written (commit or stash them, or pass `--allow-dirty`)\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)
    assert not _is_migrated(files[0], "f")
    assert sessionlint("migrate").returncode == 1
    assert sessionlint("migrate", "--write", "a.py").returncode == 1
    assert _is_migrated(files[0], "f")
    assert sessionlint("migrate", "--write", "--allow-dirty").returncode == 1
    assert _is_migrated(files[1], "h")
    assert sessionlint("rollback").stdout == "restored b.py\n"
    assert files[1].read_bytes() == before


def test_an_interrupted_run_has_to_be_taken_back_first(sessionlint: Command, files: tuple[Path, Path], project: Path) -> None:
    before = [path.read_bytes() for path in files]
    sessionlint("migrate", "--write")
    (project / ".sessionlint" / "journal" / "1" / "written").unlink()
    files[0].write_bytes(before[0])
    for options in (["migrate", "--write"], ["migrate", "--interactive"]):
        done = sessionlint(*options)
        assert (done.returncode, done.stdout) == (2, "")
        assert "an earlier run was interrupted while it wrote" in done.stderr
    done = sessionlint("rollback")
    assert (done.returncode, done.stdout, done.stderr) == (0, "restored b.py\n", "")
    assert [path.read_bytes() for path in files] == before
    done = sessionlint("rollback")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing to roll back" in done.stderr


def test_rollback_that_restores_nothing_says_so(sessionlint: Command, files: tuple[Path, Path], project: Path) -> None:
    (project / ".sessionlint" / "journal" / "1").mkdir(parents=True)
    done = sessionlint("rollback")
    assert (done.returncode, done.stdout) == (0, "no file had to be restored\n")
