"""A walk that fails by a mistake of ours ends that walk, not the run: it is a finding SES009, and the others are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run

SOURCE = """
from sqlalchemy.orm import Session

def poisoned(engine):
    session = Session(engine)
    return session.scalars("select 1").all()

def leaks(engine):
    session = Session(engine)
    return session.get(int, 1)
"""


def test_the_others_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sessionlint.solve.start.roots as roots

    real = roots.walk

    def fails(machine: roots.Machine, function: roots.FunctionId, model: roots.ClassId | None, *, is_alone: bool = False) -> None:
        if machine.program.function(function).name == "poisoned":
            raise StopIteration("nothing is left\nand nobody knows why")
        real(machine, function, model, is_alone=is_alone)

    monkeypatch.setattr(roots, "walk", fails)
    (tmp_path / "app.py").write_text(SOURCE)
    done = run([tmp_path], load_settings([tmp_path], isolated=True, overrides=Options(cache=False)), jobs=1)
    told = {(finding.code, finding.at.range.row): finding.message for finding in done.findings}
    assert set(told) == {("SES009", 4), ("SES102", 9)}
    assert told["SES009", 4] == "the analysis of `poisoned` failed: StopIteration: nothing is left"
