"""The works of a corpus, interleaved with F, round after round. The first round looks at memory and rooms and is not timed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.speed.corpora import Corpus
from benchmarks.speed.edits import Edited
from benchmarks.speed.processes import Outcome, finished
from benchmarks.speed.survey import Survey
from benchmarks.speed.works import F, Site, Work

LONGEST_F = 3600.0
"""Seconds that F may take, without which nothing else means anything."""

CRASH = re.compile(r"^Traceback \(most recent call last\)|: No module named ", re.M)
ROOM = re.compile(r"(\w+) (\d+\.\d+) s(?=, |$)")


@dataclass(slots=True)
class Samples:
    """Of one work: the seconds of each round, and as a multiple of the F before it.

    Peak memory in bytes and the seconds of each room are those of the round that is not timed, which took `watched` seconds as a whole.
    `trouble` says why there is nothing, or no more.
    """

    title: str
    seconds: list[float] = field(default_factory=list)
    multiples: list[float] = field(default_factory=list)
    peak: int = 0
    watched: float = 0.0
    rooms: dict[str, float] = field(default_factory=dict)
    trouble: str = ""


def measured(
    corpus: Corpus,
    about: Survey,
    blocks: Callable[[Site], Sequence[Sequence[Work]]],
    rounds: int,
    timeout: float,
    say: Callable[[str], None],
) -> dict[str, Samples]:
    """The samples of F and of each work by name; F is run again before each block."""
    samples = {F.name: Samples(F.title)}
    for number in range(rounds + 1):
        with Edited(corpus.tree) as edited:
            site = Site(corpus.tree, about, edited, number)
            for block in blocks(site):
                for work in (F, *block):
                    sample = samples.setdefault(work.name, Samples(work.title))
                    _measure(work, site, sample, samples, timeout)
                    say(f"{corpus.name}, round {number} of {rounds}: {work.name} {_last(sample, is_watched=number == 0)}")
    return samples


def _measure(work: Work, site: Site, sample: Samples, samples: dict[str, Samples], timeout: float) -> None:
    needed = samples.get(work.after)
    if needed and needed.trouble and not sample.trouble:
        sample.trouble = f"not measured, because `{work.after}` was not"
    if site.survey.lines > work.most_lines and not sample.trouble:
        sample.trouble = f"measured up to {work.most_lines:,} lines only"
    if sample.trouble:
        return
    work.prepare(site)
    is_watched = site.number == 0
    command = (*work.command, "--verbose") if is_watched and work.has_rooms else work.command
    environment = _environment(work)
    timeout = max(timeout, LONGEST_F) if work is F else timeout
    outcome = finished(command, site.tree, stdin=work.stdin(site), timeout=timeout, is_watched=is_watched, environment=environment)
    sample.trouble = _trouble(work, outcome, timeout)
    if sample.trouble and work is F:
        raise SystemExit(f"F, which everything is measured by, failed: {sample.trouble}")
    if sample.trouble:
        return
    if is_watched:
        sample.peak, sample.watched = max(sample.peak, outcome.peak), outcome.seconds
        sample.rooms = {room: float(seconds) for room, seconds in ROOM.findall((outcome.errors.splitlines() or [""])[-1])}
        return
    _keep(work, outcome, sample, samples[F.name])


def _keep(work: Work, outcome: Outcome, sample: Samples, f: Samples) -> None:
    sample.seconds.append(float(outcome.output) if work.prints_seconds else outcome.seconds)
    sample.multiples.append(sample.seconds[-1] / f.seconds[-1])


def _environment(work: Work) -> dict[str, str]:
    """This process's, without what would change what sessionlint does; a peer finds its own programs first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SESSIONLINT_")}
    if work.paths:
        programs, modules = work.paths
        return {**kept, "PATH": f"{programs}{os.pathsep}{kept.get('PATH', '')}", "PYTHONPATH": modules}
    return kept


def _trouble(work: Work, outcome: Outcome, timeout: float) -> str:
    if outcome.status is None:
        return f"stopped after {timeout:.0f} s"
    is_crash = outcome.status != 0 and CRASH.search(outcome.errors) is not None  # which ends with 1, as findings do
    if is_crash or outcome.status not in work.statuses:
        return f"exit status {outcome.status}: {(outcome.errors.strip().splitlines() or ['nothing said'])[-1]}"
    return ""


def _last(sample: Samples, *, is_watched: bool) -> str:
    if sample.trouble:
        return sample.trouble
    return f"{sample.watched:.2f} s, {sample.peak / 1e6:.0f} MB" if is_watched else f"{sample.seconds[-1]:.2f} s"
