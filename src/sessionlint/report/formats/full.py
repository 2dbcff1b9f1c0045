"""`full`: each finding with its lines of source, its story step by step, and what would help."""

from __future__ import annotations

import io
import textwrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

from sessionlint.check import Finding
from sessionlint.report.excerpt import ExcerptLine, excerpt
from sessionlint.report.printable import printable
from sessionlint.report.story import StoryStep, story
from sessionlint.report.summary import write_summary
from sessionlint.report.view import View, write

_GUTTER, _CARET, _PLACE, _CODE, _NUMBER, _HELP = "blue", "bold red", "bold", "bold red", "bold cyan", "bold cyan"
_LEAST_ROOM = 40


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        write(out, _ansi(view, _finding(view, finding)))
    write_summary(view, out)


def _ansi(view: View, text: Text) -> str:
    """With its styles as escape sequences, or plain; rich wraps nothing: it would break paths, that cannot be clicked then."""
    if not view.is_colored:
        return text.plain
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False, legacy_windows=False, _environ={})
    with console.capture() as capture:
        console.print(text, soft_wrap=True, end="")
    return capture.get()


def _finding(view: View, finding: Finding) -> Text:
    steps = tuple(story(view, finding, room=_room(view, 12)))
    place = view.place(finding.at)
    said = _wrapped(view, printable(finding.message), after=len(f"{place}: {finding.code} "), indent=2)
    text = Text.assemble((place, _PLACE), ": ", (finding.code, _CODE), f" {said}\n")
    lines = excerpt(view, finding.at, before=2, after=1, room=_room(view, 8))
    if lines:
        _add_lines(text, lines, indent="", digits=len(str(lines[-1].row)))
    digits = max((len(str(step.line.row)) for step in steps if step.line), default=1)
    for step in steps:
        _add_step(view, text, step, digits, len(str(len(steps))))
    if finding.help:
        text.append("help", _HELP).append(f": {_wrapped(view, view.help(finding), after=6, indent=6)}\n")
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
    text.append(f"{bar}\n", _GUTTER)
    for line in lines:
        text.append(f"{indent}{line.row:>{digits}} |", _GUTTER).append(f" {line.text}".rstrip() + "\n")
        if line.caret is not None:
            offset, length = line.caret
            text.append(bar, _GUTTER).append(" " * (offset + 1)).append("^" * length + "\n", _CARET)
    text.append(f"{bar}\n", _GUTTER)


def _add_step(view: View, text: Text, step: StoryStep, digits: int, numbers: int) -> None:
    said = _wrapped(view, step.message, after=numbers + len(f"  . {step.place}: "), indent=numbers + 4)
    text.append(f"  {step.number:>{numbers}}. ", _NUMBER).append(step.place, _PLACE).append(f": {said}\n")
    if step.line is not None:
        text.append(f"{' ' * (numbers + 4)}{step.line.row:>{digits}} |", _GUTTER).append(f" {step.line.text.strip()}\n")
