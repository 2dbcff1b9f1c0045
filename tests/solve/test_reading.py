"""How much of a program is looked at: bodies that cannot matter stay as they were stored."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sessionlint.capture import capture
from sessionlint.config import Settings
from sessionlint.facts import decode, encode
from sessionlint.link import Program, link
from sessionlint.solve import solve
from sessionlint.source import SourceFile

SOURCE = b"""
from sqlalchemy.orm import Session

def load(engine):
    with Session(engine) as session:
        return summed(session.query(User).count(), 1)

def summed(one, other):
    return one + other

def printed(rows):
    for row in rows:
        print(row.name)

def page(engine):
    printed([1, 2])
    return load(engine)

class Report:
    def __init__(self, title):
        self.title = title.strip()

    def shown(self):
        return [line for line in self.title]
"""


def read(program: Program) -> list[str]:
    functions = program.files["app.py"].facts.functions
    return [function.qualname for function in functions if not isinstance(function.code, msgspec.Raw)]


def test_only_what_matters_is_decoded(tmp_path: Path) -> None:
    facts = decode(encode(capture(SOURCE)))
    program = link({"app.py": (SourceFile(tmp_path / "app.py", "app.py", "app", True, False), facts)}, Settings(tmp_path))
    assert read(program) == ["<module>", "load", "summed", "page"]  # does `page` hand out a session? No: `summed` hands on none
    assert not solve(program).failed
    assert read(program) == ["<module>", "load", "summed", "printed", "page"]  # `page` matters: what it calls is looked at
