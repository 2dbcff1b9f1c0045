"""The order of the rooms. This is the first file to open; `analysis.py` has those from screen to check, `keeping.py` what an earlier run
left of them, `capturing.py` says where facts come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessionlint.check import Fixability, check_codes
from sessionlint.config import Settings
from sessionlint.pipeline.keeping.deferred import Deferred
from sessionlint.pipeline.keeping.keeper import Keeper, Kept, kept_of
from sessionlint.pipeline.keeping.listing import listed
from sessionlint.pipeline.reading import Sources, read
from sessionlint.pipeline.result import Run, Stats, Stdin, Watch
from sessionlint.source import SourceFile

if TYPE_CHECKING:
    from sessionlint.baseline import Baseline
    from sessionlint.cache import FactsCache
    from sessionlint.pipeline.analysis import Analysis
    from sessionlint.pipeline.capturing import Progress
    from sessionlint.pipeline.comparing import Against, Comparison
    from sessionlint.pipeline.workers import Jobs


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    stdin: Stdin | None = None,
    jobs: Jobs = 0,
    progress: Progress | None = None,
    only_link: bool = False,
    needs_program: bool = False,
    against: Against | None = None,
    baseline: Baseline | None = None,
) -> Run:
    """Analyse the program that `paths` belong to, if there is no telling what that gives from an earlier run over the same.

    `stdin` stands in for a file; `jobs` is the number of processes that may capture, 0 for one a processor, or an executor; `progress` is
    told what is being done and how far it is. With `only_link` the run ends with the program: no events, no findings. Without
    `needs_program` the program may only be made when it is asked for. What the `baseline` knows is not reported, and with `against` only
    what is new. Raises `SessionlintError` where the run cannot go on as asked.
    """
    check_codes(settings)  # an unknown code is said before the work, not after
    Fixability(settings)
    watch = Watch()
    files = listed(paths, settings, [Path(stdin.name)] if stdin else [])
    watch.lap("discover")
    sources = read(files, stdin)
    files, sources, comparison = _against(against, files, sources, settings, paths)
    watch.lap("read")
    facts = cache(partial(_facts, settings))
    prune = _is_whole(paths, settings) and stdin is None and against is None
    is_idle = comparison is not None and bool(comparison.against.since) and not comparison.is_different
    is_linked = only_link or is_idle or not _is_anything_reported(files, paths)
    how = {"prune": prune, "jobs": jobs, "progress": progress, "only_link": is_linked, "needs_walked": needs_program}
    analyse = partial(_analysed, sources, settings, facts, watch, **how)
    analysis = Deferred(analyse, partial(_stats, tuple(file.name for file in files), watch))
    keeper = None if is_linked else Keeper(sources, settings, is_edited=stdin is not None and stdin.is_edited)
    kept = _kept(keeper, analysis, is_enough=not needs_program)
    watch.lap("keep")
    made = _made(paths, settings, files, sources, analysis, kept, keeper)
    if baseline is not None:
        from sessionlint.pipeline.baselining import baselined

        made = baselined(made, paths, baseline, kept, is_judged=against is None or not against.since)
    if comparison:
        made = comparison.restricted(made, facts, jobs=jobs, progress=progress)
        watch.lap("compare")
    return made


def _analysed(sources: Sources, settings: Settings, facts: Callable[[], FactsCache], watch: Watch, **how: Any) -> Analysis:
    from sessionlint.pipeline.analysis import analysed

    return analysed(sources, settings, facts(), watch, **how)


def _made(
    paths: Sequence[Path],
    settings: Settings,
    files: Sequence[SourceFile],
    sources: Sources,
    analysis: Deferred,
    kept: Kept,
    keeper: Keeper | None,
) -> Run:
    """The run with all that was found in the files that are reported on."""
    silent = sources.silent()
    found = kept.found.within(lambda file: file not in silent)
    is_absolute = any(path.is_absolute() for path in paths)
    names = {file.name: file for file in files}
    return Run(settings, names, sources.by_name, analysis, found.findings, is_absolute, found.suppressed, keeper=keeper, noqa=kept.noqa)


def _against(
    against: Against | None, files: list[SourceFile], sources: Sources, settings: Settings, paths: Sequence[Path]
) -> tuple[list[SourceFile], Sources, Comparison | None]:
    """The files and contents that are analysed, and what they are compared with."""
    if against is None:
        return files, sources, None
    from sessionlint.pipeline.comparing import compared
    from sessionlint.pipeline.earlier import staged

    if against.staged:
        sources = staged(files, sources, settings, paths)
        files = sources.files()
    comparison = compared(against, settings, sources, paths)
    if against.affected:
        sources = sources.marked(lambda file: replace(file, reported=True, may_change=file.reported))
    return files, sources, comparison


def _kept(keeper: Keeper | None, analysis: Deferred, *, is_enough: bool) -> Kept:
    """What an earlier run left, if that `is_enough`, else what this one leaves."""
    known = keeper.get() if keeper is not None else None
    if known is not None and is_enough:
        return known
    kept = kept_of(analysis.done())
    if keeper is not None and known is None:
        keeper.put(kept)
    return kept


def _facts(settings: Settings) -> FactsCache:
    from sessionlint.cache import open_cache

    return open_cache(settings.root, settings.cache.directory, enabled=settings.cache.enabled)


def _is_anything_reported(files: Sequence[SourceFile], paths: Sequence[Path]) -> bool:
    """Whether there is anything to report on; there is not in a commit whose files are all excluded."""
    return any(file.reported for file in files) or any(path.is_dir() for path in paths)


def _is_whole(paths: Sequence[Path], settings: Settings) -> bool:
    """Whether the program is all there is beneath the root, so that facts which it did not need are of no use to anyone."""
    return settings.files.is_project or any(path.absolute() == settings.root for path in paths)


def _stats(files: tuple[str, ...], watch: Watch, done: Analysis | None) -> Stats:
    if done is None:
        return Stats(files, (), (), (), watch.seconds, is_kept=True)
    return Stats(files, done.facts.screened_out, done.facts.captured, done.facts.from_cache, watch.seconds)
