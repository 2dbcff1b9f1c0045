"""Signals at any moment: a status of its own, one line, no traceback, no process left behind, no file half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionlint.pipeline.workers import PARALLEL_FROM

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups")

COUNT, BEFORE, AFTER = 12, "    return session.query(Book).get(number)\n", "    return session.get(Book, number)\n"
HEAD = """from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books{number}"
    id: Mapped[int] = mapped_column(primary_key=True)


def find(session: Session, number: int) -> Book | None:
"""
FILLER = "".join(
    f"\n\ndef step_{number}(session: Session, one: int) -> int:\n    return session.get(Book, one + {number}).id\n" for number in range(300)
)
START = "from sessionlint.__main__ import main; print('ready', flush=True); main()"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A project that is captured in several processes, with a finding that has a fix in each file."""
    (tmp_path / "pyproject.toml").write_text("[tool.sessionlint]\n")
    for number in range(COUNT):
        (tmp_path / f"books_{number}.py").write_text(HEAD.format(number=number) + BEFORE + FILLER)
    assert sum(path.stat().st_size for path in tmp_path.glob("*.py")) > PARALLEL_FROM
    return tmp_path


def signalled(folder: Path, number: signal.Signals, delay: float, *arguments: str) -> tuple[int, str]:
    """The status and standard error of a command whose whole process group gets a signal, that long after it began."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SESSIONLINT_")}
    command = [sys.executable, "-c", START, *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay)
        os.killpg(process.pid, number)
        _, error = process.communicate(timeout=120)
    assert _ended(process.pid), "processes are left behind"
    return process.returncode, error


def _ended(group: int) -> bool:
    """Whether nobody of a process group is there any more, after some time."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def endings(error: str) -> Iterator[str]:
    yield from error.splitlines()[-1:]


DELAYS = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 2.0, 3.5]


@pytest.mark.parametrize("delay", DELAYS)
def test_an_interrupt(large: Path, delay: float) -> None:
    status, error = signalled(large, signal.SIGINT, delay, "check", "--no-cache", "-j", "2")
    assert "Traceback" not in error
    assert "Exception ignored" not in error
    if status == 1:  # it had come to an end before
        assert error == f"sessionlint: exit status 1: {COUNT} findings remain\n"
    else:
        assert (status, error.strip()) == (130, "sessionlint: interrupted")


@pytest.mark.parametrize("delay", [0.5, 1.5, 3.0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_nothing_is_half_written(large: Path, number: signal.Signals, delay: float) -> None:
    status, error = signalled(large, number, delay, "check", "--fix", "-j", "2")
    assert "Traceback" not in error
    texts = [path.read_text() for path in sorted(large.glob("books_*.py"))]
    assert {BEFORE in text for text in texts} == {AFTER not in text for text in texts}
    assert len({BEFORE in text for text in texts}) == 1, "all files or none"
    assert [path.name for path in large.iterdir() if path.suffix == ".tmp"] == []
    known = {0: "", 130: "sessionlint: interrupted", 2: "sessionlint: error: ended by SIGTERM"}
    assert status in ({0, 130} if number is signal.SIGINT else {0, 2})
    assert error.strip() == known[status]


def test_terminated(large: Path) -> None:
    status, error = signalled(large, signal.SIGTERM, 1.5, "check", "--no-cache", "-j", "2")
    assert (status, list(endings(error))) in [
        (2, ["sessionlint: error: ended by SIGTERM"]),
        (1, [f"sessionlint: exit status 1: {COUNT} findings remain"]),
    ]


IN_A_DESTRUCTOR = """\
import os, signal, sys, time
from sessionlint.__main__ import main
from sessionlint.cli.group import group

class Doomed:
    def __del__(self):
        os.kill(os.getpid(), getattr(signal, sys.argv.pop()))

def command(*given, **options):
    Doomed()
    time.sleep(30)

group.main = command
main()
"""


@pytest.mark.parametrize(
    ("number", "expected"),
    [("SIGINT", (130, "", "sessionlint: interrupted")), ("SIGTERM", (2, "", "sessionlint: error: ended by SIGTERM"))],
)
def test_a_signal_in_a_destructor_is_heard(number: str, expected: tuple[int, str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", IN_A_DESTRUCTOR, number], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == expected


STUCK = """\
import os, signal, threading
from sessionlint.__main__ import main
from sessionlint.cli.group import group

def command(*given, **options):
    threading.Thread(target=threading.Event().wait).start()
    os.kill(os.getpid(), signal.SIGINT)

group.main = command
main()
"""


def test_an_interrupted_command_ends_though_a_thread_does_not() -> None:
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "sessionlint: interrupted")
