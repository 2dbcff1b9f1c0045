"""What makes a finding the one it is. Entry point: `identified`; `docs/decisions/0005-identity.md` says what it survives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sessionlint.check.finding import Finding
from sessionlint.check.identity.surroundings import Scopes, Surroundings
from sessionlint.check.identity.text import Text
from sessionlint.source import Location

REMEMBERED = 4
"""How many lines to either side belong to an identity."""

_LONGEST = 160


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a finding. `evidence` is what it is about; `statement` the logical line that it is on, `queries` those that
    bring it about, in the form that no formatter changes; `files` are the other files of its story; the rest is as in `Surroundings`, the
    nearest lines only."""

    rule: str
    path: str
    function: str = ""
    evidence: str = ""
    statement: str = ""
    queries: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    use: str = ""
    within: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, str, str, str, str]:
        """What two findings that may be the same have in common."""
        return self.rule, self.path, self.function, self.evidence, self.statement


@dataclass(frozen=True, slots=True)
class Identified:
    """A finding with its identity, the whole of its surroundings, and the query of its story."""

    finding: Finding
    identity: Identity
    around: Surroundings
    query: str


class Texts:
    """The files that findings speak of, each read once; `sources` are the contents of the program's files by name."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self.sources = sources
        self._read: dict[str, tuple[Text, Scopes]] = {}

    def read(self, file: str) -> tuple[Text, Scopes] | None:
        """The lines of a file, and what is around them; None for a file that is none of the program's."""
        if file not in self._read:
            if file not in self.sources:
                return None
            text = Text(file, self.sources[file])
            self._read[file] = text, Scopes(text)
        return self._read[file]

    def line_of(self, finding: Finding) -> tuple[tuple[Text, Scopes] | None, int]:
        """The file of a finding, and the index of the line that it is on; None if there is none."""
        found = self.read(finding.at.file)
        index = found[0].index_at(finding.at.range) if found is not None else -1
        return (found if index >= 0 else None), index

    def passage(self, at: Location) -> str:
        """What stands at a place, and the function it is in."""
        found = self.read(at.file)
        if found is None:
            return ""
        index = found[0].index_at(at.range)
        qualname = found[0].qualname_of(index) if index >= 0 else ""
        return shortened(f"{qualname}: {found[0].passage(at.range)}")


def identified(findings: Sequence[Finding], texts: Texts) -> tuple[Identified, ...]:
    """Each finding with its identity, in their order."""
    return tuple(_identified(finding, texts) for finding in findings)


def told_apart(findings: Sequence[Finding], texts: Texts) -> tuple[tuple[str, ...], ...]:
    """Of each finding the least that tells it from others: the kind of its identity, the query of its story, the line that follows."""
    return tuple(_telling(finding, texts) for finding in findings)


def _telling(finding: Finding, texts: Texts) -> tuple[str, ...]:
    found, index = texts.line_of(finding)
    statement, following = (_statement(found[0], index), found[1].following(index)) if found is not None else ("", ())
    query = next((texts.passage(at) for at in _queries(finding)), "")
    return finding.code, finding.at.file, finding.qualname, finding.evidence, statement, query, *following


def _statement(text: Text, index: int) -> str:
    name = text.lines[index].definition
    return shortened(f"def {name}" if name else text.normal(index))


def _identified(finding: Finding, texts: Texts) -> Identified:
    queries = tuple(dict.fromkeys(texts.passage(at) for at in _queries(finding)))
    found, index = texts.line_of(finding)
    statement, around = (_statement(found[0], index), found[1].around(index)) if found is not None else ("", Surroundings())
    identity = Identity(
        rule=finding.code,
        path=finding.at.file,
        function=finding.qualname,
        evidence=finding.evidence,
        statement=statement,
        queries=tuple(sorted(queries)),
        files=tuple(sorted({step.at.file for step in finding.related} - {finding.at.file})),
        before=around.before[-REMEMBERED:],
        after=around.after[:REMEMBERED],
        use=around.use,
        within=around.within,
    )
    return Identified(finding, identity, around, queries[0] if queries else "")


def _queries(finding: Finding) -> Iterator[Location]:
    """That of the story first."""
    yield from [step.at for step in finding.related if step.role == "query"][:1]
    yield from (load.query for load in finding.loads)


def shortened(text: str) -> str:
    """Text of a length that a person reads; what is cut off still counts."""
    if len(text) <= _LONGEST:
        return text
    rest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{text[: _LONGEST - 12]}… #{rest}"
