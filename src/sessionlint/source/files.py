"""A file that takes part in a run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file or a template that belongs to the program.

    `path` is absolute; `name` is what findings show (relative to the project root, `/` as separator) and is unique in a
    run; `module` is the dotted module name (`package.__init__` is `package`), empty for templates; `reported` is false
    for a file that is part of the program but not of what the user asked to see. `may_change` is false for one that is reported
    although it was not named, and which no fix has to touch therefore.
    """

    path: Path
    name: str
    module: str
    reported: bool = True
    is_package: bool = False
    may_change: bool = True


def digest_of(content: bytes) -> str:
    """The key under which facts of `content` are kept: a hexadecimal BLAKE2b digest of 16 bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def is_test(name: str) -> bool:
    """Whether a file of that name (as in `SourceFile.name`) is one of the project's tests, as pytest and custom have it."""
    *folders, file = name.split("/")
    in_tests = not {"test", "tests"}.isdisjoint(folders)
    return in_tests or file.startswith("test_") or file.endswith("_test.py") or file == "conftest.py"
