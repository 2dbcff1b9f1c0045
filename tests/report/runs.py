"""Runs that never ran: findings over sources of a few lines."""

from __future__ import annotations

import io
from pathlib import Path

from sessionlint.check import Checked, Finding, RelatedLocation, Suppressed, fingerprinted
from sessionlint.config import Settings
from sessionlint.facts import Suppression
from sessionlint.link import link
from sessionlint.pipeline import Run, Stats
from sessionlint.pipeline.result import Rewritten
from sessionlint.report import report
from sessionlint.solve import Events
from sessionlint.source import Location, Range, SourceFile

REPO = """\
from db import SessionLocal


def find(number):
    with SessionLocal() as session:
        return session.get(Order, number)
"""
VIEWS = """\
def show(number):
    order = find(number)
    if order is None:
        return "none"
    return render([line.text for line in order.lines])


def other(): ...
"""


def at(file: str, row: int, column: int, end_column: int, end_row: int = 0) -> Location:
    return Location(file, Range(row, column, end_row or row, end_column))


READ = at("views.py", 5, 48, 53)
STORY = Finding(
    "SES301",
    "detached-lazy-load",
    "`Order.lines` is read on a detached `Order` that never loaded it",
    READ,
    (
        RelatedLocation("query", "`Order` is queried here", at("repo.py", 6, 16, 42)),
        RelatedLocation("option", "`selectinload(Order.lines)` here would have loaded it", at("repo.py", 6, 16, 42)),
        RelatedLocation("end", "the session is closed", at("repo.py", 5, 10, 24)),
        RelatedLocation("read", "reads `Order.lines`", READ),
    ),
    help="add `selectinload(Order.lines)` to the query at repo.py:6",
    qualname="show",
    evidence="Order.lines",
)


def made(
    root: Path,
    *findings: Finding,
    suppressed: tuple[Suppressed, ...] = (),
    baselined: tuple[Finding, ...] = (),
    baseline: str = "",
    **sources: str | bytes,
) -> Run:
    """A run over `root`; the sources are by the stem of their files' names."""
    texts = {"repo": REPO, "views": VIEWS, **sources}
    contents = {f"{stem}.py": text.encode() if isinstance(text, str) else text for stem, text in texts.items()}
    files = {name: SourceFile(root / name, name, name.removesuffix(".py")) for name in contents}
    settings = Settings(root=root)
    return run_of(settings, files, contents, findings, suppressed=suppressed, baselined=baselined, baseline=baseline)


def run_of(
    settings: Settings,
    files: dict[str, SourceFile],
    contents: dict[str, bytes],
    findings: tuple[Finding, ...],
    *,
    suppressed: tuple[Suppressed, ...] = (),
    baselined: tuple[Finding, ...] = (),
    baseline: str = "",
) -> Run:
    """A run over these files, its findings with fingerprints."""
    marked = fingerprinted(Checked((*findings, *baselined), suppressed), contents)
    return Run(
        settings,
        files,
        contents,
        Rewritten(link({}, settings), Events(()), Stats((), (), (), (), {}), None),
        marked.findings[: len(findings)],
        suppressed=marked.suppressed,
        baselined=marked.findings[len(findings) :],
        baseline=baseline,
    )


def by_comment(finding: Finding, reason: str = "", kind: str = "ignore") -> Suppressed:
    """A finding that a comment in its row silences."""
    row = finding.at.range.row
    return Suppressed(finding, Suppression(kind, (finding.code,), reason, Range(row, 1, row, 2), row, row))


def told(run: Run, format: str, **options: object) -> str:
    out = io.StringIO()
    report(run, format, out, **options)  # type: ignore[arg-type]
    return out.getvalue()
