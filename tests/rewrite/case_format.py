"""A codemod case: an application (`before/`), what a codemod may make of it (`case.toml`), and what ours makes of it (`after/`)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CACHES = "__pycache__"


@dataclass(frozen=True)
class Case:
    """`case.toml`. A *site* is `file.py::Class.method`, `*` as in a shell; `file.py` alone is all of it.

    `file.py::<module>` is what is in no function.
    """

    folder: Path
    about: str
    codemod: str = ""
    command: str = "migrate {path} --write"
    # what the program does before, and after where `fixes` says that it is the misuse that is seen
    outcome: str = "ok"
    stdout: str = ""
    checkedout: int = 0
    fixes: bool = False
    stdout_after: str = ""
    # what `check` reports before and no longer reports afterwards, where it may stay and where it has to
    removes: list[str] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    select: list[str] = field(default_factory=list)
    # sites that may be left, but not without saying so
    explains: list[str] = field(default_factory=list)
    # what may change and what may not
    untouched: list[str] = field(default_factory=list)
    touches: list[str] = field(default_factory=list)
    adds: list[str] = field(default_factory=list)
    preserve: list[str] = field(default_factory=list)
    must_contain: dict[str, list[str]] = field(default_factory=dict)
    must_not_contain: dict[str, list[str]] = field(default_factory=dict)

    @property
    def before(self) -> Path:
        return self.folder / "before"

    @property
    def after(self) -> Path:
        return self.folder / "after"


def load(folder: Path) -> Case:
    """The case in a folder. Raises `TypeError` for a key that the format does not have."""
    return Case(folder, **tomllib.loads((folder / "case.toml").read_text(encoding="utf-8")))


def contents(root: Path) -> dict[str, bytes]:
    """The files of an application by their names, without what tools leave behind."""
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(part == CACHES or part.startswith(".") for part in parts):
            found["/".join(parts)] = path.read_bytes()
    return found
