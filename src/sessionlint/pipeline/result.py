"""What a run gives, and what it has to say of itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sessionlint.baseline import Compared
from sessionlint.check import Finding, Suppressed
from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import SourceFile


@dataclass(frozen=True, slots=True)
class Stdin:
    """Standard input, taken for the content of the file called `name` (as the user wrote it, relative to the current directory)."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stats:
    """Of a run: the names of the files it saw, how each was come by, and the seconds each room took."""

    files: tuple[str, ...]
    screened_out: tuple[str, ...]
    captured: tuple[str, ...]
    from_cache: tuple[str, ...]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that report and rewrite start from. `files` and `sources` are by name; `sources` lacks what could not be read.

    `is_absolute` says that the user named an absolute path: then paths are shown so, as given. `findings` are those to report;
    `suppressed` are silenced by comments, `baselined` known to the baseline. `baseline` is the name of the baseline's file, empty for a run
    without one: then `findings` are neither new nor known, else they are new but for SES004 (one for each entry that no finding matches);
    `compared` says which finding is which entry's. `withheld` are not reported because the change that the run is about did not bring them.
    `fixed` is the number of findings that were mended.
    """

    settings: Settings
    files: Mapping[str, SourceFile]
    sources: Mapping[str, bytes]
    program: Program
    events: Events
    findings: tuple[Finding, ...]
    stats: Stats
    is_absolute: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    baseline: str = ""
    withheld: tuple[Finding, ...] = ()
    compared: Compared | None = None
    fixed: int = 0


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
