"""The runs as Markdown: `results.md`, and the part of `docs/performance.md` that is figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from benchmarks.speed.record import Run
from benchmarks.speed.rounds import Samples
from benchmarks.speed.targets import targets

BEGIN, END = "<!-- figures: written by `make bench` -->\n", "<!-- end of the figures -->\n"
WITH_ROOMS = ("cold", "warm", "leaf", "hub", "stdin")
ROOMS = ("discover", "read", "screen", "capture", "link", "solve", "check")


def results(runs: Sequence[Run]) -> str:
    """All runs that are not history, a section each."""
    head = "# Results of `make bench`\n\nWritten by the benchmark, never by hand. What the words mean: "
    sections = [section(run) for run in current(runs) if not run.part_of]
    return "\n".join([f"{head}[performance](../docs/performance.md).\n", *(sections or ["Nothing was measured yet.\n"])])


def current(runs: Sequence[Run]) -> list[Run]:
    """The runs without a label, from small to large."""
    return sorted((run for run in runs if not run.label), key=lambda run: (bool(run.part_of), run.survey.lines))


def titled(run: Run) -> str:
    """The corpus and its size, and what the run is in the history."""
    return f"{run.corpus}{f' ({run.label})' if run.label else ''}: {run.survey.lines:,} lines"


def section(run: Run) -> str:
    """One corpus: what it is, how it was measured, and a row for each work."""
    about = run.survey
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    rounds = f"{run.rounds} round{'s' if run.rounds > 1 else ''}"
    said = [
        f"## {titled(run)}\n",
        f"{about.files:,} files, {about.functions:,} functions. The leaf is `{about.leaf}`, the models `{about.hub}` (imported by "
        f"{about.importers} {'others' if about.importers != 1 else 'other'}).\n",
        f"{run.date}, {rounds}; {run.machine}; load {run.load[0]:g} before, {run.load[1]:g} after; {versions}.\n",
        *(f"Not installable here: {name} ({why}).\n" for name, why in run.missing.items()),
        *table(["Work", "Median", "× F", "Spread of × F", "At most", "Peak memory"], [_row(run, name) for name in run.samples]),
    ]
    return "\n".join(said)


def _row(run: Run, name: str) -> list[str]:
    sample = run.samples[name]
    promised = targets(run, name)
    goal = "; ".join(f"{target.text}: {'kept' if target.is_met else '**missed**'}" for target in promised)
    if not sample.seconds:
        return [sample.title, sample.trouble, "", "", goal, ""]
    spread = f"{min(sample.multiples):.3f} to {max(sample.multiples):.3f}"
    if name == "f":
        spread = f"{min(sample.seconds):.2f} s to {max(sample.seconds):.2f} s"
    peak = f"{sample.peak / 1e6:,.0f} MB"
    title = f"{sample.title} ({sample.trouble})" if sample.trouble else sample.title
    return [title, _seconds(median(sample.seconds)), f"{median(sample.multiples):.3f}", spread, goal, peak]


def figures(runs: Sequence[Run]) -> str:
    """The generated part of `docs/performance.md`."""
    parts: list[str] = []
    labelled = [run for run in runs if run.label]
    for run in (*current(runs), *labelled):
        if not run.part_of and any(run.samples[name].rooms for name in WITH_ROOMS if name in run.samples):
            parts.append("\n".join([f"### Rooms: {titled(run)}\n", *_rooms(run)]))
    if curve := [run for run in current(runs) if run.part_of]:
        parts.append("\n".join([f"### Curve: parts of {curve[0].part_of}\n", *_curve(curve)]))
    if labelled:
        parts.append("\n".join(["### History\n", *_history(labelled)]))
    return BEGIN + "\n" + "\n".join(parts) + "\n" + END


def _rooms(run: Run) -> Iterator[str]:
    """Seconds of each room, cold and warm, and what that is for 1,000 lines or a function."""
    shown = [(name, sample) for name in WITH_ROOMS if (sample := run.samples.get(name)) and sample.rooms]
    extra = sorted({room for _, sample in shown for room in sample.rooms} - set(ROOMS))
    rows = []
    for room in (*ROOMS, *extra):
        cost = shown[0][1].rooms.get(room, 0.0)
        each = f"{1e6 * cost / run.survey.functions:.0f} µs a function" if room == "solve" else f"{1e6 * cost / run.survey.lines:.2f} ms"
        rows.append([room, *(f"{sample.rooms.get(room, 0.0):.3f} s" for _, sample in shown), each])
    rest = [max(0.0, sample.watched - sum(sample.rooms.values())) for _, sample in shown]
    rows.append(["start-up and report", *(f"{seconds:.3f} s" for seconds in rest), ""])
    yield from table(["Room", *(name for name, _ in shown), f"{shown[0][0]}, for 1,000 lines"], rows)


def _curve(curve: Sequence[Run]) -> Iterator[str]:
    rows = []
    for run in curve:
        cells = [f"{run.survey.lines:,}"]
        for name in ("f", "cold", "warm"):
            sample = run.samples[name]
            cells += [_one(sample), f"{1e6 * median(sample.seconds) / run.survey.lines:.1f} ms" if sample.seconds else ""]
        rows.append([*cells, f"{run.samples['cold'].peak / 1e6:,.0f} MB"])
    yield from table(["Lines", "F", "for 1,000 lines", "cold", "for 1,000 lines", "warm", "for 1,000 lines", "peak memory, cold"], rows)


def _history(history: Iterable[Run]) -> Iterator[str]:
    names = ("cold-no-cache", "cold", "warm", "leaf", "hub", "stdin", "migrate")
    rows = []
    for run in history:
        commit = run.versions.get("sessionlint's commit", "")
        cells = [_multiple(run.samples[name]) if name in run.samples else "" for name in names]
        load = f"{run.load[0]:g} to {run.load[1]:g}"
        rows.append([run.label, run.date, commit, run.corpus, str(run.rounds), load, _one(run.samples["f"]), *cells])
    yield from table(["What", "When", "Commit", "Corpus", "Rounds", "Load", "F", *names], rows)


def _one(sample: Samples) -> str:
    return _seconds(median(sample.seconds)) if sample.seconds else sample.trouble


def _multiple(sample: Samples) -> str:
    return f"{median(sample.multiples):.2f} F" if sample.multiples else sample.trouble


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, with an empty one after it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""
