"""How files come into the cache: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def make_directory(directory: Path) -> None:
    """Make the directory of this version, marked as a cache for others."""
    directory.mkdir(parents=True, exist_ok=True)
    for path, text in (
        (directory.parent / "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of sessionlint; it may be deleted.\n"),
        (directory.parent / ".gitignore", "*\n"),
    ):
        if not path.exists():
            path.write_text(text, encoding="utf-8")


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the file and move into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
