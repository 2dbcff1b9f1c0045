"""The directory of the cache, and how files come into it."""

from __future__ import annotations

from pathlib import Path

from sessionlint.source.writing import write_whole


def make_directory(directory: Path) -> None:
    """Make the directory of this version, marked as a cache for others."""
    directory.mkdir(parents=True, exist_ok=True)
    for path, text in (
        (directory.parent / "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of sessionlint; it may be deleted.\n"),
        (directory.parent / ".gitignore", "*\n"),
    ):
        if not path.exists():
            path.write_text(text, encoding="utf-8")


def replace_file(path: Path, data: bytes, *, is_precious: bool = True) -> None:
    """Put a file there, whole or not at all; what is precious is on the disk before. Raises `OSError`."""
    write_whole(path, data, is_private=True, is_precious=is_precious)
