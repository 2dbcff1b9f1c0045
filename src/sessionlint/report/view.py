"""What a format gets to see of a run: the findings, and how files and their lines are shown."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sessionlint.check import Finding, Suppressed
from sessionlint.report.printable import printable
from sessionlint.source import Location, SourceFile

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class View:
    """`files`, `sources`, `findings`, `suppressed` and `baselined` are as in a run; `width` is 0 where lines may have any length."""

    findings: tuple[Finding, ...]
    files: Mapping[str, SourceFile]
    sources: Mapping[str, bytes]
    is_colored: bool = False
    has_summary: bool = True
    width: int = 0
    is_absolute: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def filename(self, name: str) -> str:
        """A path to the file that holds in the current directory: relative to it for a file beneath, else absolute.

        Absolute, too, where the user named an absolute path.
        """
        if name not in self._names:
            file = self.files.get(name)
            self._names[name] = name if file is None else str(file.path) if self.is_absolute else _from_here(file)
        return self._names[name]

    def place(self, at: Location) -> str:
        """`path:row:column`."""
        return f"{printable(self.filename(at.file))}:{at.range.row}:{at.range.column}"

    def help(self, finding: Finding) -> str:
        """What would mend the finding, and where if that is elsewhere; empty where nobody knows."""
        at = finding.help_at
        return printable(finding.help) + (f" at {printable(self.filename(at.file))}:{at.range.row}" if at is not None else "")

    def line(self, file: str, row: int) -> str:
        """A line of a file without its end, as it is; empty where there is none."""
        if file not in self._lines:
            self._lines[file] = _LINE_END.split(_decoded(self.sources[file])) if file in self.sources else []
        lines = self._lines[file]
        return lines[row - 1] if 0 < row <= len(lines) else ""


def _from_here(file: SourceFile) -> str:
    here = Path.cwd()
    return str(file.path.relative_to(here) if file.path.is_relative_to(here) else file.path)


def _decoded(content: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except (SyntaxError, UnicodeDecodeError):
        encoding = "utf-8"
    return content.decode(encoding, "replace").removeprefix("\ufeff")


def write(out: TextIO, text: str) -> None:
    """Write a line, with escapes for what the encoding of `out` lacks."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
