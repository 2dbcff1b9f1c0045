"""What a run gives, and what it has to say of itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sessionlint.config import Settings
from sessionlint.source import SourceFile

if TYPE_CHECKING:
    from sessionlint.baseline import Compared
    from sessionlint.check import Finding, Suppressed
    from sessionlint.link import Program
    from sessionlint.pipeline.keeping.keeper import Keeper
    from sessionlint.solve import Earlier, Events


@dataclass(frozen=True, slots=True)
class Stdin:
    """Standard input, taken for the content of the file called `name` (as the user wrote it, relative to the current directory)."""

    name: str
    content: bytes

    @property
    def is_edited(self) -> bool:
        """Whether it is something else than what the file holds."""
        try:
            return Path(self.name).read_bytes() != self.content
        except OSError:
            return True


@dataclass(frozen=True, slots=True)
class Stats:
    """Of a run: the names of the files it saw, how the facts of each were come by, and the seconds each room took; with `is_kept` nobody
    needed any facts, for the result is that of an earlier run over the same program."""

    files: tuple[str, ...]
    screened_out: tuple[str, ...]
    captured: tuple[str, ...]
    from_cache: tuple[str, ...]
    seconds: Mapping[str, float]
    is_kept: bool = False


class Analysed(Protocol):
    """A program, what happens in it, and what was done for that."""

    @property
    def program(self) -> Program: ...
    @property
    def events(self) -> Events: ...
    @property
    def walked(self) -> Earlier | None: ...
    @property
    def stats(self) -> Stats: ...


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The program as it is after files were rewritten."""

    program: Program
    events: Events
    stats: Stats
    walked: Earlier | None


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that report and rewrite start from. `files` and `sources` are by name; `sources` lacks what could not be read.

    `is_absolute` says that the user named an absolute path: then paths are shown so, as given. `findings` are those to report;
    `suppressed` are silenced by comments, `baselined` known to the baseline. `baseline` is the name of the baseline's file, empty for a run
    without one: then `findings` are neither new nor known, else they are new but for SES004 (one for each entry that no finding matches);
    `compared` says which finding is which entry's. `withheld` are not reported because the change that the run is about did not bring them.
    `fixed` is the number of findings that were mended. `noqa` are the codes of ours that `# noqa` comments name, by file. `program` and
    `events` may have to be made when they are asked for; `keeper` has what was answered about them before, None where nothing is kept.
    """

    settings: Settings
    files: Mapping[str, SourceFile]
    sources: Mapping[str, bytes]
    analysis: Analysed
    findings: tuple[Finding, ...]
    is_absolute: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    baseline: str = ""
    withheld: tuple[Finding, ...] = ()
    compared: Compared | None = None
    fixed: int = 0
    keeper: Keeper | None = None
    noqa: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """The program."""
        return self.analysis.program

    @property
    def events(self) -> Events:
        """What happens in it."""
        return self.analysis.events

    @property
    def stats(self) -> Stats:
        """What has been done by now."""
        return self.analysis.stats


@dataclass(slots=True)
class Watch:
    """A stopwatch whose laps have names."""

    seconds: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """Give the time since the last lap to `name`."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self.started
        self.started = now
