"""Changed files as a patch for `git apply`, to be applied in the directory in which it was made. Entry point: `write_patch`."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from sessionlint.report.repository import path_in, repository_of
from sessionlint.rewrite import Change
from sessionlint.source.decoding import encoding_of

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_ESCAPES = {ord(character): f"\\{letter}" for character, letter in zip('\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True)}


def write_patch(changes: Iterable[Change], root: Path, out: TextIO) -> None:
    """Write the changes to files beneath `root`, as bytes where `out` has a binary buffer: no encoding and no line ending changes."""
    for change in changes:
        lines = list(_patch(change, root / change.name))
        buffer = getattr(out, "buffer", None)
        if buffer is None:
            out.write(b"".join(lines).decode(encoding_of(change.before), "replace"))
        else:
            out.flush()
            buffer.write(b"".join(lines))
            buffer.flush()


def _patch(change: Change, path: Path) -> Iterator[bytes]:
    encoding = encoding_of(change.before)
    before, after = (_LINE.findall(content.decode(encoding)) for content in (change.before, change.after))
    hunks = list(difflib.unified_diff(before, after))[2:]
    if hunks:
        yield from _header(*_name(path))
    for line in hunks:
        yield line.encode(encoding)
        if not line.endswith("\n"):
            yield b"\n\\ No newline at end of file\n"


def _header(name: str, is_in_repository: bool) -> Iterator[bytes]:
    """With git's own first line, the names are the repository's wherever `git apply` is called; without, it looks in the directory."""
    old, new = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    if is_in_repository:
        yield b"diff --git " + old + b" " + new + b"\n"
    for mark, quoted in ((b"---", old), (b"+++", new)):
        yield mark + b" " + quoted + (b"\t\n" if b" " in quoted and not quoted.startswith(b'"') else b"\n")


def _name(path: Path) -> tuple[str, bool]:
    """How the patch names a file, and whether by its path in the repository."""
    repository = repository_of(path.parent)
    if (repository / ".git").exists():
        return path_in(repository, path), True
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix(), False


def _quoted(name: str) -> bytes:
    """A name as git writes it: between quotes with escapes as in C, if it holds what needs them."""
    raw = os.fsencode(name)
    if all(byte >= ord(" ") and byte not in b'"\\\x7f' for byte in raw):
        return raw
    shown = "".join(_ESCAPES.get(byte, f"\\{byte:03o}" if byte < ord(" ") or byte >= 0x7F else chr(byte)) for byte in raw)
    return f'"{shown}"'.encode()
