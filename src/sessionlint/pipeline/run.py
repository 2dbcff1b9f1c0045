"""The order of the rooms. This is the first file to open; `analysis.py` has those from
screen to check, `capturing.py` says where facts come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sessionlint.baseline import Baseline
from sessionlint.cache import open_cache
from sessionlint.check import Fixability, selected
from sessionlint.config import Settings
from sessionlint.discover import discover
from sessionlint.pipeline.analysis import analysed
from sessionlint.pipeline.baselining import baselined
from sessionlint.pipeline.capturing import Progress
from sessionlint.pipeline.comparing import Against, compared
from sessionlint.pipeline.earlier import staged
from sessionlint.pipeline.reading import read
from sessionlint.pipeline.result import Run, Stats, Stdin, Watch


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    stdin: Stdin | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
    only_link: bool = False,
    against: Against | None = None,
    baseline: Baseline | None = None,
) -> Run:
    """Analyse the program that `paths` belong to.

    `stdin` stands in for a file; `jobs` is the number of processes that may capture, 0 for one a processor; `progress` is told what is
    being done and how far it is. With `only_link` the run ends with the program: no events, no findings. What the `baseline` knows is
    not reported, and with `against` only what is new. Raises `SessionlintError` where the run cannot go on as asked.
    """
    selected(settings)  # an unknown code is said before the work, not after
    Fixability(settings)
    watch = Watch()
    files = discover(paths, settings, virtual=[Path(stdin.name)] if stdin else ())
    watch.lap("discover")
    sources = read(files, stdin)
    if against and against.staged:
        sources = staged(files, sources, settings, paths)
        files = sources.files()
    watch.lap("read")
    comparison = compared(against, settings, sources, paths)
    if against and against.affected:
        sources = sources.marked(lambda file: replace(file, reported=True, may_change=file.reported))
    cache = open_cache(settings.root, settings.cache.directory, enabled=settings.cache.enabled)
    if not any(file.reported for file in files) and not any(path.is_dir() for path in paths):  # a commit whose files are all excluded
        only_link = True
    is_idle = comparison is not None and bool(comparison.against.since) and not comparison.is_different
    prune = _is_whole(paths, settings) and stdin is None and against is None
    done = analysed(sources, settings, cache, watch, prune=prune, jobs=jobs, progress=progress, only_link=only_link or is_idle)
    facts, found = done.facts, done.found
    stats = Stats(tuple(file.name for file in files), facts.screened_out, facts.captured, facts.from_cache, watch.seconds)
    is_absolute = any(path.is_absolute() for path in paths)
    names = {file.name: file for file in files}
    made = Run(settings, names, sources.by_name, done.program, done.events, found.findings, stats, is_absolute, suppressed=found.suppressed)
    if baseline is not None:
        made = baselined(made, found, paths, baseline, is_judged=against is None or not against.since)
    if comparison:
        made = comparison.restricted(made, cache, jobs=jobs, progress=progress)
        watch.lap("compare")
    return made


def _is_whole(paths: Sequence[Path], settings: Settings) -> bool:
    """Whether the program is all there is beneath the root, so that facts which it did not need are of no use to anyone."""
    return settings.files.is_project or any(path.absolute() == settings.root for path in paths)
