"""Copies of this process, for work on what it holds in memory. Entry point: `Forks`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any


class Forks:
    """Copies, so that with this process as many work as are asked for; none where processes cannot be copied."""

    def __init__(self, count: int) -> None:
        self._count = count

    @contextmanager
    def open(self, work: Callable[[Any], Any]) -> Iterator[list[Any]]:
        """Channels to copies that do `work` with what they are sent, and send what it gives. They end with the block."""
        processes, channels = [], list[Any]()
        try:
            for _ in range(self._count - 1 if _can_fork() else 0):
                process, channel = _forked(work, channels)
                processes.append(process)
                channels.append(channel)
            yield channels
        finally:
            for channel in channels:
                channel.close()
            for process in processes:
                process.terminate()
            for process in processes:
                process.join()

    def ready(self, channels: Sequence[Any], *, waits: bool) -> list[Any]:
        """The channels from which something can be received, if it `waits` once there are any."""
        return wait(channels, None if waits else 0)


def _can_fork() -> bool:
    """Whether a copy is sure to work: not on macOS, whose libraries may not be copied, nor from a thread beside others that hold locks."""
    return sys.platform == "linux" and threading.current_thread() is threading.main_thread()


def _forked(work: Callable[[Any], Any], others: Sequence[Connection]) -> tuple[Any, Connection]:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = context.Process(target=_serve, args=(work, theirs, (mine, *others)), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the progress bar's holds nothing that a copy needs
            process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return process, mine


def _serve(work: Callable[[Any], Any], channel: Connection, others: Sequence[Connection]) -> None:
    """What a copy does till nobody sends anything any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    for other in others:
        other.close()
    gc.disable()
    with suppress(EOFError, OSError):
        while True:
            channel.send(work(channel.recv()))
    os._exit(0)
