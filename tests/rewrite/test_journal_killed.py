"""SIGKILL while files are written or restored: whatever the moment, `rollback` gives every file its bytes and mode back.

A profile hook in the child counts the calls that Python makes to C, which is where the system is asked for anything, and kills the process
at one of them: in front of it or behind it, so that the moments between two steps are met for certain and not by luck.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessionlint.rewrite import Change, rollback, write
from sessionlint.source import SessionlintError

FILES = 300
SEED = 20240917


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Change]]]:
    """300 files in 20 packages, of all sizes and modes, and what they become; in memory where possible, for a disk takes long."""
    root = Path(tempfile.mkdtemp(dir="/dev/shm")) if os.access("/dev/shm", os.W_OK) else tmp_path_factory.mktemp("tree")
    chance = random.Random(SEED)
    changes = []
    for number in range(FILES):
        name = f"package{number % 20}/module{number}.py"
        before = b"".join(b"line %d\r\n" % chance.randrange(10**6) for _ in range(chance.choice([0, 1, 10, 200, 2000])))
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(before)
        (root / name).chmod(chance.choice([0o644, 0o600, 0o755, 0o640]))
        changes.append(Change(name, before, before.upper() + b"new"))
    yield root, changes
    shutil.rmtree(root)


def state(root: Path) -> dict[str, tuple[str, int]]:
    """SHA-256 and mode of everything but the journal's own folder; a leftover would be a surplus entry."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != ".sessionlint"]
        for name in files:
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
    return found


def calls_of(action: Callable[[], object]) -> list[str]:
    """The functions that are called and left, moment by moment."""
    seen: list[str] = []

    def note(frame: object, event: str, argument: object) -> None:
        if event.startswith("c_"):
            seen.append(getattr(argument, "__name__", ""))

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return seen


def killed(action: Callable[[], object], moment: int) -> bool:
    """Run `action` in a child that is killed at that moment; whether it was not over before."""
    child = os.fork()
    if child == 0:
        left = [moment]

        def count(frame: object, event: str, argument: object) -> None:
            left[0] -= event.startswith("c_")
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        action()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def taken_back(root: Path) -> None:
    """`rollback`, which has nothing to do where the process was killed before the run had a folder."""
    journal = root / ".sessionlint" / "journal"
    if journal.is_dir() and list(journal.iterdir()):
        rollback(root)
        return
    with pytest.raises(SessionlintError, match="nothing to roll back: there is no journal"):
        rollback(root)


def test_killed_while_writing(tree: tuple[Path, list[Change]]) -> None:
    root, changes = tree
    before = state(root)
    calls = calls_of(lambda: write(root, changes))
    assert len(rollback(root)) == FILES
    renames = [moment for moment, name in enumerate(calls, 1) if name in ("replace", "rename")]
    assert len(renames) == 2 * (FILES + 1)  # called and left; one is the journal's
    chance = random.Random(SEED)
    moments = chance.sample(range(1, len(calls) + 1), 50) + chance.sample(range(renames[2], renames[-1]), 50)
    halves = 0
    for moment in moments:
        assert killed(lambda: write(root, changes), moment)
        halves += 0 < sum((root / change.name).read_bytes() != change.before for change in changes) < FILES
        taken_back(root)
        assert state(root) == before, moment
    assert halves > 40
    assert not list((root / ".sessionlint" / "journal").iterdir())


def test_killed_at_any_time_while_writing(tree: tuple[Path, list[Change]]) -> None:
    """Within a call too: by the clock."""
    root, changes = tree
    before = state(root)
    started = time.perf_counter()
    write(root, changes)
    takes = time.perf_counter() - started
    rollback(root)
    chance = random.Random(SEED)
    for _ in range(100):
        child = os.fork()
        if child == 0:
            write(root, changes)
            os._exit(0)
        killer = threading.Timer(chance.uniform(0, takes), os.kill, (child, signal.SIGKILL))
        killer.start()
        os.waitpid(child, 0)
        killer.cancel()
        killer.join()
        taken_back(root)
        assert state(root) == before


def test_killed_while_restoring(tree: tuple[Path, list[Change]]) -> None:
    """Also twice in a row, and only the last run is taken back."""
    root, changes = tree
    before = state(root)
    write(root, [Change(change.name, change.before, b"first") for change in changes[:20]])
    first = state(root)
    second = [Change(change.name, b"first", change.after) for change in changes[:20]] + changes[20:40]
    write(root, second)
    total = len(calls_of(lambda: rollback(root)))
    assert state(root) == first
    chance = random.Random(SEED)
    for moment in chance.sample(range(1, total + 1), 40):
        write(root, second)
        assert killed(lambda: rollback(root), moment)
        if not (root / ".sessionlint" / "journal" / "2").exists():
            assert state(root) == first
            continue
        killed(lambda: rollback(root), chance.randrange(1, total))
        if (root / ".sessionlint" / "journal" / "2").exists():
            rollback(root)
        assert state(root) == first, moment
    rollback(root)
    assert state(root) == before
