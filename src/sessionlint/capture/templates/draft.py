"""What one template is made into: functions of operations, one for its body, each block and each macro, with places for all of them."""

from __future__ import annotations

import re

from sessionlint.facts import FunctionFacts, Parameter, ops
from sessionlint.source import Range


class Draft:
    """A template that is being reduced.

    `first` is the index that its body's function will have in the file's facts, `row` the row on which its text begins. Jinja's nodes only
    know their row: names are looked for in its text; everything else gets a range of its own that begins nowhere in particular.
    """

    def __init__(self, text: str, first: int, row: int) -> None:
        self.first = first
        self.functions: list[FunctionFacts | None] = []
        self.names: set[str] = set()
        self.block = ""
        self._row = row
        self._lines = text.split("\n")
        self._searched: dict[tuple[int, str], int] = {}
        self._given: dict[int, int] = {}

    def _line(self, lineno: int) -> str:
        return self._lines[lineno - 1] if 0 < lineno <= len(self._lines) else ""

    def at(self, lineno: int) -> Range:
        """A range on a row that nothing else has."""
        row = self._row + lineno - 1
        line = self._line(lineno)
        start = len(line) - len(line.lstrip()) + 1
        self._given[lineno] = given = self._given.get(lineno, 0) + 1
        return Range(row, start, row, max(len(line), start) + given)

    def name_at(self, lineno: int, name: str) -> Range:
        """Where an attribute's name stands on its row: each reading of it takes the next place."""
        line = self._line(lineno)
        found = re.compile(rf"(?:\.\s*|\[\s*['\"]){re.escape(name)}\b").search(line, self._searched.get((lineno, name), 0))
        if found is None:
            return self.at(lineno)
        self._searched[lineno, name] = found.end()
        row = self._row + lineno - 1
        return Range(row, found.end() - len(name) + 1, row, found.end() + 1)

    def name(self, lineno: int, name: str) -> ops.Name:
        """A variable."""
        self.names.add(name)
        return ops.Name(self.at(lineno), name)

    def library(self, lineno: int, name: str, *args: ops.Expr) -> ops.Call:
        """A call of something that every template has, by its canonical name."""
        return ops.Call(self.at(lineno), ops.Name(self.at(lineno), f"@{name}"), args, ())

    def reserve(self) -> int:
        """The place of a function to come, relative to the first."""
        self.functions.append(None)
        return len(self.functions) - 1

    def define(
        self, position: int, name: str, lineno: int, body: tuple[ops.Stmt, ...], parameters: tuple[Parameter, ...] = (), parent: int = 0
    ) -> int:
        """Fill a reserved place; gives the function's index in the file."""
        at = self.at(lineno)
        around = -1 if position == 0 else self.first + parent
        self.functions[position] = FunctionFacts(name, name, at, at, parameters, None, (), False, False, -1, around, (), body)
        return self.first + position
