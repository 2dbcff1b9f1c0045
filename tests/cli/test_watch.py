"""`check --watch`: it goes on after a change, a file that does not parse and a wrong configuration, and ends with Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import pytest

from tests.cli.conftest import Command

WATCHING = "Watching for file changes.\n"


class Watched:
    """A watch in a process of its own, and what it says line by line."""

    def __init__(self, project: Path) -> None:
        command = [sys.executable, "-u", "-m", "sessionlint", "check", "--watch", "--output-format", "concise", "--select", "SES406"]
        self.process = subprocess.Popen(
            command,
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: Queue[str] = Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def says(self, line: str) -> None:
        """Wait for a run that ends with a line; one change of a file may lead to more than one run."""
        before = ""
        while True:
            found = self.lines.get(timeout=120)
            if (before, found) == (line, WATCHING):
                return
            before = found

    def end(self) -> None:
        """End it, if it has not ended by itself."""
        self.process.kill()
        self.process.wait()
        self.reader.join(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_again_and_again(project: Path) -> None:
    watched = Watched(project)
    try:
        watched.says("All checks passed!\n")
        (project / "broken.py").write_text("def f(:\n")
        watched.says("Found 1 error.\n")
        (project / "pyproject.toml").write_text("[tool.sessionlint]\nslect = []\n")
        watched.says("sessionlint: error: pyproject.toml:2: unknown key `slect` (did you mean `select`?)\n")
        (project / "pyproject.toml").write_text("[tool.sessionlint]\nexclude = ['broken.py']\n")
        watched.says("All checks passed!\n")
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(timeout=60) == 130
        watched.reader.join(timeout=60)
        assert list(watched.lines.queue)[-1] == "sessionlint: interrupted\n"
    finally:
        watched.end()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--diff",), "`--watch` cannot be used with `--diff`"),
        (("--show-files",), "`--watch` cannot be used with `--show-files`"),
        (("-",), "`--watch` cannot be used with `-`"),
    ],
)
def test_what_is_done_once(sessionlint: Command, options: tuple[str, ...], message: str) -> None:
    done = sessionlint("check", "--watch", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_without_the_library(project: Path) -> None:
    program = "import sys; sys.modules['watchfiles'] = None; from sessionlint.cli import main; main(['check', '-w'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "`--watch` needs the package `watchfiles` (pip install 'sessionlint[watch]')" in done.stderr
