"""What was measured, where and when: `results.json`, of which `results.md` and the figures in `docs/performance.md` are made.

A run takes the place of the last one on the same corpus, unless that has a label: labelled runs are history and stay.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import msgspec
import psutil

from benchmarks.speed.corpora import ROOT
from benchmarks.speed.rounds import Samples
from benchmarks.speed.survey import Survey

PACKAGES = ("sessionlint", "libcst", "click", "ruff")


@dataclass(frozen=True, slots=True)
class Run:
    """One corpus, measured. `load` is how many processes wanted a processor on average, in the minute before and in the last one."""

    corpus: str
    is_dense: bool
    part_of: str
    label: str
    date: str
    machine: str
    load: tuple[float, float]
    versions: dict[str, str]
    rounds: int
    survey: Survey
    samples: dict[str, Samples]
    missing: dict[str, str] = field(default_factory=dict)


def load() -> float:
    """The load of the last minute."""
    return round(os.getloadavg()[0], 2)


def now() -> str:
    """To the minute, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


def machine() -> str:
    """Processors, memory and system, without a name of the machine."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} processors ({_processor()}), {memory:.0f} GB, {platform.system()} {platform.release()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def versions() -> dict[str, str]:
    """Of everything that has a say."""
    found = {"Python": platform.python_version(), "sessionlint's commit": _commit()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "from source"
    return found


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def stored(path: Path) -> list[Run]:
    """The runs of a results file; none where there is no file."""
    if not path.exists():
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Run])
    except msgspec.DecodeError as error:
        sys.exit(f"{path}: {error}")


def store(path: Path, run: Run) -> list[Run]:
    """Add a run to a results file, and give all that are in it."""
    kept = [other for other in stored(path) if (other.corpus, other.label) != (run.corpus, run.label)]
    runs = [*kept, run]
    text = msgspec.json.format(msgspec.json.encode(runs), indent=1)
    path.write_bytes(text + b"\n")
    return runs
