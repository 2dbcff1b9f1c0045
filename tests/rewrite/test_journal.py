"""Writing and taking back: bytes, permissions, refusals, and what is left when writing fails half-way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionlint.rewrite import Change, journal, rollback, write
from sessionlint.source import SessionlintError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_bytes(b"one\r\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "b.py").write_bytes(b"\xff two")
    (tmp_path / "a.py").chmod(0o640)
    return tmp_path


CHANGES = [Change("a.py", b"one\r\n", b"ONE\r\n"), Change("package/b.py", b"\xff two", b"TWO")]


def _contents(project: Path) -> tuple[bytes, bytes]:
    return (project / "a.py").read_bytes(), (project / "package" / "b.py").read_bytes()


def test_write_and_rollback(project: Path) -> None:
    run = write(project, CHANGES)
    assert run == project / ".sessionlint" / "journal" / "1"
    assert _contents(project) == (b"ONE\r\n", b"TWO")
    assert (project / "a.py").stat().st_mode & 0o777 == 0o640
    assert (project / ".sessionlint" / ".gitignore").read_text() == "*\n"
    assert rollback(project) == ["a.py", "package/b.py"]
    assert _contents(project) == (b"one\r\n", b"\xff two")
    with pytest.raises(SessionlintError, match="nothing to roll back"):
        rollback(project)


def test_nothing_to_write(project: Path) -> None:
    assert write(project, []) is None
    assert not (project / ".sessionlint").exists()


def test_runs_are_taken_back_one_by_one(project: Path) -> None:
    write(project, CHANGES[:1])
    write(project, [Change("a.py", b"ONE\r\n", b"1")])
    rollback(project)
    assert (project / "a.py").read_bytes() == b"ONE\r\n"
    rollback(project)
    assert (project / "a.py").read_bytes() == b"one\r\n"


def test_file_that_changed_before_writing(project: Path) -> None:
    (project / "package" / "b.py").write_bytes(b"mine")
    with pytest.raises(SessionlintError, match=r"package/b\.py: the file changed"):
        write(project, CHANGES)
    assert _contents(project) == (b"one\r\n", b"mine")


def test_file_that_changed_before_rollback(project: Path) -> None:
    write(project, CHANGES)
    (project / "a.py").write_bytes(b"mine")
    with pytest.raises(SessionlintError, match=r"changed since the migration: a\.py;"):
        rollback(project)
    assert _contents(project) == (b"mine", b"TWO")


def test_interrupted_writing_can_be_taken_back(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def broken(source: str, target: str) -> None:
        if str(target).endswith("b.py"):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(journal.os, "replace", broken)
    with pytest.raises(KeyboardInterrupt):
        write(project, CHANGES)
    monkeypatch.undo()
    assert _contents(project) == (b"ONE\r\n", b"\xff two")
    rollback(project)
    assert _contents(project) == (b"one\r\n", b"\xff two")


def test_failing_write_leaves_all_as_it_was(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def broken(source: str, target: str) -> None:
        if str(target).endswith("b.py"):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(journal.os, "replace", broken)
    with pytest.raises(SessionlintError, match="No space left"):
        write(project, CHANGES)
    monkeypatch.undo()
    assert _contents(project) == (b"one\r\n", b"\xff two")
    assert sorted(path.name for path in project.iterdir()) == [".sessionlint", "a.py", "package"]
