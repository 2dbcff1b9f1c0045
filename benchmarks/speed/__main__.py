"""`make bench`: get the corpora, measure, print and store. `make bench ARGS=--help` says what may be left out."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.speed import peers as tools
from benchmarks.speed import record, tables
from benchmarks.speed.corpora import OWN, ROOT, Corpus, copied, corpus, lines_of, part_of
from benchmarks.speed.rounds import measured
from benchmarks.speed.survey import survey
from benchmarks.speed.works import Site, Work, ours, yardsticks

CURVE = (10_000, 30_000, 100_000, 300_000)
ON_CURVE = ("cold", "warm")
PAGE = ROOT / "docs" / "performance.md"


def main() -> int:
    """Measure what was asked for. Exit status 2 for an option that makes no sense."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what is under way is ended as well, and edits are put back
    build, output = options.build.resolve(), options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    if not options.render:
        found, missing = ([], {}) if options.no_peers else tools.installed(build)
        for each, whole in _corpora(options, build):
            run = _run(each, whole, options, found, missing)
            record.store(output / "results.json", run)
            say(tables.section(run))
    render(output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description="How long sessionlint takes, beside F and other tools.")
    parser.add_argument("--corpus", action="append", choices=OWN, help="one of its own corpora; may be repeated (default: all of them)")
    parser.add_argument("--tree", action="append", default=[], type=_tree, metavar="NAME=PATH", help="a folder to measure on instead")
    parser.add_argument("--curve", choices=OWN[1:], help="measure parts of this corpus from 10,000 lines to the whole of it")
    parser.add_argument("--rounds", type=_positive, default=5, metavar="N", help="timed rounds (default: 5)")
    parser.add_argument("--timeout", type=float, default=900.0, metavar="SECONDS", help="stop what takes longer (default: 900)")
    parser.add_argument("--no-peers", action="store_true", help="leave out the other tools")
    parser.add_argument("--only", action="append", metavar="WORK", help="measure only this work, as `cold`, and F; may be repeated")
    parser.add_argument("--label", default="", help="keep this run in the history under a name")
    parser.add_argument("--render", action="store_true", help="measure nothing, write the tables anew from what is stored")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", metavar="DIR", help="where corpora and peers are kept")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks", metavar="DIR", help="where results.json and results.md are")
    return parser


def _tree(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not name.replace("-", "").replace("_", "").isalnum() or name in OWN:
        raise argparse.ArgumentTypeError(f"`{text}`: give it a name of letters and digits that no other corpus has, as in NAME=PATH")
    if not Path(path).is_dir():
        raise argparse.ArgumentTypeError(f"`{path}` is not a folder")
    return name, Path(path).resolve()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of 1 or more")
    return int(text)


def _corpora(options: argparse.Namespace, build: Path) -> Iterator[tuple[Corpus, str]]:
    """Each corpus, with the name of the one that it is a part of."""
    is_all = not (options.corpus or options.tree or options.curve)
    for name in OWN if is_all else options.corpus or ():
        yield corpus(name, build), ""
    for name, path in options.tree:
        yield copied(name, path, build), ""
    if curve := "1m" if is_all else options.curve:
        whole = corpus(curve, build)
        for lines in _steps(lines_of(whole)):
            yield part_of(whole, lines, build), curve


def _steps(lines: int) -> list[int]:
    """The sizes on a curve: those below the whole, and the whole."""
    return [*(step for step in CURVE if step < lines), lines]


def _run(each: Corpus, whole: str, options: argparse.Namespace, found: Sequence[Work], missing: dict[str, str]) -> record.Run:
    about = survey(each.tree)
    say(f"{each.name}: {about.files:,} files, {about.lines:,} lines")
    wanted = options.only or (ON_CURVE if whole else ())
    blocks = partial(_blocks, wanted=wanted, peers=() if whole else found)
    before = record.load()
    samples = measured(each, about, blocks, options.rounds, options.timeout, say)
    return record.Run(
        corpus=each.name,
        is_dense=each.is_dense,
        part_of=whole,
        label=options.label,
        date=record.now(),
        machine=record.machine(),
        load=(before, record.load()),
        versions=record.versions(),
        rounds=options.rounds,
        survey=about,
        samples=samples,
        missing=missing,
    )


def _blocks(site: Site, *, wanted: Sequence[str], peers: Sequence[Work]) -> list[list[Work]]:
    """What is measured, in the blocks that an F comes before: sessionlint, the yardsticks, the other tools."""
    blocks = (ours(site), yardsticks(site), peers)
    needed = {work.after for block in blocks for work in block if work.name in wanted}
    chosen = [[work for work in block if not wanted or work.name in {*wanted, *needed}] for block in blocks]
    return [block for block in chosen if block]


def render(output: Path) -> None:
    """Write `results.md` from `results.json`, and where those are the repository's own, the figures into the page on performance."""
    runs = record.stored(output / "results.json")
    (output / "results.md").write_text(tables.results(runs), encoding="utf-8")
    if output == ROOT / "benchmarks":
        before, rest = PAGE.read_text(encoding="utf-8").split(tables.BEGIN)
        PAGE.write_text(before + tables.figures(runs) + rest.split(tables.END)[1], encoding="utf-8")


def say(what: str) -> None:
    """At once: a whole run takes long."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
