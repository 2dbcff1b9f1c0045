"""The files of the program, found with what was remembered of earlier runs. Entry point: `listed`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sessionlint.cache import open_results
from sessionlint.config import Settings
from sessionlint.discover import Verdicts, discover
from sessionlint.source import SourceFile, digest_of


def listed(paths: Sequence[Path], settings: Settings, virtual: Sequence[Path]) -> list[SourceFile]:
    """As `discover`; which entries are excluded is kept for the next run."""
    results = open_results(settings.root, settings.cache.directory, "entries", enabled=settings.cache.enabled)
    key = digest_of(str(settings.root).encode("utf-8", "surrogateescape"))
    known = Verdicts(results.get(key))
    files = discover(paths, settings, virtual=virtual, known=known, coming=[settings.root / settings.cache.directory])
    news = known.news()
    if news is not None:
        results.put(key, news)
    return files
