"""The order of the rooms. This is the first file to open; `capturing.py` says where facts come from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sessionlint.cache import open_cache
from sessionlint.check import Checked, checked, fingerprinted, selected
from sessionlint.config import Settings
from sessionlint.discover import discover
from sessionlint.link import link
from sessionlint.pipeline.capturing import Progress, captured
from sessionlint.pipeline.reading import read
from sessionlint.pipeline.result import Run, Stats, Stdin, Watch
from sessionlint.screen import screen, screen_templates
from sessionlint.solve import Events, solve

RECURSION = 5000
"""Frames that link, solve and check may need: they follow calls, bases and imports of the analysed program by calls of their own."""


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    stdin: Stdin | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
    only_link: bool = False,
) -> Run:
    """Analyse the program that `paths` belong to.

    `stdin` stands in for a file; `jobs` is the number of processes that may capture, 0 for one a processor; `progress` is told what is
    being done and how far it is. With `only_link` the run ends with the program: no events, no findings. Raises `SessionlintError` where
    the run cannot go on as asked.
    """
    selected(settings)  # an unknown code is said before the work, not after
    watch = Watch()
    files = discover(paths, settings, virtual=[Path(stdin.name)] if stdin else ())
    watch.lap("discover")
    sources = read(files, stdin)
    watch.lap("read")
    kept = screen(sources.python, settings.sessions)
    watch.lap("screen")
    cache = open_cache(settings.root, settings.cache.directory, enabled=settings.cache.enabled)
    templates = screen_templates(sources.templates, sources.python)
    facts = captured(sources, kept | templates, cache, jobs=jobs, progress=progress)
    cache.save(prune=_is_whole(paths, settings) and stdin is None)
    watch.lap("capture")
    if progress:
        progress("Analysing", 0, 0)
    with _deep_recursion():
        program = link(facts.by_name, settings, facts.templates)
        watch.lap("link")
        events = Events(()) if only_link else solve(program)
        watch.lap("solve")
        found = Checked((), ()) if only_link else fingerprinted(checked(program, events, settings))
        watch.lap("check")
    stats = Stats(tuple(file.name for file in files), facts.screened_out, facts.captured, facts.from_cache, watch.seconds)
    is_absolute = any(path.is_absolute() for path in paths)
    names = {file.name: file for file in files}
    return Run(settings, names, sources.by_name, program, events, found.findings, stats, is_absolute, suppressed=found.suppressed)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _is_whole(paths: Sequence[Path], settings: Settings) -> bool:
    """Whether the program is all there is beneath the root, so that facts which it did not need are of no use to anyone."""
    return settings.files.is_project or any(path.absolute() == settings.root for path in paths)
