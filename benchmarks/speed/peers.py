"""Other tools on the same trees, each in a virtual environment of its own beneath the build folder; what cannot be installed is named."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.speed.works import YARDSTICKS, Work

SLOW = 150_000
"""Lines beyond which most of them would take minutes."""

FIXIT = (0, 1, 2, 3)
"""Bits: it has found something, it could not parse a file."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A pinned package, and what of it is measured: `{bin}` is the folder of its programs."""

    requirement: str
    works: tuple[Work, ...]


def _work(name: str, title: str, *command: str, statuses: tuple[int, ...] = (0,), most_lines: int = SLOW) -> Work:
    return Work(name, title, command, statuses=statuses, most_lines=most_lines)


PEERS = (
    Peer(
        "fixit==2.2.1",
        (
            _work(
                "fixit-one",
                "Fixit, one rule",
                "{bin}/fixit",
                "--quiet",
                "--rules",
                "fixit.rules.no_static_if_condition",
                "lint",
                ".",
                statuses=FIXIT,
            ),
            _work("fixit", "Fixit as it comes", "{bin}/fixit", "--quiet", "lint", ".", statuses=FIXIT),
            _work(
                "libcst-codemod",
                "libcst's codemod runner, a codemod without a change",
                *("{bin}/python", "-m", "libcst.tool", "codemod", "-x", "--no-format", "--hide-progress", "no_change.NoChange", "."),
            ),
        ),
    ),
    Peer(
        "codemodder==6.5.5",
        (
            _work(
                "codemodder",
                "codemodder, one codemod, dry run",
                *("{bin}/codemodder", ".", "--dry-run", "--codemod-include", "pixee:python/fix-assert-tuple", "--output", "/dev/null"),
            ),
        ),
    ),
    Peer(
        "pylint==4.0.10",
        (
            _work(
                "pylint",
                "pylint, one check",
                *("{bin}/pylint", "--jobs", "0", "--recursive=y", "--disable=all", "--enable=unidiomatic-typecheck", "--exit-zero", "."),
            ),
        ),
    ),
    Peer("pyright==1.1.414", (_work("pyright", "pyright", "{bin}/pyright", ".", statuses=(0, 1)),)),
    Peer(
        "semgrep==1.182.0",
        (
            _work(
                "semgrep",
                "semgrep, one pattern",
                *("{bin}/semgrep", "scan", "--metrics", "off", "--disable-version-check", "--quiet", "-l", "python", "-e"),
                *("$SESSION.commit()", "."),
            ),
        ),
    ),
)


def installed(build: Path, peers: Sequence[Peer] = PEERS) -> tuple[list[Work], dict[str, str]]:
    """What can be measured of the peers, and why the others cannot, by requirement."""
    works: list[Work] = []
    missing: dict[str, str] = {}
    for peer in peers:
        programs = build / "peers" / peer.requirement / "bin"
        if why := _install(peer.requirement, programs.parent):
            missing[peer.requirement] = why
        else:
            works += [_resolved(work, programs) for work in peer.works]
    return works, missing


def _resolved(work: Work, programs: Path) -> Work:
    """The work with the place of its programs filled in."""
    return replace(
        work, command=tuple(part.replace("{bin}", str(programs)) for part in work.command), paths=(str(programs), str(YARDSTICKS))
    )


def _install(requirement: str, folder: Path) -> str:
    """Why the peer is not there; empty if it is."""
    stamp = folder / "installed"
    if stamp.exists():
        return ""
    venv.create(folder, clear=True, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return ([line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"])[-1]
    stamp.touch()
    return ""
