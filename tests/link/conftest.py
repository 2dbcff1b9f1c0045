"""A program from source text. The facts come from the real `capture`, so that these tests speak Python instead of operations."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from sessionlint.capture import capture
from sessionlint.config import Settings
from sessionlint.config.settings import SessionSettings
from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import ClassId, FunctionId, Program, link
from sessionlint.source import SourceFile


class Linked:
    """A program with look-ups by the names that the tests use."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def function(self, file: str, qualname: str = "<module>") -> FunctionId:
        functions = self.program.files[file].facts.functions
        return FunctionId(file, next(index for index, facts in enumerate(functions) if facts.qualname == qualname))

    def facts(self, file: str, qualname: str) -> FunctionFacts:
        return self.program.function(self.function(file, qualname))

    def class_(self, file: str, qualname: str) -> ClassId:
        classes = self.program.files[file].facts.classes
        return ClassId(file, next(index for index, facts in enumerate(classes) if facts.qualname == qualname))

    def returned(self, file: str, qualname: str) -> Expr:
        """The value of the function's last `return`."""
        last = self.facts(file, qualname).body[-1]
        assert isinstance(last, ops.Return)
        assert last.value is not None
        return last.value

    def say(self, symbol: object) -> str:
        """A symbol in one word: `function main.py:run`, `external sqlalchemy.orm.Session`."""
        match symbol:
            case None:
                return "nothing"
            case _ if hasattr(symbol, "id"):
                kind = type(symbol).__name__.removesuffix("Symbol").lower()
                facts = self.program.files[symbol.id.file].facts
                things = facts.classes if kind == "class" else facts.functions
                return f"{kind} {symbol.id.file}:{things[symbol.id.index].qualname}"
            case _ if hasattr(symbol, "file"):
                return f"variable {symbol.file}:{symbol.name}"
            case _:
                return f"{type(symbol).__name__.removesuffix('Symbol').lower()} {symbol.name}"

    def resolved(self, file: str, qualname: str = "f") -> str:
        """What the returned expression of a function resolves to."""
        return self.say(self.program.resolve(self.function(file, qualname), self.returned(file, qualname)))

    def dotted(self, file: str, qualname: str = "f") -> str:
        """The dotted text of the returned expression of a function."""
        return self.program.dotted(self.function(file, qualname), self.returned(file, qualname))


Build = Callable[..., Linked]


@pytest.fixture
def build() -> Build:
    """`build({"a.py": "…"})`, or `build("…")` for one file `main.py`; `acquirers` and `closers` as in the settings."""

    def build(sources: dict[str, str] | str, **sessions: tuple[str, ...]) -> Linked:
        files = {"main.py": sources} if isinstance(sources, str) else sources
        settings = Settings(Path("/project"), sessions=SessionSettings(**sessions))
        found = {}
        for name, source in files.items():
            parts = name.removesuffix(".py").split("/")
            is_package = parts[-1] == "__init__"
            module = ".".join(parts[:-1] if is_package else parts)
            facts = capture(textwrap.dedent(source).encode())
            assert facts.error is None, facts.error
            found[name] = (SourceFile(Path("/project") / name, name, module, True, is_package), facts)
        return Linked(link(found, settings))

    return build
