"""What colours mean in the text formats, and how they get onto a terminal: names of the terminal's own palette, which is readable on its
light or dark ground."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from sessionlint.check import Finding
from sessionlint.report.view import View

PLACE, CODE, GUTTER, CARET, NUMBER, HELP, FIXABLE = "bold", "bold red", "bold bright_blue", "bold red", "bold cyan", "bold cyan", "cyan"


@dataclass(slots=True)
class Styled:
    """Text in pieces, each with its style. Without colours rich need not be imported."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, style: str = "") -> Styled:
        """The same with one more."""
        self.pieces.append((text, style))
        return self

    @property
    def plain(self) -> str:
        """Without styles."""
        return "".join(text for text, _ in self.pieces)


def ansi(view: View, styled: Styled) -> str:
    """With its styles as escape sequences, or plain; rich wraps nothing: it would break paths, that cannot be clicked then."""
    if not view.is_colored:
        return styled.plain
    from rich.console import Console
    from rich.text import Text

    text = Text.assemble(*styled.pieces)
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False, legacy_windows=False, _environ={})
    with console.capture() as capture:
        console.print(text, soft_wrap=True, end="")
    return capture.get()


def add_code(view: View, styled: Styled, finding: Finding) -> Styled:
    """The text with the code, and ruff's mark of what `--fix` would mend."""
    styled.add(finding.code, CODE)
    return styled.add(" [").add("*", FIXABLE).add("]") if view.is_fixable(finding) else styled
