"""One file a project: an index, then the facts of each content as they were encoded. Opening it is one read; decoding waits till asked for.

The file is only ever replaced as a whole, so that runs at the same time do not disturb each other. Whatever is wrong with it, from another
version to a missing last byte, it counts as empty; where it cannot be written, the next run parses again. Tests: `tests/cache`.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sessionlint.cache.files import make_directory, replace_file
from sessionlint.cache.results import directory_of
from sessionlint.facts import FileFacts, decode, stamp

FILE_NAME = "facts.bin"
_MAGIC = b"sessionlint facts\n"
_LENGTHS = struct.Struct("<II")
"""Length and checksum of the index that follows."""

PARSES = b""
"""What is kept of a content that was never captured: that it is Python."""


class _Index(msgspec.Struct, array_like=True):
    """`entries` maps a digest to offset (from the end of the index), length and checksum of its facts."""

    stamp: str
    entries: dict[str, tuple[int, int, int]]


class FactsCache:
    """The facts of one project. Entries that were neither asked for nor added are dropped by `save(prune=True)`."""

    def __init__(self, directory: Path | None) -> None:
        """`directory` holds the file; None keeps nothing."""
        self._directory = directory
        self._data = b""
        self._entries: dict[str, tuple[int, int, int]] = {}
        self._added: dict[str, bytes] = {}
        self._used: set[str] = set()
        if directory is not None:
            self._load(directory / FILE_NAME)

    @property
    def is_empty(self) -> bool:
        """Whether there are no facts from earlier runs."""
        return not self._entries

    def get(self, digest: str) -> FileFacts | None:
        """The facts of a content, None if they are not known."""
        blob = self._blob(digest)
        if not blob:
            return None
        try:
            facts = decode(blob)
        except ValueError:
            del self._entries[digest]
            return None
        self._used.add(digest)
        return facts

    def is_known_to_parse(self, digest: str) -> bool:
        """Whether a content that was never captured is known to be Python."""
        if self._blob(digest) != PARSES:
            return False
        self._used.add(digest)
        return True

    def add(self, digest: str, encoded: bytes) -> None:
        """Keep the encoded facts of a content."""
        if self._directory is not None:
            self._added[digest] = encoded
            self._used.add(digest)

    def add_parsing(self, digest: str) -> None:
        """Keep that a content, which was not captured, is Python."""
        self.add(digest, PARSES)

    def save(self, *, prune: bool) -> None:
        """Write what is new; with `prune`, after a run over the whole project, without what it did not need. A full disk is no error."""
        stale = set(self._entries) - self._used if prune else set()
        if self._directory is None or not (self._added or stale):
            return
        kept = [(digest, self._stored(digest)) for digest in self._entries if digest not in stale and digest not in self._added]
        with contextlib.suppress(OSError):
            make_directory(self._directory)
            replace_file(self._directory / FILE_NAME, b"".join(_encoded([*kept, *self._added.items()])))

    def _load(self, path: Path) -> None:
        with contextlib.suppress(OSError, ValueError, struct.error):
            data = path.read_bytes()
            start = len(_MAGIC) + _LENGTHS.size
            if data[: len(_MAGIC)] != _MAGIC:
                return
            length, checksum = _LENGTHS.unpack_from(data, len(_MAGIC))
            raw = data[start : start + length]
            if zlib.crc32(raw) != checksum:
                return
            index = msgspec.msgpack.decode(raw, type=_Index)
            if index.stamp == stamp():
                self._data, self._entries = data[start + length :], index.entries

    def _stored(self, digest: str) -> bytes:
        offset, length, _ = self._entries[digest]
        return self._data[offset : offset + length]

    def _blob(self, digest: str) -> bytes | None:
        if digest in self._added:
            return self._added[digest]
        if digest not in self._entries:
            return None
        _, length, checksum = self._entries[digest]
        blob = self._stored(digest)
        if len(blob) != length or zlib.crc32(blob) != checksum:
            del self._entries[digest]
            return None
        return blob


def open_cache(root: Path, directory: str, *, enabled: bool) -> FactsCache:
    """The cache of the project at `root`; `directory` is relative to it or absolute. Raises `SessionlintError` if that is a file."""
    return FactsCache(directory_of(root, directory) if enabled else None)


def _encoded(blobs: list[tuple[str, bytes]]) -> Iterator[bytes]:
    entries, offset = {}, 0
    for digest, blob in blobs:
        entries[digest] = (offset, len(blob), zlib.crc32(blob))
        offset += len(blob)
    index = msgspec.msgpack.encode(_Index(stamp(), entries))
    yield from (_MAGIC, _LENGTHS.pack(len(index), zlib.crc32(index)), index)
    yield from (blob for _, blob in blobs)
