"""The adoption story on a real application: functions are edited, and `check` has to name what is new and what is fixed.

    python benchmarks/adoption.py APPLICATION [--edits 1 40] [--keep FOLDER]

The application is copied. For each number of `--edits`, as many functions get 200 lines above a finding, as many are moved to the end of
their file, in as many the finding is fixed and the same statement written elsewhere in the function. Exits with 1 unless exactly the new
ones are reported and exactly the fixed ones are stale. What other rules have to say of the changed functions is listed, and to be judged by
a person.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import adoption


def main() -> int:
    """Tell the story; exit status 1 if it does not end well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("application", type=Path)
    parser.add_argument("--edits", type=int, nargs="+", default=[1])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch) / "application"
        shutil.copytree(options.application, root, ignore=shutil.ignore_patterns(".git", "node_modules"), symlinks=True)
        (root / "sessionlint.toml").touch()
        return stories(root, options.edits)


def stories(root: Path, numbers: list[int]) -> int:
    """The same application, edited in as many places of each kind as the numbers say, one after the other."""
    say(f"{sum(path.read_bytes().count(10) for path in root.rglob('*.py'))} lines of Python")
    candidates = list(adoption.sites(root, adoption.findings(root, "--no-baseline")))
    say(f"{len(candidates)} functions with one finding")
    say(timed("baseline create", root, "baseline", "create"))
    baseline = (root / adoption.BASELINE).read_bytes()
    sources = {path: path.read_bytes() for path in root.rglob("*.py")}
    is_good = True
    for number in numbers:
        edits = adoption.chosen(candidates, number)
        say(f"{len(edits.padded)} padded, {len(edits.moved)} moved, {len(edits.mixed)} fixed with another one added")
        is_good &= is_told(root, edits)
        for path, content in {**sources, root / adoption.BASELINE: baseline}.items():
            path.write_bytes(content)
    return int(not is_good)


def is_told(root: Path, edits: adoption.Edits) -> bool:
    """Whether `check` names exactly what is new and what is fixed; what it gets wrong is printed."""
    adoption.edit(root, edits)
    new, stale = adoption.expected(root, edits)
    begun = time.perf_counter()
    found = adoption.outcome(root)
    say(
        f"check: exit status {found.status}, {time.perf_counter() - begun:.1f} s: {sum(found.new.values())} new, "
        f"{sum(found.stale.values())} stale"
    )
    wrong = {
        "new, but not reported": new - found.new,
        "reported, but not new": Counter({one: n for one, n in (found.new - new).items() if one[0] in adoption.MIXED}),
        "fixed, but not stale": stale - found.stale,
        "stale, but not fixed": Counter({one: n for one, n in (found.stale - stale).items() if one[0] in adoption.MIXED}),
    }
    besides = {"other rules, new": found.new - new - wrong["reported, but not new"], "other rules, stale": found.stale - stale}
    for what, which in {**wrong, **besides}.items():
        for one in which.elements():
            say(f"{what}: {' '.join(map(str, one))}")
    return not any(wrong.values())


def say(what: str) -> None:
    """One line of the output, at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def timed(title: str, root: Path, *arguments: str) -> str:
    """What a command said last, its status, and how long it took."""
    begun = time.perf_counter()
    done = adoption.sessionlint(root, *arguments)
    said = done.stdout.splitlines()[-1:] + done.stderr.splitlines()[-1:]
    return f"{title}: exit status {done.returncode}, {time.perf_counter() - begun:.1f} s: {' | '.join(said)}"


if __name__ == "__main__":
    raise SystemExit(main())
