"""`full`: each finding with its lines of source, its story step by step, and what would help."""

from __future__ import annotations

import textwrap
from typing import TextIO

from rich.cells import cell_len

from sessionlint.check import Finding
from sessionlint.report.findings.entries import STALE
from sessionlint.report.findings.excerpt import ExcerptLine, excerpt
from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.story import StoryStep, story
from sessionlint.report.findings.style import CARET, GUTTER, HELP, NUMBER, PLACE, Styled, add_code, ansi
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

__all__ = ["render", "render_statistics"]

_LEAST_ROOM = 40


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        write(out, ansi(view, _finding(view, finding)))
    write_summary(view, out)


def _finding(view: View, finding: Finding) -> Styled:
    steps = tuple(story(view, finding, room=_room(view, 12)))
    place = view.place(finding.at)
    text = add_code(view, Styled().add(place, PLACE).add(": "), finding).add(" ")
    text.add(_wrapped(view, printable(finding.message), after=cell_len(text.plain), indent=2) + "\n")
    lines = () if finding.code == STALE else excerpt(view, finding.at, before=2, after=1, room=_room(view, 8))
    if lines:
        _add_lines(text, lines, indent="", digits=len(str(lines[-1].row)))
    digits = max((len(str(step.line.row)) for step in steps if step.line), default=1)
    for step in steps:
        _add_step(view, text, step, digits, len(str(len(steps))))
    if finding.help:
        text.add("help", HELP).add(f": {_wrapped(view, view.help(finding), after=6, indent=6)}\n")
    if why := view.refusal(finding):
        text.add("no fix", HELP).add(f": {_wrapped(view, why, after=8, indent=8)}\n")
    return text


def _wrapped(view: View, words: str, *, after: int, indent: int) -> str:
    """`words`, in lines of the terminal's width of which the first begins at column `after`; never within a word or a path."""
    if not view.width:
        return words
    lines = textwrap.wrap(
        words,
        max(view.width, _LEAST_ROOM),
        initial_indent=" " * after,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[after:]


def _room(view: View, taken: int) -> int:
    return max(view.width - taken, _LEAST_ROOM) if view.width else 0


def _add_lines(text: Styled, lines: tuple[ExcerptLine, ...], *, indent: str, digits: int) -> None:
    bar = f"{indent}{' ' * digits} |"
    text.add(f"{bar}\n", GUTTER)
    for line in lines:
        text.add(f"{indent}{line.row:>{digits}} |", GUTTER).add(f" {line.text}".rstrip() + "\n")
        if line.caret is not None:
            offset, length = line.caret
            text.add(bar, GUTTER).add(" " * (offset + 1)).add("^" * length + "\n", CARET)
    text.add(f"{bar}\n", GUTTER)


def _add_step(view: View, text: Styled, step: StoryStep, digits: int, numbers: int) -> None:
    said = _wrapped(view, step.message, after=numbers + len(f"  . {step.place}: "), indent=numbers + 4)
    text.add(f"  {step.number:>{numbers}}. ", NUMBER).add(step.place, PLACE).add(f": {said}\n")
    if step.line is not None:
        text.add(f"{' ' * (numbers + 4)}{step.line.row:>{digits}} |", GUTTER).add(f" {step.line.text.strip()}\n")
