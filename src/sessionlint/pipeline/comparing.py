"""Runs that report only what a change brought: `--since` and `--affected`. Entry point: `compared`.

What is new is decided by `check/comparing`; here is what has to be analysed for it, and what need not be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sessionlint.cache import FactsCache
from sessionlint.check import INTERNAL_ERROR, Finding
from sessionlint.check.comparing import Changed, Side, novel, with_reasons
from sessionlint.check.identity import Texts
from sessionlint.config import Settings
from sessionlint.discover import RELEVANT_SUFFIXES
from sessionlint.link import relying_on
from sessionlint.pipeline.capturing import Progress
from sessionlint.pipeline.earlier import Earlier, earlier
from sessionlint.pipeline.reading import Sources
from sessionlint.pipeline.recording import Records, records_of
from sessionlint.pipeline.result import Run
from sessionlint.pipeline.workers import Jobs
from sessionlint.revision import Change, NoRepository, changes_since


@dataclass(frozen=True, slots=True)
class Against:
    """What a run is compared with: `since` is a revision, of which only what is new is reported.

    With `affected` findings outside the paths are reported as well that are new and that the files at the paths may have caused; new
    against `since` or else `base`. Without a repository there are none. With `staged` the run is over what is in the index.
    """

    since: str = ""
    affected: bool = False
    staged: bool = False
    base: str = "HEAD"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run and the program that it is compared with; `change` and `then` are None where there is none to be had."""

    against: Against
    settings: Settings
    now: Sources
    asked: frozenset[str]
    change: Change | None
    then: Earlier | None

    @property
    def is_different(self) -> bool:
        """Whether anything can have come that was not there before."""
        return self.then is not None and (bool(self.then.names) or self.then.sources.by_name != self.now.by_name)

    def restricted(self, run: Run, facts: Callable[[], FactsCache], *, jobs: Jobs = 0, progress: Progress | None = None) -> Run:
        """The run with that of its findings which is to be reported. The earlier program is analysed if that decides anything."""
        everything = [*run.findings, *(one.finding for one in run.suppressed)]
        files = {file.name for file in self.now.files()}
        wanted = {id(finding): finding for finding in everything if self._is_certain(finding, files)}
        judged = [finding for finding in everything if finding.at.file in self.asked] if self.against.since else []
        if self.against.affected:
            judged += self._foreign(run, [finding for finding in everything if finding.at.file in files - self.asked])
        if self.change and self.then and self.is_different and judged:
            before = records_of(self.then.sources, self.settings, facts, jobs=jobs, progress=progress)
            wanted |= self._new({id(finding) for finding in judged} - wanted.keys(), run, before, self.then.names, self.change)
        return replace(
            run,
            findings=tuple(wanted[id(finding)] for finding in run.findings if id(finding) in wanted),
            suppressed=tuple(one for one in run.suppressed if id(one.finding) in wanted),
            withheld=tuple(finding for finding in run.findings if id(finding) not in wanted),
        )

    def _is_certain(self, finding: Finding, files: set[str]) -> bool:
        """Whether a finding is reported whatever was before: it is in what was asked for, or about no file of the program."""
        is_of_run = finding.at.file not in files or finding.code == INTERNAL_ERROR[0]
        return is_of_run or (not self.against.since and finding.at.file in self.asked)

    def _foreign(self, run: Run, findings: Sequence[Finding]) -> list[Finding]:
        """Those findings in other files that one which was asked for, and changed, may have caused."""
        changed = self.asked & self._changed(self.change).rows.keys() if self.change and findings else frozenset()
        reached = relying_on(run.program, changed) if changed else frozenset()
        return [found for found in findings if not reached.isdisjoint({found.at.file, *(step.at.file for step in found.related)})]

    def _new(self, judged: set[int], run: Run, before: Records, names: Mapping[str, str], change: Change) -> dict[int, Finding]:
        """Those of the `judged` findings that are new, with what changed about them."""
        now, changed = Side(run.program, Texts(self.now.by_name)), self._changed(change)
        silenced = [one.finding for one in run.suppressed]
        new = [
            *novel(run.findings, now, before.findings, changed, names=names, known=run.baselined),
            *novel(silenced, now, [*before.findings, *before.suppressed], changed, names=names),
        ]
        new = [finding for finding in new if id(finding) in judged]
        return {id(finding): told for finding, told in zip(new, with_reasons(new, now, changed), strict=True)}

    def _changed(self, change: Change) -> Changed:
        names = {file.path: file.name for file in self.now.files()}
        since = change.revision.partition("...")[0] or "HEAD"
        return Changed(since, {names[path]: each.rows for path, each in change.files.items() if path in names})


def compared(against: Against | None, settings: Settings, now: Sources, paths: Sequence[Path]) -> Comparison | None:
    """What a run over `now` is compared with, if it is. Raises `SessionlintError` where the revision cannot be had."""
    if against is None or not (against.since or against.affected):
        return None
    change = then = None
    files = [file.path for file in now.files()]
    try:
        change = changes_since(against.since or against.base, settings.root, files, RELEVANT_SUFFIXES, staged=against.staged)
        then = earlier(now, change, settings, paths)
    except NoRepository:
        if against.since:
            raise
    return Comparison(against, settings, now, frozenset(file.name for file in now.files() if file.reported), change, then)
