"""What is stored of the results of a run. Entry points: `encoded`, `decoded`."""

from __future__ import annotations

import msgspec

from sessionlint.solve.again.described import Described
from sessionlint.solve.again.tables import Stored
from sessionlint.source.storing import as_bytes


class PackedRoot(msgspec.Struct, array_like=True):
    """A `RootResult` by numbers. `functions`, `models`, `called`, `exported`, `kept` (nothing comes out), `large` and `fit` (not too large)
    are what it asked; `packed` is a `Packed` that is decoded when it is needed."""

    function: int
    model: int
    context: str
    exports: bool | None
    is_too_large: bool
    functions: list[int]
    models: list[int]
    called: list[str]
    exported: list[int]
    kept: list[int]
    large: list[int]
    fit: list[int]
    packed: msgspec.Raw


class Document(msgspec.Struct, array_like=True):
    """All results of a run; `key` is what they depend on besides the files, `digests` the files' contents,
    `base` the size that it had when nothing in it was left over."""

    key: str
    digests: dict[str, str]
    tables: Stored
    described: Described
    roots: list[PackedRoot]
    base: int = 0


def encoded(document: Document) -> bytes | None:
    """The document as msgpack; None where a file has a name that is no text."""
    return as_bytes(document)


def decoded(data: bytes | None, key: str) -> Document | None:
    """The document of that key; None for what is no such document."""
    if data is None:
        return None
    try:
        document = msgspec.msgpack.decode(data, type=Document)
    except (msgspec.DecodeError, ValueError):
        return None
    return document if document.key == key else None
