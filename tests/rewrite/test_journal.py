"""Writing and taking back: bytes, permissions, refusals, and what is left when writing fails half-way."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sessionlint.rewrite import Change, refuse_after_interruption, rollback, write
from sessionlint.source import SessionlintError

CHANGES = [Change("a.py", b"one\r\n", b"ONE\r\n"), Change("package/b.py", b"\xff two", b"TWO"), Change("c.py", b"", b"three")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    for change in CHANGES:
        (tmp_path / change.name).write_bytes(change.before)
    (tmp_path / "a.py").chmod(0o640)
    return tmp_path


def contents(project: Path) -> list[bytes]:
    return [(project / change.name).read_bytes() for change in CHANGES]


BEFORE, AFTER = [change.before for change in CHANGES], [change.after for change in CHANGES]


def surplus(project: Path) -> list[str]:
    """What lies there that did not, but for the folder that stays: lock and ignore file."""
    found = {path.relative_to(project).as_posix() for path in project.rglob("*")}
    stays = {".sessionlint", ".sessionlint/.gitignore", ".sessionlint/lock", ".sessionlint/journal"}
    return sorted(found - stays - {"package", *(change.name for change in CHANGES)})


def breaking(monkeypatch: pytest.MonkeyPatch, function: str, when: Callable[[str], bool], error: BaseException) -> None:
    """Make a function of `os` fail once, for the first path of which `when` holds."""
    real, armed = getattr(os, function), [True]

    def broken(path: str | Path, *rest: object, **named: object) -> object:
        target = rest[0] if function == "replace" else path
        if armed and when(str(target)):
            armed.clear()
            raise error
        return real(path, *rest, **named)

    monkeypatch.setattr(os, function, broken)


def killed_while_writing(project: Path, function: str, when: Callable[[str], bool]) -> None:
    """`write` in a process that kills itself as soon as it would call that function of `os` for such a path."""
    child = os.fork()
    if child == 0:
        real = getattr(os, function)

        def deadly(path: str | Path, *rest: object, **named: object) -> object:
            if when(str(rest[0] if function == "replace" else path)):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(path, *rest, **named)

        setattr(os, function, deadly)
        write(project, CHANGES)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_write_and_rollback(project: Path) -> None:
    run = write(project, CHANGES)
    assert run == project / ".sessionlint" / "journal" / "1"
    assert contents(project) == AFTER
    assert (project / "a.py").stat().st_mode & 0o777 == 0o640
    assert (project / ".sessionlint" / ".gitignore").read_text() == "*\n"
    assert rollback(project) == ["a.py", "package/b.py", "c.py"]
    assert contents(project) == BEFORE
    assert (project / "a.py").stat().st_mode & 0o777 == 0o640
    assert surplus(project) == []
    with pytest.raises(SessionlintError, match="nothing to roll back"):
        rollback(project)


def test_nothing_to_write(project: Path) -> None:
    assert write(project, []) is None
    assert not (project / ".sessionlint").exists()


def test_nothing_to_roll_back_leaves_nothing(project: Path) -> None:
    with pytest.raises(SessionlintError, match="nothing to roll back"):
        rollback(project)
    assert not (project / ".sessionlint").exists()


def test_runs_are_taken_back_one_by_one(project: Path) -> None:
    write(project, CHANGES[:1])
    write(project, [Change("a.py", b"ONE\r\n", b"1")])
    rollback(project)
    assert (project / "a.py").read_bytes() == b"ONE\r\n"
    rollback(project)
    assert (project / "a.py").read_bytes() == b"one\r\n"


def test_a_link_stays_one_and_another_name_of_the_file_keeps_the_old_content(project: Path) -> None:
    (project / "real").write_bytes(b"one\r\n")
    (project / "a.py").unlink()
    (project / "a.py").symlink_to("real")
    os.link(project / "package" / "b.py", project / "other name")
    write(project, CHANGES)
    assert (project / "a.py").readlink() == Path("real")
    assert (project / "real").read_bytes() == b"ONE\r\n"
    assert (project / "other name").read_bytes() == b"\xff two"
    rollback(project)
    assert (project / "a.py").readlink() == Path("real")
    assert contents(project) == BEFORE


def test_one_file_under_two_names(project: Path) -> None:
    (project / "c.py").unlink()
    (project / "c.py").symlink_to("a.py")
    changes = [CHANGES[0], Change("c.py", b"one\r\n", b"else")]
    with pytest.raises(SessionlintError, match=r"^c\.py: is the same file as another one that changes; nothing was written"):
        write(project, changes)
    assert (project / "a.py").read_bytes() == b"one\r\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give files away")
def test_the_owner_stays(project: Path) -> None:
    os.chown(project / "a.py", 1234, 2345)
    write(project, CHANGES)
    assert ((project / "a.py").stat().st_uid, (project / "a.py").stat().st_gid) == (1234, 2345)
    rollback(project)
    assert ((project / "a.py").stat().st_uid, (project / "a.py").stat().st_gid) == (1234, 2345)


def test_files_that_changed_before_writing(project: Path) -> None:
    (project / "package" / "b.py").write_bytes(b"mine")
    (project / "c.py").unlink()
    with pytest.raises(SessionlintError, match=r"^changed since the analysis: package/b\.py, c\.py; nothing was written \(run it again\)$"):
        write(project, CHANGES)
    assert (project / "a.py").read_bytes() == b"one\r\n"
    assert surplus(project) == []


def test_file_that_changes_while_the_others_are_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def meddling(source: str, target: str) -> None:
        real(source, target)
        if str(target).endswith("a.py"):
            (project / "package" / "b.py").write_bytes(b"mine")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", meddling)
        with pytest.raises(SessionlintError) as raised:
            write(project, CHANGES)
    assert str(raised.value) == "package/b.py: cannot be written: it was changed meanwhile; all other files are as before"
    assert contents(project) == [b"one\r\n", b"mine", b""]
    assert surplus(project) == []


def test_read_only_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not (mode == os.W_OK and Path(path).name == "c.py"))  # root may write anything
    with pytest.raises(SessionlintError, match=r"^c\.py: cannot be written: it is read-only; nothing was written"):
        write(project, CHANGES)
    assert contents(project) == BEFORE


def test_files_that_changed_before_rollback(project: Path) -> None:
    write(project, CHANGES)
    (project / "a.py").write_bytes(b"mine")
    (project / "c.py").unlink()
    with pytest.raises(SessionlintError, match=r"^changed since they were rewritten: a\.py, c\.py; nothing was rolled back") as raised:
        rollback(project)
    assert "`--keep-changed` leaves them" in raised.value.hint
    assert (project / "package" / "b.py").read_bytes() == b"TWO"
    assert rollback(project, keep_changed=True) == ["package/b.py"]
    assert ((project / "a.py").read_bytes(), (project / "package" / "b.py").read_bytes()) == (b"mine", b"\xff two")
    assert not (project / "c.py").exists()
    assert surplus(project) == []


def test_rollback_of_what_was_put_back_by_hand(project: Path) -> None:
    write(project, CHANGES)
    (project / "a.py").write_bytes(b"one\r\n")
    assert rollback(project) == ["package/b.py", "c.py"]
    assert contents(project) == BEFORE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 2}', b'{"version": 99, "token": "", "files": []}'])
def test_damaged_journal(project: Path, content: bytes) -> None:
    run = write(project, CHANGES)
    assert run is not None
    (run / "journal.json").write_bytes(content)
    with pytest.raises(SessionlintError, match=r"journal\.json: the journal (cannot be read|was written by another version)"):
        rollback(project)
    assert contents(project) == AFTER


def test_damaged_old_content(project: Path) -> None:
    run = write(project, CHANGES)
    assert run is not None
    (run / "1.before").write_bytes(b"")
    with pytest.raises(SessionlintError, match="damaged; nothing was rolled back"):
        rollback(project)
    assert contents(project) == AFTER


# -- failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize(
    ("function", "place"),
    [("open", "-1.tmp"), ("replace", "/a.py"), ("replace", "/b.py"), ("replace", "/c.py"), ("chown", "-2.tmp")],
)
def test_failing_write_leaves_all_as_it_was(project: Path, monkeypatch: pytest.MonkeyPatch, function: str, place: str, number: int) -> None:
    if function == "chown" and number == errno.EACCES:
        number = errno.ENOSPC  # one that may not be given away is written all the same
    breaking(monkeypatch, function, lambda path: path.endswith(place), OSError(number, os.strerror(number)))
    name = {"-1.tmp": "package/b.py", "-2.tmp": "c.py", "/b.py": "package/b.py"}.get(place, place[1:])
    with pytest.raises(SessionlintError) as raised:
        write(project, CHANGES)
    assert str(raised.value) == f"{name}: cannot be written: {os.strerror(number)}; all files are as before"
    assert contents(project) == BEFORE
    assert surplus(project) == []


@pytest.mark.parametrize("place", [".sessionlint/lock", "1/0.before", "1/2.before", "1/unfinished.json"])
def test_journal_that_cannot_be_written(project: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    breaking(monkeypatch, "open", lambda path: path.endswith(place), OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(SessionlintError, match=r"^\.sessionlint: .*cannot be written: No space left on device; nothing was changed$"):
        write(project, CHANGES)
    assert contents(project) == BEFORE
    assert surplus(project) == []


def test_a_disk_that_takes_no_more(project: Path) -> None:
    """The real thing, as far as it can be had: the system refuses to write more than so many bytes to a file."""
    big = Change("c.py", b"", b"#" * 5000)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            write(project, [*CHANGES[:2], big])
        except SessionlintError as error:
            os._exit(7 if str(error) == f"c.py: cannot be written: {os.strerror(errno.EFBIG)}; all files are as before" else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert contents(project) == BEFORE
    assert surplus(project) == []


def test_failure_that_cannot_be_taken_back_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace
    broken = [False]

    def full(source: str, target: str) -> None:
        broken[0] = broken[0] or str(target).endswith("b.py")
        if broken[0] and not str(target).endswith(".json"):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(SessionlintError, match=r"^package/b\.py: .*; what was written before is still there; `sessionlint rollback`"):
            write(project, CHANGES)
    assert contents(project) == [b"ONE\r\n", b"\xff two", b""]
    assert rollback(project) == ["a.py"]
    assert contents(project) == BEFORE
    assert surplus(project) == []


def test_interrupt_from_the_keyboard(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "replace", lambda path: path.endswith("b.py"), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write(project, CHANGES)
    assert contents(project) == BEFORE
    assert surplus(project) == []


def test_failing_rollback_can_be_run_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, CHANGES)
    with monkeypatch.context() as patch:
        breaking(patch, "replace", lambda path: path.endswith("b.py"), OSError(errno.EIO, "Input/output error"))
        with pytest.raises(SessionlintError) as raised:
            rollback(project)
    assert str(raised.value) == "package/b.py: cannot be written: Input/output error; restored until then: a.py (it can be run again)"
    assert contents(project) == [b"one\r\n", b"TWO", b"three"]
    assert rollback(project) == ["package/b.py", "c.py"]
    assert contents(project) == BEFORE
    assert surplus(project) == []


# -- interrupted runs, and two at once ----------------------------------------------------------------------------


def test_killed_before_the_journal_is_there(project: Path) -> None:
    write(project, CHANGES[:1])
    killed_while_writing_second = [Change("a.py", b"ONE\r\n", b"1")]
    child = os.fork()
    if child == 0:
        os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment,method-assign]
        write(project, killed_while_writing_second)
        os._exit(0)
    os.waitpid(child, 0)
    assert (project / ".sessionlint" / "journal" / "2").is_dir()
    refuse_after_interruption(project)  # nothing was touched: it may go on
    assert not (project / ".sessionlint" / "journal" / "2").exists()
    assert rollback(project) == ["a.py"]


def test_rollback_of_a_run_that_touched_nothing_leaves_the_run_before_alone(project: Path) -> None:
    write(project, [Change("a.py", b"one\r\n", b"zero")])
    (project / "a.py").write_bytes(b"one\r\n")
    killed_while_writing(project, "replace", lambda path: path.endswith("journal.json"))
    assert rollback(project) == []
    assert not (project / ".sessionlint" / "journal" / "2").exists()
    assert (project / ".sessionlint" / "journal" / "1").exists()
    assert contents(project) == BEFORE


@pytest.mark.parametrize("place", ["/a.py", "/b.py", "/c.py"])
def test_killed_between_renames(project: Path, place: str) -> None:
    killed_while_writing(project, "replace", lambda path: path.endswith(place))
    leftovers = [name for name in surplus(project) if name.endswith(".tmp")]
    assert len(leftovers) == {"/a.py": 3, "/b.py": 2, "/c.py": 1}[place]
    with pytest.raises(SessionlintError, match="was interrupted while it wrote, so some files may be changed and others not") as raised:
        write(project, CHANGES)
    assert "`sessionlint rollback`" in raised.value.hint
    with pytest.raises(SessionlintError, match="was interrupted"):
        refuse_after_interruption(project)
    assert rollback(project) == {"/a.py": [], "/b.py": ["a.py"], "/c.py": ["a.py", "package/b.py"]}[place]
    assert contents(project) == BEFORE
    assert surplus(project) == []
    write(project, CHANGES)
    assert contents(project) == AFTER


def test_rollback_removes_no_temporary_file_of_others(project: Path) -> None:
    (project / ".a.py.swp.tmp").write_bytes(b"an editor's")
    (project / ".sessionlint-00000000-0.tmp").write_bytes(b"somebody's")
    killed_while_writing(project, "replace", lambda path: path.endswith("/a.py"))
    rollback(project)
    assert surplus(project) == [".a.py.swp.tmp", ".sessionlint-00000000-0.tmp"]


def test_two_at_once(project: Path) -> None:
    write(project, CHANGES)
    with open(project / ".sessionlint" / "lock", "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for call in (lambda: write(project, CHANGES), lambda: rollback(project), lambda: refuse_after_interruption(project)):
            with pytest.raises(SessionlintError, match=r"^another sessionlint is changing files in this project; nothing was changed$"):
                call()
    assert contents(project) == AFTER
    assert rollback(project) == ["a.py", "package/b.py", "c.py"]
