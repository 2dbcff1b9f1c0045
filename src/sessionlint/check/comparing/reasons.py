"""What changed about a finding that is new although its own line is not: as far as that can be told, in a step of its story.

Told is only what is so, that something changed there. Entry point: `with_reasons`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from sessionlint.check.comparing.sides import Changed, Side
from sessionlint.check.finding import Finding, RelatedLocation
from sessionlint.facts import FileFacts, ops
from sessionlint.facts.walk import statements
from sessionlint.source import Location, Range

CHANGE = "change"
"""The role of such a step. It is none of what happens at run time."""
_MOST = 3
_SIMPLE = (ops.Evaluate, ops.Assign, ops.AugAssign, ops.Return, ops.Raise, ops.Assert, ops.Delete)
"""Statements that hold no others."""
_WORD = re.compile(rb"[A-Za-z_]\w*")


def with_reasons(findings: Iterable[Finding], now: Side, changed: Changed) -> tuple[Finding, ...]:
    """The findings, those on unchanged lines with what changed in what their stories touch."""
    told = _Telling(now, changed)
    return tuple(finding if changed.touches(finding.at) else told.of(finding) for finding in findings)


@dataclass(frozen=True, slots=True)
class _Telling:
    now: Side
    changed: Changed

    def of(self, finding: Finding) -> Finding:
        places = list(dict.fromkeys(self._places(finding)))
        spots = (
            list(self._statements(places))
            or list(self._functions([finding.at, *places]))
            or list(self._definitions([finding.at, *places]))
            or list(self._only_one())
        )
        steps = [RelatedLocation(CHANGE, self._said(spot), spot) for spot in dict.fromkeys(spots)]
        return replace(finding, related=(*finding.related, *steps[:_MOST]))

    def _said(self, spot: Location) -> str:
        if self.changed.rows.get(spot.file, ()) is None:
            return f"new since {self.changed.since}"
        return f"changed since {self.changed.since}"

    def _places(self, finding: Finding) -> Iterator[Location]:
        """What a finding is told from: its story, where the help is about, the attributes that its queries lack."""
        yield from (step.at for step in finding.related)
        if finding.help_at is not None:
            yield finding.help_at
        for load in finding.loads:
            yield load.query
            for step in load.steps:
                model = self.now.program.models.get(step.owner)
                attribute = model.attributes.get(step.name) if model is not None else None
                if attribute is not None:
                    yield attribute.at

    def _statements(self, places: Iterable[Location]) -> Iterator[Location]:
        """Statements of the story that were changed."""
        for place in places:
            facts = self.now.facts(place.file)
            around = _statement(facts, place.range) if facts is not None else place.range
            yield from self._changes(Location(place.file, around))

    def _functions(self, places: Iterable[Location]) -> Iterator[Location]:
        """What was changed in the functions that the story goes through."""
        for place in places:
            function = self.now.around(place)
            if function is not None:
                yield from self._changes(Location(place.file, function.span))

    def _definitions(self, places: Iterable[Location]) -> Iterator[Location]:
        """What was changed in functions and variables that the lines of the story name, or that those name in turn."""
        words = {word for place in places for word in _WORD.findall(b"\n".join(self._lines(place)))}
        spans = list(self._defined(words))
        inner = {word for span in spans for word in _WORD.findall(b"\n".join(self._lines(span)))}
        for span in (*spans, *self._defined(inner - words)):
            yield from self._changes(span)

    def _defined(self, words: set[bytes]) -> Iterator[Location]:
        for file, module in sorted(self.now.program.files.items()):
            for function in module.facts.functions[1:]:
                if function.name.encode() in words:
                    yield Location(file, function.span)
            for statement in module.facts.functions[0].body if module.facts.functions else ():
                if isinstance(statement, ops.Assign):
                    names = {target.id.encode() for target in statement.targets if isinstance(target, ops.Name)}
                    if names & words:
                        yield Location(file, statement.at)

    def _only_one(self) -> Iterator[Location]:
        """The change, where there is but one."""
        stretches = [(file, rows[0]) for file, rows in self.changed.rows.items() if rows is not None and len(rows) == 1]
        if len(self.changed.rows) == 1 and stretches:
            file, (first, _) = stretches[0]
            yield self.changed.place(file, self._existing(file, first))

    def _changes(self, at: Location) -> Iterator[Location]:
        if self.changed.rows.get(at.file, ()) is None:
            yield self.changed.place(at.file, at.range.row)
        for first, _ in self.changed.within(at, with_gone=True)[:1]:
            yield self.changed.place(at.file, self._existing(at.file, max(first, at.range.row)))

    def _existing(self, file: str, row: int) -> int:
        """The row, or the last one that there is."""
        while row > 1 and not self.now.rows(file, row, row):
            row -= 1
        return row

    def _lines(self, at: Location) -> list[bytes]:
        return self.now.rows(at.file, at.range.row, at.range.end_row)


def _statement(facts: FileFacts, place: Range) -> Range:
    """The smallest simple statement around a place; the place itself where there is none."""
    bodies = [*(function.body for function in facts.functions), *(cls.body for cls in facts.classes)]
    around = [
        statement.at
        for body in bodies
        for statement in statements(body)
        if isinstance(statement, _SIMPLE) and statement.at.row <= place.row and place.end_row <= statement.at.end_row
    ]
    return min(around, key=lambda at: (at.end_row - at.row, at), default=place)
