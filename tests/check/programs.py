"""Programs, events and settings of a few lines, for tests of rules apart from the analysis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sessionlint.check import Finding, check
from sessionlint.config import LintSettings, Settings
from sessionlint.facts import FileError, FileFacts, FunctionFacts, Suppression
from sessionlint.link import FunctionId, Program, link
from sessionlint.solve import Events, History
from sessionlint.solve.events import Event, QueryGet
from sessionlint.source import Location, Range, SourceFile

START = Range(1, 1, 1, 1)
MODULE = FunctionFacts("<module>", "<module>", START, START, (), None, (), False, False, -1, -1, (), ())
ROOT = Path("/project")


def at(row: int, column: int = 5, file: str = "app.py") -> Location:
    return Location(file, Range(row, column, row, column + 3))


def facts(*suppressions: Suppression, error: FileError | None = None) -> FileFacts:
    return FileFacts(() if error else (MODULE,), (), suppressions, error)


def settings(**lint: object) -> Settings:
    return Settings(root=ROOT, lint=LintSettings(**lint))  # type: ignore[arg-type]


def program(files: Mapping[str, FileFacts] | None = None, *, unreported: str = "") -> Program:
    """A program of those files, by default one that is empty."""
    known = {"app.py": facts()} if files is None else files
    sources = {name: (SourceFile(ROOT / name, name, name.removesuffix(".py"), name != unreported), found) for name, found in known.items()}
    return link(sources, settings())


def query_get(row: int, column: int = 5, file: str = "app.py") -> QueryGet:
    """The simplest of all events."""
    return QueryGet(at(row, column, file), FunctionId(file, 0), History(), None)


def found(*events: Event, files: Mapping[str, FileFacts] | None = None, unreported: str = "", **lint: object) -> tuple[Finding, ...]:
    """What the room says of these events."""
    return check(program(files, unreported=unreported), Events(events), settings(**lint))


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    return [(finding.at.file, finding.at.range.row, finding.code) for finding in findings]
