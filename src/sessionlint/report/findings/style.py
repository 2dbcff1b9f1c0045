"""What colours mean in the text formats, and how they get onto a terminal: names of the terminal's own palette, which is readable on its
light or dark ground."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from sessionlint.check import Finding
from sessionlint.report.view import View

PLACE, CODE, GUTTER, CARET, NUMBER, HELP, FIXABLE = "bold", "bold red", "bold bright_blue", "bold red", "bold cyan", "bold cyan", "cyan"


def ansi(view: View, text: Text) -> str:
    """With its styles as escape sequences, or plain; rich wraps nothing: it would break paths, that cannot be clicked then."""
    if not view.is_colored:
        return text.plain
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False, legacy_windows=False, _environ={})
    with console.capture() as capture:
        console.print(text, soft_wrap=True, end="")
    return capture.get()


def coded(view: View, finding: Finding) -> Text:
    """The code, and ruff's mark of what `--fix` would mend."""
    text = Text.assemble((finding.code, CODE))
    return text.append(" [").append("*", FIXABLE).append("]") if view.is_fixable(finding) else text
