"""Which functions are walked inside others for the objects that they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from sessionlint.solve.calls import activation

SOURCE = """
from dataclasses import dataclass
from sqlalchemy.orm import Session

class Plain:
    def limit(self):
        return 1

class Repository:
    def __init__(self):
        self.session = Session()

    def load(self):
        return self.session.get(int, 1)

@dataclass
class Holder:
    repository: Repository

class Limiter:
    def __init__(self, given):
        self.given = given
        self.limit = given.limit

def make():
    given = {given}
    limiter = Limiter(given)
    session = Session()
    session.close()
    return limiter.limit
"""


@pytest.mark.parametrize(
    ("given", "is_walked"),
    [("Plain()", False), ("Repository()", True), ("Holder(Repository())", True), ("Holder(None)", True)],
)
def test_what_is_given_to_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, is_walked: bool) -> None:
    walked = []
    whole = activation._entered

    def noted(machine, frame, state, function, *rest):  # type: ignore[no-untyped-def]
        walked.append(machine.program.function(function.id).qualname)
        return whole(machine, frame, state, function, *rest)

    monkeypatch.setattr(activation, "_entered", noted)
    (tmp_path / "app.py").write_text(SOURCE.format(given=given))
    run([tmp_path], load_settings([tmp_path], isolated=True, overrides=Options(cache=False)), jobs=1)
    assert ("Limiter.__init__" in walked) is is_walked
