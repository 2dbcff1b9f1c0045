"""What was promised: the most that a work may take, by kind of corpus, and whether a run keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.speed.record import Run

MIXED = ("300k", "1m")
LEAST_LINES = 50_000
"""Smaller trees have no targets: most of their time is the start of a process."""

MOST_MEMORY = 500_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """In words, and whether the run keeps it."""

    text: str
    is_met: bool


def targets(run: Run, name: str) -> list[Target]:
    """Those that a run has for a work, as far as what they are expressed in was measured."""
    is_promised = run.corpus in MIXED or (run.is_dense and run.survey.lines >= LEAST_LINES)
    if not is_promised or not run.samples[name].seconds:
        return []
    match name:
        case "cold" | "cold-no-cache":
            return [_times_f(run, name, 0.40 if run.is_dense else 0.25), *_memory(run, name)]
        case "warm":
            return [_times_f(run, name, 0.04), *_times(run, name, 1.5, "ruff")]
        case "leaf" | "leaf-top":
            return [_times_f(run, name, 0.06)]
        case "hub" | "hub-top":
            return [_times_f(run, name, 0.12)]
        case "stdin":
            return _times(run, name, 2, "click", "leaf-parse")
        case "migrate":
            return _times(run, name, 2, "cold")
        case _:
            return []


def _times_f(run: Run, name: str, most: float) -> Target:
    return Target(f"{most:.2f} F", median(run.samples[name].multiples) <= most)


def _times(run: Run, name: str, times: float, other: str, added: str = "") -> list[Target]:
    parts = [run.samples.get(part) for part in (other, added) if part]
    if not all(part and part.seconds for part in parts):
        return []
    first, *rest = [median(part.seconds) for part in parts if part]
    limit = times * first + sum(rest)
    words = f"{times:g} × {other}{f' + {added}' if added else ''} = {limit:.2f} s"
    return [Target(words, median(run.samples[name].seconds) <= limit)]


def _memory(run: Run, name: str) -> list[Target]:
    if run.corpus != "1m":
        return []
    return [Target(f"{MOST_MEMORY // 10**6} MB", run.samples[name].peak <= MOST_MEMORY)]
