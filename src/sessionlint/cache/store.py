"""Two files a project, one with what is recent: an index, then the facts of each content as they were encoded. Opening them is two reads;
decoding waits till asked for.

A file is only ever replaced as a whole, so that runs at the same time do not disturb each other. Whatever is wrong with one, from another
version to a missing last byte, it counts as empty; where it cannot be written, the next run parses again. Tests: `tests/cache`.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from sessionlint.cache.files import make_directory, replace_file
from sessionlint.cache.results import directory_of
from sessionlint.facts import FileFacts, decode, stamp

FILE_NAME = "facts.bin"
RECENT_NAME = "recent.bin"
"""What came after the other file was written, in the same form: after an edit there is little to write."""

_SHARE = 8
"""The part of the whole that may be recent, or no longer needed, before everything is written anew."""

_MAGIC = b"sessionlint facts\n"
_LENGTHS = struct.Struct("<II")
"""Length and checksum of the index that follows."""

PARSES = b""
"""What is kept of a content that was never captured: that it is Python."""


class _Index(msgspec.Struct, array_like=True):
    """`entries` maps a digest to offset (from the end of the index), length and checksum of its facts."""

    stamp: str
    entries: dict[str, tuple[int, int, int]]


class _Stored(NamedTuple):
    data: memoryview
    checksum: int


class FactsCache:
    """The facts of one project. Entries that were neither asked for nor added are dropped by `save(prune=True)`."""

    def __init__(self, directory: Path | None) -> None:
        """`directory` holds the file; None keeps nothing."""
        self._directory = directory
        self._entries: dict[str, _Stored] = {}
        self._recent: set[str] = set()
        self._added: dict[str, bytes] = {}
        self._used: set[str] = set()
        if directory is not None:
            self._entries = _loaded(directory / FILE_NAME)
            recent = _loaded(directory / RECENT_NAME)
            self._recent = set(recent)
            self._entries |= recent

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
        """Write what is new; with `prune`, after a run over the whole project, without what it did not need, unless that is too little to
        write everything anew. A full disk is no error."""
        if self._directory is None:
            return
        stale = {digest for digest in self._entries if digest not in self._used} if prune else set()
        kept = {digest: stored.data for digest, stored in self._entries.items() if digest not in stale} | self._added
        recent = {digest: data for digest, data in kept.items() if digest in self._recent or digest in self._added}
        left = sum(len(self._entries[digest].data) for digest in stale - self._recent)
        is_little = _SHARE * max(sum(map(len, recent.values())), left) <= sum(map(len, kept.values())) + left
        if not self._added and (is_little or not stale):
            return
        with contextlib.suppress(OSError):
            make_directory(self._directory)
            content = b"".join(_encoded(recent if is_little else kept))
            replace_file(self._directory / (RECENT_NAME if is_little else FILE_NAME), content, is_precious=False)
            if not is_little:
                (self._directory / RECENT_NAME).unlink(missing_ok=True)

    def _blob(self, digest: str) -> bytes | memoryview | None:
        if digest in self._added:
            return self._added[digest]
        stored = self._entries.get(digest)
        if stored is not None and zlib.crc32(stored.data) != stored.checksum:
            del self._entries[digest]
            return None
        return stored.data if stored is not None else None


def _loaded(path: Path) -> dict[str, _Stored]:
    """What is in a file, whole or not."""
    with contextlib.suppress(OSError, ValueError, struct.error):
        data = memoryview(path.read_bytes())
        start = len(_MAGIC) + _LENGTHS.size
        length, checksum = _LENGTHS.unpack_from(data, len(_MAGIC))
        raw = data[start : start + length]
        if data[: len(_MAGIC)] == _MAGIC and zlib.crc32(raw) == checksum:
            index = msgspec.msgpack.decode(raw, type=_Index)
            if index.stamp == stamp():
                blobs = data[start + length :]
                found = {digest: _Stored(blobs[at : at + size], check) for digest, (at, size, check) in index.entries.items()}
                return {digest: stored for digest, stored in found.items() if len(stored.data) == index.entries[digest][1]}
    return {}


def open_cache(root: Path, directory: str, *, enabled: bool) -> FactsCache:
    """The cache of the project at `root`; `directory` is relative to it or absolute. Raises `SessionlintError` if that is a file."""
    return FactsCache(directory_of(root, directory) if enabled else None)


def _encoded(blobs: Mapping[str, bytes | memoryview]) -> Iterator[bytes | memoryview]:
    entries, offset = {}, 0
    for digest, blob in blobs.items():
        entries[digest] = (offset, len(blob), zlib.crc32(blob))
        offset += len(blob)
    index = msgspec.msgpack.encode(_Index(stamp(), entries))
    yield from (_MAGIC, _LENGTHS.pack(len(index), zlib.crc32(index)), index)
    yield from blobs.values()
