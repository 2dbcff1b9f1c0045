"""What was found in an earlier program: from the cache, where it has been analysed before, else analysed. Entry point: `records_of`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec

from sessionlint.cache import FactsCache, open_results
from sessionlint.check.comparing import Record, Side, recorded
from sessionlint.check.identity import Texts
from sessionlint.config import Settings
from sessionlint.pipeline.analysis import analysed
from sessionlint.pipeline.capturing import Progress
from sessionlint.pipeline.keeping.keeper import key_of
from sessionlint.pipeline.reading import Sources
from sessionlint.pipeline.result import Watch
from sessionlint.pipeline.workers import Jobs
from sessionlint.source.storing import as_bytes


class Records(msgspec.Struct, frozen=True):
    """The findings of an earlier program, and those that comments silenced in it."""

    findings: tuple[Record, ...]
    suppressed: tuple[Record, ...]


def records_of(
    sources: Sources, settings: Settings, facts: Callable[[], FactsCache], *, jobs: Jobs = 0, progress: Progress | None = None
) -> Records:
    """What the rules find in the program that `sources` are, under the settings of now."""
    results = open_results(settings.root, settings.cache.directory, "earlier", enabled=settings.cache.enabled)
    key = key_of(sources, settings)
    kept = results.get(key)
    if kept is not None:
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(kept, type=Records)
    done = analysed(sources, settings, facts(), Watch(), prune=False, jobs=jobs, progress=progress)
    side = Side(done.program, Texts(sources.by_name))
    silenced = [one.finding for one in done.found.suppressed]
    records = Records(recorded(done.found.findings, side), recorded(silenced, side))
    if (data := as_bytes(records)) is not None:
        results.put(key, data)
    return records
