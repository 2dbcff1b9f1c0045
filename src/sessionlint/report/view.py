"""What a format gets to see of a run: the findings, and how files and their lines are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sessionlint.check import NO_CODEMOD, Applicability, Finding, Suppressed
from sessionlint.report.printable import printable
from sessionlint.report.repository import path_in, repository_of
from sessionlint.source import Location, SourceFile
from sessionlint.source.decoding import decoded

_MIGRATE = "`sessionlint migrate`"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class View:
    """`files`, `sources`, `findings`, `suppressed` and `baselined` are as in a run; `width` is 0 where lines may have any length.

    `root` is the project's; with `takes_unsafe` the user would have `--fix` apply unsafe fixes too, with `hints_at_unsafe` has not said
    that it should not; `fixed` is the number of findings that were mended, `unexamined` that of entries of the baseline of
    which the run cannot tell; `settings_hash` tells settings that find something else apart.
    """

    findings: tuple[Finding, ...]
    files: Mapping[str, SourceFile]
    sources: Mapping[str, bytes]
    root: Path = Path()
    is_colored: bool = False
    has_summary: bool = True
    width: int = 0
    is_absolute: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    has_baseline: bool = False
    unexamined: int = 0
    takes_unsafe: bool = False
    hints_at_unsafe: bool = True
    fixed: int = 0
    settings_hash: str = ""
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _in_repository: dict[str, str] = field(default_factory=dict)
    _repository: Path | None = None

    def filename(self, name: str) -> str:
        """A path to the file that holds in the current directory: relative to it for a file beneath, else absolute.

        Absolute, too, where the user named an absolute path.
        """
        if name not in self._names:
            file = self.files.get(name)
            self._names[name] = name if file is None else str(file.path) if self.is_absolute else _from_here(file)
        return self._names[name]

    @property
    def has_suppressions(self) -> bool:
        """Whether anything was found that does not count."""
        return bool(self.suppressed or self.baselined)

    def is_file(self, name: str) -> bool:
        """Whether a finding under that name is about a file at all."""
        return name in self.files or (self.root / name).is_file()

    def path_in_repository(self, name: str) -> str:
        """How CI services name the file: by its path in the repository; absolute if it is not in it."""
        if self._repository is None:
            self._repository = repository_of(self.root)
        if name not in self._in_repository:
            file = self.files.get(name)
            path = self.root / name if file is None else file.path
            self._in_repository[name] = path_in(self._repository, path) if self.is_file(name) else name
        return self._in_repository[name]

    def is_fixable(self, finding: Finding) -> bool:
        """Whether `--fix` would mend it, with the options that were given."""
        fix = finding.fix
        wanted = (Applicability.SAFE, Applicability.UNSAFE) if self.takes_unsafe else (Applicability.SAFE,)
        return fix is not None and fix.applicability in wanted

    def is_hidden(self, finding: Finding) -> bool:
        """Whether `--fix` would mend it if `--unsafe-fixes` were given as well."""
        fix = finding.fix
        return fix is not None and fix.applicability is Applicability.UNSAFE and self.hints_at_unsafe

    def place(self, at: Location) -> str:
        """`path:row:column`."""
        return f"{printable(self.filename(at.file))}:{at.range.row}:{at.range.column}"

    def help(self, finding: Finding) -> str:
        """What would mend the finding, and where if that is elsewhere; empty where nobody knows."""
        at = finding.help_at
        return printable(finding.help) + (f" at {printable(self.filename(at.file))}:{at.range.row}" if at is not None else "")

    def refusal(self, finding: Finding) -> str:
        """Why there is no fix, where that tells a person anything: no codemod may be for it, and the help may say the same."""
        refused = finding.fix_refused
        if refused is None or refused.code == NO_CODEMOD or (_MIGRATE in refused.message and _MIGRATE in finding.help):
            return ""
        return printable(refused.message)

    def line(self, file: str, row: int) -> str:
        """A line of a file without its end, as it is; empty where there is none."""
        if file not in self._lines:
            self._lines[file] = _LINE_END.split(decoded(self.sources[file])) if file in self.sources else []
        lines = self._lines[file]
        return lines[row - 1] if 0 < row <= len(lines) else ""


def _from_here(file: SourceFile) -> str:
    here = Path.cwd()
    return str(file.path.relative_to(here) if file.path.is_relative_to(here) else file.path)


def write(out: TextIO, text: str) -> None:
    """Write a line, with escapes for what the encoding of `out` lacks."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
