"""The processes that capture. Only here, and only when something has to be parsed, is the room imported that needs libcst."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from sessionlint.facts import FileError, FileFacts, encode
from sessionlint.source import Range

if TYPE_CHECKING:
    from sessionlint.pipeline.executors import ExecutorName

Jobs: TypeAlias = "int | ExecutorName"
"""How many processes capture, 0 for one a processor; or an executor in their place."""

PARALLEL_FROM = 300_000
"""Bytes to capture below which starting processes takes longer than it saves."""

BATCH = 60_000
"""Bytes that a process is given at a time: enough to be worth the way there, little enough to share the work evenly."""


def encoded_facts(contents: Mapping[str, bytes], jobs: Jobs, progress: Callable[[int, int], None] | None) -> Iterator[tuple[str, bytes]]:
    """The encoded facts of each content by its digest, in no particular order; by the executor or several processes where that is quicker.

    Raises `SessionlintError` if the executor fails: whoever asked for one would not want to wait for this machine.
    """
    done = 0
    rest = dict(contents)
    if _is_worth_it(contents, jobs):
        try:
            for digest, encoded in _elsewhere(contents, jobs):
                del rest[digest]
                done += 1
                yield digest, encoded
                if progress:
                    progress(done, len(contents))
        except (BrokenProcessPool, OSError):
            pass  # no processes to be had, or one was killed: the rest is done here
    for digest, content in rest.items():
        yield digest, capture_encoded(content, is_template=digest.startswith(TEMPLATE))
        done += 1
        if progress:
            progress(done, len(contents))


def _is_worth_it(contents: Mapping[str, bytes], jobs: Jobs) -> bool:
    is_shared = bool(contents) if not isinstance(jobs, int) else _count(contents, jobs) > 1
    return is_shared and sum(map(len, contents.values())) >= PARALLEL_FROM


def _elsewhere(contents: Mapping[str, bytes], jobs: Jobs) -> Iterator[tuple[str, bytes]]:
    if isinstance(jobs, int):
        return _in_processes(contents, _count(contents, jobs))
    from sessionlint.pipeline.executors.mapping import facts_by

    return facts_by(jobs, contents)


def _count(contents: Mapping[str, bytes], jobs: int) -> int:
    return min(jobs or processors(), len(contents))


TEMPLATE = "template "
"""What the key of a content begins with that is a template."""


def capture_encoded(content: bytes, *, is_template: bool = False) -> bytes:
    """The encoded facts of a content. A failure of capture itself becomes an error of the kind `internal`; the other files go on."""
    from sessionlint.capture import capture, capture_template

    try:
        return encode(capture_template(content) if is_template else capture(content))
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return encode(FileFacts((), (), (), FileError("internal", f"capture failed: {what}", Range(1, 1, 1, 1))))


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare(contents: Iterable[bytes], jobs: Jobs) -> None:
    """Have the process begin that forks the others, which takes as long as choosing what they capture out of these contents."""
    if isinstance(jobs, int) and (jobs or processors()) > 1 and _method() == "forkserver" and sum(map(len, contents)) >= PARALLEL_FROM:
        with contextlib.suppress(OSError):  # it is tried again when it is needed
            _start_server()


def _method() -> str:
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _in_processes(contents: Mapping[str, bytes], count: int) -> Iterator[tuple[str, bytes]]:
    context = multiprocessing.get_context(_method())
    if _method() == "forkserver":
        _start_server()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_leave_interrupts_to_the_parent)
    try:
        with _deferred_signals():  # a process that is half begun could not be ended
            futures = [pool.submit(capture_batch, batch) for batch in batches(contents)]
        for future in as_completed(futures):
            yield from future.result()
    except BaseException:  # an interrupt above all: nobody wants to wait for what is under way
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _start_server() -> None:
    """Start the process that forks the others where no interrupt reaches it, and so none of them, not even while they begin."""
    from multiprocessing import forkserver, resource_tracker

    multiprocessing.set_forkserver_preload(["sessionlint.capture"])  # libcst is imported once for all processes
    resource_tracker.ensure_running()  # which would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _deferred_signals() -> Iterator[None]:
    """Have an interrupt, or the wish that the process ends, wait until the block is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for late in came[:1]:
            signal.raise_signal(late)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def capture_batch(batch: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The encoded facts of several contents, by their digests."""
    return [(digest, capture_encoded(content, is_template=digest.startswith(TEMPLATE))) for digest, content in batch]


def batches(contents: Mapping[str, bytes], least: int = BATCH) -> Iterator[list[tuple[str, bytes]]]:
    """Contents in batches of so many bytes; the largest first, so that none of them is the last to be waited for."""
    batch: list[tuple[str, bytes]] = []
    size = 0
    for digest, content in sorted(contents.items(), key=lambda item: (-len(item[1]), item[0])):
        batch.append((digest, content))
        size += len(content)
        if size >= least:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
