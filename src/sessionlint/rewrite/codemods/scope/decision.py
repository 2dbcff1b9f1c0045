"""What is decided about an acquisition, and the settings that decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sessionlint.link import Acquisition
from sessionlint.rewrite.codemod import FileEdit, Refusal


@dataclass(frozen=True, slots=True)
class Target:
    """The settings that name the scopes, and the lines of the program's files."""

    routes: str
    default: str
    closers: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Managed:
    """A site that can be rewritten: the call of the scope it gets, and the edits to its file."""

    scope: str
    edit: FileEdit


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a site. `strategy` is `route`, `request-scoped`, `anywhere`, `service`, `test` or `scope`."""

    site: Acquisition
    strategy: str
    outcome: Managed | Refusal
