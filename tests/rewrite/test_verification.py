"""Verification walks again what edits touch, and finds what a walk of the whole program finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sessionlint.config import load_settings
from sessionlint.pipeline import run
from sessionlint.rewrite import Migration, Spot, migrate, verify
from sessionlint.rewrite.verify import Problem, State
from sessionlint.solve.again.earlier import Earlier

APPS = Path(__file__).parents[2] / "fixtures" / "apps"
MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
OTHER = """\
from models import Book, Session


def other(session: Session):
    return session.get(Book, 1)
"""
READER = """\
from models import Book, Session


def find(session: Session):
    return session.query(Book).get(1)


def shown(session: Session):
    return find(session).id


def unrelated(session: Session):
    session.commit()
"""


def migrated(root: Path, *, is_known: bool) -> Migration:
    settings = load_settings([root])
    done = run([root], replace(settings, cache=replace(settings.cache, enabled=False)), jobs=1, needs_program=True)
    walked = done.analysis.walked if is_known else None
    return migrate(done.program, settings, done.sources, lambda spot: True, done.findings, walked=walked)


def test_what_edits_do_not_touch_is_not_walked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"models": MODELS, "other": OTHER, "reader": READER}.items():
        (tmp_path / f"{name}.py").write_text(text)
    runs: list[set[str]] = []
    put, compare = Earlier.put, Earlier.compare

    def noting_run(self: Earlier, machine: object) -> None:
        runs.append(set())
        compare(self, machine)  # type: ignore[arg-type]

    def noting(self: Earlier, key: object, result: object) -> None:
        function = key[0]  # type: ignore[index]
        runs[-1].add(f"{function.file}:{function.index}")
        put(self, key, result)  # type: ignore[arg-type]

    monkeypatch.setattr(Earlier, "compare", noting_run)
    monkeypatch.setattr(Earlier, "put", noting)
    result = migrated(tmp_path, is_known=True)
    assert [(change.name, b"session.get(Book, 1)" in change.after) for change in result.changes] == [("reader.py", True)]
    assert len(runs) == 2
    assert runs[0] >= {"other.py:1", "reader.py:1", "reader.py:2", "reader.py:3"}
    assert runs[1] == {"reader.py:1", "reader.py:2"}


@pytest.mark.parametrize("app", ["streamlit_scheduling", "flask_platform", "fastapi_booking"])
def test_the_same_becomes_of_the_program(app: str) -> None:
    known, unknown = migrated(APPS / app, is_known=True), migrated(APPS / app, is_known=False)
    assert [(c.name, c.after) for c in known.changes] == [(c.name, c.after) for c in unknown.changes]
    assert known.changes
    told = [[(o.key, o.row, o.message, o.code, o.reason) for o in (*m.migrated, *m.left)] for m in (known, unknown)]
    assert told[0] == told[1]
    assert known.after.found == unknown.after.found


def test_a_second_try_is_compared_with_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("models", "reader", "more", "refused"):
        (tmp_path / f"{name}.py").write_text(MODELS if name == "models" else READER)
    real = verify._still_found

    def refusing(before: State, after: State, mended: list[Spot]) -> list[Problem]:
        is_refused = any(spot.file == "refused.py" for spot in mended)
        return [*real(before, after, mended), *([Problem("refused.py", "it is refused")] if is_refused else [])]

    monkeypatch.setattr(verify, "_still_found", refusing)
    edited: list[list[str]] = []
    after = Earlier.after

    def noting(self: Earlier, edits: dict[str, object]) -> Earlier:
        edited.append(sorted(edits))
        return after(self, edits)  # type: ignore[arg-type]

    monkeypatch.setattr(Earlier, "after", noting)
    result = migrated(tmp_path, is_known=True)
    assert [change.name for change in result.changes] == ["more.py", "reader.py"]
    assert [(outcome.file, outcome.reason) for outcome in result.left] == [("refused.py", "it is refused")]
    assert edited == [["more.py", "reader.py", "refused.py"], ["refused.py"], ["refused.py"]]
