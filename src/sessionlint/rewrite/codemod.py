"""What a codemod is, and what it says about a site: an edit, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sessionlint.check.finding import Applicability
from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.edit import LineEdits


@dataclass(frozen=True, slots=True)
class Refusal:
    """A site that is left alone. `code` names the reason for machines, `reason` tells it in one line without full stop."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewImport:
    """`name` is to be imported beside `beside`, which a `from` import on rows `first` to `last` brings in."""

    first: int
    last: int
    beside: str
    name: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines that several sites of a file may need, once, in front of `row`."""

    row: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A site that can be rewritten: the edits to its file, the call of the scope it gets, and the import and further lines that needs."""

    edits: LineEdits
    scope: str
    new_import: NewImport | None = None
    additions: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a site. `strategy` is `route`, `request-scoped`, `anywhere`, `service`, `test` or `scope`."""

    site: Acquisition
    strategy: str
    outcome: Edit | Refusal


@dataclass(frozen=True, slots=True)
class Target:
    """The settings that a codemod needs, and the texts of the files it edits."""

    routes: str
    default: str
    closers: tuple[str, ...]
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Codemod:
    """Base of all codemods. One is made for a program; `decide` reads it and the lines of the site's file and writes nothing."""

    name: ClassVar[str]
    applicability: ClassVar[Applicability] = Applicability.UNSAFE
    fixes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, program: Program, target: Target) -> None:
        self.program, self.target = program, target

    def decide(self, site: Acquisition) -> Decision:
        """What to do about one site."""
        raise NotImplementedError
