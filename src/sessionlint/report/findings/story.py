"""The story of a finding: its related locations as numbered steps, each with the line of source it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.check import Finding, RelatedLocation
from sessionlint.report.findings.excerpt import ExcerptLine, excerpt
from sessionlint.report.printable import printable
from sessionlint.report.view import View

_ADVICE = "option"
"""The role of a location that says what would have helped; `help` says the same in words."""


@dataclass(frozen=True, slots=True)
class StoryStep:
    """`number` counts from 1; `place` is `path:row:column`; `line` is None where the source is not at hand."""

    number: int
    role: str
    place: str
    message: str
    line: ExcerptLine | None


def steps_of(finding: Finding) -> list[RelatedLocation]:
    """The related locations that are steps; none where the only one would repeat the finding's own place."""
    steps = [related for related in finding.related if related.role != _ADVICE]
    return [] if all(step.at == finding.at for step in steps) else steps


def story(view: View, finding: Finding, *, room: int = 0) -> Iterator[StoryStep]:
    """The steps in order."""
    for number, step in enumerate(steps_of(finding), 1):
        lines = excerpt(view, step.at, room=room)
        yield StoryStep(number, step.role, view.place(step.at), printable(step.message), lines[0] if lines else None)
