"""What an expression is on the class, as far as it matters."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.source import Range

_NOUNS = {"relationship": "the relationship", "column": "the column", "hybrid": "the hybrid", "proxy": "the association proxy"}


class Obstacle(Exception):
    """The body cannot work on the class: `text` says what it does there, `at` where in its file."""

    def __init__(self, text: str, at: Range) -> None:
        super().__init__(text)
        self.text, self.at = text, at


class Undecided(Exception):
    """Whether the body works cannot be told."""


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` is `class` (`self`), `column`, `relationship`, `proxy`, `hybrid`, `property` or `method` (all of these with their `name`),
    `sql` (an expression; `operator` that of a comparison), `sql-method`, `identity` (`is None` of a mapped attribute), `lost` (a Python
    value made of the attribute object instead of its value; `operator` says how), `dict`, `dict-get`, `text`, `text-method`, `plain`
    or `unknown`."""

    kind: str
    name: str = ""
    operator: str = ""

    @property
    def is_mapped(self) -> bool:
        """Whether it stands for SQL instead of a value."""
        return self.kind in {"column", "relationship", "proxy", "hybrid", "sql"}

    @property
    def is_no_value(self) -> bool:
        """Whether it is an object of the class where the instance has a value."""
        return self.is_mapped or self.kind == "property"

    @property
    def called(self) -> str:
        """How a message names it."""
        if not self.name:
            return "an SQL expression"
        return f"{_NOUNS[self.kind]} `{self.name}`" if self.kind in _NOUNS else f"`{self.name}`"


UNKNOWN = Thing("unknown")
PLAIN = Thing("plain")
TEXT = Thing("text")
DICT = Thing("dict")
SQL = Thing("sql")
