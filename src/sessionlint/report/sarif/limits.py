"""What GitHub takes of a run: it refuses a log that is larger, so the worst findings are kept and the rest is left out, and said to be."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence

from sessionlint.report.findings.entries import Entry, weight

MOST_RESULTS = 25_000
MOST_BYTES = 10_000_000
"""Compressed."""


def kept(found: Sequence[Entry], most: int = MOST_RESULTS) -> list[Entry]:
    """The worst, in the order of `found`: those that count before those that do not."""
    if len(found) <= most:
        return list(found)
    ranked = sorted(range(len(found)), key=lambda number: (not found[number].is_reported, weight(found[number].finding)))
    return [found[number] for number in sorted(ranked[:most])]


def fitted(found: Sequence[Entry], written: Callable[[list[Entry]], str], most_bytes: int = MOST_BYTES) -> str:
    """The log of as many as fit; `written` makes it of a choice of them."""
    chosen = kept(found)
    text = written(chosen)
    while chosen and len(text) > most_bytes and len(gzip.compress(text.encode("ascii"))) > most_bytes:
        chosen = kept(found, most=len(chosen) * 3 // 4)
        text = written(chosen)
    return text
