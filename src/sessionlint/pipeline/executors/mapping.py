"""Capture by an executor, whichever it is. Entry point: `facts_by`.

Capture is a map over contents, so anything will do that has `submit` as `concurrent.futures` has it. Workers are sent bytes, and send back
facts with the stamp of what made them; they need sessionlint, but neither the tree nor the cache.
"""

from __future__ import annotations

import queue
import threading
from asyncio import CancelledError
from collections.abc import Iterator, Mapping
from typing import Any

from sessionlint.facts import stamp
from sessionlint.pipeline.executors.naming import ExecutorName
from sessionlint.pipeline.executors.services import Service, opened, without_interrupts
from sessionlint.pipeline.workers import batches, capture_batch
from sessionlint.source import SessionlintError

SMALLEST, LARGEST, SHARES = 60_000, 500_000, 64
"""Bytes of a batch: a share of the whole that leaves work for everybody, but worth a message, and small beside what lies waiting."""

ON_THE_WAY = 32_000_000
"""Bytes that are handed over and not yet captured: no worker has to wait for its next batch, and nobody has to hold the whole tree."""

PATIENCE = 30.0
"""Seconds without a result after which the executor is asked whether anyone is there to work."""


def facts_by(name: ExecutorName, contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The encoded facts of each content by its digest, in the order in which they come.

    Raises `SessionlintError` where the executor cannot be had, its workers are lost or are of another version.
    """
    done = 0
    with opened(name.kind, name.target, name.jobs) as service:
        try:
            for captured in _results(service, contents):
                yield from captured
                done += len(captured)
        except (Exception, CancelledError) as error:
            if isinstance(error, SessionlintError):
                raise
            what = " ".join(f"{type(error).__name__}: {error}".split())
            raise SessionlintError(
                f"the executor `{name}` failed after {done} of {len(contents)} files: {what}",
                hint="the cache has what was captured; the same command goes on from there",
            ) from error


_one_at_a_time = threading.Lock()
"""Capture changes what a process has one of (the collector, the filter of warnings), and some executors have threads."""

Batch = list[tuple[str, bytes]]


def capture_stamped(batch: Batch) -> tuple[str, Batch]:
    """What a worker does."""
    with _one_at_a_time:
        return stamp(), capture_batch(batch)


def _results(service: Service, contents: Mapping[str, bytes]) -> Iterator[Batch]:
    size = min(max(SMALLEST, sum(map(len, contents.values())) // SHARES), LARGEST)
    waiting = batches(contents, size)
    under_way: dict[int, tuple[Any, int]] = {}
    finished: queue.SimpleQueue[int] = queue.SimpleQueue()
    number, is_more = 0, True
    while True:
        while is_more and sum(weight for _, weight in under_way.values()) < ON_THE_WAY:
            batch = next(waiting, None)
            if batch is None:
                is_more = False
                break
            number += 1
            with without_interrupts():
                future = service.submit(capture_stamped, batch)
            under_way[number] = future, sum(len(content) for _, content in batch)
            future.add_done_callback(lambda _, number=number: finished.put(number))
        if not under_way:
            return
        future, _ = under_way.pop(_next(finished, service))
        made_by, captured = future.result()
        if made_by != stamp():
            raise SessionlintError(f"workers of the executor are of another version: {made_by}, not {stamp()}")
        yield captured


def _next(finished: queue.SimpleQueue[int], service: Service) -> int:
    while True:
        try:
            return finished.get(timeout=PATIENCE)
        except queue.Empty:
            service.ensure_workers()
