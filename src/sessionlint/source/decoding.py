"""The text of a source file, in the encoding that it names (PEP 263). Not imported by the package itself: `tokenize` is not free."""

from __future__ import annotations

import io
import tokenize


def encoding_of(content: bytes) -> str:
    """The encoding of a Python file, `utf-8` also where it has a byte order mark. Raises `SyntaxError` for one that is unknown or that is
    not what the mark says."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return "utf-8" if encoding == "utf-8-sig" else encoding


def decoded(content: bytes) -> str:
    """The text of a file without its byte order mark, for people to read: as well as it can be had, whatever encoding the file names."""
    try:
        return content.decode(encoding_of(content), "replace").removeprefix("\ufeff")
    except (SyntaxError, LookupError, ValueError):  # codecs of any kind can be named in a cookie
        return content.decode("utf-8", "replace").removeprefix("\ufeff")
