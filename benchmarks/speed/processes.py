"""One command as a user would run it, from start to end: how long it takes, and the memory that it and its workers hold at most."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

INTERVAL = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended. `seconds` is wall time; `status` is None for a command that was stopped because it took too long.

    `peak` is in bytes, the resident memory of the process and all its descendants, pages that they share counted for each; 0 if nobody
    looked.
    """

    seconds: float
    status: int | None
    peak: int
    output: str
    errors: str


def finished(
    command: Sequence[str],
    folder: Path,
    *,
    stdin: bytes = b"",
    timeout: float = 600.0,
    is_watched: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Run `command` in `folder`. It is watched on demand only: looking at the memory takes time from what is looked at."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=given, stdout=output, stderr=errors, env=environment, start_new_session=True)
        watch = MemoryWatch(process.pid)
        stopped = threading.Event()
        alarm = threading.Timer(timeout, _stop, (process, stopped))
        alarm.daemon = True  # whatever happens, nobody waits for it at the end
        try:
            if is_watched:
                watch.start()
            alarm.start()
            process.wait()  # with a timeout it would look every 50 ms, which is half of what some commands take
        except BaseException:  # an interrupt, which does not reach what has a session of its own
            _stop(process, stopped)
            raise
        finally:
            seconds = time.perf_counter() - begun
            alarm.cancel()
            watch.end()
        status = None if stopped.is_set() else process.returncode
        output.seek(0)
        errors.seek(0)
        return Outcome(seconds, status, watch.peak, output.read().decode(errors="replace"), errors.read().decode(errors="replace"))


def _stop(process: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    """End the command with its workers: it leads a session of its own."""
    stopped.set()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


class MemoryWatch(threading.Thread):
    """Looks again and again how much memory a process and its descendants hold, and keeps the largest sum."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        try:
            process = psutil.Process(self._pid)
        except psutil.NoSuchProcess:
            return
        self.peak = _resident(process)
        while not self._ended.wait(INTERVAL):
            self.peak = max(self.peak, _resident(process))

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        if self.is_alive():
            self.join()


def _resident(process: psutil.Process) -> int:
    held = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            held += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return held
