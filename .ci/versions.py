"""Runs every executable case under SQLAlchemy 1.4, 2.0 and the newest 2.x, and the examples of the rules' pages under the latter two, in
environments that are made where missing or outdated.

    python .ci/versions.py [--mark] [--but-installed] [DIR...]

Fails if an example does not print what its page shows, or a case does not end as its header says under a version that its header admits
(`sqlalchemy=>=2.0`; none: every version). `--mark` writes that very mark into cases that need a name which 1.4 does not have.
`--but-installed` leaves out the version that this Python has, under which the tests have run them. The packages are pinned in
`.ci/environments/`.
"""

from __future__ import annotations

import argparse
import os
import queue
import subprocess
import sys
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.cases import FIXTURES, PROGRAMS, Case, cases  # noqa: E402
from tests.execution import NEEDS_MARK, Server  # noqa: E402
from tests.pages import PageServer  # noqa: E402
from tests.pages import complaints as page_complaints  # noqa: E402

PINS = ROOT / ".ci" / "environments"
ENVIRONMENTS = ROOT / ".environments"
VERSIONS = ("1.4", "2.0", "2.x")
JOBS = min(4, os.cpu_count() or 2)


def python_with(version: str) -> str:
    """The Python of a version's environment, which is made anew if its pins have changed."""
    folder = ENVIRONMENTS / version
    python, stamp = folder / "bin" / "python", folder / "pins.txt"
    pins = "".join((PINS / name).read_text() for name in ("packages.txt", f"{version}.txt"))
    if not stamp.exists() or stamp.read_text() != pins:
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(PINS / f"{version}.txt")]
        subprocess.run(install, check=True)
        stamp.write_text(pins)
    return str(python)


def is_installed(version: str) -> bool:
    """Whether the Python that runs this has the SQLAlchemy of a version's environment."""
    return f"SQLAlchemy[asyncio]=={metadata.version('sqlalchemy')}\n" in (PINS / f"{version}.txt").read_text()


def complaints(python: str, chosen: list[Case]) -> tuple[str, int, list[tuple[Case, str]]]:
    """The version, how many cases it can express, and what is wrong with which case."""
    servers: queue.SimpleQueue[Server] = queue.SimpleQueue()
    started = [Server(python) for _ in range(JOBS)]
    for server in started:
        servers.put(server)

    def complaint(case: Case) -> str | None:
        server = servers.get()
        try:
            return server.complaint(case)
        finally:
            servers.put(server)

    with ThreadPoolExecutor(JOBS) as pool:
        told = list(zip(chosen, pool.map(complaint, chosen), strict=True))
    expressed = sum(map(started[0].can_express, chosen))
    for server in started:
        server.close()
    return started[0].sqlalchemy, expressed, [(case, wrong) for case, wrong in told if wrong is not None]


def mark(case: Case) -> None:
    """Say in the header that the case is for 2.0 and later."""
    lines = case.main.read_text().splitlines(keepends=True)
    row = next(row for row, line in enumerate(lines) if line.startswith("# case:"))
    lines[row] = lines[row].rstrip() + " sqlalchemy=>=2.0\n"
    case.main.write_text("".join(lines))


def main() -> int:
    """Make the environments, run the cases under each, print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[PROGRAMS, FIXTURES])
    parser.add_argument("--mark", action="store_true")
    parser.add_argument("--but-installed", action="store_true")
    options = parser.parse_args()
    versions = [version for version in VERSIONS if not (options.but_installed and is_installed(version))]
    with ThreadPoolExecutor(2) as pool:
        pythons = list(pool.map(python_with, versions))
    chosen = [case for folder in options.folders for case in cases(folder.resolve())]
    failed = 0
    for python in pythons:
        start = time.monotonic()
        version, expressed, wrong = complaints(python, chosen)
        for case, what in wrong:
            if options.mark and what.startswith(NEEDS_MARK):
                mark(case)
                what = "now marked sqlalchemy=>=2.0"  # noqa: PLW2901
            else:
                failed += 1
            print(f"SQLAlchemy {version}: {case.main.relative_to(ROOT)}: {what}")
        seconds = time.monotonic() - start
        print(
            f"SQLAlchemy {version}: {expressed} of {len(chosen)} cases can be expressed, {len(wrong)} complaints ({seconds:.0f} s)",
            flush=True,
        )
    return 1 if failed + disagreeing_pages(pythons[1:]) else 0


def disagreeing_pages(pythons: list[str]) -> int:
    """How many examples do not print what their pages show; each is told."""
    failed = 0
    for python in pythons:
        server = PageServer(python)
        wrong = page_complaints(server)
        failed += len(wrong)
        print(*(f"SQLAlchemy {server.sqlalchemy}: {what}" for what in wrong), sep="\n", end="\n" if wrong else "")
        print(f"SQLAlchemy {server.sqlalchemy}: examples of the rules' pages, {len(wrong)} complaints", flush=True)
        server.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
