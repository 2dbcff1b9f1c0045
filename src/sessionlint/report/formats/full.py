"""`full`: each finding with its lines of source, its story step by step, and what would help."""

from __future__ import annotations

import textwrap
from typing import TextIO

from rich.text import Text

from sessionlint.check import Finding
from sessionlint.report.findings.entries import STALE
from sessionlint.report.findings.excerpt import ExcerptLine, excerpt
from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.story import StoryStep, story
from sessionlint.report.findings.style import CARET, GUTTER, HELP, NUMBER, PLACE, ansi, coded
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


def _finding(view: View, finding: Finding) -> Text:
    steps = tuple(story(view, finding, room=_room(view, 12)))
    place = view.place(finding.at)
    text = Text.assemble((place, PLACE), ": ", coded(view, finding), " ")
    text.append(_wrapped(view, printable(finding.message), after=text.cell_len, indent=2) + "\n")
    lines = () if finding.code == STALE else excerpt(view, finding.at, before=2, after=1, room=_room(view, 8))
    if lines:
        _add_lines(text, lines, indent="", digits=len(str(lines[-1].row)))
    digits = max((len(str(step.line.row)) for step in steps if step.line), default=1)
    for step in steps:
        _add_step(view, text, step, digits, len(str(len(steps))))
    if finding.help:
        text.append("help", HELP).append(f": {_wrapped(view, view.help(finding), after=6, indent=6)}\n")
    if why := view.refusal(finding):
        text.append("no fix", HELP).append(f": {_wrapped(view, why, after=8, indent=8)}\n")
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


def _add_lines(text: Text, lines: tuple[ExcerptLine, ...], *, indent: str, digits: int) -> None:
    bar = f"{indent}{' ' * digits} |"
    text.append(f"{bar}\n", GUTTER)
    for line in lines:
        text.append(f"{indent}{line.row:>{digits}} |", GUTTER).append(f" {line.text}".rstrip() + "\n")
        if line.caret is not None:
            offset, length = line.caret
            text.append(bar, GUTTER).append(" " * (offset + 1)).append("^" * length + "\n", CARET)
    text.append(f"{bar}\n", GUTTER)


def _add_step(view: View, text: Text, step: StoryStep, digits: int, numbers: int) -> None:
    said = _wrapped(view, step.message, after=numbers + len(f"  . {step.place}: "), indent=numbers + 4)
    text.append(f"  {step.number:>{numbers}}. ", NUMBER).append(step.place, PLACE).append(f": {said}\n")
    if step.line is not None:
        text.append(f"{' ' * (numbers + 4)}{step.line.row:>{digits}} |", GUTTER).append(f" {step.line.text.strip()}\n")
