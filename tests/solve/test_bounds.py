"""No function is analysed from more states than the bounds allow, and no root in more steps, however many paths there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from sessionlint.solve.limits import HARD_STEPS, MAX_DEPTH, MAX_STATES
from sessionlint.solve.walk.interpreter import Interpreter
from sessionlint.solve.walk.machine import Frame

APPS = Path(__file__).parents[2] / "fixtures" / "apps"
BRANCH = "    if flags[{0}]:\n        kept{0} = session.get(User, {0})\n    else:\n        kept{0} = None\n"
MODEL = """from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
class Base(DeclarativeBase):
    pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


class Most:
    """The most states after a block, the deepest frame and the longest walk of a root that were seen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.states = self.depth = self.steps = 0
        execute: Callable[..., Any] = Interpreter.execute
        begin = Interpreter.begin

        def executed(machine: Interpreter, frame: Frame, states: list[Any], body: Sequence[Any]) -> Any:
            out = execute(machine, frame, states, body)
            self.states, self.depth = max(self.states, len(out.normal)), max(self.depth, frame.depth)
            self.steps = max(self.steps, machine.steps)
            return out

        def begun(machine: Interpreter) -> None:
            self.steps = max(self.steps, getattr(machine, "steps", 0))
            begin(machine)

        monkeypatch.setattr(Interpreter, "execute", executed)
        monkeypatch.setattr(Interpreter, "begin", begun)


def analyse(project: Path) -> tuple[Any, ...]:
    done = run([project], load_settings([project], isolated=True, overrides=Options(cache=False)), jobs=1, needs_program=True)
    return done.events.truncated


@pytest.mark.parametrize("app", ["streamlit_scheduling", "flask_platform", "fastapi_booking"])
def test_applications(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    most = Most(monkeypatch)
    analyse(APPS / app)
    assert 1 < most.states <= MAX_STATES
    assert 1 < most.depth <= MAX_DEPTH
    assert 0 < most.steps <= HARD_STEPS


def test_a_function_of_a_million_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(BRANCH.format(number) for number in range(20))
    (tmp_path / "app.py").write_text(f"{MODEL}def choose(session: Session, flags):\n{lines}    session.commit()\n")
    most = Most(monkeypatch)
    analyse(tmp_path)
    assert most.states == MAX_STATES
    assert most.steps <= HARD_STEPS


def test_calls_that_double_at_every_level(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head, call = "def step{}(session: AsyncSession, flags):\n", "    step{0}(session, flags)\n    step{0}(session, flags[1:])\n"
    levels = "".join(f"{head.format(number)}{call.format(number + 1)}    session.commit()\n" for number in range(24))
    (tmp_path / "app.py").write_text(f"from sqlalchemy.ext.asyncio import AsyncSession\n{levels}{head.format(24)}    session.rollback()\n")
    most = Most(monkeypatch)
    truncated = analyse(tmp_path)
    assert most.depth == MAX_DEPTH
    assert most.steps <= HARD_STEPS
    assert truncated
