"""The bytes of the program's files, and why some could not be had."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sessionlint.pipeline.result import Stdin
from sessionlint.source import SourceFile


@dataclass(slots=True)
class Sources:
    """`python` are the readable Python files, `failures` says why others are not, `templates` the templates; `by_name` holds both."""

    python: dict[SourceFile, bytes] = field(default_factory=dict)
    templates: dict[SourceFile, bytes] = field(default_factory=dict)
    by_name: dict[str, bytes] = field(default_factory=dict)
    failures: dict[SourceFile, str] = field(default_factory=dict)

    def files(self) -> list[SourceFile]:
        """All of them, sorted by name."""
        return sorted((*self.python, *self.templates, *self.failures), key=lambda file: file.name)

    def silent(self) -> frozenset[str]:
        """The names of those that are not reported on."""
        return frozenset(file.name for files in (self.python, self.templates, self.failures) for file in files if not file.reported)

    def marked(self, mark: Callable[[SourceFile], SourceFile]) -> Sources:
        """The same contents, with what `mark` makes of each file."""
        return Sources(
            {mark(file): content for file, content in self.python.items()},
            {mark(file): content for file, content in self.templates.items()},
            self.by_name,
            {mark(file): reason for file, reason in self.failures.items()},
        )


def read(files: Sequence[SourceFile], stdin: Stdin | None = None) -> Sources:
    """Read the files, the one that `stdin` stands for from there. A template that cannot be read is left out."""
    sources = Sources()
    replaced = os.path.abspath(stdin.name) if stdin else ""
    for file in files:
        try:
            content = stdin.content if stdin and str(file.path) == replaced else _content(file)
        except OSError as error:
            if file.module:
                sources.failures[file] = error.strerror or str(error)
            continue
        sources.by_name[file.name] = content
        (sources.python if file.module else sources.templates)[file] = content
    return sources


def _content(file: SourceFile) -> bytes:
    with open(file.path, "rb", buffering=0) as opened:
        return opened.read()
