"""What a codemod is, and what it says about a place: a proposal, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sessionlint.check.finding import Applicability, Finding
from sessionlint.config import Settings
from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.edit import LineEdits
from sessionlint.rewrite.text import SourceText, read_text


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that is left alone. `code` names the reason for machines, `reason` tells it in one line without full stop."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewImport:
    """`name` is to be imported behind `beside` (or `in_front` of it), which a `from` import on rows `first` to `last` brings in."""

    first: int
    last: int
    beside: str
    name: str
    in_front: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines that several proposals for a file may need, once, in front of `row`."""

    row: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What is to be done to one file: edits of its own, and what it may share with other proposals."""

    edits: LineEdits = field(default_factory=LineEdits)
    imports: tuple[NewImport, ...] = ()
    additions: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits to one or several files, by name, that are applied whole or not at all.

    `message` says what they do (`Add `selectinload(User.orders)` to the query`). Proposals with the same `key` are one: several findings
    may be mended by the same edits. `moved` are findings, by code, file and function, that may appear where others are
    mended: a test that relied on what a function read has to read it itself. `comments` are the rows, by file, on which a comment changes
    or goes on purpose; any other one that were lost would keep the proposal from being applied.
    """

    files: Mapping[str, FileEdit]
    message: str
    applicability: Applicability
    key: str = ""
    moved: frozenset[tuple[str, str, str]] = frozenset()
    comments: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a codemod is asked about: a finding, or an acquisition (which counts as a finding of SES101).

    `evidence` is what it is about, independent of rows.
    """

    code: str
    file: str
    row: int
    function: str
    evidence: str
    about: Finding | Acquisition


class Lines(Mapping[str, tuple[str, ...]]):
    """The lines of every file of the program, read when they are asked for."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._sources = sources
        self._texts: dict[str, SourceText] = {}

    def text(self, file: str) -> SourceText:
        """The text of a file; raises `KeyError` for one that is not there."""
        if file not in self._texts:
            self._texts[file] = read_text(self._sources[file])
        return self._texts[file]

    def may_say(self, file: str, text: str) -> bool:
        """Whether a text of ASCII characters stands anywhere in a file, found without reading lines."""
        return text.encode() in self._sources.get(file, b"")

    def __getitem__(self, file: str) -> tuple[str, ...]:
        return self.text(file).lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


class Context:
    """What a codemod may read: the program, the settings, the contents of its files by name, and what the rules found in it."""

    def __init__(self, program: Program, settings: Settings, sources: Mapping[str, bytes], findings: tuple[Finding, ...] = ()) -> None:
        self.program, self.settings, self.findings = program, settings, findings
        self.lines = Lines(sources)


class Codemod:
    """Base of all codemods. One is made for each state of the program; it reads and writes nothing.

    `name` is what `--only` knows it by and, with `_` for `-`, its file. `fixes` are the rules whose findings it mends. One that `is_local`
    is applied by `check --fix` too, the others by `migrate` alone.
    """

    name: ClassVar[str]
    fixes: ClassVar[tuple[str, ...]] = ()
    is_local: ClassVar[bool] = True

    def __init__(self, context: Context) -> None:
        self.context = context

    @property
    def program(self) -> Program:
        """The program as it is."""
        return self.context.program

    def spots(self) -> Iterator[Spot]:
        """The places it is asked about: the findings of the rules it mends."""
        for finding in self.context.findings:
            if finding.code in self.fixes and (finding.at.file in self.program.files or finding.at.file in self.program.templates):
                yield Spot(finding.code, finding.at.file, finding.at.range.row, finding.qualname, finding.evidence, finding)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """What to do about one of its spots."""
        raise NotImplementedError

    def answer(self, spot: Spot) -> Proposal | Refusal:
        """The same, unless it would edit files that the user did not ask for."""
        proposal, program = self.propose(spot), self.program
        for file in sorted(proposal.files) if isinstance(proposal, Proposal) else ():
            source = program.files[file].source if file in program.files else program.templates.sources.get(file)
            if source is not None and not (source.reported and source.may_change):
                return Refusal("outside", f"it would change `{file}`, which is not among the paths")
        return proposal
