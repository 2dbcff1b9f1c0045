"""Executable cases in the format of `tools/cases.py`: loading them, and running the whole pipeline over one in this process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from sessionlint.check import Finding
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import Run, run

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
PROGRAMS = Path(__file__).parent / "programs"
_HEADER = re.compile(r"^#\s*case:\s*(.+)$", re.M)
_MARK = re.compile(r"(?:#|\{#|<!--)\s*(expect|allow):\s*([A-Z0-9, ]+)")
_SUFFIXES = frozenset({".py", ".html", ".jinja", ".j2", ".jinja2"})

Mark = tuple[str, int, str]
"""A file (relative to the case's folder), a row and a code."""


@dataclass(frozen=True)
class Case:
    """One file, or a folder with a `main.py`."""

    path: Path
    below: Path = FIXTURES

    @property
    def main(self) -> Path:
        return self.path / "main.py" if self.path.is_dir() else self.path

    @property
    def root(self) -> Path:
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def id(self) -> str:
        return self.path.relative_to(self.below).with_suffix("").as_posix()

    @cached_property
    def header(self) -> dict[str, str]:
        """`outcome`, `select` (codes that are off by default), `sqlalchemy` (versions, as in `>=2.0`: others cannot express it)
        and `known` (`miss` or `alarm`: what we get wrong)."""
        found = _HEADER.search(self.main.read_text())
        assert found is not None, f"{self.main} has no `# case:` header"
        return dict(item.split("=", 1) for item in found.group(1).split())

    @property
    def files(self) -> list[Path]:
        everything = self.path.rglob("*") if self.path.is_dir() else [self.path]
        return sorted(path for path in everything if path.suffix in _SUFFIXES)

    def marks(self, kind: str) -> set[Mark]:
        """Where findings are expected, or allowed."""
        return {
            (path.relative_to(self.root).as_posix(), row, code.strip())
            for path in self.files
            for row, line in enumerate(path.read_text().splitlines(), 1)
            for found, codes in _MARK.findall(line)
            if found == kind
            for code in codes.split(",")
            if code.strip()
        }

    def run(self) -> Run:
        """The whole pipeline over the case, without configuration or cache."""
        select = tuple(self.header["select"].split(",")) if "select" in self.header else None
        settings = load_settings([self.path], isolated=True, overrides=Options(cache=False, extend_select=select))
        return run([self.path], settings, jobs=1)


def cases(below: Path = FIXTURES) -> list[Case]:
    """All cases below a folder (the rule fixtures, unless told otherwise), by path."""
    folders = {main.parent for main in below.rglob("main.py")}
    files = [path for path in below.rglob("*.py") if not folders & set(path.parents)]
    return [Case(path, below) for path in sorted([*folders, *files])]


def parameters(chosen: list[Case] | None = None) -> list[object]:
    """The cases (all rule fixtures, unless told otherwise) as pytest parameters; those that we get wrong as strict expected failures."""
    return [
        pytest.param(case, id=case.id, marks=pytest.mark.xfail(strict=True, reason=f"known={case.header['known']}"))
        if "known" in case.header
        else pytest.param(case, id=case.id)
        for case in (cases() if chosen is None else chosen)
    ]


def marks_of(findings: tuple[Finding, ...]) -> set[Mark]:
    """Findings in the form of marks."""
    return {(finding.at.file, finding.at.range.row, finding.code) for finding in findings}
