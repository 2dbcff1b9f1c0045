"""Runs that never ran: findings over sources of a few lines."""

from __future__ import annotations

import io
from pathlib import Path

from sessionlint.check import Finding, RelatedLocation
from sessionlint.config import Settings
from sessionlint.link import link
from sessionlint.pipeline import Run, Stats
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


def made(root: Path, *findings: Finding, **sources: str | bytes) -> Run:
    """A run over `root`; the sources are by the stem of their files' names."""
    texts = {"repo": REPO, "views": VIEWS, **sources}
    contents = {f"{stem}.py": text.encode() if isinstance(text, str) else text for stem, text in texts.items()}
    files = {name: SourceFile(root / name, name, name.removesuffix(".py")) for name in contents}
    settings = Settings(root=root)
    return Run(settings, files, contents, link({}, settings), Events(()), findings, Stats((), (), (), (), {}))


def told(run: Run, format: str, **options: object) -> str:
    out = io.StringIO()
    report(run, format, out, **options)  # type: ignore[arg-type]
    return out.getvalue()
