"""A route that is too large to be walked with its dependencies is walked without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run

STEPS = 300
SOURCE = """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()

def settings(engine):
    total = 0
    for number in range(10):
        {work}
    return Session(engine).get(int, total)

@app.get("/")
def leaks(found = Depends(settings)):
    session = Session()
    return session.get(int, 1)
"""


@pytest.mark.parametrize("repeated", [1, STEPS])
def test_the_route_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repeated: int) -> None:
    monkeypatch.setattr("sessionlint.solve.walk.machine.HARD_STEPS", STEPS)
    monkeypatch.setattr("sessionlint.solve.walk.machine.MAX_STEPS", STEPS)
    (tmp_path / "app.py").write_text(SOURCE.format(work="; ".join(["total += number"] * repeated)))
    done = run([tmp_path], load_settings([tmp_path], isolated=True, overrides=Options(cache=False)), jobs=1)
    assert ("SES102", 15) in {(finding.code, finding.at.range.row) for finding in done.findings}
