"""From the bytes of a program's files to what the rules find in it: the rooms from screen to check. Entry point: `analysed`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sessionlint.cache import FactsCache
from sessionlint.check import Checked, checked_everywhere, fingerprinted
from sessionlint.config import Settings
from sessionlint.link import Program, link
from sessionlint.pipeline.capturing import Captured, Progress, captured
from sessionlint.pipeline.reading import Sources
from sessionlint.pipeline.result import Watch
from sessionlint.pipeline.solving.forking import Forks
from sessionlint.pipeline.solving.solved import Solved
from sessionlint.pipeline.workers import Jobs, prepare, processors
from sessionlint.screen import screen, screen_templates
from sessionlint.solve import Earlier, Events, solve
from sessionlint.source import SessionlintError

RECURSION = 5000
"""Frames that link, solve and check may need: they follow calls, bases and imports of the analysed program by calls of their own."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A program, what happens in it, and what is found, in all its files; `facts` says how the files' facts were come by,
    `walked` what walking the program gave."""

    program: Program
    events: Events
    found: Checked
    facts: Captured
    walked: Earlier | None = None


def analysed(
    sources: Sources,
    settings: Settings,
    cache: FactsCache,
    watch: Watch,
    *,
    prune: bool,
    jobs: Jobs = 0,
    progress: Progress | None = None,
    only_link: bool = False,
    needs_walked: bool = False,
) -> Analysis:
    """Analyse the program that `sources` are; `prune` has the cache forget what this program did not need.
    With `needs_walked` the results of its roots are at hand for what comes of it by edits."""
    if cache.is_empty:
        prepare(sources.python.values(), jobs)
    kept = screen(sources.python, settings.sessions)
    watch.lap("screen")
    templates = screen_templates(sources.templates, sources.python)
    try:
        facts = captured(sources, kept | templates, cache, jobs=jobs, progress=progress)
    except SessionlintError:  # an executor failed: the next run goes on from there
        cache.save(prune=False)
        raise
    solved = Solved(settings, facts, cache, is_needed=needs_walked) if not only_link else None
    cache.save(prune=prune)
    watch.lap("capture")
    if progress:
        progress("Analysing", 0, 0)
    with _deep_recursion():
        program = link(facts.by_name, settings, facts.templates)
        watch.lap("link")
        events = (
            Events(())
            if solved is None
            else solve(program, solved.earlier, Forks(processors() if not isinstance(jobs, int) else jobs or processors()))
        )
        if solved is not None:
            solved.keep()
        watch.lap("solve")
        found = Checked((), ()) if only_link else fingerprinted(checked_everywhere(program, events, settings), sources.by_name)
        watch.lap("check")
    return Analysis(program, events, found, facts, solved.earlier if solved is not None else None)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
