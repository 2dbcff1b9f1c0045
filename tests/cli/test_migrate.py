"""`sessionlint migrate` and `rollback` as users run them."""

from __future__ import annotations

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
    assert done.stderr.endswith("Migrated 4 sites (scope 4) in 2 files, left 2.\n`sessionlint rollback` undoes this.\n")
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
